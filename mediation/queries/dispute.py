"""The page of one dispute: its rows in one statement, its ladder as a picture, which acts are lawful now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from casework.queries import history, progress
from casework.queries.children import COMMON, CaseRows, Child, gather, names_in
from casework.queries.progress import FlowStep, day_words, moment_words
from casework.rules import Place, Step, allowed
from mediation import rules
from mediation.models import Alarm, Dispute, HandOver, Rung, Side
from mediation.queries import ladder
from mediation.queries.acts import PROCEDURE, asked_units, place_of
from mediation.rules import STAGES, STEPS, State
from mediation.rules.ladder import Body
from organisations import clock, directory
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
    "fail": ("amber", "circle-x"),
    "retry": ("blue", "refresh"),
    "offer": ("blue", "stairs-up"),
    "leap": ("red", "stairs-up"),
    "take": ("green", "check"),
    "give_back": ("amber", "arrow-left"),
    "recall": ("amber", "arrow-back-up"),
    "name_mediator": ("blue", "user-check"),
    "note": ("", "pencil"),
}

#: Words for what a line's detail holds; keys that are not here are for machines.
DETAIL_WORDS = {
    "to_unit": "移交给",
    "from_unit": "移交单位",
    "step": "调处组织",
    "answer_by": "答复期限",
    "urgency": "紧急情形",
    "mediator": "调解员",
    "difficulty": "难易程度",
    "risk": "风险等级",
    "facts": "依据",
    "review_on": "复核日期",
    "measures": "预防措施",
    "police": "接报机关",
    "told_at": "报告时间",
    "routes": "可走的途径",
    "reason": "理由",
}

#: What hangs on a dispute. Each stage of the work adds its own rows.
CHILDREN: tuple[Child, ...] = (
    ("sides", Side, "t.dispute_id = %(case)s", "t.letter, t.party_id"),
    ("rungs", Rung, "t.dispute_id = %(case)s", "t.id"),
    ("hand_overs", HandOver, "t.dispute_id = %(case)s", "t.id"),
    ("alarms", Alarm, "t.dispute_id = %(case)s", "t.id DESC"),
    *COMMON,
)


@dataclass(kw_only=True)
class CasePage(CaseRows):
    """One dispute with everything that hangs on it."""

    dispute: Dispute
    sides: list[Side]
    rungs: list[Rung]
    hand_overs: list[HandOver]
    alarms: list[Alarm]

    @property
    def place(self) -> Place:
        found = place_of(self.case, with_tasks=False)
        units = asked_units(self.hand_overs)
        return Place(found.state, found.unit_id, found.centre_id, found.handler_id, found.is_confidential, units)

    @property
    def waiting(self) -> HandOver | None:
        """The hand-over that waits for an answer."""
        return next((row for row in self.hand_overs if not row.answer), None)

    @property
    def rung(self) -> Rung | None:
        """The step the dispute stands on now."""
        return next((row for row in self.rungs if row.ended_on is None), None)

    def on_side(self, letter: str) -> list[tuple[Side, object]]:
        """The people of one side, agents last."""
        people = {person.pk: person for person in self.people}
        found = [(side, people[side.party_id]) for side in self.sides if side.letter == letter and side.party_id in people]
        return sorted(found, key=lambda pair: (pair[0].is_agent, pair[0].party_id))


def find(number: str, scope: Scope) -> Dispute:
    """The dispute of that number, if the scope sees it. Raises Dispute.DoesNotExist."""
    return Dispute.objects.visible_to(scope).select_related("case", "case__handler", "case__registered_by").get(case__number=number)


def page(dispute: Dispute, *, show: str = "", before: int | None = None, with_history: bool = True) -> CasePage:
    """The rows of a dispute, one statement; with the newest lines of its history and the names in them, three."""
    held = CasePage(dispute=dispute, case=dispute.case, **gather(CHILDREN, dispute.pk))
    if with_history:
        found = history.entries(dispute.case, show=show, before=before, flow_acts=FLOW_ACTS, talk_acts=TALK_ACTS)
        held.entries, held.has_older = history.newest(found)
        rows = [row for key, *_ in CHILDREN for row in getattr(held, key)]
        held.names = names_in(rows, also=[entry.on_behalf_of_id for entry in held.entries])
    for person in held.people:
        person.case = dispute.case
    return held


def frame(dispute: Dispute) -> CasePage:
    """The page without the rows that hang on the dispute, for an act whose form asks nothing of them. No statement."""
    return CasePage(dispute=dispute, case=dispute.case, **{key: [] for key, *_ in CHILDREN})  # type: ignore[arg-type]


def timeline(held: CasePage, looked_at: datetime | None) -> list[history.StageLines]:
    return history.timeline(
        held.entries, held.names, looked_at, prefix="dispute", tones=TONES, facts=history.detail_facts(DETAIL_WORDS), stages=STAGES
    )


def flow(held: CasePage) -> list[FlowStep]:
    """The six stages with when and by whom."""
    case, dispute, tree = held.case, held.dispute, directory.current()
    moved = next((row for row in reversed(held.hand_overs) if row.answer == HandOver.Answer.TAKEN), None)
    done = [
        f"{moment_words(case.opened_at)} · {case.registered_by.name}",
        f"{moment_words(moved.offered_at)} · {tree.units[moved.to_unit_id].short_name}" if moved else "",
        f"{day_words(dispute.accepted_on)} 受理" if dispute.accepted_on else "",
        f"{day_words(dispute.agreed_on)} 达成协议" if dispute.agreed_on else f"{day_words(dispute.ended_on)} 终止" if dispute.ended_on else "",
        "",
        "",
    ]
    return progress.flow(case, done, STAGES)


def lawful(held: CasePage, scope: Scope) -> dict[str, Step]:
    """The acts this person may do now; what the action would refuse for a reason already on the page is not offered."""
    acts = allowed(STEPS, held.place, scope)
    return {code: step for code, step in acts.items() if _is_timely(code, held)}


def _is_timely(code: str, held: CasePage) -> bool:
    if code == "register":
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
    bodies = ladder.bodies(held.case.opened_at.date() if held.case.closed_at else clock.today())
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
    """How long the risk grade holds: «风险 高，12-20 前复核»."""
    dispute = held.dispute
    if not dispute.risk or dispute.risk_review_on is None:
        return ""
    late = "，复核已过期" if dispute.risk_review_on < today else f"，{day_words(dispute.risk_review_on)} 前复核"
    return f"风险{dispute.get_risk_display()}{late}"


__all__ = ["CHILDREN", "PROCEDURE", "CasePage", "Cell", "Level", "State", "find", "flow", "frame", "ladder_of", "lawful", "page", "timeline"]
