"""Whose figures somebody may look at: the whole county, their town, or what their unit answers for.

A county-wide reader is one whose post sees the root of the tree. A town's people see what happened in their town, a
department's people what their department answers for. Protected matters (L-PET-86) count only in the county's own totals.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from organisations import directory
from organisations.models import Unit
from organisations.roles import ADMIN_ROLES, Role
from organisations.rules import NotAllowed
from organisations.scope import Scope
from reports.rules.measures import among

#: Who has figures at all. A clerk at the window and a mediator have their lists.
READERS = frozenset({Role.LEADER, Role.OFFICE, Role.HEAD, Role.AUDITOR, Role.OVERSEER})
_PLACES = frozenset({Unit.Kind.STATION, Unit.Kind.AREA_STATION, Unit.Kind.ROOM})


@dataclass(frozen=True, slots=True)
class Ground:
    """What may be counted. `unit_id` is the unit whose ground it is; the centre's is the county."""

    unit_id: int
    name: str
    is_county: bool
    town_code: str = ""
    area_ids: tuple[int, ...] = ()
    unit_ids: tuple[int, ...] = ()

    @property
    def is_place(self) -> bool:
        return not self.is_county and not self.unit_ids

    def condition(self, answers: str) -> Q:
        """Facts on this ground, for a measure that asks the unit in column `answers`."""
        if self.is_county:
            return Q()
        where = Q(confidential=False)
        if self.unit_ids:
            return where & among(answers, self.unit_ids)
        return where & (Q(area_id__in=self.area_ids) if self.area_ids else Q(town_code=self.town_code))


def of(scope: Scope) -> Ground:
    """The ground of the person's first post that has figures; a county-wide one before others. Raises NotAllowed (403)."""
    found = [s for s in scope.standings if s.role in READERS]
    if not found or scope.roles & ADMIN_ROLES:
        raise NotAllowed("统计数据由领导、分流员、单位负责人、督导员和审计员查看，您没有这些岗位。", code="wrong_role", status=403)
    tree = directory.current()
    first = next((s for s in found if s.unit_id == tree.centre_id), found[0])
    return of_unit(first.unit_id)


def owner() -> str:
    """Who answers for the definitions: the county's centre."""
    tree = directory.current()
    return tree.units[tree.centre_id].name if tree.centre_id else ""


def of_unit(unit_id: int) -> Ground:
    """The ground of a unit: the county for the centre, places for stations and rooms, answers for departments."""
    tree = directory.current()
    unit = tree.units[unit_id]
    if unit_id == tree.centre_id:
        return Ground(unit_id, unit.name, is_county=True)
    if unit.kind in _PLACES:
        area = tree.areas.get(unit.area_id or 0)
        if unit.kind == Unit.Kind.STATION and area is not None:
            return Ground(unit_id, unit.name, is_county=False, town_code=area.town_code)
        areas = tuple(sorted(unit.village_ids)) or ((unit.area_id,) if unit.area_id else ())
        return Ground(unit_id, unit.name, is_county=False, town_code=area.town_code if area else "", area_ids=areas)
    return Ground(unit_id, unit.name, is_county=False, unit_ids=tuple(u.id for u in tree.below(unit_id)))
