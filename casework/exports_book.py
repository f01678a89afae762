"""A workbook (XLSX) written while its rows are read: any number of sheets, constant memory, the same bytes for the same content.

The one writer of the house: exports write plain cells through `exports.xlsx_pieces`, what adds up typed cells and formulas
through `casework.workbook`. The zip is written forward only (no seeking), with fixed moments and in a fixed order,
because a closed month stores the SHA-256 of its files.
"""

# ruff: noqa: E501 (the fixed parts of a workbook are long)

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import RawIOBase
from itertools import product
from types import TracebackType
from typing import IO, Any, Protocol, Self
from xml.sax.saxutils import escape, quoteattr

#: First characters that make a spreadsheet compute (OWASP CSV injection); a Chinese one takes the wide ones too.
FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"
#: What XML 1.0 cannot hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORBIDDEN_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
#: What Excel holds: characters in a cell, rows in a sheet, characters in a sheet's name, digits of a number.
MOST_CHARACTERS, MOST_ROWS, MOST_IN_NAME, MOST_DIGITS = 32_767, 1_048_576, 31, 15
#: Points of a row, and of each line in a row of several; Excel's rows are at most 409 points high.
ROW_HEIGHT, LINE_HEIGHT, MOST_LINES = 15, 17, 24
#: Rows turned into one piece of the sheet.
ROWS_PER_PIECE = 1_000
#: The moment every part of the zip carries: the file's own moment stands in its properties.
_STAMP = (1980, 1, 1, 0, 0, 0)

#: Looks of a row (the names Excel shows among its cell styles), and kinds of a cell with their number formats.
LOOKS = {"": "", "head": "表头", "total": "合计", "title": "标题", "note": "说明", "words": "段落"}
FORMATS = {"text": 49, "whole": 3, "decimal": 4, "percent": 10, "date": 164, "moment": 165}
#: The row of `cellXfs` for a look and a format.
XF = {pair: number for number, pair in enumerate(product(LOOKS, FORMATS), start=1)}

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml"


