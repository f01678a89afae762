"""The routing desk: who should get this case and why, and the board of what is where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, F, Q, Value

from casework.models import Case, Deadline, Reach
from organisations import clock, directory
from organisations.models import Unit
from organisations.scope import Scope
from petitions import codes
from petitions.models import Dispatch, Objection, Petition, Precedent
from petitions.queries import accused
from petitions.rules import KIND, State

#: How far back «has handled such cases» looks, and how many suggestions a clerk can take in (keys 1–3).
EXPERIENCE_DAYS = 730
SHOWN = 3
#: Cards in a column before «再显示».
COLUMN_CARDS = 30

COLUMNS: tuple[tuple[str, str, tuple[State, ...]], ...] = (
    ("sort", "待分流", (State.REGISTERED, State.PROPOSED)),
    ("sign", "待签收", (State.ROUTED, State.SIGNED)),
    ("handle", "办理中", (State.ACCEPTED, State.UNDER_APPROVAL)),
    ("returned", "退回与异议", (State.RETURNED, State.OBJECTED, State.DISPUTED)),
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A unit worth routing to, best first, with its reasons in words and its open load."""

    unit_id: int
    name: str
    score: float
    reasons: tuple[str, ...]
    open_cases: int
    is_best: bool = False


@dataclass
class _Candidate:
    score: float = 0.0
    reasons: list[str] = field(default_factory=list)

    def add(self, points: float, reason: str) -> None:
        self.score += points
        self.reasons.append(reason)


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    label: str
    cases: list[Case]
    count: int


def suggestions(petition: Petition, scope: Scope) -> list[Suggestion]:
    """Up to three units for the case, ranked: precedent, who has handled such matters there, who answers for the place.

    A unit that has already returned the case, and for a protected case the unit complained about, is never named.
    Four queries, each on an index.
    """
    case = petition.case
    tree = directory.current()
    candidates: dict[int, _Candidate] = {}

    def candidate(unit_id: int) -> _Candidate:
        return candidates.setdefault(unit_id, _Candidate())

    barred = _barred(petition)
    for precedent in _precedents(case):
        words = "协调裁定先例" + ("（同镇）" if precedent.town_code == case.town_code else "")
        candidate(precedent.unit_id).add(100 if precedent.town_code == case.town_code else 80, words)
        for unit in precedent.not_units.all():
            candidate(unit.pk).add(-60, "先例裁定不归该单位")
    for unit_id, total, on_place in _experience(case):
        in_place = f"，其中本镇 {on_place} 件" if on_place else ""
        candidate(unit_id).add(min(2 * total, 40) + min(3 * on_place, 30), f"近两年办过同类 {total} 件{in_place}")
    for unit_id in tree.answering.get(case.area_id, ()):
        if tree.units[unit_id].kind == Unit.Kind.STATION:
            candidate(unit_id).add(12, "问题属地在本镇（属地管理）")
    if petition.respondent_unit_id and not case.confidential:
        _suggest_superior(petition.respondent_unit_id, candidate)
    found = {
        unit_id: c
        for unit_id, c in candidates.items()
        if unit_id not in barred
        and c.score > 0
        and unit_id in tree.units
        and tree.units[unit_id].is_active
        and tree.units[unit_id].kind not in directory.ROOMS
    }
    best = sorted(found.items(), key=lambda item: (-item[1].score, item[0]))[:SHOWN]
    loads = open_loads([unit_id for unit_id, _ in best])
    return [
        Suggestion(
            unit_id=unit_id,
            name=tree.units[unit_id].short_name,
            score=c.score,
            reasons=tuple(c.reasons),
            open_cases=loads.get(unit_id, 0),
            is_best=number == 0,
        )
        for number, (unit_id, c) in enumerate(best)
    ]


def _barred(petition: Petition) -> set[int]:
    returned = Objection.objects.filter(dispatch__petition=petition, decision=Objection.Decision.RETURNED).values_list(
        "dispatch__to_unit_id", flat=True
    )
    barred = set(returned)
    if petition.case.confidential:
        barred.update(accused.units_of(accused.of(petition)))
    return barred


