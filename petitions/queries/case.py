"""The case page: everything about one petition in a fixed number of statements, however long its history.

The rows come through `casework.queries.children`; what is told of the history and the head is the docket's, the words here are the petitions'.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from casework import acting, referrals
from casework.models import Case, Entry, Link
from casework.queries import children, history, progress, records
from casework.rules import Place, Step, allowed
from organisations import clock, directory, prepared
from organisations.models import User
from organisations.scope import Scope
from petitions import codes, rules
from petitions.models import (
    Accompaniment,
    Advice,
    Dispatch,
    Extension,
    Feedback,
    FollowUp,
    Guidance,
    Hearing,
    Inquiry,
    Instruction,
    Objection,
    Petition,
    Point,
    Proposal,
    Rating,
    Reception,
    Refusal,
    Reply,
    Review,
    Sponsorship,
    SponsorVisit,
    Supervision,
    Suspension,
    Task,
    Telling,
    UrgentReport,
    Urging,
)
from petitions.queries import batches, recusal
from petitions.queries import papers as papers_queries
from petitions.queries import review as chain_queries
from petitions.queries import terms as terms_queries
from petitions.queries.acts import PROCEDURE, place_of
from petitions.queries.supervision import case as supervision_queries
from petitions.rules import STEPS
from petitions.rules.referring import MEDIABLE

#: What the filter chips of the history show.
FLOW_ACTS = tuple(
    f"petition.{code}" for code in STEPS if code not in ("note", "hear", "investigate", "feedback", "deliver", "answer", "answer_point")
)
TALK_ACTS = tuple(f"petition.{code}" for code in ("note", "hear", "feedback", "deliver", "answer", "withdraw", "rate", "add_material", "dissent"))

#: Dot colour and icon of a line, by act; everything else is grey.
TONES: dict[str, tuple[str, str]] = {
    "register": ("", "clipboard-plus"),
    "route": ("blue", "arrows-split-2"),
    "sign": ("green", "check"),
    "accept": ("green", "circle-check"),
    "object": ("amber", "alert-triangle"),
    "agree_return": ("amber", "arrow-left"),
    "refuse_return": ("blue", "arrow-left"),
    "coordinate": ("blue", "gavel"),
    "hear": ("blue", "messages"),
    "investigate": ("blue", "map-pin"),
    "answer_point": ("", "checklist"),
    "prepare": ("", "edit"),
    "reply": ("green", "file-text"),
    "send_back": ("amber", "arrow-left"),
    "deliver": ("blue", "send"),
    "report": ("blue", "report"),
    "feedback": ("blue", "phone"),
    "rate": ("blue", "star"),
    "add_material": ("blue", "paperclip"),
    "dissent": ("amber", "alert-triangle"),
    "close": ("green", "circle-check"),
    "reopen": ("amber", "refresh"),
    "decline": ("amber", "circle-x"),
    "approve_decline": ("amber", "circle-x"),
    "guide": ("blue", "stairs-up"),
    "ask_extension": ("amber", "clock-plus"),
    "approve_extension": ("amber", "clock-plus"),
    "refuse_extension": ("", "clock"),
    "suspend": ("amber", "player-pause"),
    "set_expected": ("amber", "clock"),
    "resume": ("green", "player-play"),
    "accept_simple": ("green", "circle-check"),
    "answer_simple": ("green", "phone"),
    "convert": ("blue", "refresh"),
    "offer_conversion": ("amber", "alert-triangle"),
    "urge": ("amber", "send"),
    "propose_supervision": ("amber", "eye"),
    "confirm_supervision": ("red", "eye-check"),
    "reply_supervision": ("blue", "report"),
    "close_supervision": ("green", "circle-check"),
    "return_supervision": ("amber", "arrow-left"),
    "give_instruction": ("blue", "gavel"),
    "answer_instruction": ("blue", "report"),
    "record_reception": ("blue", "users"),
    "sponsor": ("blue", "user-check"),
    "record_sponsor_work": ("blue", "users"),
    "end_sponsorship": ("green", "circle-check"),
    "accompany": ("blue", "users"),
    "advise": ("amber", "file-text"),
    "answer_advice": ("blue", "report"),
    "report_urgent": ("red", "alert-triangle"),
    "refer": ("blue", "scale"),
    "return_referral": ("amber", "arrow-left"),
    "referral.come": ("blue", "arrow-right"),
    "referral.returned": ("amber", "arrow-left"),
    "referral.result": ("green", "scale"),
    "note": ("", "pencil"),
    "merge": ("", "link"),
    "link": ("", "link"),
    "unlink": ("", "link"),
    "unmerge": ("", "link"),
    "seek_review": ("amber", "stairs-up"),
    "accept_review": ("green", "circle-check"),
    "redirect_review": ("amber", "arrow-right"),
    "reject_review": ("amber", "circle-x"),
    "approve_reject_review": ("amber", "circle-x"),
    "draft_review": ("", "edit"),
    "decide_review": ("green", "gavel"),
    "enter_review": ("green", "gavel"),
    "return_review": ("amber", "arrow-left"),
    "deliver_review": ("blue", "send"),
    "call_hearing": ("blue", "messages"),
    "record_hearing": ("blue", "messages"),
    "conclude": ("green", "circle-check"),
    "follow_up": ("blue", "users"),
    "finish_follow_up": ("blue", "users"),
    "take_back": ("amber", "arrow-back-up"),
}

#: Rows of these models come with the page.
CHILDREN: tuple[children.Child, ...] = (
    ("points", Point, "t.petition_id = %(case)s", "t.no"),
    ("tasks", Task, "t.petition_id = %(case)s", "t.no"),
    ("dispatches", Dispatch, "t.petition_id = %(case)s", "t.id DESC"),
    ("objections", Objection, "t.dispatch_id IN (SELECT id FROM petitions_dispatch WHERE petition_id = %(case)s)", "t.id DESC"),
    ("inquiries", Inquiry, "t.petition_id = %(case)s", 't."on", t.id'),
    ("refusals", Refusal, "t.petition_id = %(case)s", "t.id DESC"),
    ("proposals", Proposal, "t.petition_id = %(case)s", "t.id DESC"),
    ("guidances", Guidance, "t.petition_id = %(case)s", "t.id DESC"),
    ("replies", Reply, "t.petition_id = %(case)s", "t.id DESC"),
    ("feedbacks", Feedback, "t.petition_id = %(case)s", "t.id DESC"),
    ("ratings", Rating, "t.petition_id = %(case)s", "t.id DESC"),
    ("reviews", Review, "t.petition_id = %(case)s", "t.id"),
    ("hearings", Hearing, "t.petition_id = %(case)s", "t.id"),
    ("follow_ups", FollowUp, "t.petition_id = %(case)s", "t.id"),
    ("extensions", Extension, "t.petition_id = %(case)s", "t.id DESC"),
    ("suspensions", Suspension, "t.petition_id = %(case)s", "t.id DESC"),
    ("tellings", Telling, "t.petition_id = %(case)s", "t.id"),
    ("urgings", Urging, "t.petition_id = %(case)s", "t.id DESC"),
    ("supervisions", Supervision, "t.petition_id = %(case)s", "t.id DESC"),
    ("instructions", Instruction, "t.petition_id = %(case)s", "t.id DESC"),
    ("sponsorships", Sponsorship, "t.petition_id = %(case)s", "t.id DESC"),
    (
        "sponsor_visits",
        SponsorVisit,
        "t.sponsorship_id IN (SELECT id FROM petitions_sponsorship WHERE petition_id = %(case)s)",
        't."on" DESC, t.id DESC',
    ),
    ("accompaniments", Accompaniment, "t.petition_id = %(case)s", 't."on", t.id'),
    ("advices", Advice, "t.petition_id = %(case)s", "t.id DESC"),
    ("receptions", Reception, "t.petition_id = %(case)s", 't."on", t.id'),
    ("urgent_reports", UrgentReport, "t.petition_id = %(case)s", "t.id DESC"),
    *children.COMMON,
)


@dataclass(kw_only=True)
class CasePage(children.CaseRows):
    """One petition with everything that hangs on it."""

    petition: Petition
    points: list[Point]
    tasks: list[Task]
    dispatches: list[Dispatch]
    objections: list[Objection]
    inquiries: list[Inquiry]
    refusals: list[Refusal]
    proposals: list[Proposal]
    guidances: list[Guidance]
    replies: list[Reply]
    feedbacks: list[Feedback]
    ratings: list[Rating]
    reviews: list[Review]
    hearings: list[Hearing]
    follow_ups: list[FollowUp]
    extensions: list[Extension]
    suspensions: list[Suspension]
    tellings: list[Telling]
    urgings: list[Urging]
    supervisions: list[Supervision]
    instructions: list[Instruction]
    sponsorships: list[Sponsorship]
    sponsor_visits: list[SponsorVisit]
    accompaniments: list[Accompaniment]
    advices: list[Advice]
    receptions: list[Reception]
    urgent_reports: list[UrgentReport]

    @property
    def place(self) -> Place:
        found = place_of(self.case, with_tasks=False)
        units = frozenset(task.unit_id for task in self.tasks if task.state != Task.State.CANCELLED) | {task.unit_id for task in self.follow_ups}
        return Place(found.state, found.unit_id, found.centre_id, found.handler_id, found.is_confidential, units)

    @property
    def dispatch(self) -> Dispatch | None:
        """The hand-over in force."""
        return next((row for row in self.dispatches if row.ended_at is None), None)

    @property
    def objection(self) -> Objection | None:
        """The objection that waits for an answer."""
        return next((row for row in self.objections if not row.decision), None)

    @property
    def reply(self) -> Reply | None:
        return self.replies[0] if self.replies else None

    @property
    def running_review(self) -> Review | None:
        """The request for review that an organ has before it."""
        return next((row for row in self.reviews if row.decided_at is None and row.rejected_on is None and row.withdrawn_on is None), None)

    @property
    def sponsorship(self) -> Sponsorship | None:
        """The 包案 that runs."""
        return next((row for row in self.sponsorships if row.ended_at is None), None)

    @property
    def is_led(self) -> bool:
        """Whether anything of 督办与领导 hangs on the case."""
        held = (self.urgings, self.supervisions, self.instructions, self.sponsorships)
        return any((*held, self.accompaniments, self.advices, self.receptions, self.urgent_reports))

    @property
    def refusal(self) -> Refusal | None:
        return next((row for row in self.refusals if row.is_approved is None), None)

    @property
    def open_tasks(self) -> list[Task]:
        return [task for task in self.tasks if task.state not in (Task.State.CONFIRMED, Task.State.CANCELLED)]


#: Of the people on the head of a case only the name is asked.
_NAMED = ("id", "name")


def find(number: str, scope: Scope) -> Petition:
    """The petition of that number, if the scope sees it, with its case and the names on its head. Raises Petition.DoesNotExist."""
    people = "".join(f", {records.columns(User, alias, _NAMED)}" for alias in ("handler", "clerk", "agent"))
    sql = f"""
        SELECT {records.columns(Petition, "p")}, {records.columns(Case, "c")}{people}
          FROM casework_case c JOIN petitions_petition p ON p.case_id = c.id
          JOIN organisations_user clerk ON clerk.id = c.registered_by_id
          LEFT JOIN organisations_user handler ON handler.id = c.handler_id
          LEFT JOIN organisations_user agent ON agent.id = p.agent_id
         WHERE c.number = %s AND EXISTS (SELECT FROM casework_reach r WHERE r.case_id = c.id AND r.reader = ANY(%s::bigint[]))"""  # noqa: S608 (names of our own columns)
    with prepared.cursor() as cursor:
        cursor.execute(sql, [number, list(scope.readers)])
        row = cursor.fetchone()
    if row is None:
        raise Petition.DoesNotExist
    of_case = records.width(Petition)
    of_people = of_case + records.width(Case)
    found, case = records.made(Petition, row[:of_case]), records.made(Case, row[of_case:of_people])
    handler, clerk, agent = (records.made(User, pair, _NAMED) if pair[0] else None for pair in zip(*[iter(row[of_people:])] * 2, strict=True))
    found.case, found.agent = case, agent
    case.handler = handler
    if clerk is not None:
        case.registered_by = clerk
    return found


def page(petition: Petition, *, show: str = "", before: int | None = None, with_history: bool = True) -> CasePage:
    """The rows of a petition, one statement; with the newest lines of its history and the names in them, three."""
    rows: dict[str, Any] = children.gather(CHILDREN, petition.pk)
    result = CasePage(petition=petition, case=petition.case, **rows)
    if with_history:
        found = history.entries(petition.case, show=show, before=before, flow_acts=FLOW_ACTS, talk_acts=TALK_ACTS)
        result.entries, result.has_older = history.newest(found)
        result.names = _names(result)
    for person in result.people:
        person.case = petition.case
    return result


def frame(petition: Petition) -> CasePage:
    """The page without the rows that hang on the petition, for an act whose form asks nothing of them. No statement.

    Of those `place` looks at there are none: such acts are nobody's by a task, and the act asks for itself.
    """
    rows: dict[str, Any] = {key: children.NotRead() for key, *_ in CHILDREN}
    return CasePage(petition=petition, case=petition.case, **{**rows, "tasks": [], "follow_ups": []})


def _names(held: CasePage) -> dict[int, str]:
    rows = chain[Any](
        held.tasks,
        held.inquiries,
        held.refusals,
        held.proposals,
        held.replies,
        held.feedbacks,
        held.reviews,
        held.hearings,
        held.follow_ups,
        held.extensions,
        held.suspensions,
        held.tellings,
        held.urgings,
        held.supervisions,
        held.instructions,
        held.sponsorships,
        held.sponsor_visits,
        held.accompaniments,
        held.advices,
        held.receptions,
        held.urgent_reports,
        held.dispatches,
        held.objections,
        held.files,
        held.copies,
    )
    return children.names_in(rows, (entry.on_behalf_of_id for entry in held.entries))


# -- what the header says ------------------------------------------------------------------------------------------------------------------


def flow(held: CasePage) -> list[progress.FlowStep]:
    """The six stages with when and by whom."""
    case, petition, tree = held.case, held.petition, directory.current()
    sent = held.dispatches[0] if held.dispatches else None
    reached = next((row for row in held.feedbacks if row.is_reached), None)
    done = [
        f"{progress.moment_words(case.opened_at)} · {case.registered_by.name}",
        f"{progress.moment_words(sent.sent_at)} · {tree.units[sent.to_unit_id].short_name}" if sent else "",
        f"{progress.day_words(petition.accepted_on)} 受理告知" if petition.accepted_on else "",
        f"{progress.day_words(petition.replied_on)} 答复" if petition.replied_on else "",
        f"{progress.day_words(petition.delivered_on)} 送达" if petition.delivered_on else "",
        f"{progress.day_words(reached.on)} 回访" if reached else "",
    ]
    return progress.flow(case, done)


# -- the history ---------------------------------------------------------------------------------------------------------------------------


def timeline(held: CasePage, looked_at: datetime | None) -> list[history.StageLines]:
    """Newest first, grouped by stage, each group with how long it took."""
    return history.timeline(held.entries, held.names, looked_at, prefix=PROCEDURE.code, tones=TONES, facts=_facts)


#: Words for what a line's detail holds; keys that are not here are for machines.
_DETAIL_WORDS = {
    "to_unit": "责任单位",
    "from_unit": "退回单位",
    "to": "承办人",
    "officers": "经办人员",
    "evidence": "证据材料",
    "support": "意见",
    "ground": "依据",
    "outcome": "结果",
    "delivery": "送达方式",
    "delivered_on": "送达日期",
    "receiver": "签收人",
    "proof": "凭证",
    "office_rating": "对中心",
    "unit_rating": "对单位",
    "reason": "原因",
    "remedy": "救济途径",
    "due_on": "期限",
    "other": "对方编号",
    "routes": "途径",
    "way": "方式",
    "channel": "信访形式",
    "purpose": "信访目的",
    "repeat_of": "重复于",
    "new_facts": "新的事实、理由",
    "days": "延长天数",
    "was_due_on": "原期限",
    "until_on": "预计恢复",
    "was_until_on": "原预计恢复",
    "from_organ": "转出机关",
    "told_at": "告知时间",
    "told_number": "号码",
    "organ": "复查复核机关",
    "conclusion": "结论",
    "number": "文号",
    "decided_on": "来文日期",
    "chair": "主持人",
    "panel": "听证员",
    "attendees": "参加人",
    "concluded_on": "终结日期",
    "times": "第几次",
    "reasons": "督办情形",
    "leader": "领导",
    "assisting": "协助单位",
    "from": "反馈单位",
    "place": "地点",
    "on": "日期",
    "took": "报告用时",
    "late": "迟报",
    "void": "作废文书",
}


_detail_facts = history.detail_facts(_DETAIL_WORDS)


def _facts(entry: Entry) -> Iterator[tuple[str, str]]:
    yield from _detail_facts(entry)
    if entry.detail.get("mode"):
        yield "办理方式", codes.HALL_MODES.label(entry.detail["mode"])
    for label, (was, now) in entry.detail.get("changes", {}).items():
        yield label, f"{_readable(label, was)} → {_readable(label, now)}"


def _readable(label: str, value: Any) -> str:
    """What a correction changed, in words instead of codes."""
    tree = directory.current()
    if value in (None, "", []):
        return "（空）"
    match label:
        case "分类":
            return codes.category_label(str(value)) if str(value) in codes.CATEGORIES else str(value)
        case "属地":
            return tree.areas[value].path_name if value in tree.areas else str(value)
        case "被反映单位":
            return tree.units[value].short_name if value in tree.units else str(value)
        case "信访目的":
            return codes.PURPOSES.label(str(value))
        case "反映县群众工作中心或其工作人员":
            return "是" if value else "否"
        case "信访形式":
            return codes.CHANNELS.label(str(value))
        case "标志":
            return "、".join(codes.FLAGS.label(code) for code in value)
    return str(value)


# -- what may be done ---------------------------------------------------------------------------------------------------------------------


def lawful(held: CasePage, scope: Scope) -> dict[str, Step]:
    """The acts this person may do now; those on single tasks only where a task waits for them."""
    acts = allowed(STEPS, held.place, scope)
    waiting = {
        "sign_task": _own_tasks(held, scope, Task.State.WAITING),
        "report_task": _own_tasks(held, scope, Task.State.SIGNED),
        "confirm_task": [task for task in held.tasks if task.state == Task.State.REPORTED],
        "return_task": [task for task in held.tasks if task.state == Task.State.REPORTED],
    }
    merged, may_join = "merged" in held.case.marks, rules.may_join(held.place, scope)
    return {
        code: step
        for code, step in acts.items()
        if (code not in waiting or waiting[code])
        and (code != "unmerge" or merged)
        and (code not in ("merge", "unmerge") or may_join)
        and (code != "unlink" or any(link.kind in (Link.Kind.REPEAT, Link.Kind.RELATED) for link in held.links))
        and (code != "take_back" or acting.may_take_back(PROCEDURE, held.last_entry, held.case, scope))
        and _is_timely(code, held)
        and not recusal.keeps_out(code, step, held, scope)
        and terms_queries.is_timely(code, held)
        and chain_queries.is_offered(code, held, scope, clock.today())
        and supervision_queries.is_offered(code, held, scope)
        and papers_queries.is_offered(code, held, scope)
    }


def _is_timely(code: str, held: CasePage) -> bool:
    """What the action would refuse for a reason already on the page is not offered."""
    dispatch = held.dispatch
    if code == "object" and dispatch is not None:
        return not dispatch.is_final and all(row.dispatch_id != dispatch.pk for row in held.objections)
    if code == "void":
        return not held.dispatches
    if code == "retract":
        # Taken back with the whole batch, on the import page; only a protected one by itself, once that has been asked.
        return batches.is_given_back(held.case)
    if code == "answer":
        return not held.case.confidential
    if code in ("link", "merge") and held.case.confidential:
        return False
    if code == "refer":
        return held.petition.purpose in MEDIABLE and not held.petition.is_anonymous and referrals.REFERRED not in held.case.marks
    if code == "return_referral":
        return referrals.is_received(held.case, held.links)
    return not (code == "merge" and "merged" in held.case.marks)


def _own_tasks(held: CasePage, scope: Scope, state: str) -> list[Task]:
    roles = STEPS["sign_task"].roles
    return [task for task in held.tasks if task.state == state and scope.holds(roles, task.unit_id) is not None]


def decision_facts(held: CasePage) -> rules.Decision:
    """What must be there before a decision, read off the page."""
    kinds = {row.kind for row in held.inquiries}
    return rules.Decision(
        purpose=held.petition.purpose,
        has_heard=Inquiry.Kind.HEARD in kinds,
        has_investigated=Inquiry.Kind.INVESTIGATED in kinds,
        unanswered_points=tuple(point.no for point in held.points if not point.is_answered),
        open_tasks=len(held.open_tasks),
    )


def answered(held: CasePage) -> list[rules.Answered]:
    """The points as plain words."""
    return [rules.Answered(point.no, point.text, point.result, point.ground) for point in held.points]


def tasks_for(code: str, held: CasePage, scope: Scope) -> list[Task]:
    """The tasks on which this person may do the task act now."""
    if code == "sign_task":
        return _own_tasks(held, scope, Task.State.WAITING)
    if code == "report_task":
        return _own_tasks(held, scope, Task.State.SIGNED)
    return [task for task in held.tasks if task.state == Task.State.REPORTED]
