"""The case page: everything about one petition in a fixed number of statements, however long its history.

The rows that hang on a petition are few but of a dozen kinds; they come in one statement as JSON and are turned
back into the models' own rows. Names of units and places come from the directory, names of people in one statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, Q
from django.utils import timezone

from casework.models import Attachment, Card, Case, Copy, Deadline, Delivery, Document, Entry, Link, Party
from casework.rules import STAGES, Place, Step, Where, allowed, role_words
from organisations import clock, directory
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
from petitions.queries import papers as papers_queries
from petitions.queries import review as chain_queries
from petitions.queries import supervision as supervision_queries
from petitions.queries import terms as terms_queries
from petitions.queries.acts import place_of
from petitions.rules import STEPS, checks

#: Lines of history on a page; older ones are behind «更早的».
TIMELINE_LINES = 100

#: What the filter chips of the history show. 内部 is a mark of the line, not an act.
FLOW_ACTS = tuple(
    f"petition.{code}" for code in STEPS if code not in ("note", "hear", "investigate", "feedback", "deliver", "answer", "answer_point")
)
TALK_ACTS = tuple(f"petition.{code}" for code in ("note", "hear", "feedback", "deliver", "answer", "withdraw", "rate", "add_material"))
CHIPS = (("", "全部"), ("flow", "流转"), ("talk", "沟通"), ("internal", "内部"))

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
    "close": ("green", "circle-check"),
    "reopen": ("amber", "refresh"),
    "decline": ("amber", "circle-x"),
    "approve_decline": ("amber", "circle-x"),
    "guide": ("blue", "stairs-up"),
    "ask_extension": ("amber", "clock-plus"),
    "approve_extension": ("amber", "clock-plus"),
    "refuse_extension": ("", "clock"),
    "suspend": ("amber", "player-pause"),
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
    "note": ("", "pencil"),
    "merge": ("", "link"),
    "link": ("", "link"),
    "unmerge": ("", "link"),
    "seek_review": ("amber", "stairs-up"),
    "accept_review": ("green", "circle-check"),
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

Row = TypeVar("Row", bound=Model)

#: Rows of these models come with the page; key, model, condition on the case, order.
_CHILDREN: tuple[tuple[str, type[Model], str, str], ...] = (
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
    ("people", Party, "t.case_id = %(case)s", "t.no"),
    ("deadlines", Deadline, "t.case_id = %(case)s", "t.due_on, t.id"),
    ("files", Attachment, "t.case_id = %(case)s", "t.id"),
    ("papers", Document, "t.case_id = %(case)s", "t.id"),
    ("deliveries", Delivery, "t.document_id IN (SELECT id FROM casework_document WHERE case_id = %(case)s)", "t.id"),
    ("copies", Copy, "t.document_id IN (SELECT id FROM casework_document WHERE case_id = %(case)s)", "t.id DESC"),
    ("cards", Card, "t.case_id = %(case)s", "t.id DESC"),
    ("links", Link, "(t.source_id = %(case)s OR t.target_id = %(case)s) AND t.undone_at IS NULL", "t.id DESC"),
)
_LEFT_OUT = {"context"}


def _statement() -> str:
    quote = connection.ops.quote_name
    parts = [
        f"(SELECT coalesce(json_agg(to_jsonb(t) - 'context' ORDER BY {order}), '[]') FROM {quote(model._meta.db_table)} t WHERE {where})"  # noqa: S608 (names of our own tables)
        for _, model, where, order in _CHILDREN
    ]
    return "SELECT " + ", ".join(parts)


def _rebuild(model: type[Row], row: Mapping[str, Any]) -> Row:
    """The model's own row out of its JSON: the same values a query of its own would have given."""
    fields = {f.attname: f for f in model._meta.concrete_fields if f.attname not in _LEFT_OUT}
    built = model(**{name: f.to_python(row[name]) for name, f in fields.items()})
    built._state.adding = False
    return built


