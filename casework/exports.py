"""A list as CSV or XLSX, written while it is read: neither the rows nor the file ever lie in memory as a whole.

CSV comes straight out of PostgreSQL's COPY. The XLSX is one sheet of inline strings in a zip that needs no seeking.
A cell that a spreadsheet would take for a formula gets an apostrophe in front.
"""

# ruff: noqa: E501 (the fixed parts of a workbook are long)

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import RawIOBase
from typing import Any
from xml.sax.saxutils import escape

from django.utils import timezone

#: First characters that make a spreadsheet compute (OWASP CSV injection); a Chinese one takes the wide ones too.
FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_FORBIDDEN_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')
#: Rows turned into one piece of the sheet.
ROWS_PER_PIECE = 1_000


def neutral(text: str) -> str:
    """The text so that no spreadsheet runs it."""
    return "'" + text if text[:1] and text[0] in FORMULA_STARTS else text


def neutral_sql(expression: str) -> str:
    """The same as SQL around a text expression."""
    return f"CASE WHEN left({expression}, 1) IN ('=', '+', '-', '@', chr(9), chr(13), chr(10), '＝', '＋', '－', '＠') THEN '''' || {expression} ELSE {expression} END"


def csv_line(cells: Sequence[str]) -> bytes:
    """One line of CSV with every cell quoted."""
    return (",".join('"' + neutral(cell).replace('"', '""') + '"' for cell in cells) + "\r\n").encode()


def csv_pieces(head: Sequence[Sequence[str]], blocks: Iterable[bytes | memoryview]) -> Iterator[bytes]:
    """The file: byte order mark (so that Excel takes it for UTF-8), the head lines, then the rows as COPY gives them."""
    yield b"\xef\xbb\xbf" + b"".join(csv_line(line) for line in head)
    for block in blocks:
        yield bytes(block)


class _Outbox(RawIOBase):
    """Where the zip writes to: kept only until it is handed on."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        pieces, self.pieces = self.pieces, []
        return b"".join(pieces)


_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_BOOK = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="案件清单" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_BOOK_RELS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>'
)
_STYLES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def xlsx_pieces(head: Sequence[Sequence[str]], rows: Iterable[Sequence[Any]], widths: Sequence[int]) -> Iterator[bytes]:
    """The workbook in pieces. `widths` are column widths in characters; the last line of `head` stays in view."""
    out = _Outbox()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELS),
            ("xl/workbook.xml", _BOOK),
            ("xl/_rels/workbook.xml.rels", _BOOK_RELS),
            ("xl/styles.xml", _STYLES),
        ):
            book.writestr(name, text)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(_sheet_start(len(head), widths).encode())
            sheet.write("".join(_row(line, style=1) for line in head).encode())
            piece: list[str] = []
            for row in rows:
                piece.append(_row(row))
                if len(piece) == ROWS_PER_PIECE:
                    sheet.write("".join(piece).encode())
                    piece.clear()
                    yield out.take()
            sheet.write(("".join(piece) + "</sheetData></worksheet>").encode())
    yield out.take()


def _sheet_start(head_lines: int, widths: Sequence[int]) -> str:
    columns = "".join(f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(widths, start=1))
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<sheetViews><sheetView workbookViewId="0"><pane ySplit="{head_lines}" topLeftCell="A{head_lines + 1}" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>"
    )


def _row(cells: Sequence[Any], style: int = 0) -> str:
    return "<row>" + "".join(_cell(cell, style) for cell in cells) + "</row>"


def _cell(value: Any, style: int) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    text = escape(_CONTROL.sub("", neutral(plain(value))))
    mark = f' s="{style}"' if style else ""
    return f'<c t="inlineStr"{mark}><is><t xml:space="preserve">{text}</t></is></c>'


def plain(value: Any) -> str:
    """A value as a clerk reads it: moments in the county's time zone."""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def file_name(words: str, who: str, moment: datetime, suffix: str) -> str:
    """`案件_超期_孙志远_20261122-1046.csv`: what it holds, whose it is, when it was taken."""
    name = "_".join(part for part in ("案件", words, who, f"{timezone.localtime(moment):%Y%m%d-%H%M}") if part)
    return _FORBIDDEN_IN_NAMES.sub("-", name)[:120] + "." + suffix
