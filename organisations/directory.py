"""The tree of units and places, held in memory by each process.

About 900 units and 800 places are read on nearly every page and change a few times a month. Each process keeps
one immutable snapshot and checks a version number in the cache (one round trip to Valkey, no SQL) before use,
within a request only once: a request sees one tree from beginning to end.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock

from django.core.cache import cache
from django.db import transaction

from organisations.access import origin
from organisations.models import Area, Unit

_VERSION = "organisations:directory-version"
_lock = Lock()


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


_held: tuple[int, Directory] | None = None
#: The request that has already asked for the version, and what it got.
_asked: ContextVar[tuple[str, Directory] | None] = ContextVar("directory_asked", default=None)


def current() -> Directory:
    """The snapshot of the version the cache names; re-read when somebody changed the tree."""
    request_id = origin.get().request_id
    asked = _asked.get()
    if request_id and asked is not None and asked[0] == request_id:
        return asked[1]
    snapshot = _newest()
    if request_id:
        _asked.set((request_id, snapshot))
    return snapshot


def _newest() -> Directory:
    global _held
    version = cache.get_or_set(_VERSION, 1, timeout=None) or 1
    held = _held
    if held is not None and held[0] == version:
        return held[1]
    with _lock:
        snapshot = _read()
        _held = (version, snapshot)
    return snapshot


def changed() -> None:
    """Call in the transaction that changed a unit or a place; takes effect everywhere on commit."""
    transaction.on_commit(_bump)


def forget() -> None:
    """Drop this process's snapshot (between tests, whose data is rolled back)."""
    global _held
    _held = None
    _asked.set(None)


def _bump() -> None:
    forget()
    try:
        cache.incr(_VERSION)
    except ValueError:
        cache.set(_VERSION, 2, timeout=None)


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
            if unit.area_id and unit.kind != Unit.Kind.DEPARTMENT:
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
