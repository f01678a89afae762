"""What the matters are about: the map of classes, and the way back out of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from petitions import codes
from reports.charts.data import Mark, Tree
from reports.dashboard.board import Said
from reports.dashboard.reading import Links
from reports.queries.figures import Selection


def named(code: str) -> str:
    """The name of a category by the leading characters of its code."""
    row = codes.CATEGORIES.get(code.ljust(6, "0"))
    return row.name if row and code else "未分类"


def tree(where: Selection, by_topic: Mapping[str, int], links: Links) -> Tree:
    """Categories by number: at first the fifteen with their parts, inside one of them its own, and at last its single topics."""

    def mark(code: str, count: int, length: int, *parts: Mark) -> Mark:
        leads = len(where.topic) < len(code) < 6
        return Mark(
            named(code),
            count,
            links.behind(where, "cases", category=code) if len(code) == length else "",
            key=code,
            more=links.board(where, category=code) if leads and parts else "",
            children=parts,
        )

    head = {0: 2, 2: 4}.get(len(where.topic), 6)
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    for code, count in by_topic.items():
        groups[code[:head]][code] = count
    marks = []
    for code, parts in groups.items():
        inner = sorted(parts.items(), key=lambda both: (-both[1], both[0])) if head < 6 else []
        marks.append(mark(code, sum(parts.values()), head, *(mark(child, count, head + 2) for child, count in inner)))
    return Tree("诉求分类", "件", tuple(sorted(marks, key=lambda m: (-m.size, m.key))))


def drilled(where: Selection, links: Links) -> tuple[Said, ...]:
    """The way back out of a category: each class above it."""
    if not where.topic:
        return ()
    steps = [where.topic[:end] for end in (2, 4, 6) if end <= len(where.topic)]
    return (Said("全部分类", links.board(where, category=None)), *(Said(named(code), links.board(where, category=code)) for code in steps))
