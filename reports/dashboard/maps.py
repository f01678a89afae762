"""Where the matters come from: the towns of the county, the villages of a place."""

from __future__ import annotations

from organisations import directory
from reports.charts.data import Mark, Places, Tile, levels
from reports.dashboard.reading import Links
from reports.queries import places
from reports.queries.figures import Selection, split


def towns(where: Selection, links: Links) -> dict[str, Mark]:
    """The towns' cases; of those the reader has not asked for, no number."""
    rows = split(["cases"], where, "town").rows
    names = places.towns()
    counts = {code: cells["cases"].numerator for code, cells in rows.items()}
    return {
        code: Mark(name, counts.get(code, 0), links.behind(where, "cases", town=code), key=code)
        if where.town_code in ("", code)
        else Mark(name, None, key=code)
        for code, name in names.items()
    }


def villages(where: Selection, links: Links) -> Places:
    """The villages with cases, most first, in a plain grid."""
    areas = directory.current().areas
    rows = split(["cases"], where, "village").rows
    told = sorted(((cells["cases"].numerator, area_id) for area_id, cells in rows.items() if area_id in areas), key=lambda both: (-both[0], both[1]))[
        :20
    ]
    marks = [Mark(areas[area_id].name, count, links.behind(where, "cases", village=area_id), key=str(area_id)) for count, area_id in told]
    depth = levels(marks)
    tiles = tuple(Tile(mark, at % 4 + 1, at // 4 + 1, depth[mark.key]) for at, mark in enumerate(marks))
    return Places("村（社区）分布", "件", tiles, first="村（社区）")
