"""Which body stands on which step on a day, and which unit it sits at for a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from casework import limits
from casework.rules import NotAllowed
from mediation.models import LadderStep
from mediation.rules.actors import KEEPERS
from mediation.rules.ladder import FIRST, SHIPPED, Body, limit_of
from organisations import directory
from organisations.models import Post, Unit

#: Which kind of unit each level's bodies sit at.
SEATS = {"village": Unit.Kind.ROOM, "town": Unit.Kind.STATION, "county": Unit.Kind.CENTRE}
#: The first step of a level, for a dispute brought to that level directly or whose place has no lower one.
FIRST_OF = {"village": 1, "town": 3, "county": 5}


def bodies(on: date) -> dict[int, Body]:
    """The six steps as they stand on that day. One query."""
    return standing(LadderStep.objects.order_by("no", "valid_from"), on)


def standing(versions: Iterable[LadderStep], on: date) -> dict[int, Body]:
    """Of the county's versions, oldest first, the newest that holds on that day for each step, else what ships."""
    found = dict(SHIPPED)
    for row in versions:
        if row.valid_from <= on:
            found[row.no] = Body(row.no, row.name, row.level, row.body, row.chair, row.record)
    return found


@dataclass(frozen=True, slots=True)
class HeldStep:
    """One step as a setting: what holds today, the version that begins later, its term, all versions newest first."""

    now: Body
    coming: LadderStep | None
    term: str
    versions: tuple[LadderStep, ...]


def settings(today: date) -> list[HeldStep]:
    """The six steps with their versions and terms. Three queries."""
    now, held = bodies(today), limits.current()
    rows: dict[int, list[LadderStep]] = {}
    for row in LadderStep.objects.select_related("changed_by").order_by("-valid_from"):
        rows.setdefault(row.no, []).append(row)
    return [
        HeldStep(
            now=body,
            coming=next((row for row in rows.get(no, ()) if row.valid_from > today), None),
            term=held.length(limit_of(no), today),
            versions=tuple(rows.get(no, ())),
        )
        for no, body in sorted(now.items())
    ]


def seat(step: Body, area_id: int) -> int:
    """The unit at which that body sits for the place. Raises NotAllowed where the tree has none."""
    tree = directory.current()
    if step.level == "county":
        unit_id = tree.centre_id
    else:
        area = tree.areas[area_id]
        place = area.id if step.level == "village" else area.town_id
        answering = tree.answering.get(place or 0, ())
        unit_id = next((i for i in answering if tree.units[i].kind == SEATS[step.level] and tree.units[i].area_id == place), None)
    if unit_id is None:
        raise NotAllowed(f"{tree.areas[area_id].path_name}没有“{step.name}”所在的单位，请联系系统管理员。", code="no_body", status=422)
    return unit_id


def lowest(area_id: int) -> int:
    """The step a dispute of that place begins at: the village's, or the town's where no village is named."""
    level = directory.current().areas[area_id].level
    return FIRST if level == "village" else FIRST_OF["town"] if level == "town" else FIRST_OF["county"]


def manned(step: int, area_id: int, on: date) -> tuple[int, str]:
    """The step, or the first body of the next level up whose unit has somebody to receive a dispute; and which unit has nobody.

    A body without people cannot take a dispute nor hand it on: what is brought there would lie for ever. It begins higher up.
    """
    known, empty = bodies(on), ""
    for first in (step, *(no for no in FIRST_OF.values() if no > step)):
        unit_id = seat(known[first], area_id)
        if Post.objects.current(on).filter(unit=unit_id, role__in=KEEPERS, user__is_active=True).exists():
            return first, empty
        empty = empty or directory.current().units[unit_id].name
    return step, ""