@dataclass(frozen=True, slots=True)
class FlowStep:
    label: str
    state: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the history as the page shows it."""

    entry: Entry
    tone: str
    icon_name: str
    on_behalf: str
    facts: tuple[tuple[str, str], ...]
    is_new: bool
    is_undone: bool = False


@dataclass(frozen=True, slots=True)
class StageLines:
    label: str
    took: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Related:
    link: Link
    other: Case
    words: str
    can_undo: bool


@dataclass
class CasePage:
    """One petition with everything that hangs on it."""

    petition: Petition
    case: Case
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
    people: list[Party]
    deadlines: list[Deadline]
    files: list[Attachment]
    papers: list[Document]
    deliveries: list[Delivery]
    copies: list[Copy]
    cards: list[Card]
    links: list[Link]
    entries: list[Entry] = field(default_factory=list)
    has_older: bool = False
    names: dict[int, str] = field(default_factory=dict)

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

    @property
    def material_count(self) -> int:
        return len(self.papers) + len(self.files)

    @property
    def oldest_no(self) -> int:
        """Where the next page of the history begins."""
        return self.entries[-1].no if self.entries else 0

    def name(self, user_id: int | None) -> str:
        return self.names.get(user_id or 0, "")


def find(number: str, scope: Scope) -> Petition:
    """The petition of that number, if the scope sees it. Raises Petition.DoesNotExist."""
    return Petition.objects.visible_to(scope).select_related("case", "case__handler", "case__registered_by", "agent").get(case__number=number)


def page(petition: Petition, *, show: str = "", before: int | None = None, with_history: bool = True) -> CasePage:
    """The rows of a petition, one statement; with the newest lines of its history and the names in them, three."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(), {"case": petition.pk})
        found = cursor.fetchone()
    rows: dict[str, Any] = {key: [_rebuild(model, row) for row in part] for (key, model, _, _), part in zip(_CHILDREN, found, strict=True)}
    result = CasePage(petition=petition, case=petition.case, **rows)
    if with_history:
        lines = list(_entries(petition.case, show, before)[: TIMELINE_LINES + 1])
        result.entries, result.has_older = lines[:TIMELINE_LINES], len(lines) > TIMELINE_LINES
        result.names = _names(result)
    for person in result.people:
        person.case = petition.case
    return result


def frame(petition: Petition) -> CasePage:
    """The page without the rows that hang on the petition, for an act whose form asks nothing of them. No statement."""
    return CasePage(petition=petition, case=petition.case, **{key: [] for key, *_ in _CHILDREN})  # type: ignore[arg-type]


def _entries(case: Case, show: str, before: int | None):
    found = Entry.objects.filter(case=case).order_by("-no")
    if before is not None:
        found = found.filter(no__lt=before)
    if show == "flow":
        return found.filter(act__in=FLOW_ACTS)
    if show == "talk":
        return found.filter(act__in=TALK_ACTS)
    return found.filter(is_internal=True) if show == "internal" else found


def _names(held: CasePage) -> dict[int, str]:
    ids: set[int | None] = {entry.on_behalf_of_id for entry in held.entries}
    for rows in (
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
    ):
        for row in rows:
            ids.update(getattr(row, f.attname) for f in row._meta.concrete_fields if f.related_model is User)
    wanted = {user_id for user_id in ids if user_id}
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


# -- what the header says ------------------------------------------------------------------------------------------------------------------


def next_step(case: Case) -> tuple[str, str]:
    """(act in words, who does it) for what comes next, or two empty strings on a finished case."""
    found = next((step for step in STEPS.values() if step.primary and case.state in step.frm and step.to != case.state), None)
    if found is None or not case.is_open:
        return "", ""
    return found.label, doer(found, case)


def doer(step: Step, case: Case) -> str:
    """«自然资源局的承办人»: whose turn it is."""
    tree = directory.current()
    if step.where is Where.HOLDER:
        return role_words(step).replace("责任单位", tree.units[case.unit_id].short_name, 1)
    return role_words(step)


def flow(held: CasePage) -> list[FlowStep]:
    """The six stages with when and by whom."""
    case, petition, tree = held.case, held.petition, directory.current()
    sent = held.dispatches[0] if held.dispatches else None
    reached = next((row for row in held.feedbacks if row.is_reached), None)
    done = [
        f"{_short(case.opened_at)} · {case.registered_by.name}",
        f"{_short(sent.sent_at)} · {tree.units[sent.to_unit_id].short_name}" if sent else "",
        f"{_day(petition.accepted_on)} 受理告知" if petition.accepted_on else "",
        f"{_day(petition.replied_on)} 答复" if petition.replied_on else "",
        f"{_day(petition.delivered_on)} 送达" if petition.delivered_on else "",
        f"{_day(reached.on)} 回访" if reached else "",
    ]
    steps = []
    for no, label in enumerate(STAGES, start=1):
        is_done = no < case.stage or not case.is_open
        state = "done" if is_done else "now" if no == case.stage else "todo"
        text = done[no - 1] if is_done or no == 1 else f"{_since(case.state_since)}" if no == case.stage else ""
        steps.append(FlowStep(label, state, text))
    return steps


def _since(moment: datetime) -> str:
    days = (clock.today() - timezone.localdate(moment)).days
    return f"今天 {timezone.localtime(moment):%H:%M} 进入" if days == 0 else f"已 {days} 天"


def _short(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local:%m-%d %H:%M}" if local.year == clock.today().year else f"{local:%Y-%m-%d}"


def _day(day: date) -> str:
    return f"{day:%m-%d}" if day.year == clock.today().year else f"{day:%Y-%m-%d}"


# -- the history ---------------------------------------------------------------------------------------------------------------------------