class Writable(Protocol):
    """Where a workbook goes to: a file, a response, a buffer."""

    def write(self, data: bytes, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class About:
    """The properties of the file. `created_at` is aware; `words` say whose copy it is (the watermark)."""

    title: str
    creator: str
    created_at: datetime
    words: str = ""


def neutral(text: str) -> str:
    """The text so that no spreadsheet runs it."""
    return "'" + text if text[:1] and text[0] in FORMULA_STARTS else text


def neutral_sql(expression: str) -> str:
    """The same as SQL around a text expression."""
    starts = ", ".join(f"chr({ord(character)})" for character in FORMULA_STARTS)
    return f"CASE WHEN left({expression}, 1) IN ({starts}) THEN '''' || {expression} ELSE {expression} END"


def inner(text: str) -> str:
    """Text as it stands inside XML, cut to what a cell holds."""
    return escape(_FORBIDDEN.sub("", text)[:MOST_CHARACTERS])


def column_name(number: int) -> str:
    """A, B … Z, AA … of a column counted from 1."""
    name = ""
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(65 + letter) + name
    return name


def text_cell(at: str, text: str, xf: int) -> str:
    """A cell of text: nothing in it is computed, also not after it was copied."""
    return words_cell(at, neutral(text), xf)


def words_cell(at: str, text: str, xf: int) -> str:
    """A cell of text exactly as it is: for what we wrote ourselves."""
    if not text:
        return f'<c r="{at}" s="{xf}"/>'
    return f'<c r="{at}" s="{xf}" t="inlineStr"><is><t xml:space="preserve">{inner(text)}</t></is></c>'


def whole_cell(at: str, value: int, look: str) -> str:
    """A whole number; one too long for a spreadsheet's 15 digits stays exact as text."""
    if abs(value) >= 10**MOST_DIGITS:
        return text_cell(at, str(value), XF[look, "text"])
    return f'<c r="{at}" s="{XF[look, "whole"]}"><v>{value}</v></c>'


class _Forward(RawIOBase):
    """Hands the zip's bytes on and lets nobody seek, so that every target gets the same bytes."""

    def __init__(self, out: Writable) -> None:
        super().__init__()
        self._out = out

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._out.write(bytes(data))
        return len(data)


class SheetWriter:
    """The open sheet: takes rows as ready cells, hands them on by the thousand."""

    def __init__(self, part: IO[bytes]) -> None:
        self._part, self._pending = part, list[str]()
        #: Rows written so far; the next row is this plus one.
        self.count = 0

    def row(self, cells: Iterable[str], lines: int = 1) -> None:
        """One row of ready cells, so many lines high. Raises ValueError when the sheet is full."""
        if self.count == MOST_ROWS:
            raise ValueError("a sheet holds no more rows")
        self.count += 1
        # Not every program makes room for wrapped words by itself.
        high = f' ht="{lines * LINE_HEIGHT}" customHeight="1"' if lines > 1 else ""
        self._pending.append(f'<row r="{self.count}"{high}>{"".join(cells)}</row>')
        if len(self._pending) == ROWS_PER_PIECE:
            self.flush()

    def flush(self) -> None:
        self._part.write("".join(self._pending).encode())
        self._pending.clear()


class Book:
    """The package: sheets one after the other, then the parts that name them. A context; a failed one is no workbook."""

    def __init__(self, out: Writable, about: About) -> None:
        self._zip = zipfile.ZipFile(_Forward(out), "w", zipfile.ZIP_DEFLATED)
        self._about, self._sheets = about, list[tuple[str, int]]()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._finish()
        self._zip.close()

    @contextmanager
    def sheet(self, name: str, widths: Sequence[int], frozen_rows: int) -> Iterator[SheetWriter]:
        """The next sheet; `widths` in characters, `frozen_rows` stay in view and head every printed page. Raises ValueError for a bad name."""
        self._check_name(name)
        self._sheets.append((name, frozen_rows))
        with self._zip.open(_entry(f"xl/worksheets/sheet{len(self._sheets)}.xml"), "w", force_zip64=True) as part:
            part.write(_sheet_start(widths, frozen_rows, is_first=len(self._sheets) == 1).encode())
            writer = SheetWriter(part)
            yield writer
            writer.flush()
            part.write(_SHEET_END.encode())

    def _check_name(self, name: str) -> None:
        taken = {held.casefold() for held, _ in self._sheets}
        if not name or len(name) > MOST_IN_NAME or _FORBIDDEN_IN_SHEET_NAMES.search(name) or name[0] == "'" or name[-1] == "'":
            raise ValueError(f"no name for a sheet: {name}")
        if name.casefold() in taken:
            raise ValueError(f"two sheets of one name: {name}")

    def _finish(self) -> None:
        for name, text in (
            ("xl/styles.xml", _styles()),
            ("xl/workbook.xml", _workbook(self._sheets)),
            ("xl/_rels/workbook.xml.rels", _workbook_links(len(self._sheets))),
            ("docProps/core.xml", _properties(self._about)),
            ("_rels/.rels", _links()),
            ("[Content_Types].xml", _types(len(self._sheets))),
        ):
            self._zip.writestr(_entry(name), text.encode())


def _entry(name: str) -> zipfile.ZipInfo:
    """A part whose head depends on nothing but its name: neither on the day nor on the machine."""
    entry = zipfile.ZipInfo(name, _STAMP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o600 << 16
    return entry


def _sheet_start(widths: Sequence[int], frozen_rows: int, *, is_first: bool) -> str:
    columns = "".join(f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(widths, start=1))
    pane = f'<pane ySplit="{frozen_rows}" topLeftCell="A{frozen_rows + 1}" activePane="bottomLeft" state="frozen"/>' if frozen_rows else ""
    chosen = ' tabSelected="1"' if is_first else ""
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView{chosen} workbookViewId="0">{pane}</sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="{ROW_HEIGHT}"/>{f"<cols>{columns}</cols>" if columns else ""}<sheetData>'
    )


#: A4 landscape, as wide as the page, page numbers below.
_SHEET_END = (
    '</sheetData><pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
    "<headerFooter><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter></worksheet>"
)


def _types(sheets: int) -> str:
    parts = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_SHEETML}.worksheet+xml"/>' for n in range(1, sheets + 1))
    properties = '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEETML}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{_SHEETML}.styles+xml"/>'
        f"{parts}{properties}</Types>"
    )


