"""Units side by side: the ranking against the target, and the lamps of what they hold."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from organisations import directory
from reports.charts.data import Counts, Mark, Ranking
from reports.dashboard.board import Lamps
from reports.dashboard.reading import Found, dimension, said
from reports.queries import guard
from reports.queries.figures import Figure, Selection, split
from reports.rules.measures import MEASURES


def rolled(where: Selection, wanted: tuple[str, ...]) -> dict[Any, dict[str, Figure]]:
    """The figures of each department and town, what lies below a unit counted with it: exactly what the address of a unit counts."""
    key = dimension(where)
    rows = split(wanted, where, key).rows
    if key == "town":
        return {code: cells for code, cells in rows.items() if code}
    tree = directory.current()
    sums: dict[int, dict[str, list[int]]] = defaultdict(lambda: {code: [0, 0] for code in wanted})
    for unit_id, cells in rows.items():
        unit = tree.units.get(unit_id)
        # What the centre itself holds has no address of its own: the centre's is the whole county.
        if unit is None or len(unit.ancestor_ids) < 2:
            continue
        top = unit.ancestor_ids[1]
        for code, figure in cells.items():
            sums[top][code][0] += figure.numerator
            sums[top][code][1] += figure.denominator
    return {unit_id: {code: Figure(MEASURES[code], both[0], both[1], unit_id) for code, both in cells.items()} for unit_id, cells in sums.items()}


def ranking(found: Found) -> Ranking:
    measure = MEASURES["reply_on_time"]
    may_know = found.told(found.counted(measure.code))
    marks = []
    for key, cells in found.by_unit.items():
        figure = cells[measure.code]
        if not figure.denominator:
            continue
        told = key in may_know
        url = found.links.behind(found.where, measure.code, **found.changes(key)) if told else ""
        if figure.is_rankable and told:
            marks.append(Mark(found.name(key), figure.value, url, f"{figure.text}%", str(key)))
        else:
            marks.append(Mark(found.name(key), None, url, f"{figure.denominator} 件，不排名" if told else guard.sign(figure, found.where), str(key)))
    return Ranking("按期答复率", tuple(marks), measure.target, measure.least, "乡镇（街道）" if found.key == "town" else "单位")


def lamps_of(found: Found) -> tuple[Lamps, ...]:
    """Units with open cases, those with most first: where things lie now. Who has the late ones is not thereby worse (`Measure.direction`)."""
    may_know = found.told(found.counted("open")) & found.told(found.counted("near")) & found.told(found.counted("overdue"))
    rows = []
    for key, cells in found.by_unit.items():
        late, near, whole = cells["overdue"], cells["near"], cells["open"]
        if not whole.numerator or key not in may_know:
            continue
        changes, links, where = found.changes(key), found.links, found.where
        ok = whole.numerator - near.numerator - late.numerator
        share = 100 / whole.numerator
        rows.append(
            Lamps(
                found.name(key),
                said(whole, where, links, **changes),
                said(near, where, links, **changes),
                said(late, where, links, **changes),
                round(ok * share, 2),
                round(near.numerator * share, 2),
                round(late.numerator * share, 2),
            )
        )
    return tuple(sorted(rows, key=lambda row: (-(row.open.count or 0), row.label)))


def counts(lamps: tuple[Lamps, ...]) -> Counts:
    """The numbers of the bars. What is in order has no measure of its own, so no list, and is drawn only."""
    return Counts(
        "在办三色灯",
        ("超期", "临期", "在办"),
        tuple(
            (
                row.label,
                tuple(Mark(head, said.count, said.url) for head, said in (("超期", row.overdue), ("临期", row.near), ("在办", row.open))),
            )
            for row in lamps
        ),
    )
