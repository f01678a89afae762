"""The report as a workbook: the same tables as the paper, each share with its two counts and a live formula, and the cases without names."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from casework.exports_book import column_name
from reports.month.content import HIDDEN, Content, Grid, Ratio, Value
from reports.month.rules import TITLES, label
from reports.queries.figures import Figure
from reports.rules.measures import MEASURES, Sort
from reports.workbook import Cell, Formula, Sheet, Workbook

#: Sheets of tables: name → the codes of the tables on it, one under the other.
SHEETS = (
    ("按乡镇", ("towns",)),
    ("按单位", ("units", "buckets", "outcomes", "ages")),
    ("按分类", ("topics", "subtopics", "channels")),
    ("超期和督办", ("late", "led", "cards", "supervision")),
    ("矛盾纠纷", ("disputes", "steps", "rounds")),
)
_DETAIL = (
    ("编号", 22),
    ("登记日期", 12),
    ("信访日期", 12),
    ("信访形式", 14),
    ("分类", 14),
    ("具体分类", 18),
    ("属地", 14),
    ("责任单位", 16),
    ("人数", 8),
    ("重复", 8),
    ("办理期限", 12),
    ("答复日期", 12),
    ("办结日期", 12),
    ("结果", 12),
    ("对责任单位评价", 14),
)
_RATINGS = {"0": "满意", "1": "基本满意", "3": "不满意"}


def workbook(content: Content, *, made_at: datetime, cut_off: datetime, about: Sequence[tuple[str, str]], words: str = "") -> bytes:
    """The file's bytes: the same for the same content and moments. `words` say whose copy it is."""
    out = io.BytesIO()
    title = f"{label(content.period)}{content.place}群众工作{TITLES[content.period.span]}"
    with Workbook(out, title=title, creator=content.frame.unit, created_at=made_at, words=words) as book:
        with book.sheet("说明", [22, 90], freeze_rows=1) as sheet:
            sheet.row(["项目", "内容"], style="head")
            if words:
                sheet.row(["副本水印", f"本副本由{words}下载，每一份的编号不同。核验请用封存原件。"])
            for name, value in about:
                sheet.row([name, value])
            for paragraph in (*content.summary, *content.supervision, *content.mediation):
                sheet.row(["总体情况", paragraph])
            for paragraph in content.attention:
                sheet.row(["需要关注", paragraph])
        with book.sheet("总表", [14, 24, 8, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10], freeze_rows=1) as sheet:
            _main(sheet, content)
        for name, codes in SHEETS:
            with book.sheet(name, [22, *[12] * 25], freeze_rows=1) as sheet:
                for code in codes:
                    _grid(sheet, content.tables[code])
        with book.sheet("更正", [26, 12, 12, 12, 60], freeze_rows=1) as sheet:
            for grid in content.restated:
                _grid(sheet, grid)
            if not content.restated:
                sheet.row(["以前封存的各期没有变化。"])
        with book.sheet("明细", [width for _, width in _DETAIL], freeze_rows=1) as sheet:
            sheet.row([name for name, _ in _DETAIL], style="head")
            for cells in _cases(content):
                sheet.row(cells)
        with book.sheet("口径", [24, 70, 40, 8, 24, 16], freeze_rows=1) as sheet:
            sheet.row(["指标", "怎样计算", "不计入", "单位", "依据", "版本"], style="head")
            for measure in MEASURES.values():
                version = f"第{measure.version}版，{measure.valid_from.isoformat()}起"
                sheet.row([measure.name, measure.formula, measure.exclusions, measure.sort.value, measure.cites, version])
    return out.getvalue()


def _main(sheet: Sheet, content: Content) -> None:
    """Every measure with its counts, now, the period before and a year ago; shares and changes are formulas."""
    sheet.row(
        [
            "类别",
            "指标",
            "单位",
            "本期：达到（合计）",
            "本期：应计",
            "本期",
            "上期：达到（合计）",
            "上期：应计",
            "上期",
            "环比",
            "上年：达到（合计）",
            "上年：应计",
            "上年同期",
            "同比",
            "目标",
        ],
        style="head",
    )
    for measure in MEASURES.values():
        number = sheet.next_row
        now, then, year = (found[measure.code] for found in (content.now, content.then, content.last_year))
        target = f"{measure.target}%" if measure.target is not None else ""
        cells: list[Cell] = [measure.group, measure.name, measure.sort.value]
        for figure, column in ((now, "D"), (then, "G"), (year, "K")):
            cells += _figure(figure, column, number)
            if figure is then:
                cells.append(_change(now, then, "F", "I", number))
            if figure is year:
                cells.append(_change(now, year, "F", "M", number))
        sheet.row([*cells, target])


