"""Workbooks the auditor takes away. Each names on its first line who took it, where and when (L-SEC-40)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from casework.workbook import Cell, Formula, Workbook
from petitions.queries import record
from reports.audit.returns import BANDS, Line, Return
from reports.models import Sample, WorkingPaper

MOST_ROWS = 100_000


def sample(found: Sample, papers: Sequence[WorkingPaper], *, mark: str, at: datetime) -> bytes:
    """How the sample was drawn, and its papers."""
    about: list[list[Cell]] = [
        ["名称", found.title],
        ["总体", found.source],
        ["总体件数", found.population_count],
        ["总体校验值（SHA-256）", found.population_sha256],
        ["方法", found.get_method_display()],
        ["样本数", found.size],
        ["种子", found.seed],
        ["种子来源", f"{found.get_seed_way_display()} {found.seed_words}".strip()],
        ["算法", found.algorithm],
        ["抽样人", found.drawn_by.name],
        ["抽样时间", found.drawn_at],
        ["总的结论", found.conclusion],
        ["签字", f"{found.signed_by.name} {timezone.localtime(found.signed_at):%Y-%m-%d %H:%M}" if found.signed_by and found.signed_at else "未签字"],
        ["底稿校验值（SHA-256）", found.sha256],
    ]
    out = io.BytesIO()
    with Workbook(out, title=f"审计抽样：{found.title}", creator=mark, created_at=at, words=mark) as book:
        with book.sheet("底稿", [8, 22, 24, 12, 60, 20, 68], freeze_rows=2) as leaf:
            leaf.row([mark], style="note")
            leaf.row(["序号", "编号", "责任单位", "结论", "情况", "依据的历史记录", "抽样值（SHA-256）"], style="head")
            for one in papers:
                evidence = "、".join(str(no) for no in one.evidence)
                leaf.row([one.place, one.number, one.stratum[7:], one.get_verdict_display() or "未填写", one.words, evidence, one.key])
        with book.sheet("抽样方法", [24, 80]) as leaf:
            leaf.row([mark], style="note")
            for line in about:
                leaf.row(line)
    return out.getvalue()


def monthly(found: Return, words: str, *, mark: str, at: datetime) -> bytes:
    """The return: a block a level, its types below each other, sums as live formulas."""
    out = io.BytesIO()
    head = ["层级", "纠纷类型", *(f"{band.name}（件）" for band in BANDS), "合计（件）", "涉及人数", "调解成功（件）"]
    with Workbook(out, title=words, creator=mark, created_at=at, words=mark) as book, book.sheet("月报表", [8, 24, *[12] * 7], freeze_rows=3) as leaf:
        leaf.row([words], style="title")
        leaf.row([mark], style="note")
        leaf.row(head, style="head")
        sums: list[int] = []
        for level, lines, total in found.levels:
            first = leaf.next_row
            for line in lines:
                row = leaf.next_row
                cases = Formula(f"SUM(C{row}:F{row})", Decimal(line.cases), style="whole")
                leaf.row([level, line.name, *line.bands, cases, line.people, line.settled])
            sums.append(leaf.next_row)
            last = leaf.next_row - 1
            leaf.row(["", total.name, *_sums(total, [f"SUM({column}{first}:{column}{last})" if lines else "0" for column in _COUNTS])], style="total")
        if found.total:
            leaf.row(["", "合计", *_sums(found.total, ["+".join(f"{column}{row}" for row in sums) for column in _COUNTS])], style="total")
    return out.getvalue()


#: The columns of the return that hold counts.
_COUNTS = "CDEFGHI"


def _sums(line: Line, formulas: Sequence[str]) -> list[Cell]:
    values = [*line.bands, line.cases, line.people, line.settled]
    return [Formula(formula, Decimal(value), style="whole") for formula, value in zip(formulas, values, strict=True)]


def record_of(ids: list[int], words: str, *, mark: str, at: datetime) -> bytes:
    """Petitions in the columns of the national record; the second sheet says what each column is and why some are empty."""
    out = io.BytesIO()
    with Workbook(out, title=words, creator=mark, created_at=at, words=mark) as book:
        with book.sheet("信访件", [18] * len(record.COLUMNS), freeze_rows=1) as leaf:
            leaf.row([column.label for column in record.COLUMNS], style="head")
            for row in record.rows(ids):
                leaf.row(row)
        with book.sheet("列说明", [8, 22, 14, 60], freeze_rows=3) as leaf:
            leaf.row([words], style="title")
            leaf.row([mark], style="note")
            leaf.row(["列序", "列名", "国家字段名", "说明"], style="head")
            for place, column in enumerate(record.COLUMNS, start=1):
                leaf.row([place, column.label, column.code, f"空：{column.lack}" if column.lack else ""])
    return out.getvalue()
