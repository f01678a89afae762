"""The page of one dispute: its rows in one statement, its ladder as a picture, which acts are lawful now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from casework import referrals
from casework.models import Case
from casework.queries import history, progress, records
from casework.queries.children import COMMON, Child, NotRead, gather, names_in
from casework.queries.progress import FlowStep, day_words, moment_words
from casework.rules import Place, Step, allowed, local_date
from mediation import rules
from mediation.models import (
    Alarm,
    Assignment,
    BodyReferral,
    Confirmation,
    Consultation,
    CourtMatter,
    CourtRecord,
    Dispute,
    Dossier,
    DossierFile,
    FollowUpVisit,
    HandOver,
    Inquiry,
    LadderStep,
    Rung,
    Side,
)
from mediation.queries import ladder, talks
from mediation.queries.acts import PROCEDURE, asked_units, place_of
from mediation.queries.talks import TALK_ROWS, TALK_TONES, TALK_WORDS, TalkRows
from mediation.rules import HELD, STAGES, STEPS, State
from mediation.rules.closing import CONFIRM
from mediation.rules.ladder import Body
from organisations import clock, directory, prepared
from organisations.models import User
from organisations.scope import Scope

#: What the filter chips of the history show.
TALK_ACTS = tuple(f"dispute.{code}" for code in ("note", "hold_session", "record_position", "follow_up", "consult"))
FLOW_ACTS = tuple(f"dispute.{code}" for code in STEPS if f"dispute.{code}" not in TALK_ACTS)

#: Dot colour and icon of a line, by act; everything else is grey.
TONES: dict[str, tuple[str, str]] = {
    "register": ("", "clipboard-plus"),
    "accept": ("green", "circle-check"),
    "decline": ("amber", "circle-x"),
    "assess": ("", "checklist"),
    "alarm": ("red", "alert-triangle"),
    "prevent": ("green", "shield-check"),
    "fail": ("amber", "circle-x"),
    "retry": ("blue", "refresh"),
    "offer": ("blue", "stairs-up"),
    "leap": ("red", "stairs-up"),
    "take": ("green", "check"),
    "give_back": ("amber", "arrow-left"),
    "recall": ("amber", "arrow-back-up"),
    "call_off": ("amber", "arrow-back-up"),
    "name_mediator": ("blue", "user-check"),
    "hear_choice": ("", "messages"),
    "form_team": ("blue", "users"),
    "hand_over": ("blue", "user-check"),
    "note": ("", "pencil"),
    **TALK_TONES,
    "refer_body": ("blue", "send"),
    "accept_body": ("green", "check"),
    "return_body": ("amber", "arrow-left"),
    "recall_body": ("amber", "arrow-back-up"),
    "report_body": ("green", "report"),
    "consult": ("blue", "users"),
    "assign": ("blue", "user-check"),
    "refer_petition": ("blue", "arrow-right"),
    "return_referral": ("amber", "arrow-left"),
    "referral.come": ("blue", "arrow-right"),
    "referral.returned": ("amber", "arrow-left"),
    "referral.result": ("green", "report"),
    "refer_court": ("blue", "gavel"),
    "record_court": ("", "gavel"),
    "return_from_court": ("green", "gavel"),
    "apply_confirmation": ("blue", "scale"),
    "record_court_acceptance": ("", "scale"),
    "lengthen_confirmation": ("amber", "clock"),
    "record_confirmation": ("green", "scale"),
    "follow_up": ("green", "eye"),
    "inquire": ("blue", "search"),
    "file_material": ("", "paperclip"),
    "write_report": ("", "file-text"),
    "archive": ("green", "file-text"),
}

#: Words for what a line's detail holds; keys that are not here are for machines.
DETAIL_WORDS = {
    **TALK_WORDS,
    "to_unit": "移交给",
    "from_unit": "移交单位",
    "from": "移交人",
    "to": "接手人",
    "bond_ended": "不再做工作的一方",
    "step": "调处组织",
    "answer_by": "答复期限",
    "urgency": "紧急情形",
    "mediator": "调解员",
    "choice": "当事人意见",
    "team": "团队成员",
    "difficulty": "难易程度",
    "risk": "风险等级",
    "prevented": "防止激化",
    "facts": "依据",
    "review_on": "复核日期",
    "measures": "预防措施",
    "police": "接报机关",
    "told_at": "报告时间",
    "routes": "可走的途径",
    "reason": "理由",
    "screening": "来源",
    "body": "组织种类",
    "consent": "双方意见",
    "members": "参加人员",
    "conclusion": "结论",
    "side": "面向",
    "bond": "情分",
    "other": "对方编号",
    "way": "化解方式",
    "court_stage": "阶段",
    "staff": "法庭人员",
    "fee_waived": "免收诉讼费",
    "court_result": "结果",
    "result": "结果",
    "ended_on": "办结日期",
    "court": "法院",
    "applicants": "申请人",
    "why_court": "管辖依据",
    "confirmation": "结果",
    "court_number": "案号",
    "ground": "情形",
    "days": "延长天数",
    "due_on": "届满日",
    "performance": "履行情况",
    "satisfaction": "满意度",
    "visited": "被回访人",
    "visitors": "回访人",
    "asked": "被调查人",
    "askers": "调查人",
    "place": "地点",
    "item": "归入",
    "opinion": "审核意见",
    "dossier": "卷号",
    "keep": "保管期限",
}

#: What hangs on a dispute. Each stage of the work adds its own rows.
CHILDREN: tuple[Child, ...] = (
    ("sides", Side, "t.dispute_id = %(case)s", "t.letter, t.party_id"),
    ("rungs", Rung, "t.dispute_id = %(case)s", "t.id"),
    ("hand_overs", HandOver, "t.dispute_id = %(case)s", "t.id"),
    ("body_referrals", BodyReferral, "t.dispute_id = %(case)s", "t.id"),
    ("consultations", Consultation, "t.dispute_id = %(case)s", "t.id DESC"),
    ("assignments", Assignment, "t.dispute_id = %(case)s", "t.id"),
    ("court_matters", CourtMatter, "t.dispute_id = %(case)s", "t.id"),
    ("court_records", CourtRecord, "t.matter_id IN (SELECT id FROM mediation_courtmatter WHERE dispute_id = %(case)s)", 't."on", t.id'),
    ("alarms", Alarm, "t.dispute_id = %(case)s", "t.id DESC"),
    ("confirmations", Confirmation, "t.dispute_id = %(case)s", "t.id"),
    ("visits", FollowUpVisit, "t.dispute_id = %(case)s", "t.id"),
    ("inquiries", Inquiry, "t.dispute_id = %(case)s", "t.id"),
    ("dossier_files", DossierFile, "t.dispute_id = %(case)s", "t.attachment_id"),
    # The county's versions of the six steps: few rows, and the page draws them.
    ("ladder_steps", LadderStep, "TRUE", "t.no, t.valid_from"),
    ("dossiers", Dossier, "t.dispute_id = %(case)s", "t.dispute_id"),
    *TALK_ROWS,
    *COMMON,
)


@dataclass(kw_only=True)
class CasePage(TalkRows):
    """One dispute with everything that hangs on it."""

    rungs: list[Rung]
    hand_overs: list[HandOver]
    body_referrals: list[BodyReferral]
    consultations: list[Consultation]
    assignments: list[Assignment]
    court_matters: list[CourtMatter]
    court_records: list[CourtRecord]
    alarms: list[Alarm]
    confirmations: list[Confirmation]
    visits: list[FollowUpVisit]
    inquiries: list[Inquiry]
    dossier_files: list[DossierFile]
    dossiers: list[Dossier]
    ladder_steps: list[LadderStep]

    @property
    def place(self) -> Place:
        found = place_of(self.case, with_tasks=False)
        units = asked_units(self.case.state, self.hand_overs, self.body_referrals, self.court_matters)
        return Place(found.state, found.unit_id, found.centre_id, found.handler_id, found.is_confidential, units)

    @property
    def waiting(self) -> HandOver | None:
        """The hand-over that waits for an answer."""
        return next((row for row in self.hand_overs if not row.answer), None)

    @property
    def at_court(self) -> Confirmation | None:
        """The application for confirmation the court has not finished with."""
        return next((row for row in self.confirmations if row.state not in Confirmation.OVER), None)

    @property
    def rung(self) -> Rung | None:
        """The step the dispute stands on now."""
        return next((row for row in self.rungs if row.ended_on is None), None)

    def on_side(self, letter: str) -> list[tuple[Side, object]]:
        """The people of one side, agents last."""
        people = {person.pk: person for person in self.people}
        found = [(side, people[side.party_id]) for side in self.sides if side.letter == letter and side.party_id in people]
        return sorted(found, key=lambda pair: (pair[0].is_agent, pair[0].party_id))


#: Of the people on the head of a case only the name is asked.
_NAMED = ("id", "name")


def find(number: str, scope: Scope) -> Dispute:
    """The dispute of that number, if the scope sees it, with its case and the names on its head. Raises Dispute.DoesNotExist."""
    people = "".join(f", {records.columns(User, alias, _NAMED)}" for alias in ("handler", "clerk"))
    sql = f"""
        SELECT {records.columns(Dispute, "d")}, {records.columns(Case, "c")}{people}
          FROM casework_case c JOIN mediation_dispute d ON d.case_id = c.id
          JOIN organisations_user clerk ON clerk.id = c.registered_by_id
          LEFT JOIN organisations_user handler ON handler.id = c.handler_id
         WHERE c.number = %s AND EXISTS (SELECT FROM casework_reach r WHERE r.case_id = c.id AND r.reader = ANY(%s::bigint[]))"""  # noqa: S608 (names of our own columns)
    with prepared.cursor() as cursor:
        cursor.execute(sql, [number, list(scope.readers)])
        row = cursor.fetchone()
    if row is None:
        raise Dispute.DoesNotExist
    of_case = records.width(Dispute)
    of_people = of_case + records.width(Case)
    found, case = records.made(Dispute, row[:of_case]), records.made(Case, row[of_case:of_people])
    handler, clerk = row[of_people : of_people + 2], row[of_people + 2 :]
    case.handler = records.made(User, handler, _NAMED) if handler[0] else None
    case.registered_by = records.made(User, clerk, _NAMED)
    found.case = case
    return found


def page(dispute: Dispute, *, show: str = "", before: int | None = None, with_history: bool = True) -> CasePage:
    """The rows of a dispute, one statement; with the newest lines of its history and the names in them, three."""
    found_rows: dict[str, Any] = gather(CHILDREN, dispute.pk)
    held = CasePage(dispute=dispute, case=dispute.case, **found_rows)
    if with_history:
        found = history.entries(dispute.case, show=show, before=before, flow_acts=FLOW_ACTS, talk_acts=TALK_ACTS)
        held.entries, held.has_older = history.newest(found)
        rows = [row for key, *_ in CHILDREN for row in getattr(held, key)]
        held.names = names_in(rows, also=[entry.on_behalf_of_id for entry in held.entries])
    for person in held.people:
        person.case = dispute.case
    return held


def frame(dispute: Dispute) -> CasePage:
    """The page without the rows that hang on the dispute, for an act whose form asks nothing of them. No statement.

    Of those `place` looks at there are none: such acts are the holder's, whom no row asks, and the act asks for itself.
    """
    rows: dict[str, Any] = {key: NotRead() for key, *_ in CHILDREN}
    return CasePage(dispute=dispute, case=dispute.case, **{**rows, "hand_overs": [], "body_referrals": [], "court_matters": []})


def timeline(held: CasePage, looked_at: datetime | None) -> list[history.StageLines]:
    return history.timeline(
        held.entries, held.names, looked_at, prefix="dispute", tones=TONES, facts=history.detail_facts(DETAIL_WORDS), stages=STAGES
    )


def flow(held: CasePage) -> list[FlowStep]:
    """The six stages with when and by whom. What was never handed over says so: most are settled where they came in (MED-2)."""
    case, dispute, tree = held.case, held.dispute, directory.current()
    moved = next((row for row in reversed(held.hand_overs) if row.answer == HandOver.Answer.TAKEN), None)
    done = [
        f"{moment_words(case.opened_at)} · {case.registered_by.name}",
        f"{moment_words(moved.offered_at)} · {tree.units[moved.to_unit_id].short_name}" if moved else "没有移交，本级办理",
        f"{day_words(dispute.accepted_on)} 受理" if dispute.accepted_on else "",
        f"{day_words(dispute.agreed_on)} 达成协议" if dispute.agreed_on else f"{day_words(dispute.ended_on)} 终止" if dispute.ended_on else "",
        "",
        "",
    ]
    return progress.flow(case, done, STAGES)


def lawful(held: CasePage, scope: Scope) -> dict[str, Step]:
    """The acts this person may do now; what the action would refuse for a reason already on the page is not offered."""
    acts = allowed(STEPS, held.place, scope)
    return {code: step for code, step in acts.items() if _is_timely(code, held) and not (code == "decide_challenge" and _is_challenged(held, scope))}


def next_step(held: CasePage) -> tuple[str, str]:
    """What comes next and who does it. What another body has accepted already waits for its report, not for its acceptance."""
    if any(row.is_open and row.answer for row in held.body_referrals):
        return STEPS["report_body"].label, progress.doer(STEPS["report_body"], held.case)
    case = held.case
    if case.state == State.BREACHED:
        ways = [STEPS[code].label for code in AFTER_BREACH if _is_timely(code, held)]
        return "或".join(ways), progress.doer(STEPS["mediate_again"], case)
    if case.state in HELD and case.state != State.FAILED and not held.mediating:
        return STEPS["name_mediator"].label, progress.doer(STEPS["name_mediator"], case)
    return progress.next_step({code: step for code, step in STEPS.items() if step.primary and _is_timely(code, held)}, case)


#: What a broken agreement leads to; which of them is for the parties to say (调解法§31 §32).
AFTER_BREACH = ("perform", "mediate_again", "refer_court", "terminate")


def _is_challenged(held: CasePage, scope: Scope) -> bool:
    """Whether the challenge that waits is about this person, who does not decide about it (调解法§23)."""
    waiting = held.challenge
    return waiting is not None and any(row.pk == waiting.mediating_id and row.user_id == scope.user.id for row in held.mediators)


#: Acts on an application for confirmation, and what the court has come to when they are due.
_AT_COURT = {
    "record_court_acceptance": (Confirmation.State.APPLIED,),
    "lengthen_confirmation": (Confirmation.State.TAKEN,),
    "record_confirmation": (Confirmation.State.APPLIED, Confirmation.State.TAKEN),
}


def _is_timely(code: str, held: CasePage) -> bool:
    if code == "register":
        return False
    if code in _AT_COURT:
        return held.at_court is not None and held.at_court.state in _AT_COURT[code]
    if code == "apply_confirmation":
        return held.at_court is None and any(row.key == CONFIRM and row.met_on is None and row.dropped_on is None for row in held.deadlines)
    if code == "file_material":
        return bool(held.files)
    if code in ("accept_body", "return_body", "recall_body", "report_body"):
        sent = next((row for row in held.body_referrals if row.is_open), None)
        return sent is not None and bool(sent.answer) == (code == "report_body")
    if code in ("recall", "call_off"):
        return held.waiting is not None and bool(held.waiting.urgency) == (code == "call_off")
    if code == "hand_over":
        return bool(held.case.handler_id or held.mediating or any(row.until_on is None for row in held.assignments))
    if code == "return_referral":
        return referrals.is_received(held.case, held.links)
    if code == "refer_petition":
        return referrals.REFERRED not in held.case.marks
    if not talks.is_timely(code, held, clock.today()):
        return False
    if code in ("offer", "leap"):
        return held.dispute.step < rules.LAST
    return not (code == "void" and held.hand_overs)


# -- the ladder as a picture ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """One body of the ladder: who, from when until when, and what came of it.

    `state` is done, now, waiting (offered, not yet taken), failed, skipped or todo.
    """

    body: Body
    state: str
    unit: str
    days: str
    words: str
    handed: str


@dataclass(frozen=True, slots=True)
class Level:
    """A level with its two bodies; drawn from the bottom up, so the county stands first."""

    name: str
    cells: tuple[Cell, ...]
    is_now: bool


def ladder_of(held: CasePage) -> list[Level]:
    """The picture of MED-2: levels as rows from the county down to the village, each with its two bodies."""
    bodies = ladder.standing(held.ladder_steps, local_date(held.case.opened_at) if held.case.closed_at else clock.today())
    found = []
    for level, name in (("county", "县"), ("town", "镇"), ("village", "村")):
        cells = tuple(_cell(held, body) for body in bodies.values() if body.level == level)
        found.append(Level(name, cells, any(cell.state in ("now", "waiting") for cell in cells)))
    return found


def _cell(held: CasePage, body: Body) -> Cell:
    tree = directory.current()
    stays = [row for row in held.rungs if row.step == body.no]
    offered = [row for row in held.hand_overs if row.to_step == body.no]
    handed = "；".join(_handed(row) for row in offered)
    waiting = held.waiting
    if waiting is not None and waiting.to_step == body.no:
        return Cell(body, "waiting", tree.units[waiting.to_unit_id].short_name, "", "", handed)
    if not stays:
        passed = any(row.step > body.no for row in held.rungs)
        return Cell(body, "skipped" if passed else "todo", "", "", "", handed)
    last = stays[-1]
    state = "now" if last.ended_on is None else "done" if last.end == Rung.End.SETTLED else "failed"
    days = f"{day_words(last.began_on)} → {_until(last)}"
    return Cell(body, state, tree.units[last.unit_id].short_name, days, last.words, handed)


def _until(rung: Rung) -> str:
    if rung.ended_on is not None:
        return day_words(rung.ended_on)
    return f"{day_words(rung.due_on)}到期" if rung.due_on else "进行中"


def _handed(row: HandOver) -> str:
    """«11-06 09:12 移交，11-06 15:40 接收»: two acts, each with its time."""
    answer = f"{moment_words(row.answered_at)} {row.get_answer_display()}" if row.answered_at else "待接收"
    return f"{moment_words(row.offered_at)} {'越级' if row.urgency else ''}移交，{answer}"


def people_choices(held: CasePage) -> Sequence[tuple[int, str]]:
    """The parties by side, for forms: «甲方 陈桂兰»."""
    people = {person.pk: person for person in held.people}
    return [
        (side.party_id, f"{side.get_letter_display()} {people[side.party_id].name}{'（代理人）' if side.is_agent else ''}")
        for side in held.sides
        if side.party_id in people
    ]


def risk_words(held: CasePage, today: date) -> str:
    """How long the risk grade holds: «风险高，12-20 前复核»; one that was not reviewed in time says nothing of the people any more (opening 18)."""
    dispute = held.dispute
    if not dispute.risk or dispute.risk_review_on is None:
        return ""
    if is_risk_lapsed(held, today):
        return "风险等级到期失效，待复核"
    return f"风险{dispute.get_risk_display()}，{day_words(dispute.risk_review_on)} 前复核"


def is_risk_lapsed(held: CasePage, today: date) -> bool:
    """Whether the day of review has passed without a review."""
    return bool(held.dispute.risk) and held.dispute.risk_review_on is not None and held.dispute.risk_review_on < today


__all__ = ["CHILDREN", "PROCEDURE", "CasePage", "Cell", "Level", "State", "find", "flow", "frame", "ladder_of", "lawful", "page", "timeline"]
