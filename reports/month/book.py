"""The report as a workbook: the same tables as the paper, each share with its two counts and a live formula, and the cases without names.

Formulas round as the paper does (one decimal, half up) and reckon changes from the rounded shares, so that a reader never
finds two values of one figure.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

from casework.exports_book import column_name
from casework.workbook import Cell, Formula, Sheet, Workbook
from reports.month import laws, lists, sentences
from reports.month.content import Content
from reports.month.grids import Grid, Ratio, Value
from reports.month.rules import TITLES, label
from reports.queries.figures import Figure
from reports.rules.measures import Sort

#: Sheets of tables: name → the codes of the tables on it, one under the other.
SHEETS = (
    ("按乡镇", ("towns",)),
    ("按单位", ("units", "buckets", "outcomes", "ages")),
    ("按分类", ("topics", "subtopics", "channels")),
    ("超期和督办", ("late", "led", "cards", "supervision")),
    ("矛盾纠纷", ("disputes", "steps", "rounds")),
)


#: What stands where a copy names its reader (papers.marked_sheet).
UNMARKED = "这是原件，没有下载人的标记。"


def workbook(content: Content, *, made_at: datetime, cut_off: datetime, about: Sequence[tuple[str, str]]) -> bytes:
    """The file's bytes: the same for the same content and moments."""
    out = io.BytesIO()
    title = f"{label(content.period)}{content.place}群众工作{TITLES[content.period.span]}"
    with Workbook(out, title=title, creator=content.frame.unit, created_at=made_at) as book:
        with book.sheet("说明", [22, 90], freeze_rows=1) as sheet:
            sheet.row(["项目", "内容"], style="head")
            sheet.row(["副本水印", UNMARKED])
            for name, value in about:
                sheet.row([name, value], style="words")
            for paragraph in (*content.summary, *content.supervision, *content.mediation):
                sheet.row(["总体情况", paragraph], style="words")
            for paragraph in content.attention:
                sheet.row(["需要关注", paragraph], style="words")
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
        with book.sheet("明细", [width for _, width in lists.DETAIL], freeze_rows=1) as sheet:
            sheet.row([name for name, _ in lists.DETAIL], style="head")
            for cells in content.details:
                sheet.row(cells)
        with book.sheet("口径", [24, 70, 40, 8, 24, 16], freeze_rows=1) as sheet:
            sheet.row(["指标", "怎样计算", "不计入", "单位", "依据", "版本"], style="head")
            for measure in content.counted.measures:
                version = f"第{measure.version}版，{measure.valid_from.isoformat()}起"
                sheet.row(
                    [measure.name, laws.formula(measure), measure.exclusions, measure.sort.value, laws.grounds(measure), version], style="words"
                )
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
    for measure in content.counted.measures:
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
    ratio = Ratio(figure.numerator, figure.denominator, figure.measure.is_share)
    return [figure.numerator, figure.denominator, _quotient(column, after, number, ratio)]


def _quotient(column: str, after: str, number: int, ratio: Ratio) -> Formula:
    """The rounded quotient of two cells: 0.954 shown as per cent, or 12.5."""
    value, digits = ratio.value, 3 if ratio.is_share else 1
    if value is not None and ratio.is_share:
        value /= 100
    text = f'IF({after}{number}=0,"",ROUND({column}{number}/{after}{number},{digits}))'
    return Formula(text, value, "percent" if ratio.is_share else "decimal")


def _change(now: Figure, then: Figure, mine: str, theirs: str, number: int) -> Formula:
    """A count's change in per cent, a share's in points (both as percentages), as formulas over the shown cells."""
    found = sentences.changed(now, then)
    value = found / 100 if found is not None else None
    first, second = f"{mine}{number}", f"{theirs}{number}"
    if now.measure.is_share:
        return Formula(f'IF(OR({first}="",{second}=""),"",ROUND({first}-{second},3))', value, "percent")
    return Formula(f'IF(OR({first}="",N({second})=0),"",ROUND(({first}-{second})/{second},3))', value, "percent")


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
            cells += [value.numerator, value.denominator, _quotient(first, second, number, value)]
        elif at in shares:
            cells += [None, None, str(value) if value is not None else None]
        else:
            cells.append(value)
    return cells
