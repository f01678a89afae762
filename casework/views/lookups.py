"""What type-aheads ask of the tree of places and units. Both lie in memory: no query."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from organisations import directory
from organisations.directory import AreaFacts, Directory, UnitFacts

LIMIT = 12


@require_GET
def areas(request: HttpRequest) -> JsonResponse:
    """Villages and towns by name, code or pinyin initials; `level=village` leaves the towns out."""
    q = request.GET.get("q", "").strip().lower()
    tree = directory.current()
    level = request.GET.get("level", "")
    ranked = [(rank, area.level != "village", area.code, area) for area in tree.areas.values() if (rank := _area_rank(tree, area, q)) is not None]
    rows = [hit[3] for hit in sorted(ranked, key=lambda hit: hit[:3]) if not level or hit[3].level == level]
    return JsonResponse([{"value": area.id, "label": area.path_name, "hint": area.code} for area in rows[:LIMIT]], safe=False)


@require_GET
def units(request: HttpRequest) -> JsonResponse:
    """Units that exist today by name, short name or pinyin initials."""
    q = request.GET.get("q", "").strip().lower()
    ranked = [
        (rank, unit.ancestor_ids, unit) for unit in directory.current().units.values() if unit.is_active and (rank := _unit_rank(unit, q)) is not None
    ]
    rows = [hit[2] for hit in sorted(ranked, key=lambda hit: hit[:2])]
    return JsonResponse([{"value": unit.id, "label": unit.name, "hint": unit.short_name} for unit in rows[:LIMIT]], safe=False)


def _area_rank(tree: Directory, area: AreaFacts, q: str) -> int | None:
    """0 best; None does not fit. Initials may begin with the town's: fsjq finds 阜山镇九曲村."""
    if not q:
        return 0 if area.level == "town" else None
    if q.isdigit():
        return 0 if area.code.startswith(q) else None
    if not q.isascii():
        return _text_rank(q, area.name, area.path_name)
    own = area.initials.split()
    if any(keys == q for keys in own):
        return 0
    if any(keys.startswith(q) for keys in own):
        return 1
    town = tree.areas.get(area.town_id or 0)
    if (
        town is not None
        and town.id != area.id
        and any((t + o).startswith(q) or (t.rstrip("zj") + o).startswith(q) for t in town.initials.split() for o in own)
    ):
        return 2
    return 3 if area.pinyin.split() and any(p.startswith(q) for p in area.pinyin.split()) else None


def _unit_rank(unit: UnitFacts, q: str) -> int | None:
    if not q:
        return 0 if unit.kind == "department" else None
    if not q.isascii():
        return _text_rank(q, unit.short_name, unit.name)
    keys = unit.initials.split()
    if q in keys:
        return 0
    return 1 if any(k.startswith(q) for k in keys) else 2 if any(q in k for k in keys) else None


def _text_rank(q: str, short: str, full: str) -> int | None:
    if q in (short, full):
        return 0
    if short.startswith(q) or full.startswith(q):
        return 1
    return 2 if q in short else 3 if q.replace(" ", "") in full else None
