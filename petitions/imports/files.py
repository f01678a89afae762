"""Reading ledgers: .xlsx and .csv (UTF-8 or GB18030, plain or gzipped) as rows of text with their row numbers."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from casework.rules import NotAllowed

MAX_ROWS = 100_000
MAX_COLUMNS = 60
MAX_UNPACKED = 300 * 1024 * 1024
ENCODINGS = ("utf-8-sig", "gb18030")
#: How a workbook that is none shows itself while it is read: a broken archive, a locked or missing part, words that are no XML
#: (a SyntaxError, also against entities that multiply), a cell that is not what it says.
DAMAGED = (
    zipfile.BadZipFile, zlib.error, SyntaxError, OSError, EOFError, RuntimeError, LookupError, ValueError, TypeError, AttributeError, OverflowError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `no` is what the person sees in their spreadsheet: the header is row 1."""

    no: int
    values: dict[str, str]


def read(content: bytes, name: str) -> Iterator[Row]:
    """The rows under the header; `name` says what kind of file it is. Raises NotAllowed (422) in words for what cannot be read."""
    lower = name.lower()
    if lower.endswith(".xlsx"):
        yield from _rows(_sheet(content))
    elif lower.endswith((".csv", ".csv.gz")):
        yield from _rows(_csv(content, is_gzipped=lower.endswith(".gz")))
    else:
        raise NotAllowed("只能导入 .xlsx、.csv 或 .csv.gz 文件。", code="file_type", status=422)


def header(content: bytes, name: str) -> list[str]:
    """The column names."""
    first = next(read(content, name), None)
    if first is None:
        raise NotAllowed("文件里没有数据行。", code="no_rows", status=422)
    return list(first.values)


def _rows(lines: Iterator[list[str]]) -> Iterator[Row]:
    names: list[str] = []
    for no, line in enumerate(lines, start=1):
        if not names:
            names = [cell.strip() for cell in line]
            _check_header(names)
            continue
        if no - 1 > MAX_ROWS:
            raise NotAllowed(f"一次最多导入 {MAX_ROWS} 行，请分成几个文件。", code="too_many_rows", status=422)
        if any(cell.strip() for cell in line):
            padded = [*line, *[""] * (len(names) - len(line))]
            yield Row(no, {n: cell.strip() for n, cell in zip(names, padded, strict=False) if n})


def _check_header(names: list[str]) -> None:
    known = [name for name in names if name]
    if not known:
        raise NotAllowed("第一行应为列名。", code="no_header", status=422)
    if len(known) > MAX_COLUMNS:
        raise NotAllowed(f"列数超过 {MAX_COLUMNS}，请删去无关的列。", code="too_many_columns", status=422)
    twice = sorted({name for name in known if known.count(name) > 1})
    if twice:
        raise NotAllowed(f"列名重复：{'、'.join(twice)}。", code="column_twice", status=422)


def _csv(content: bytes, *, is_gzipped: bool) -> Iterator[list[str]]:
    text = _decode(_unpack(content) if is_gzipped else content)
    csv.field_size_limit(1_000_000)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error as error:
        raise NotAllowed(f"CSV 格式有误：{error}。", code="csv", status=422) from error


def _unpack(packed: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(packed)) as opened:
            content = opened.read(MAX_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise NotAllowed("压缩文件已损坏，无法读取。", code="gzip", status=422) from error
    if len(content) > MAX_UNPACKED:
        raise NotAllowed("文件解压后过大。", code="too_big", status=422)
    return content


def _decode(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotAllowed("文字编码不是 UTF-8 或 GB18030，请另存后再导入。", code="encoding", status=422)


def _sheet(content: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook  # heavy (6 MB with its pictures): only a worker that reads a workbook pays for it
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MAX_UNPACKED:
                raise NotAllowed("文件解压后过大。", code="too_big", status=422)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, *DAMAGED) as error:
        raise _damaged() from error
    try:
        for line in book.worksheets[0].iter_rows(values_only=True):
            yield [_cell(value) for value in line]
    except DAMAGED as error:
        raise _damaged() from error
    finally:
        book.close()


def _damaged() -> NotAllowed:
    return NotAllowed("Excel 文件已损坏或者加了密码，无法读取。请用 Excel 打开后另存一份再导入。", code="xlsx", status=422)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
