"""The month's sheet on paper and as a workbook (MED-13). Both say the same numbers; the workbook adds them up itself."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from casework.documents import Paper
from casework.exports import neutral
from mediation import codes
from mediation.models import PayLine, PaySheet
from mediation.pay.queries import PersonSum
from mediation.pay.rules import KIND_WORDS, ZERO, Kind, money

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

PAPER = "M20"
HEADINGS = ("序号", "人员编号", "姓名", "项目", "案件编号", "应计（元）", "实发（元）", "状态", "计算说明", "原因")
_WIDTHS = (6, 10, 12, 12, 24, 13, 13, 9, 70, 40)
_SHARE, _AMOUNT = 6, 7
#: The second leaf, as the screen and the paper add up by person. Two people of one name are two rows, so it goes by number.
PERSON_HEADINGS = ("人员编号", "姓名", "固定补贴（元）", "以案定补（元）", "补发更正（元）", "实发（元）", "签领")
_PERSON_WIDTHS = (10, 14, 16, 16, 16, 16, 24)
_BY_KIND = ((Kind.SUBSIDY,), (Kind.REWARD,), (Kind.BACK, Kind.CORRECTION))
_FORMAT = "#,##0.00"


def sheet_paper(sheet: PaySheet, lines: Sequence[PayLine], people: Sequence[PersonSum], today_words: str) -> Paper:
    """M20 调解员补贴发放表: frozen when the sheet is fixed."""
    unit = sheet.unit
    return Paper(
        code=PAPER,
        name=codes.DOCUMENT_TYPES[PAPER].name,
        template="mediation/pay/paper.html",
        unit_id=unit.pk,
        unit_name=unit.short_name,
        word="调补",
        context={
            "unit": unit.name,
            "date": today_words,
            "month": f"{sheet.month.year}年{sheet.month.month}月",
            "people": [
                {"name": one.name, "subsidy": money(one.subsidy), "reward": money(one.reward), "other": money(one.other), "total": money(one.total)}
                for one in people
            ],
            "lines": [_line_context(no, line) for no, line in enumerate(lines, start=1)],
            "subsidy": money(sum((one.subsidy for one in people), ZERO)),
            "reward": money(sum((one.reward for one in people), ZERO)),
            "other": money(sum((one.other for one in people), ZERO)),
            "total": money(sheet.total),
            "drafted_by": sheet.drafted_by.name,
            "checked_by": sheet.checked_by.name if sheet.checked_by else "",
            "fixed_by": sheet.fixed_by.name if sheet.fixed_by else "",
        },
    )


def _line_context(no: int, line: PayLine) -> dict[str, str]:
    return {
        "no": str(no),
        "name": line.mediator.name,
        "kind": line.get_kind_display(),
        "amount": money(line.amount),
        "state": line.get_state_display(),
        "words": line.words,
        "reason": line.reason,
    }


def workbook(sheet: PaySheet, lines: Sequence[PayLine], mark: str) -> bytes:
    """The sheet as XLSX: every amount a number, the sums live formulas, a second leaf added up by person."""
    from openpyxl import Workbook  # heavy (6 MB with its pictures): only a worker that writes a workbook pays for it
    from openpyxl.utils import get_column_letter

    book = Workbook()
    leaf = book.active
    assert leaf is not None  # noqa: S101 (a new workbook has one)
    leaf.title = "明细"
    title = f"{sheet.unit.name}{sheet.month.year}年{sheet.month.month}月调解员补贴发放表（{sheet.get_state_display()}）"
    _head(leaf, title, mark, HEADINGS, _WIDTHS)
    for no, line in enumerate(lines, start=1):
        leaf.append(_cells(no, line))
    last = leaf.max_row
    sums = [f"=SUM({get_column_letter(column)}4:{get_column_letter(column)}{last})" if lines else 0 for column in (_SHARE, _AMOUNT)]
    leaf.append(["", "", "合计", "", "", *sums, "", "", ""])
    _dress(leaf, (_SHARE, _AMOUNT))
    people = book.create_sheet("按人合计")
    _head(people, title, mark, PERSON_HEADINGS, _PERSON_WIDTHS)
    for mediator_id, name in {line.mediator_id: line.mediator.name for line in lines}.items():
        row = people.max_row + 1
        people.append([mediator_id, neutral(name), *(_sum_of(kinds, row, last) for kinds in _BY_KIND), f"=SUM(C{row}:E{row})", ""])
    end = people.max_row
    people.append(["", "合计", *(f"=SUM({column}4:{column}{end})" if lines else 0 for column in "CDEF"), ""])
    _dress(people, (3, 4, 5, 6))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sum_of(kinds: Sequence[Kind], row: int, last: int) -> str:
    """What the first leaf pays the person of this row under those heads, as a live formula."""
    return "=" + "+".join(f'SUMIFS(明细!G4:G{last},明细!B4:B{last},A{row},明细!D4:D{last},"{KIND_WORDS[kind]}")' for kind in kinds)


def _head(leaf: Worksheet, title: str, mark: str, headings: Sequence[str], widths: Sequence[int]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    leaf.append([neutral(title)])
    leaf.append([neutral(mark)])
    leaf.append(list(headings))
    for column, width in enumerate(widths, start=1):
        leaf.column_dimensions[get_column_letter(column)].width = width
    leaf.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(headings))
    leaf["A1"].font = Font(name="宋体", size=14, bold=True)
    leaf["A1"].alignment = Alignment(horizontal="center")
    leaf.freeze_panes = "A4"


def _cells(no: int, line: PayLine) -> list[object]:
    number = line.dispute.case.number if line.dispute else ""
    texts = [line.get_state_display(), neutral(line.words), neutral(line.reason)]
    return [no, line.mediator_id, neutral(line.mediator.name), line.get_kind_display(), number, line.share, line.amount, *texts]


def _dress(leaf: Worksheet, money_columns: Sequence[int]) -> None:
    from openpyxl.styles import Alignment, Border, Font, Side

    thin = Side(style="thin")
    for row in leaf.iter_rows(min_row=3):
        for cell in row:
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            cell.font = Font(name="宋体", size=11, bold=cell.row in (3, leaf.max_row))
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            if cell.column in money_columns:
                cell.number_format = _FORMAT
