"""The drawings of a report, as the screen's charts draw them (SVG)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from reports.charts import svg
from reports.charts.data import Bars, Lines, Mark, Ranking, Series, Stack, Stacks
from reports.month import privacy
from reports.month.counted import Counted
from reports.month.grids import Drawing, drawn
from reports.queries.figures import Figure

#: More days than this are drawn by month.
_MOST_DAYS = 62
#: Bars of the best and of the last units, where there are more.
_ENDS = 10


def of(counted: Counted) -> dict[str, Drawing]:
    """What there is something to draw of."""
    found = {}
    days = _daily(counted)
    if days is not None:
        found["daily"] = drawn(days, svg.bars(days))
        lines = _lines(counted)
        found["lines"] = Drawing(lines.title, svg.lines(lines), _added_up(lines))
    forms = _forms(counted)
    if forms.stacks[0].parts:
        found["forms"] = drawn(forms, svg.band(forms))
    topics = _topics(counted)
    if topics.stacks:
        found["topics"] = drawn(topics, svg.stacks(topics))
    for code, ranking in (("ranking", _towns(counted)), ("units", _units(counted))):
        if ranking.ranked:
            found[code] = drawn(ranking, svg.ranking(ranking))
    lamps = _lamps(counted)
    if lamps.stacks:
        found["lamps"] = drawn(lamps, svg.stacks(lamps))
    ladder = _ladder(counted)
    if ladder.stacks[0].total:
        found["ladder"] = drawn(ladder, svg.band(ladder))
    return found


# -- what came in -----------------------------------------------------------------------------------------------------------


def _daily(counted: Counted) -> Bars | None:
    """Every day of the period; a quarter and a year by month."""
    period, held = counted.period, counted.per_day(counted.where)
    if period.days == 1:
        return None
    days = [period.since + timedelta(days=n) for n in range(period.days)]
    if period.days > _MOST_DAYS:
        months: dict[date, int] = {}
        for day in days:
            first = day.replace(day=1)
            months[first] = months.get(first, 0) + held.get(day, 0)
        return Bars("每月登记件数", "件", tuple(Mark(name, number) for name, number in _month_names(months)), first="月份")
    light = frozenset(at for at, day in enumerate(days) if day.isoformat() in counted.frame.light)
    is_one_month = (period.since.year, period.since.month) == (period.until.year, period.until.month)
    form = "%-d日" if is_one_month else "%-m月%-d日"
    return Bars("每日登记件数（浅色为休息日）", "件", tuple(Mark(f"{day:{form}}", held.get(day, 0)) for day in days), light)


def _month_names(months: dict[date, int]) -> Iterator[tuple[str, int]]:
    """11月; in days of two years each with its year, so that two Novembers are two bars."""
    form = "%-m月" if len({first.year for first in months}) == 1 else "%Y年%-m月"
    for first, number in months.items():
        yield f"{first:{form}}", number


def _lines(counted: Counted) -> Lines:
    """What came in added up day by day, against the period before."""
    period, then = counted.period, counted.where_then.period
    labels = tuple(f"第{n + 1}天" for n in range(period.days))
    series = []
    for name, held, since in (
        ("本期累计", counted.per_day(counted.where), period.since),
        ("上期累计", counted.per_day(counted.where_then), then.since),
    ):
        total, marks = 0, []
        for n, label in enumerate(labels):
            day = since + timedelta(days=n)
            total += held.get(day, 0)
            marks.append(Mark(label, total if day <= counted.where.on else None))
        series.append(Series(name, tuple(marks)))
    return Lines("登记件数逐日累计", "件", labels, tuple(series))


def _added_up(lines: Lines) -> str:
    """What two curves of sums say is where they end, at the same day."""
    mine, theirs = ([mark.value for mark in series.marks if mark.value is not None] for series in lines.series)
    if not mine:
        return f"{lines.title}：没有数据。"
    then = f"，上期同一天累计{theirs[min(len(mine), len(theirs)) - 1]}件" if theirs else ""
    return f"{lines.title}：到第{len(mine)}天，本期累计{mine[-1]}件{then}。"


def _forms(counted: Counted) -> Stacks:
    held: dict[str, int] = {}
    for key, cells in counted.channels.rows.items():
        name = counted.frame.form(key)
        held[name] = held.get(name, 0) + cells["cases"].numerator
    parts = sorted(((name, number) for name, number in held.items() if number), key=lambda row: (-row[1], row[0]))
    return Stacks("受理形式", "件", (Stack("登记", tuple(Mark(name, number) for name, number in parts)),), "形式")


def _topics(counted: Counted) -> Stacks:
    numbers = ((key, cells["cases"].numerator) for key, cells in counted.topics.rows.items())
    top = sorted(numbers, key=lambda row: (-row[1], row[0] or ""))[:8]
    return Stacks("件数最多的分类", "件", tuple(Stack(counted.frame.topic(key), (Mark("登记", number),)) for key, number in top if number), "分类")


# -- how it was answered ------------------------------------------------------------------------------------------------------


def _towns(counted: Counted) -> Ranking:
    marks = tuple(_ranked(counted.frame.town(key), cells["reply_on_time"]) for key, cells in counted.towns.rows.items() if key)
    return _against_target(counted, "乡镇按期答复率", marks, "乡镇")


def _units(counted: Counted) -> Ranking:
    """All of them, or the best and the last."""
    marks = tuple(_ranked(counted.frame.unit_name(key), cells["reply_on_time"]) for key, cells in counted.units.rows.items())
    found = _against_target(counted, "责任单位按期答复率", marks, "责任单位")
    shown = (*found.ranked[:_ENDS], *(mark for mark in found.ranked[-_ENDS:] if mark not in found.ranked[:_ENDS]))
    title = found.title if len(shown) == len(found.ranked) else f"{found.title}（前{_ENDS}个和后{_ENDS}个单位）"
    return _against_target(counted, title, shown, found.first)


def _against_target(counted: Counted, title: str, marks: tuple[Mark, ...], first: str) -> Ranking:
    """The target and the least number to be ranked are the measure's."""
    measure = counted.now["reply_on_time"].measure
    return Ranking(title, marks, float(measure.target) if measure.target is not None else None, measure.least, first)


def _ranked(name: str, figure: Figure) -> Mark:
    """Too few to be ranked have no value (L-CLS-27)."""
    return Mark(name, figure.value if figure.is_rankable else None, words="" if figure.is_rankable else f"不足{figure.measure.least}件，不排名")


def _lamps(counted: Counted) -> Stacks:
    name, codes = counted.frame.unit_name, ("open", "overdue", "near")
    rows = privacy.in_whole_rows(counted.units, codes).rows
    stock = sorted(rows.items(), key=lambda row: (-row[1]["open"].numerator, name(row[0])))[:12]
    stacks = tuple(_lamp(name(key), cells) for key, cells in stock if cells["open"].numerator)
    return Stacks("在办件的灯色（在办最多的单位）", "件", stacks)


def _lamp(name: str, cells: dict[str, Figure]) -> Stack:
    late, near = cells["overdue"].numerator, cells["near"].numerator
    rest = cells["open"].numerator - late - near
    return Stack(name, (Mark("超期", late, tone="bad"), Mark("临期", near, tone="warn"), Mark("期限内", rest, tone="ok")))


def _ladder(counted: Counted) -> Stacks:
    steps = counted.steps
    marks = tuple(Mark(counted.frame.step(key), steps.rows[key]["disputes"].numerator) for key in sorted(steps.rows))
    return Stacks("纠纷现在所在的一步", "件", (Stack("受理", marks),), "步")