def _precedents(case: Case) -> Iterable[Precedent]:
    """Decisions on such cases; none of a case that became protected since (L-PET-86)."""
    return (
        Precedent.objects.filter(topic_code=case.topic_code, petition__case__confidential=False)
        .prefetch_related("not_units")
        .order_by("-decided_at")[:5]
    )


def _experience(case: Case) -> Iterable[tuple[int, int, int]]:
    """(unit, cases of this topic it answered, of those in this town) in the last two years, most first."""
    centre_id = directory.current().centre_id
    rows = (
        Case.objects.filter(
            kind=KIND.code,
            topic_code=case.topic_code,
            confidential=False,
            opened_at__gte=clock.now() - timedelta(days=EXPERIENCE_DAYS),
        )
        .exclude(unit_id=centre_id or 0)
        .values("unit_id")
        .annotate(total=Count("pk"), there=Count("pk", filter=Q(town_code=case.town_code)))
        .order_by("-total")[:6]
    )
    return [(row["unit_id"], row["total"], row["there"]) for row in rows]


def _suggest_superior(unit_id: int, candidate) -> None:
    """The unit complained about answers first itself; the unit above it is offered beside it (L-PET-03)."""
    unit = directory.current().units[unit_id]
    candidate(unit_id).add(12, "被反映单位，由其先行处理")
    if unit.parent_id and unit.parent_id != directory.current().centre_id:
        candidate(unit.parent_id).add(10, f"{unit.short_name}的上级单位")


def open_loads(unit_ids: Iterable[int]) -> dict[int, int]:
    """How many open cases each unit holds now, itself and below."""
    rows = Reach.objects.filter(reader__in=list(unit_ids), is_open=True, unit_id=F("reader")).values("reader").annotate(n=Count("pk"))
    return {row["reader"]: row["n"] for row in rows}


def board(scope: Scope, *, town_code: str = "", topic: str = "") -> list[Column]:
    """The four columns of the routing board, nearest due date first, as the centre sees them. Three queries."""
    rows = Reach.objects.filter(reader=directory.current().centre_id or 0, reader__in=scope.readers, is_open=True)
    if town_code:
        rows = rows.filter(town_code=town_code)
    if topic:
        rows = rows.filter(topic_code__startswith=topic)
    shown_states = [state for _, _, states in COLUMNS for state in states]
    counts = dict(rows.filter(state__in=shown_states).values_list("state").annotate(n=Count("pk")))
    firsts = [
        rows.filter(state__in=states)
        .annotate(column=Value(number))
        .order_by("due_on", "case_id")
        .values_list("column", "due_on", "case_id")[:COLUMN_CARDS]
        for number, (_, _, states) in enumerate(COLUMNS)
    ]
    chosen = sorted(firsts[0].union(*firsts[1:], all=True))
    found = Case.objects.select_related("unit", "area", "handler").in_bulk([pk for _, _, pk in chosen])
    return [
        Column(
            key,
            label,
            [found[pk] for column, _, pk in chosen if column == number],
            sum(counts.get(state, 0) for state in states),
        )
        for number, (key, label, states) in enumerate(COLUMNS)
    ]


def last_dispatches(case_ids: Iterable[int]) -> dict[int, Dispatch]:
    """The newest dispatch of each case with its objection, for the cards of the board. One query."""
    rows = (
        Dispatch.objects.filter(petition__in=list(case_ids))
        .select_related("to_unit", "objection")
        .order_by("petition_id", "-id")
        .distinct("petition_id")
    )
    return {row.petition_id: row for row in rows}


def objections_ending(scope: Scope) -> int:
    """Cases whose objection period ends today, for the desk's warning line."""
    today = clock.today()
    return Deadline.objects.filter(key="pet.object", met_on=None, dropped_on=None, due_on=today, case__in=Case.objects.visible_to(scope)).count()


def topic_choices() -> list[tuple[str, str]]:
    """First-level categories for the board's filter."""
    return [(row.code[:2], row.name) for row in codes.TOP_CATEGORIES]
