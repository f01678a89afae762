"""The towns as a map: their squares, and their outlines where the county has loaded them."""

from __future__ import annotations

from collections.abc import Mapping

from organisations import directory
from organisations.models import Area
from reports.charts.data import Mark, Places, Shape, Tile, levels
from reports.models import Outlines, TownPlace
from reports.rules import places as rules


def towns() -> dict[str, str]:
    """Code → name of the county's towns, in the order of their codes."""
    return {area.code: area.name for area in directory.current().areas.values() if area.level == Area.Level.TOWN}


def squares() -> dict[str, rules.Square]:
    """Where each town stands: as the county has set it, else as shipped. A town founded since goes to the next free square."""
    codes = list(towns())
    held = {place.town_code: (place.column, place.row) for place in TownPlace.objects.filter(town_code__in=codes)}
    if not held:
        return rules.as_shipped(codes)
    taken = set(held.values())
    free = (at for at in ((column, row) for row in range(1, 100) for column in range(1, rules.COLUMNS + 1)) if at not in taken)
    return {code: held[code] if code in held else next(free) for code in codes}


def outlines() -> Outlines | None:
    """The file that is drawn now."""
    return Outlines.objects.filter(removed_at=None).select_related("loaded_by").order_by("-pk").first()


def shapes() -> tuple[Shape, ...]:
    """The outlines drawn now, named as the towns are named today; none when the county has loaded none."""
    held, names = outlines(), towns()
    if held is None:
        return ()
    return tuple(
        Shape(code, names[code], tuple(tuple((point[0], point[1]) for point in ring) for ring in rings))
        for code, rings in held.shapes
        if code in names
    )


def chart(title: str, marks: Mapping[str, Mark], unit: str = "件") -> Places:
    """The map of a number for each town: every town stands on it, also one without a case."""
    names = towns()
    every = {code: marks.get(code) or Mark(name, 0, key=code) for code, name in names.items()}
    depth = levels(list(every.values()))
    at = squares()
    tiles = tuple(Tile(mark, *at[code], level=depth[mark.key]) for code, mark in every.items())
    return Places(title, unit, tiles, shapes())
