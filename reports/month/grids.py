"""What a report is made of: values, tables, drawings. The paper and the sheet show the same ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from reports.queries.figures import Figure
from reports.rules.measures import Sort, share


@dataclass(frozen=True, slots=True)
class Ratio:
    """Two counts whose quotient is shown: a share in per cent, or a mean; both with one decimal, half up."""

    numerator: int
    denominator: int
    is_share: bool = True

    @property
    def value(self) -> Decimal | None:
        """What is shown, and what the sheet's formula gives: 95.4 of a share, 12.5 of a mean."""
        if self.is_share:
            return share(self.numerator, self.denominator)
        return (Decimal(self.numerator) / self.denominator).quantize(Decimal("0.1"), ROUND_HALF_UP) if self.denominator else None

    @property
    def text(self) -> str:
        if self.value is None:
            return "—"
        return f"{self.value}%" if self.is_share else f"{self.value}"


Value = str | int | Ratio | date | None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the same rows on paper and in the sheet."""

    code: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] = ()
    note: str = ""
    listed: int = 0

    @property
    def printed(self) -> tuple[tuple[Value, ...], ...]:
        """The rows that stand on paper."""
        return self.rows[: self.listed] if self.listed else self.rows

    @property
    def left_out(self) -> int:
        return len(self.rows) - len(self.printed)


@dataclass(frozen=True, slots=True)
class Drawing:
    title: str
    picture: str
    words: str


def cell(figure: Figure) -> Value:
    """A figure as a table shows it."""
    if figure.is_hidden:
        return figure.text
    if figure.measure.sort is Sort.SHARE:
        return Ratio(figure.numerator, figure.denominator)
    if figure.measure.sort is Sort.DAYS:
        return Ratio(figure.numerator, figure.denominator, is_share=False)
    return figure.numerator


def drawn(chart: Any, picture: str) -> Drawing:
    return Drawing(chart.title, picture, chart.summary())
