"""The staffing norms and the gaps, by town, village and committee (MED-11)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet

from mediation.corps import norms, rules, scope
from mediation.corps.queries.asked import whole
from mediation.corps.rules import Gap
from mediation.models import Committee, Households, Mediator, Seat
from organisations import clock, directory
from organisations.directory import UnitFacts
from organisations.models import Unit
from organisations.scope import Scope

#: Who counts towards the staffing norms and owes the days of training: the engaged mediators (MED-11, MED-12).
STAFF = (Mediator.Kind.PEOPLES, Mediator.Kind.VILLAGE)


@dataclass(frozen=True, slots=True)
class Place:
    """A room, area station or station against its norm, with its committee's faults."""

    unit: UnitFacts
    gap: Gap
    committee: list[str]

    @property
    def kind(self) -> str:
        return Unit.Kind(self.unit.kind).label


@dataclass(slots=True)
class Town:
    """A town's places added up."""

    unit: UnitFacts
    places: list[Place] = field(default_factory=list)

    @property
    def met(self) -> int:
        return sum(place.gap.is_met for place in self.places)

    @property
    def unknown(self) -> int:
        return sum(place.gap.needed is None for place in self.places)

    @property
    def missing(self) -> int:
        return sum(place.gap.missing for place in self.places)

    @property
    def short(self) -> int:
        return sum(place.gap.missing > 0 for place in self.places)

    @property
    def committees(self) -> int:
        """Places whose committee is missing or lacks something."""
        return sum(bool(place.committee) for place in self.places)


def gaps(by: Scope) -> list[Town]:
    """Every place in scope against the norms of today, by town, in tree order."""
    tree, today = directory.current(), clock.today()
    measures = norms.on(today)
    seen = scope.visible_units(by)
    present = dict(Mediator.objects.serving(today).filter(unit__in=seen, kind__in=STAFF).order_by().values_list("unit").annotate(Count("pk")))
    houses = households(area_id for unit in (tree.units[i] for i in seen) if (area_id := unit.area_id))
    boards = _boards(seen, today)
    towns: dict[int, Town] = {}
    for unit in tree.units.values():
        if unit.id not in seen or not unit.is_active or unit.kind not in rules.NORMED:
            continue
        station = next((tree.units[i] for i in unit.ancestor_ids if tree.units[i].kind == Unit.Kind.STATION), unit)
        known = houses.get(unit.area_id or 0) if unit.kind == Unit.Kind.ROOM else None
        gap = Gap(unit.id, rules.needed(measures, unit.kind, known), present.get(unit.id, 0), known)
        faults: list[str] = []
        if unit.kind in rules.WITH_COMMITTEE:
            board = boards.get(unit.id)
            faults = ["未设立"] if board is None else rules.faults(measures, members=board[0], women=board[1], chairs=board[2])
        towns.setdefault(station.id, Town(station)).places.append(Place(unit, gap, faults))
    return list(towns.values())


def enterprises(by: Scope) -> list[Place]:
    """The enterprises in scope: no norm binds them, a committee they may have (调解法§8); one that sits is measured like the others."""
    tree, today = directory.current(), clock.today()
    units = [unit for unit in tree.units.values() if unit.kind == Unit.Kind.ENTERPRISE and unit.is_active]
    seen = {unit.id for unit in units} & set(scope.visible_units(by))
    if not seen:
        return []
    measures, boards = norms.on(today), _boards(seen, today)
    present = dict(Mediator.objects.serving(today).filter(unit__in=seen).order_by().values_list("unit").annotate(Count("pk")))
    found = []
    for unit in units:
        if unit.id in seen:
            board = boards.get(unit.id)
            faults = ["未设立"] if board is None else rules.faults(measures, members=board[0], women=board[1], chairs=board[2])
            found.append(Place(unit, Gap(unit.id, 0, present.get(unit.id, 0)), faults))
    return found


def counts(by: Scope) -> QuerySet[Households]:
    """Every count of the villages in scope."""
    units = directory.current().units
    return Households.objects.filter(area__in=[units[i].area_id for i in scope.visible_units(by) if units[i].kind == Unit.Kind.ROOM])


def households(area_ids: Iterable[int]) -> dict[int, int]:
    """The newest count of each village; nothing for one never counted."""
    rows = Households.objects.filter(area__in=set(area_ids)).order_by("area_id", "-counted_on", "-id").distinct("area_id")
    return dict(rows.values_list("area_id", "n"))


def _boards(unit_ids: Collection[int], today: date) -> dict[int, tuple[int, int, int]]:
    """Members, women and chairs of each committee today, by its unit."""
    sitting = Q(seats__from_on__lte=today) & (Q(seats__until_on=None) | Q(seats__until_on__gt=today))
    rows = (
        Committee.objects.filter(unit__in=unit_ids)
        .order_by()
        .annotate(
            members=Count("seats", sitting),
            women=Count("seats", sitting & Q(seats__mediator__sex=Mediator.Sex.FEMALE)),
            chairs=Count("seats", sitting & Q(seats__is_chair=True)),
        )
    )
    return {row.unit_id: (row.members, row.women, row.chairs) for row in rows}


@dataclass(frozen=True, slots=True)
class Board:
    """A unit's committee, or the lack of one."""

    unit: UnitFacts
    committee: Committee | None
    seats: list[Seat]
    past: list[Seat]
    faults: list[str]
    candidates: list[Mediator]
    is_kept: bool


def board(by: Scope, unit_id: int) -> Board | None:
    """The committee page of a unit, or None outside the scope."""
    unit = directory.current().units.get(unit_id)
    if unit is None or unit_id not in scope.visible_units(by):
        return None
    today = clock.today()
    committee = Committee.objects.filter(unit=unit_id).first()
    every = list(Seat.objects.filter(committee=committee).select_related("mediator")) if committee else []
    seats = [seat for seat in every if seat.until_on is None]
    faults = rules.faults(
        norms.on(today),
        members=len(seats),
        women=sum(seat.mediator.sex == Mediator.Sex.FEMALE for seat in seats),
        chairs=sum(seat.is_chair for seat in seats),
    )
    near = [unit_id, *(below.id for below in directory.current().below(unit_id))]
    return Board(
        unit=unit,
        committee=committee,
        seats=seats,
        past=[seat for seat in every if seat.until_on is not None],
        faults=faults if committee else ["未设立"],
        candidates=list(scope.visible(by).serving(today).filter(unit__in=near).order_by("name")),
        is_kept=unit_id in {kept.id for kept in scope.kept_units(by)},
    )


def town_of(area_id: str) -> int | str:
    """The station of the town a village lies in, for going back to it; empty when there is none."""
    tree = directory.current()
    place = tree.areas.get(whole(area_id) or 0)
    answering = (tree.units[unit_id] for unit_id in tree.answering.get(place.id, ())) if place else ()
    return next((unit.id for unit in answering if unit.kind == Unit.Kind.STATION), "")
