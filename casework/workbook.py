"""What adds up, as an Excel workbook: typed cells, live formulas that carry their value, the same bytes for the same content.

    with Workbook(out, title="月报", creator="金岭县群众工作中心", created_at=closed_at) as book:
        with book.sheet("按单位", widths=[20, 10, 10, 12], freeze_rows=1) as sheet:
            sheet.row(["单位", "应受理", "及时", "及时率"], style="head")
            sheet.row(["县住建局", 40, 38, Formula('IF(B2=0,"",C2/B2)', Decimal("0.95"), "percent")])

A spreadsheet computes the formulas again; who reads without computing (the verifier of a sealed month, a preview) finds
the value we computed. Nothing here depends on the day, the machine or the order of a dictionary: `created_at` is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import TracebackType
from typing import BinaryIO, Literal, Self

from django.utils import timezone

from casework.exports_book import LOOKS, MOST_LINES, XF, About, Book, SheetWriter, column_name, inner, text_cell, whole_cell, words_cell

Format = Literal["text", "whole", "decimal", "percent", "date", "moment"]
Look = Literal["", "head", "total", "title", "note", "words"]

#: The day before Excel's first: its calendar counts 1900 as a leap year, so that days from 1900-03-01 on fit.
_ZERO_DAY = date(1899, 12, 30)
_FIRST_DAY = date(1900, 3, 1)
_SECONDS_A_DAY = 86_400
#: Looks whose words wrap.
_WRAPPED = ("head", "words")
#: A change as tables say it, «+900.0%» or «-2.4点»: a number and no formula, so it needs no apostrophe a reader would see.
_CHANGE = re.compile(r"[+-]\d{1,6}(\.\d)?(%|点)")


@dataclass(frozen=True, slots=True)
class Percent:
    """A ratio shown as a percentage: Percent(Decimal("0.95")) is 95.00%."""

    ratio: Decimal


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of ours without «=», the value it has now, and how it is shown.

    The text goes into the file as it is: it is written by programmers, never put together from what people typed.
    """

    text: str
    value: Decimal | int | str | None
    style: Format = "decimal"


Cell = None | str | int | Decimal | date | datetime | Percent | Formula


class Sheet:
    """The open sheet of a workbook."""

    def __init__(self, writer: SheetWriter, widths: Sequence[int]) -> None:
        self._writer, self._widths = writer, widths

    @property
    def next_row(self) -> int:
        """The number of the row that is written next, as formulas name it (counted from 1)."""
        return self._writer.count + 1

    def row(self, cells: Sequence[Cell], style: Look = "") -> None:
        """One row in one of the looks "", head, total, title, note, words. Raises TypeError for a value that is no cell, ValueError when full."""
        number = self.next_row
        lines = max(map(_lines, cells, self._widths), default=1) if style in _WRAPPED else 1
        self._writer.row([_cell(f"{column_name(column)}{number}", cell, style) for column, cell in enumerate(cells, start=1)], lines)


class Workbook:
    """The workbook. Write its sheets one after the other, inside the context; rows leave for `out` while they are written."""

    def __init__(self, out: BinaryIO, *, title: str, creator: str, created_at: datetime, words: str = "") -> None:
        self._book = Book(out, About(title, creator, created_at, words))

    def __enter__(self) -> Self:
        self._book.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._book.__exit__(kind, error, trace)

    @contextmanager
    def sheet(self, name: str, widths: Sequence[int], freeze_rows: int = 1) -> Iterator[Sheet]:
        """The next sheet: at most 31 characters of name, each once; the frozen rows head every printed page."""
        with self._book.sheet(name, widths, freeze_rows) as writer:
            yield Sheet(writer, widths)


def _lines(cell: Cell, width: int) -> int:
    """Lines of a wrapped cell: a Chinese character is two wide, and a little is lost at the edges."""
    wide = sum(1 if character.isascii() else 2 for character in cell) if isinstance(cell, str) else 0
    return min(max(-(-wide // max(width - 2, 1)), 1), MOST_LINES)


def _cell(at: str, value: Cell, look: str) -> str:
    if look not in LOOKS:
        raise ValueError(f"no look of a row: {look}")
    if value is None or isinstance(value, str):
        write = words_cell if _CHANGE.fullmatch(value or "") else text_cell
        return write(at, value or "", XF[look, "text"])
    if isinstance(value, bool):
        raise TypeError("true and false are no cells: write the word")
    if isinstance(value, int):
        return whole_cell(at, value, look)
    if isinstance(value, Decimal):
        return _number(at, _digits(value), look, "decimal")
    if isinstance(value, Percent):
        return _number(at, _digits(value.ratio), look, "percent")
    if isinstance(value, Formula):
        return _formula(at, value, look)
    if isinstance(value, datetime):
        return _number(at, _moment(value), look, "moment")
    if isinstance(value, date):
        return _day(at, value, look)
    raise TypeError(f"no cell: {type(value).__name__}")


def _number(at: str, digits: str, look: str, form: str) -> str:
    return f'<c r="{at}" s="{XF[look, form]}"><v>{digits}</v></c>'


def _digits(value: Decimal) -> str:
    """A number without exponent and needless zeros, so that equal numbers are equal bytes. Raises ValueError for NaN and infinity."""
    if not value.is_finite():
        raise ValueError("not a number")
    return f"{value.normalize():f}" if value else "0"


def _day(at: str, value: date, look: str) -> str:
    """A day before Excel's calendar begins stays text."""
    if value < _FIRST_DAY:
        return text_cell(at, value.isoformat(), XF[look, "text"])
    return _number(at, str((value - _ZERO_DAY).days), look, "date")


def _moment(value: datetime) -> str:
    """Days since Excel's zero in the county's time; `value` is aware. Raises ValueError for a naive moment."""
    local = timezone.localtime(value).replace(tzinfo=UTC)
    since = local - datetime(_ZERO_DAY.year, _ZERO_DAY.month, _ZERO_DAY.day, tzinfo=UTC)
    seconds = since // timedelta(seconds=1)
    return _digits((Decimal(seconds) / _SECONDS_A_DAY).quantize(Decimal("1e-8")))


def _formula(at: str, formula: Formula, look: str) -> str:
    mark, value = XF[look, formula.style], formula.value
    text = inner(formula.text)
    if value is None or isinstance(value, str):
        return f'<c r="{at}" s="{mark}" t="str"><f>{text}</f><v>{inner(value or "")}</v></c>'
    return f'<c r="{at}" s="{mark}"><f>{text}</f><v>{_digits(Decimal(value))}</v></c>'
