"""What the parts of the board share: what was read for one selection, and how a figure becomes words that open its list.

Addresses come from the doors (`Links`): the list behind a number, and the dashboard of a part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from organisations import directory
from reports.dashboard.board import Said
from reports.queries import guard, places
from reports.queries.figures import Figure, Selection
from reports.rules.measures import Sort


@dataclass(frozen=True, slots=True)
class Links:
    """`behind(selection, measure, part, **changes)` is the list a number counts; `board(selection, **changes)` the dashboard itself."""

    behind: Callable[..., str]
    board: Callable[..., str]


@dataclass(frozen=True, slots=True)
class Found:
    """What the parts of the page share."""

    where: Selection
    links: Links
    now: dict[str, Figure]
    then: dict[str, Figure]
    last_year: dict[str, Figure]
    by_unit: dict[Any, dict[str, Figure]]
    days: dict[date, dict[str, Figure]]

    @property
    def key(self) -> str:
        """By what units are compared: on a department's own ground, its towns."""
        return dimension(self.where)

    def name(self, key: Any) -> str:
        if self.key == "town":
            return places.towns().get(key, "县直")
        unit = directory.current().units.get(key)
        return unit.short_name if unit else "未定单位"

    def changes(self, key: Any) -> dict[str, Any]:
        return {self.key: key}

    def told(self, counts: Mapping[Any, int]) -> frozenset[Any]:
        """Whose numbers of one row the reader may know. The county sees every case, a department every one it answers for;
        on a town's ground other units' small numbers stay hidden, and what they could be reckoned from (L-SEC-41)."""
        return frozenset(counts) if self.key == "town" else frozenset(counts) - guard.hidden(counts, self.where)

    def counted(self, code: str) -> dict[Any, int]:
        return {key: cells[code].denominator for key, cells in self.by_unit.items()}

    def missed(self, code: str) -> dict[Any, int]:
        return {key: cells[code].denominator - cells[code].numerator for key, cells in self.by_unit.items()}


def dimension(where: Selection) -> str:
    """By what units are compared: a department's own ground is divided by towns, all else by who answers."""
    return "town" if where.ground.unit_ids else "unit"


def said(figure: Figure, where: Selection, links: Links, part: str = "counted", **changes: Any) -> Said:
    """A figure as words that open its list."""
    count = {"counted": figure.denominator, "met": figure.numerator, "missed": figure.denominator - figure.numerator}[part]
    words = figure.text if part == "counted" else f"{count:,}"
    if figure.measure.sort is Sort.COUNT:
        words = f"{count:,}"
    return Said(words, links.behind(where, figure.measure.code, part, **changes), count)
