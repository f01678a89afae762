"""Where the matters come from: the towns of the county, the villages of a place."""

from __future__ import annotations

from organisations import directory
from reports.charts.data import Mark, Places, Tile, levels
from reports.dashboard.reading import Links
from reports.queries import places
from reports.queries.figures import Selection, split


def towns(where: Selection, links: Links) -> tuple[dict[str, Mark], int]:
    """The towns' cases, and how many stand on no town."""
    rows = split(["cases"], where, "town").rows
    names = places.towns()
    counts = {code: cells["cases"].numerator for code, cells in rows.items()}
    marks = {
        code: Mark(name, counts.get(code, 0), links.behind(where, "cases", town=code), key=code)
        for code, name in names.items()
        if not where.town_code or code == where.town_code
    }
    return marks, sum(count for code, count in counts.items() if code not in names)


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
