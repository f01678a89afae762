"""Who sees which part of the corps and who writes it: the one rule of this room.

*See*: what lies at one's unit or below it; an area station also the rooms of its villages; the centre and the justice bureau
(as the county settings name it) the whole county; everybody their own row. *Write*: keepers of the unit or of one above it.
An administrator sees nothing (L-SEC-4).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from mediation.corps import norms
from mediation.models import Mediator
from mediation.models.corps import MediatorQuerySet
from mediation.rules.actors import KEEPERS
from organisations import clock, directory
from organisations.directory import UnitFacts
from organisations.roles import ROLES
from organisations.rules import NotAllowed
from organisations.scope import Scope, Standing


def _covered(standings: Iterable[Standing]) -> frozenset[int]:
    """Units that lie at or below the standings' own, by the rule above."""
    tree = directory.current()
    tops = {standing.unit_id for standing in standings} & tree.units.keys()
    if norms.on(clock.today()).bureau_id in tops and tree.centre_id is not None:
        tops.add(tree.centre_id)
    villages = frozenset[int]().union(*(tree.units[top].village_ids for top in tops))
    return frozenset(unit.id for unit in tree.units.values() if tops.intersection(unit.ancestor_ids) or unit.area_id in villages)


def visible_units(scope: Scope) -> frozenset[int]:
    """Ids of the units whose corps the scope may see."""
    return _covered(s for s in scope.standings if ROLES[s.role].sees_unit) if scope.readers else frozenset()


def visible(scope: Scope) -> MediatorQuerySet:
    """The people of the corps the scope may see, and oneself."""
    if scope.is_admin or not scope.readers:
        return Mediator.objects.none()
    return Mediator.objects.filter(Q(unit__in=visible_units(scope)) | Q(user=scope.user))


def kept_units(scope: Scope) -> list[UnitFacts]:
    """Units whose corps the scope may write, in tree order."""
    covered = _covered(s for s in scope.standings if s.role in KEEPERS) if scope.readers else frozenset()
    return [unit for unit in directory.current().units.values() if unit.id in covered and unit.is_active]


def keeps(scope: Scope) -> bool:
    """Whether the scope may write any part of the corps."""
    return scope.holds(KEEPERS) is not None


def keeper_at(scope: Scope, unit_id: int) -> Standing:
    """The post by which the scope writes the corps of a unit. Raises NotAllowed (403)."""
    for standing in scope.standings:
        if standing.role in KEEPERS and unit_id in _covered([standing]):
            return standing
    raise NotAllowed("此项由所在单位（或上级单位）的工作人员办理。", code="not_keeper", status=403)
