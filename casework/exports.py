"""A list as CSV or XLSX, written while it is read: neither the rows nor the file ever lie in memory as a whole.

The workbook's parts are written by `exports_book`.
A cell that a spreadsheet would take for a formula gets an apostrophe in front.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from casework.exports_book import XF, About, Book, column_name, neutral, text_cell, whole_cell

#: Bytes of CSV handed on at a time.
PIECE = 64_000
_FORBIDDEN_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')


def csv_line(cells: Sequence[str]) -> bytes:
    """One line of CSV with every cell quoted."""
    return (",".join('"' + neutral(cell).replace('"', '""') + '"' for cell in cells) + "\r\n").encode()


def csv_pieces(head: Sequence[Sequence[str]], blocks: Iterable[bytes | memoryview]) -> Iterator[bytes]:
    """The file: byte order mark (so that Excel takes it for UTF-8), the head lines, then the rows' lines, some thousand bytes at a time."""
    pending, size = [b"\xef\xbb\xbf", *(csv_line(line) for line in head)], 0
    for block in blocks:
        pending.append(bytes(block))
        size += len(block)
        if size > PIECE:
            yield b"".join(pending)
            pending, size = [], 0
    yield b"".join(pending)


class _Outbox:
    """Where the workbook writes to: kept only until it is handed on."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.pieces.append(data)

    def take(self) -> bytes:
        pieces, self.pieces = self.pieces, []
        return b"".join(pieces)


def xlsx_pieces(
    head: Sequence[Sequence[str]], rows: Iterable[Sequence[Any]], widths: Sequence[int], *, about: About, name: str = "清单"
) -> Iterator[bytes]:
    """The workbook of one sheet in pieces. `widths` are column widths in characters; the lines of `head` stay in view."""
    out = _Outbox()
    columns = [column_name(number) for number in range(1, len(widths) + 1)]
    with Book(out, about) as book, book.sheet(name, widths, len(head)) as sheet:
        for number, line in enumerate(head, start=1):
            look = "head" if number == len(head) else "note"
            sheet.row(text_cell(f"{column}{number}", cell, XF[look, "text"]) for column, cell in zip(columns, line, strict=False))
        for row in rows:
            number = sheet.count + 1
            sheet.row(_cell(f"{column}{number}", cell) for column, cell in zip(columns, row, strict=True))
            if out.pieces:
                yield out.take()
    yield out.take()


def _cell(at: str, value: Any) -> str:
    if isinstance(value, int):
        return whole_cell(at, value, "")
    return text_cell(at, "" if value is None else plain(value), _TEXT)


_TEXT = XF["", "text"]


def plain(value: Any) -> str:
    """A value as a clerk reads it: moments in the county's time zone."""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def file_name(words: str, who: str, moment: datetime, suffix: str, listing: str = "案件") -> str:
    """`案件_超期_孙志远_20261122-1046.csv`: what it holds, whose it is, when it was taken."""
    name = "_".join(part for part in (listing, words, who, f"{timezone.localtime(moment):%Y%m%d-%H%M}") if part)
    return _FORBIDDEN_IN_NAMES.sub("-", name)[:120] + "." + suffix