def timeline(held: CasePage, looked_at: datetime | None) -> list[StageLines]:
    """Newest first, grouped by stage, each group with how long it took."""
    # A line is written with the stage its act led to; it was done in the stage of the line before it.
    earlier = [entry.stage for entry in held.entries[1:]]
    done_in = {
        entry.pk: 1 if entry.no == 1 else stage or entry.stage for entry, stage in zip(held.entries, [*earlier, 0][: len(held.entries)], strict=True)
    }
    groups = []
    for stage, part in groupby(held.entries, key=lambda entry: done_in[entry.pk]):
        entries = list(part)
        groups.append(StageLines(STAGES[stage - 1], _took(entries), [_line(held, entry, looked_at) for entry in entries]))
    return groups


def _line(held: CasePage, entry: Entry, looked_at: datetime | None) -> Line:
    tone, icon = TONES.get(entry.act.removeprefix("petition."), ("", "point"))
    is_new = looked_at is not None and entry.at > looked_at
    is_undone = any(later.detail.get("undone") == entry.no for later in held.entries)
    return Line(entry, tone, icon, held.name(entry.on_behalf_of_id), tuple(_facts(entry)), is_new, is_undone)


def _took(entries: list[Entry]) -> str:
    span = entries[0].at - entries[-1].at
    if span.days:
        return f"{span.days} 天"
    hours, minutes = divmod(span.seconds // 60, 60)
    return f"{hours} 时 {minutes} 分" if hours else f"{minutes} 分" if minutes else ""


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
    "told_at": "告知时间",
    "told_number": "号码",
    "organ": "复查复核机关",
    "conclusion": "结论",
    "number": "文号",
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


def _facts(entry: Entry) -> Iterable[tuple[str, str]]:
    for key, words in _DETAIL_WORDS.items():
        value = entry.detail.get(key)
        if value:
            yield words, "、".join(map(str, value)) if isinstance(value, list) else str(value)
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
        case "信访形式":
            return codes.CHANNELS.label(str(value))
        case "标志":
            return "、".join(codes.FLAGS.label(code) for code in value)
    return str(value)


# -- related cases -------------------------------------------------------------------------------------------------------------------------


def related(held: CasePage, scope: Scope) -> list[Related]:
    """Linked cases the person may see; the others are not even counted. One statement, none where nothing is linked."""
    if not held.links:
        return []
    links = Link.objects.filter(Q(source=held.case) | Q(target=held.case), undone_at=None).select_related("source", "target").order_by("-id")
    others = Case.objects.visible_to(scope)
    links = links.filter(Q(source=held.case, target__in=others) | Q(target=held.case, source__in=others))
    found = []
    for link in links[:30]:
        is_ours = link.source_id == held.case.pk
        words = link.get_kind_display()
        if link.kind == Link.Kind.MERGED:
            words = "主案" if is_ours else "并入本案"
        elif link.kind == Link.Kind.REPEAT:
            words = "重复于" if is_ours else "后来重复"
        can_undo = link.kind == Link.Kind.MERGED and is_ours
        found.append(Related(link, link.target if is_ours else link.source, words, can_undo))
    return found


def lawful(held: CasePage, scope: Scope) -> dict[str, Step]:
    """The acts this person may do now; those on single tasks only where a task waits for them."""
    acts = allowed(STEPS, held.place, scope)
    waiting = {
        "sign_task": _own_tasks(held, scope, Task.State.WAITING),
        "report_task": _own_tasks(held, scope, Task.State.SIGNED),
        "confirm_task": [task for task in held.tasks if task.state == Task.State.REPORTED],
        "return_task": [task for task in held.tasks if task.state == Task.State.REPORTED],
    }
    merged = "merged" in held.case.marks
    return {
        code: step
        for code, step in acts.items()
        if (code not in waiting or waiting[code])
        and (code != "unmerge" or merged)
        and (code != "take_back" or _may_take_back(held, scope))
        and _is_timely(code, held)
        and terms_queries.is_timely(code, held, scope)
        and chain_queries.is_offered(code, held, scope, clock.today())
        and supervision_queries.is_offered(code, held, scope)
        and papers_queries.is_offered(code, held, scope)
    }


def _may_take_back(held: CasePage, scope: Scope) -> bool:
    """Whether the newest line is one's own, fresh, and of an act that can be taken back."""
    last = held.entries[0] if held.entries else None
    return (
        last is not None
        and last.no == held.case.entries
        and last.by_id == scope.user.id
        and last.act.removeprefix("petition.") in checks.UNDOABLE
        and clock.now() - last.at <= checks.UNDO_WITHIN
    )


def _is_timely(code: str, held: CasePage) -> bool:
    """What the action would refuse for a reason already on the page is not offered."""
    dispatch = held.dispatch
    if code == "object" and dispatch is not None:
        return not dispatch.is_final and all(row.dispatch_id != dispatch.pk for row in held.objections)
    if code == "void":
        return not held.dispatches
    if code == "retract":
        return False  # taken back only with the whole batch, on the import page
    if code == "answer":
        return not held.case.confidential
    if code in ("link", "merge") and held.case.confidential:
        return False
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