def _links() -> str:
    properties = f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    return (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/relationships/officeDocument" Target="xl/workbook.xml"/>{properties}</Relationships>'
    )


def _workbook(sheets: Sequence[tuple[str, int]]) -> str:
    listed = "".join(f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, (name, _) in enumerate(sheets, start=1))
    heads = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{n}">{escape(_quoted(name))}!$1:${frozen}</definedName>'
        for n, (name, frozen) in enumerate(sheets)
        if frozen
    )
    return (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}/relationships"><bookViews><workbookView/></bookViews>'
        f'<sheets>{listed}</sheets>{f"<definedNames>{heads}</definedNames>" if heads else ""}<calcPr calcId="191029" fullCalcOnLoad="1"/></workbook>'
    )


def _quoted(name: str) -> str:
    """A sheet's name as formulas write it."""
    return "'" + name.replace("'", "''") + "'"


def _workbook_links(sheets: int) -> str:
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/relationships/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in range(1, sheets + 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{listed}<Relationship Id="rId{sheets + 1}" Type="{_OFFICE}/relationships/styles" Target="styles.xml"/></Relationships>'


def _properties(about: About) -> str:
    moment = f"{about.created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{inner(about.title)}</dc:title><dc:creator>{inner(about.creator)}</dc:creator><dc:description>{inner(about.words)}</dc:description>"
        f'<cp:lastModifiedBy>{inner(about.creator)}</cp:lastModifiedBy><dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified></cp:coreProperties>'
    )


#: look → font, fill, border, alignment. Numbers of the lists in `_styles`.
_LOOK_PARTS = {
    "": (0, 0, 1, '<alignment vertical="center"/>'),
    "head": (1, 2, 1, '<alignment horizontal="center" vertical="center" wrapText="1"/>'),
    "total": (1, 3, 1, '<alignment vertical="center"/>'),
    "title": (2, 0, 0, '<alignment vertical="center"/>'),
    "note": (3, 0, 0, '<alignment vertical="center"/>'),
    "words": (0, 0, 1, '<alignment vertical="top" wrapText="1"/>'),
}


def _styles() -> str:
    looks = [look for look in LOOKS if look]
    base = "".join(f"<xf{_look(look)}</xf>" for look in looks)
    cells = "".join(
        f'<xf xfId="{looks.index(look) + 1 if look else 0}" numFmtId="{FORMATS[form]}" applyNumberFormat="1"{_look(look)}</xf>' for look, form in XF
    )
    names = "".join(f'<cellStyle name="{LOOKS[look]}" xfId="{n}"/>' for n, look in enumerate(looks, start=1))
    edges = "".join(f'<{name} style="thin"><color rgb="FFBFC5CE"/></{name}>' for name in ("left", "right", "top", "bottom"))
    return (
        f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
        '<fonts count="4"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font>'
        '<font><b/><sz val="16"/><name val="宋体"/></font><font><sz val="10"/><color rgb="FF5B6472"/><name val="宋体"/></font></fonts>'
        '<fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FFE4EAF3"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFF3F4F6"/></patternFill></fill></fills>'
        f'<borders count="2"><border/><border>{edges}</border></borders>'
        f'<cellStyleXfs count="{len(looks) + 1}"><xf/>{base}</cellStyleXfs><cellXfs count="{len(XF) + 1}"><xf xfId="0"/>{cells}</cellXfs>'
        f'<cellStyles count="{len(looks) + 1}"><cellStyle name="Normal" xfId="0" builtinId="0"/>{names}</cellStyles></styleSheet>'
    )


def _look(look: str) -> str:
    font, fill, border, alignment = _LOOK_PARTS[look]
    return f' fontId="{font}" fillId="{fill}" borderId="{border}" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">{alignment}'
