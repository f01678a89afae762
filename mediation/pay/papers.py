"""The month's sheet on paper and as a workbook (MED-13). Both say the same numbers; the workbook adds them up itself."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from operator import attrgetter

from casework.documents import Paper
from casework.exports_book import About
from casework.workbook import Cell, Formula, Sheet, Workbook
from mediation import codes
from mediation.models import PayLine, PaySheet
from mediation.pay.queries import PersonSum, by_person
from mediation.pay.rules import KIND_WORDS, ZERO, Kind, money

PAPER = "M20"
HEADINGS = ("序号", "人员编号", "姓名", "项目", "案件编号", "应计（元）", "实发（元）", "状态", "计算说明", "原因")
_WIDTHS = (6, 10, 12, 12, 24, 13, 13, 9, 70, 40)
_SHARE, _AMOUNT = attrgetter("share"), attrgetter("amount")
_TOTALS = [attrgetter(name) for name in ("subsidy", "reward", "other", "total")]
#: Lines above the first row of a leaf: title, whose copy, headings.
_ABOVE = 3
#: The second leaf, as the screen and the paper add up by person. Two people of one name are two rows, so it goes by number.
PERSON_HEADINGS = ("人员编号", "姓名", "固定补贴（元）", "以案定补（元）", "补发更正（元）", "实发（元）", "签领")
_PERSON_WIDTHS = (10, 14, 16, 16, 16, 16, 24)
_BY_KIND = ((Kind.SUBSIDY,), (Kind.REWARD,), (Kind.BACK, Kind.CORRECTION))


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


def title(sheet: PaySheet) -> str:
    """What the sheet is called on its workbook."""
    return f"{sheet.unit.name}{sheet.month.year}年{sheet.month.month}月调解员补贴发放表（{sheet.get_state_display()}）"


def workbook(sheet: PaySheet, lines: Sequence[PayLine], about: About) -> bytes:
    """The sheet as XLSX: every amount a number, the sums live formulas that carry their value, a second leaf added up by person."""
    out = io.BytesIO()
    last = _ABOVE + len(lines)
    with Workbook(out, title=about.title, creator=about.creator, created_at=about.created_at, words=about.words) as book:
        with book.sheet("明细", _WIDTHS, freeze_rows=_ABOVE) as leaf:
            _head(leaf, about, HEADINGS)
            for no, line in enumerate(lines, start=1):
                leaf.row(_cells(no, line), style="words")
            sums = [_column_sum(column, last, sum((pick(line) for line in lines), ZERO)) for column, pick in (("F", _SHARE), ("G", _AMOUNT))]
            leaf.row(["", "", "合计", "", "", *sums, "", "", ""], style="total")
        with book.sheet("按人合计", _PERSON_WIDTHS, freeze_rows=_ABOVE) as leaf:
            people = by_person(lines)
            _head(leaf, about, PERSON_HEADINGS)
            for one in people:
                row = leaf.next_row
                parts = [_sum_of(kinds, row, last, value) for kinds, value in zip(_BY_KIND, (one.subsidy, one.reward, one.other), strict=True)]
                leaf.row([one.mediator_id, one.name, *parts, Formula(f"SUM(C{row}:E{row})", one.total), ""])
            end = _ABOVE + len(people)
            totals = [sum((pick(one) for one in people), ZERO) for pick in _TOTALS]
            leaf.row(["", "合计", *(_column_sum(column, end, total) for column, total in zip("CDEF", totals, strict=True)), ""], style="total")
    return out.getvalue()


def _head(leaf: Sheet, about: About, headings: Sequence[str]) -> None:
    leaf.row([about.title], style="title")
    leaf.row([about.words], style="note")
    leaf.row(headings, style="head")


def _column_sum(column: str, last: int, value: Decimal) -> Formula | Decimal:
    return Formula(f"SUM({column}{_ABOVE + 1}:{column}{last})", value) if last > _ABOVE else ZERO


def _sum_of(kinds: Sequence[Kind], row: int, last: int, value: Decimal) -> Formula:
    """What the first leaf pays the person of this row under those heads, as a live formula."""
    parts = (f'SUMIFS(明细!G4:G{last},明细!B4:B{last},A{row},明细!D4:D{last},"{KIND_WORDS[kind]}")' for kind in kinds)
    return Formula("+".join(parts), value)


def _cells(no: int, line: PayLine) -> list[Cell]:
    number = line.dispute.case.number if line.dispute else ""
    texts = [line.get_state_display(), line.words, line.reason]
    return [no, line.mediator_id, line.mediator.name, line.get_kind_display(), number, line.share, line.amount, *texts]
