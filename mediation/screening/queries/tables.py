"""The coverage table as page and export show it: each number with the address of the list it counts."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.urls import reverse

from mediation.screening.queries.covering import Coverage, Line
from mediation.screening.queries.lists import Wanted


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of the table, the list it counts, and its colour."""

    text: str
    url: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    name: str
    url: str
    cells: list[Cell]


#: Columns of page and export: heading, number of the line, and the list it counts (rounds or findings, with their status).
COLUMNS: tuple[tuple[str, str, str, str], ...] = (
    ("轮次", "total", "screening-rounds", "all"),
    ("已报", "reported", "screening-rounds", "reported"),
    ("逾期才报", "late", "screening-rounds", "late"),
    ("未到期", "waiting", "screening-rounds", "open"),
    ("缺报", "missed", "screening-rounds", "missed"),
    ("覆盖率", "coverage", "", ""),
    ("未发现", "nothing", "screening-rounds", "nothing"),
    ("未发现占比", "nothing_share", "", ""),
    ("走访户数", "households", "", ""),
    ("发现", "findings", "screening-findings", "all"),
    ("转为纠纷", "disputes", "screening-findings", "disputes"),
    ("当场化解", "on_spot", "screening-findings", "on_spot"),
    ("待处置", "open", "screening-findings", "open"),
)
HEADINGS = ("单位", *(heading for heading, *_ in COLUMNS))
TONES = {"missed": "bad", "open": "warn"}


def table(found: Coverage, wanted: Wanted) -> list[TableRow]:
    """The lines and the total, each number with the address of its list."""
    rows = [_table_row(line, _narrowed(wanted, line), leads=wanted.branch is None) for line in found.lines]
    return [*rows, _table_row(found.total, wanted, leads=False)]


def _narrowed(wanted: Wanted, line: Line) -> Wanted:
    return replace(wanted, branch=line.unit_id) if wanted.branch is None else replace(wanted, unit=line.unit_id)


def _table_row(line: Line, wanted: Wanted, *, leads: bool) -> TableRow:
    return TableRow(line.name, wanted.query(status="all") if leads else "", [_cell(line, wanted, *rest) for _, *rest in COLUMNS])


def _cell(line: Line, wanted: Wanted, name: str, page: str, status: str) -> Cell:
    value = getattr(line, name)
    url = f"{reverse('mediation:' + page)}?{wanted.query(status=status)}" if page else ""
    return Cell(str(value), url, TONES.get(name, "") if value else "")


def cells(line: Line) -> list[str]:
    """The same numbers for the export."""
    return [line.name, *(str(getattr(line, name)) for _, name, _, _ in COLUMNS)]
