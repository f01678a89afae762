"""The tree of units and places: about 900 units and 800 places, read on nearly every page, as one snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from organisations.models import Area, Unit
from organisations.snapshots import Snapshot

#: Kinds that may lie in a place without answering for it: a factory in a village is not that village's room.
NOT_ANSWERING = frozenset({Unit.Kind.DEPARTMENT, Unit.Kind.ENTERPRISE})
#: 群众工作室, of a village or of a firm: they have neither handler nor head, so no petition is sent to them to be signed for and answered.
ROOMS = frozenset({Unit.Kind.ROOM, Unit.Kind.ENTERPRISE})


@dataclass(frozen=True, slots=True)
class UnitFacts:
    id: int
    name: str
    short_name: str
    kind: str
    parent_id: int | None
    ancestor_ids: tuple[int, ...]
    area_id: int | None
    village_ids: frozenset[int]
    is_resident: bool
    is_active: bool
    initials: str
    phone: str

    def is_within(self, unit_id: int) -> bool:
        """This unit is `unit_id` or lies below it."""
        return unit_id in self.ancestor_ids


@dataclass(frozen=True, slots=True)
class AreaFacts:
    id: int
    code: str
    level: str
    name: str
    parent_id: int | None
    town_id: int | None
    town_code: str
    path_name: str
    initials: str
    pinyin: str


@dataclass(frozen=True)
class Directory:
    """A snapshot. `answering[area_id]` are the ids of the units that answer for a place (属地)."""

    units: dict[int, UnitFacts]
    areas: dict[int, AreaFacts]
    answering: dict[int, tuple[int, ...]]
    centre_id: int | None
    children: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def readers_for(self, unit_ids: Iterable[int]) -> set[int]:
        """Those units and every unit above them."""
        readers: set[int] = set()
        for unit_id in unit_ids:
            readers.update(self.units[unit_id].ancestor_ids)
        return readers

    def below(self, unit_id: int) -> list[UnitFacts]:
        """The unit and all below it, in tree order."""
        return [unit for unit in self.units.values() if unit.is_within(unit_id)]


#: The request that has already asked for the version, and what it got.


def _read() -> Directory:
    areas: dict[int, AreaFacts] = {}
    for area in Area.objects.order_by("code"):
        parent = areas.get(area.parent_id or 0)
        town = area if area.level == Area.Level.TOWN else None
        areas[area.id] = AreaFacts(
            id=area.id,
            code=area.code,
            level=area.level,
            name=area.name,
            parent_id=area.parent_id,
            town_id=town.id if town else (parent.town_id if parent else None),
            town_code=area.code[:9] if len(area.code) >= 9 else "",
            path_name=(parent.name + area.name) if parent and parent.town_id else area.name,
            initials=area.initials,
            pinyin=area.pinyin,
        )
    villages: dict[int, set[int]] = {}
    for unit_id, area_id in Unit.villages.through.objects.values_list("unit_id", "area_id"):
        villages.setdefault(unit_id, set()).add(area_id)
    units: dict[int, UnitFacts] = {}
    children: dict[int, list[int]] = {}
    answering: dict[int, list[int]] = {}
    centre_id = None
    for unit in Unit.objects.order_by("path"):
        facts = UnitFacts(
            id=unit.id,
            name=unit.name,
            short_name=unit.short_name,
            kind=unit.kind,
            parent_id=unit.parent_id,
            ancestor_ids=unit.ancestor_ids,
            area_id=unit.area_id,
            village_ids=frozenset(villages.get(unit.id, ())),
            is_resident=unit.is_resident,
            is_active=unit.active_until is None,
            initials=unit.initials,
            phone=unit.phone,
        )
        units[unit.id] = facts
        if unit.parent_id:
            children.setdefault(unit.parent_id, []).append(unit.id)
        if unit.kind == Unit.Kind.CENTRE:
            centre_id = unit.id
        if facts.is_active:
            if unit.area_id and unit.kind not in NOT_ANSWERING:
                answering.setdefault(unit.area_id, []).append(unit.id)
            for area_id in facts.village_ids:
                answering.setdefault(area_id, []).append(unit.id)
    for place in areas.values():
        if place.parent_id and place.town_id and place.town_id != place.id:
            own = answering.setdefault(place.id, [])
            own.extend(u for u in answering.get(place.town_id, []) if u not in own)
    return Directory(
        units=units,
        areas=areas,
        answering={key: tuple(ids) for key, ids in answering.items()},
        centre_id=centre_id,
        children={key: tuple(ids) for key, ids in children.items()},
    )


_snapshot = Snapshot("directory", _read)
current = _snapshot.current
changed = _snapshot.changed
forget = _snapshot.forget
