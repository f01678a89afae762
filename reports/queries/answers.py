"""Figures as they are given away: with the names of what they are split by, guarded, and what they are true of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from organisations import directory
from organisations.models import User
from petitions import codes
from reports.models import FactState
from reports.queries import guard
from reports.queries.figures import Figure, Selection, read_many, split
from reports.rules.measures import Measure

#: For each split, the field of the address that narrows to one of its rows; the others open the whole list.
_FIELDS = {
    "town": "town",
    "village": "village",
    "unit": "unit",
    "category": "category",
    "subcategory": "category",
    "topic": "category",
    "channel": "channel",
    "handler": "handler",
    "outcome": "outcome",
    "level": "level",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure and the address of its list."""

    found: Figure
    list_url: str

    @property
    def measure(self) -> Measure:
        return self.found.measure

    @property
    def numerator(self) -> int:
        return self.found.numerator

    @property
    def denominator(self) -> int:
        return self.found.denominator

    @property
    def value(self) -> Any:
        return self.found.value

    @property
    def text(self) -> str:
        return self.found.text

    @property
    def is_hidden(self) -> bool:
        return self.found.is_hidden


@dataclass(frozen=True, slots=True)
class Line:
    """Figures of one row; `key` is empty for the whole."""

    key: str
    name: str
    figures: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """What was asked for, and what it is true of."""

    since: date
    until: date
    on: date
    ground: str
    version: int
    as_of: datetime | None
    results: tuple[Line, ...]


def figures(wanted: Sequence[str], where: Selection, by: str, address: Callable[..., str]) -> Given:
    """The figures in all, or of each row of a split. `address` makes the address of a list: (selection, code, **changes)."""
    state = FactState.objects.first() or FactState()
    lines = _split(wanted, where, by, address) if by else (_whole(wanted, where, address),)
    name = "全县" if where.ground.is_county else where.ground.name
    return Given(where.period.since, where.period.until, where.on, name, state.version, state.refreshed_at, lines)


def _whole(wanted: Sequence[str], where: Selection, address: Callable[..., str]) -> Line:
    found = {code: guard.figure(figure, where) for code, figure in read_many(wanted, where).items()}
    return Line("", "", tuple(Cell(figure, "" if figure.is_hidden else address(where, code)) for code, figure in found.items()))


def _split(wanted: Sequence[str], where: Selection, by: str, address: Callable[..., str]) -> tuple[Line, ...]:
    table = guard.table(split(wanted, where, by), where)
    names = _names(by, list(table.rows))

    def url(key: Any, code: str) -> str:
        if by == "day":
            return address(where, code, since=key.isoformat(), until=key.isoformat())
        return address(where, code, **{_FIELDS[by]: key})

    return tuple(
        Line(
            "" if key is None else str(key),
            names.get(key, "未定"),
            tuple(Cell(cells[code], "" if cells[code].is_hidden or key in (None, "") else url(key, code)) for code in wanted),
        )
        for key, cells in sorted(table.rows.items(), key=lambda both: str(both[0]))
    )


def _names(by: str, keys: list[Any]) -> dict[Any, str]:
    tree = directory.current()
    if by == "town":
        return {area.code: area.name for area in tree.areas.values()}
    if by == "village":
        return {area.id: area.path_name for area in tree.areas.values()}
    if by == "unit":
        return {unit.id: unit.short_name for unit in tree.units.values()}
    if by == "handler":
        return dict(User.objects.filter(pk__in=[key for key in keys if key]).values_list("pk", "name"))
    if by in ("category", "subcategory", "topic"):
        return {key: row.name for key in keys if key and (row := codes.CATEGORIES.get(key.ljust(6, "0")))}
    if by == "channel":
        return {code: row.name for code, row in codes.CHANNELS.items()}
    return {key: str(key) for key in keys if key not in (None, "")}