def _figure(figure: Figure, column: str, number: int) -> list[Cell]:
    """Numerator, denominator, and what is shown: a quotient as a formula, a count as the cell it repeats."""
    after = column_name(ord(column) - ord("A") + 2)
    if figure.measure.sort in {Sort.COUNT, Sort.PEOPLE}:
        return [figure.numerator, figure.denominator, Formula(f"{column}{number}", figure.numerator, "whole")]
    return [figure.numerator, figure.denominator, _quotient(column, after, number, figure.numerator, figure.denominator, figure.measure.is_share)]


def _quotient(column: str, after: str, number: int, numerator: int, denominator: int, is_share: bool) -> Formula:
    value = Decimal(numerator) / denominator if denominator else None
    return Formula(f'IF({after}{number}=0,"",{column}{number}/{after}{number})', value, "percent" if is_share else "decimal")


def _change(now: Figure, then: Figure, mine: str, theirs: str, number: int) -> Formula:
    """A count's change in per cent, a share's in points (both as percentages), as formulas over the shown cells."""
    if now.measure.is_share:
        value = None
        if now.denominator and then.denominator:
            value = Decimal(now.numerator) / now.denominator - Decimal(then.numerator) / then.denominator
        return Formula(f'IF(OR({mine}{number}="",{theirs}{number}=""),"",{mine}{number}-{theirs}{number})', value, "percent")
    if now.measure.sort is Sort.DAYS:
        values = [Decimal(figure.numerator) / figure.denominator if figure.denominator else None for figure in (now, then)]
    else:
        values = [Decimal(figure.numerator) for figure in (now, then)]
    value = values[0] / values[1] - 1 if values[0] is not None and values[1] else None
    return Formula(f'IF(OR({mine}{number}="",N({theirs}{number})=0),"",{mine}{number}/{theirs}{number}-1)', value, "percent")


def _grid(sheet: Sheet, grid: Grid) -> None:
    """One table: its name, head, rows and total; each share takes three columns."""
    sheet.row([grid.title], style="title")
    samples = [*grid.rows, *([grid.total] if grid.total else [])]
    shares = {at for row in samples for at, value in enumerate(row) if isinstance(value, Ratio)}
    head: list[Cell] = []
    for at, name in enumerate(grid.head):
        head += [f"{name}：达到", f"{name}：应计", name] if at in shares else [name]
    sheet.row(head, style="head")
    for row in grid.rows:
        sheet.row(_row(row, shares, sheet.next_row))
    if grid.total:
        sheet.row(_row(grid.total, shares, sheet.next_row), style="total")
    if grid.note:
        sheet.row([grid.note], style="note")
    sheet.row([])


def _row(row: Sequence[Value], shares: set[int], number: int) -> list[Cell]:
    cells: list[Cell] = []
    for at, value in enumerate(row):
        if isinstance(value, Ratio):
            first, second = column_name(len(cells) + 1), column_name(len(cells) + 2)
            cells += [value.numerator, value.denominator, _quotient(first, second, number, value.numerator, value.denominator, value.is_share)]
        elif at in shares:
            cells += [None, None, str(value) if value is not None else None]
        else:
            cells.append(value)
    return cells


def _cases(content: Content) -> Iterator[list[Cell]]:
    """The cases registered in the period: number, dates, class, place, unit; no name, no words of the matter; protected ones not even a number."""
    frame = content.frame
    for row in content.source.rows("cases", content.where).iterator(2_000):
        if row.confidential:
            yield [HIDDEN]
            continue
        yield [
            row.called,
            row.registered_on,
            row.received_on,
            frame.channel(row.channel),
            frame.topic(row.topic_code[:2]),
            frame.topic(row.topic_code),
            frame.town(row.town_code),
            frame.unit_name(row.reply_unit_id or row.unit_id),
            row.headcount,
            "重复" if row.is_repeat else "初次",
            row.reply_due_on,
            row.replied_on,
            row.closed_on,
            frame.outcome(row.outcome),
            _RATINGS.get(row.unit_rating, ""),
        ]
