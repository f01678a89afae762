"""What a report says: figures, tables, lists and drawings, computed once for the paper and the sheet alike.

Every number comes from `reports.queries.figures` (live or frozen facts) or from the frame; nothing here counts cases itself.
Cases are named by their number alone; a protected case has not even that (L-SEC-40, L-PET-86).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from reports.charts import svg
from reports.charts.data import Bars, Lines, Mark, Ranking, Series, Stack, Stacks
from reports.month import rules, sentences
from reports.month.frames import Frame
from reports.month.queries import Source
from reports.month.rules import label, short_label
from reports.queries import figures
from reports.queries.figures import Figure, Selection, Table
from reports.rules.measures import MEASURES, Sort, share
from reports.rules.periods import Period, Span, before, year_before

HIDDEN = "保密件"


@dataclass(frozen=True, slots=True)
class Ratio:
    """Two counts whose quotient is shown: a share in per cent, or a mean."""

    numerator: int
    denominator: int
    is_share: bool = True

    @property
    def text(self) -> str:
        if not self.denominator:
            return "—"
        if self.is_share:
            return f"{share(self.numerator, self.denominator)}%"
        return f"{Decimal(self.numerator) / self.denominator:.1f}"


Value = str | int | Ratio | date | None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the same rows on paper and in the sheet."""

    code: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] = ()
    note: str = ""
    listed: int = 0

    @property
    def printed(self) -> tuple[tuple[Value, ...], ...]:
        """The rows that stand on paper."""
        return self.rows[: self.listed] if self.listed else self.rows

    @property
    def left_out(self) -> int:
        return len(self.rows) - len(self.printed)


@dataclass(frozen=True, slots=True)
class Drawing:
    title: str
    picture: str
    words: str


@dataclass(frozen=True)
class Content:
    """A whole report."""

    frame: Frame
    period: Period
    where: Selection
    source: Source
    now: dict[str, Figure]
    then: dict[str, Figure]
    last_year: dict[str, Figure]
    tables: dict[str, Grid]
    drawings: dict[str, Drawing]
    summary: tuple[str, ...]
    attention: tuple[str, ...]
    mediation: tuple[str, ...]
    supervision: tuple[str, ...]
    provisional: str = ""
    restated: tuple[Grid, ...] = field(default=())

    @property
    def is_brief(self) -> bool:
        """A day's brief and a week's bulletin say the main things and leave the tables of units to the month."""
        return self.period.span in {Span.DAY, Span.WEEK}

    @property
    def title(self) -> str:
        return f"{label(self.period)}{self.place}群众工作情况"

    @property
    def place(self) -> str:
        return "全县" if self.where.ground.is_county else self.frame.unit


def of(frame: Frame, period: Period, on: date, source: Source, restated: Sequence[dict[str, Any]] = ()) -> Content:
    """Compute the report of a frame's ground. `on` is the day its stock is true of."""
    return _Maker(frame, period, on, source).content(restated)


class _Maker:
    """Reads every figure once and puts the parts together."""

    def __init__(self, frame: Frame, period: Period, on: date, source: Source) -> None:
        self.frame, self.period, self.source = frame, period, source
        self.where = Selection(period, on, frame.ground)
        earlier, year = before(period), year_before(period)
        self.where_then = self.where.within(period=earlier, on=min(earlier.until, on))
        self.where_year = self.where.within(period=year, on=min(year.until, on))
        self.codes = list(MEASURES)
        self.now = figures.read_many(self.codes, self.where, source.facts)
        self.then = figures.read_many(self.codes, self.where_then, source.facts)
        self.year = figures.read_many(self.codes, self.where_year, source.facts)

    # -- tables -------------------------------------------------------------------------------------------------------

    def split(self, codes: Sequence[str], by: str, where: Selection | None = None) -> Table:
        return figures.split(codes, where or self.where, by, self.source.facts)

    def content(self, restated: Sequence[dict[str, Any]]) -> Content:
        towns = self.split(["cases", "closed", "open", "overdue", "reply_on_time", "satisfaction", "repeat_rate", "unit_acceptance"], "town")
        units = self.split(
            ["reply_on_time", "unit_acceptance", "closed", "once", "satisfaction", "open", "overdue", "near", *_BUCKETS, *_AGES, *_OUTCOMES], "unit"
        )
        topics = self.split(["cases", "closed", "open", "overdue", "repeat_rate", "once", *_OUTCOMES], "category")
        channels = self.split(["cases", "repeat_rate"], "channel")
        steps = self.split(["disputes", "settled", "settled_rate", "mediated_on_time"], "level")
        tables = {
            grid.code: grid
            for grid in (
                self._main(),
                self._channels(channels),
                self._topics(topics),
                self._subtopics(),
                self._towns(towns),
                self._units(units),
                self._buckets(units),
                self._outcomes(units),
                self._ages(units),
                self._supervision(),
                self._late(),
                self._led(),
                self._cards(),
                self._disputes(),
                self._steps(steps),
                self._rounds(),
            )
        }
        return Content(
            self.frame,
            self.period,
            self.where,
            self.source,
            self.now,
            self.then,
            self.year,
            tables,
            self._drawings(channels, towns, units, topics, steps),
            self._summary(towns, topics),
            self._attention(towns, units, topics),
            self._mediation(steps),
            self._supervised_words(),
            self._provisional(),
            tuple(_restated(row) for row in restated),
        )

    def _main(self) -> Grid:
        rows: list[tuple[Value, ...]] = []
        for measure in MEASURES.values():
            now, then, year = (found[measure.code] for found in (self.now, self.then, self.year))
            target = f"{measure.target}%" if measure.target is not None else ""
            rows.append(
                (
                    measure.group,
                    measure.name,
                    measure.sort.value,
                    _cell(now),
                    _cell(then),
                    sentences.change_text(now, then),
                    _cell(year),
                    sentences.change_text(now, year),
                    target,
                )
            )
        head = ("类别", "指标", "单位", "本期", "上期", "环比", "上年同期", "同比", "目标")
        return Grid("main", "主要指标", head, tuple(rows), note="率的环比、同比为百分点之差。每个指标的算法和依据见“指标口径”。")

    def _channels(self, now: Table) -> Grid:
        then = self.split(["cases"], "channel", self.where_then)
        rows = [
            (self.frame.channel(key), *self._counted(key, now, then), _cell(now.rows[key]["repeat_rate"]) if key in now.rows else "—")
            for key in _keys(now, then, "cases")
        ]
        total = ("合计", *self._counted_total(), _cell(self.now["repeat_rate"]))
        return Grid("channels", "按信访形式", ("信访形式", "登记件数", "占比", "上期", "环比", "重复信访率"), tuple(rows), total)

    def _topics(self, found: Table) -> Grid:
        then = self.split(["cases"], "category", self.where_then)
        rows = [
            (
                self.frame.topic(key),
                *self._counted(key, found, then),
                *(_cell(found.rows[key][code]) if key in found.rows else 0 for code in ("closed", "open", "overdue", "repeat_rate")),
            )
            for key in _keys(found, then, "cases", "open")
        ]
        total = ("合计", *self._counted_total(), *(_cell(self.now[code]) for code in ("closed", "open", "overdue", "repeat_rate")))
        head = ("分类", "登记件数", "占比", "上期", "环比", "办结", "在办", "超期", "重复信访率")
        return Grid("topics", "按诉求分类", head, tuple(rows), total)

    def _subtopics(self) -> Grid:
        now, then = self.split(["cases"], "subcategory"), self.split(["cases"], "subcategory", self.where_then)
        keys = _keys(now, then, "cases")[:20]
        rows = [(self.frame.topic((key or "")[:2]), self.frame.topic(key), *self._counted(key, now, then)) for key in keys]
        return Grid("subtopics", "件数最多的具体问题（前20类）", ("分类", "二级分类", "登记件数", "占比", "上期", "环比"), tuple(rows))

    def _towns(self, found: Table) -> Grid:
        codes = ("cases", "closed", "open", "overdue", "unit_acceptance", "reply_on_time", "satisfaction", "repeat_rate")
        keys = sorted(found.rows, key=lambda key: (-found.rows[key]["cases"].numerator, key or ""))
        rows = [(self.frame.town(key), *(_cell(found.rows[key][code]) for code in codes)) for key in keys]
        head = ("乡镇（街道）", "登记", "办结", "在办", "超期", "及时受理率", "按期答复率", "满意率", "重复信访率")
        note = "“在办”“超期”为统计日的存量；“县本级”为没有落到乡镇的事项；满意率只计已评价的件。"
        return Grid("towns", "按属地", head, tuple(rows), ("合计", *(_cell(self.now[code]) for code in codes)), note)

    def _by_unit(self, found: Table, code: str, title: str, codes: Sequence[str], head: tuple[str, ...], note: str = "") -> Grid:
        keys = [key for key in found.rows if any(found.rows[key][one].denominator for one in codes)]
        keys.sort(key=lambda key: (-sum(found.rows[key][one].denominator for one in codes), self.frame.unit_name(key)))
        rows = [(self.frame.unit_name(key), *(_cell(found.rows[key][one]) for one in codes)) for key in keys]
        return Grid(code, title, ("责任单位", *head), tuple(rows), ("合计", *(_cell(self.now[one]) for one in codes)), note)

    def _units(self, found: Table) -> Grid:
        codes = ("unit_acceptance", "reply_on_time", "closed", "once", "satisfaction", "open", "overdue")
        head = ("及时受理率", "按期答复率", "办结", "一次化解率", "满意率", "在办", "超期")
        note = "期限在谁手里届满算谁的，转走、退回都不能消除。应计不足5件的率只供参考，不参加排名（L-CLS-27）。"
        return self._by_unit(found, "units", "按责任单位", codes, head, note)

    def _buckets(self, found: Table) -> Grid:
        head = ("已答按期", "已答超期", "未答未到期", "未答超期", "按期答复率")
        note = f"另有本期登记、没有起算办理期限的{self.now['without_term'].numerator}件（未纳入期限）不在表内。"
        return self._by_unit(found, "buckets", "办理期限届满事项的答复情况（五类）", (*_BUCKETS, "reply_on_time"), head, note)

    def _outcomes(self, found: Table) -> Grid:
        head = ("已解决", "已解释说明", "不属本级", "不予受理", "办结合计")
        return self._by_unit(
            found, "outcomes", "办结结果（四种结果分别统计）", (*_OUTCOMES, "closed"), head, "办结合计还包括已撤回的件；四种结果不相加成“办结率”。"
        )

    def _ages(self, found: Table) -> Grid:
        head = ("15天以内", "16至30天", "31至60天", "60天以上", "在办合计", "超期", "临期")
        return self._by_unit(found, "ages", f"在办件库龄（{self.where.on:%-m月%-d日}）", (*_AGES, "open", "overdue", "near"), head)

    def _supervision(self) -> Grid:
        codes = ("supervised", "yellow", "red", "urged", "misrouted", "signed_next_day")
        rows = [
            (MEASURES[code].name, _cell(self.now[code]), _cell(self.then[code]), sentences.change_text(self.now[code], self.then[code]))
            for code in codes
        ]
        return Grid("supervision", "督办和流转", ("项目", "本期", "上期", "环比"), tuple(rows))

    # -- lists of cases: number, class, unit and days, never a name ------------------------------------------------------

    def _late(self) -> Grid:
        found = [(*_late_days(row, self.where.on), row) for row in self.source.rows("overdue", self.where).iterator(2_000)]
        found.sort(key=lambda late: (-late[0], late[2].case_id))
        rows = [(*self._named(row, row.reply_unit_id or row.unit_id), what, days, row.urged) for days, what, row in found]
        head = ("编号", "分类", "责任单位", "属地", "超过的期限", "超期天数", "催办次数")
        return Grid("late", "超期未结事项", head, tuple(rows), listed=rules.MOST_LISTED)

    def _led(self) -> Grid:
        rows = [
            (*self._named(row, row.reply_unit_id or row.unit_id), row.supervised_on, _state(row, self.where.on))
            for row in self.source.rows("supervised", self.where).iterator(2_000)
        ]
        head = ("编号", "分类", "责任单位", "属地", "督办日期", "统计日情况")
        return Grid("led", "督办事项", head, tuple(rows), listed=rules.MOST_LISTED)

    def _cards(self) -> Grid:
        rows = [
            (*self._named(row, row.reply_unit_id or row.unit_id), name, row.card_on, _state(row, self.where.on))
            for code, name in (("red", "红牌"), ("yellow", "黄牌"))
            for row in self.source.rows(code, self.where).iterator(2_000)
        ]
        head = ("编号", "分类", "责任单位", "属地", "督办牌", "亮牌日期", "统计日情况")
        return Grid("cards", "黄牌、红牌事项", head, tuple(rows), listed=rules.MOST_LISTED)

    def _named(self, row: Any, unit_id: int | None) -> tuple[Value, ...]:
        if row.confidential:
            return HIDDEN, "—", "—", "—"
        return row.called, self.frame.topic(row.topic_code[:4]), self.frame.unit_name(unit_id), self.frame.town(row.town_code)

    # -- disputes and sweeps --------------------------------------------------------------------------------------------

    def _disputes(self) -> Grid:
        codes = ("disputes", "settled", "settled_rate", "mediated_on_time", "prevented")
        found = self.split(codes, "town")
        keys = sorted(found.rows, key=lambda key: (-found.rows[key]["disputes"].numerator, key or ""))
        rows = [(self.frame.town(key), *(_cell(found.rows[key][code]) for code in codes)) for key in keys]
        head = ("乡镇（街道）", "受理", "调解成功", "调解成功率", "按期调结率", "防止激化")
        return Grid("disputes", "矛盾纠纷调处", head, tuple(rows), ("合计", *(_cell(self.now[code]) for code in codes)))

    def _steps(self, found: Table) -> Grid:
        codes = ("disputes", "settled", "settled_rate", "mediated_on_time")
        rows = [(f"{key}．{self.frame.step(key)}", *(_cell(found.rows[key][code]) for code in codes)) for key in sorted(found.rows)]
        head = ("三级六步：现在所在的一步", "受理", "调解成功", "调解成功率", "按期调结率")
        return Grid("steps", "调处层级", head, tuple(rows), ("合计", *(_cell(self.now[code]) for code in codes)))

    def _rounds(self) -> Grid:
        rows = [
            (
                row["name"],
                row["total"],
                row["reported"],
                Ratio(row["reported"], row["owed"]),
                row["late"],
                row["missed"],
                row["findings"],
                row["disputes"],
            )
            for row in self.frame.held["rounds"]
        ]
        head = ("乡镇（街道）、单位", "应查轮次", "已报", "覆盖率", "逾期才报", "缺报", "发现问题", "转为纠纷")
        note = "覆盖率＝已报轮次÷到期或已报的轮次；还没有到期的轮次不计。"
        return Grid("rounds", "矛盾纠纷排查", head, tuple(rows[:-1]), rows[-1] if rows else (), note)

    def _counted(self, key: Any, now: Table, then: Table) -> tuple[Value, ...]:
        mine = now.rows[key]["cases"] if key in now.rows else Figure(MEASURES["cases"], 0, 0)
        theirs = then.rows[key]["cases"] if key in then.rows else Figure(MEASURES["cases"], 0, 0)
        return mine.numerator, Ratio(mine.numerator, self.now["cases"].numerator), theirs.numerator, sentences.change_text(mine, theirs)

    def _counted_total(self) -> tuple[Value, ...]:
        now, then = self.now["cases"], self.then["cases"]
        return now.numerator, Ratio(now.numerator, now.numerator), then.numerator, sentences.change_text(now, then)

    # -- drawings -------------------------------------------------------------------------------------------------------

    def _drawings(self, channels: Table, towns: Table, units: Table, topics: Table, steps: Table) -> dict[str, Drawing]:
        found = {}
        days = self._daily()
        if days is not None:
            found["daily"] = _drawn(days, svg.bars(days))
            lines = self._lines()
            found["lines"] = Drawing(lines.title, svg.lines(lines), self._added_up(lines))
        form = self._forms(channels)
        if form.stacks[0].parts:
            found["forms"] = _drawn(form, svg.band(form))
        top = sorted(((key, cells["cases"].numerator) for key, cells in topics.rows.items()), key=lambda row: (-row[1], row[0] or ""))[:8]
        if top and top[0][1]:
            bars = Stacks(
                "件数最多的分类", "件", tuple(Stack(self.frame.topic(key), (Mark("登记", number),)) for key, number in top if number), "分类"
            )
            found["topics"] = _drawn(bars, svg.stacks(bars))
        ranked = Ranking(
            "乡镇按期答复率", tuple(_ranked(self.frame.town(key), cells["reply_on_time"]) for key, cells in towns.rows.items() if key), 95, 5, "乡镇"
        )
        if ranked.ranked:
            found["ranking"] = _drawn(ranked, svg.ranking(ranked))
        best = Ranking(
            "责任单位按期答复率",
            tuple(_ranked(self.frame.unit_name(key), cells["reply_on_time"]) for key, cells in units.rows.items()),
            95,
            5,
            "责任单位",
        )
        if best.ranked:
            cut = Ranking(best.title, best.ranked[:10] + tuple(mark for mark in best.ranked[-10:] if mark not in best.ranked[:10]), 95, 5, best.first)
            found["units"] = _drawn(cut, svg.ranking(cut))
        stock = sorted(units.rows.items(), key=lambda row: (-row[1]["open"].numerator, self.frame.unit_name(row[0])))[:12]
        lamps = Stacks(
            "在办件的灯色（在办最多的单位）", "件", tuple(_lamps(self.frame.unit_name(key), cells) for key, cells in stock if cells["open"].numerator)
        )
        if lamps.stacks:
            found["lamps"] = _drawn(lamps, svg.stacks(lamps))
        ladder = Stacks(
            "纠纷现在所在的一步",
            "件",
            (Stack("受理", tuple(Mark(self.frame.step(key), steps.rows[key]["disputes"].numerator) for key in sorted(steps.rows))),),
            "步",
        )
        if ladder.stacks[0].total:
            found["ladder"] = _drawn(ladder, svg.band(ladder))
        return found

    def _forms(self, channels: Table) -> Stacks:
        counted: dict[str, int] = {}
        for key, cells in channels.rows.items():
            name = self.frame.form(key)
            counted[name] = counted.get(name, 0) + cells["cases"].numerator
        parts = sorted(((name, number) for name, number in counted.items() if number), key=lambda row: (-row[1], row[0]))
        return Stacks("受理形式", "件", (Stack("登记", tuple(Mark(name, number) for name, number in parts)),), "形式")

    def _per_day(self, where: Selection) -> dict[date, int]:
        return {key: cells["cases"].numerator for key, cells in self.split(["cases"], "day", where).rows.items()}

    def _daily(self) -> Bars | None:
        """Every day of the period; a quarter and a year by month."""
        counted = self._per_day(self.where)
        if self.period.days == 1:
            return None
        if self.period.days > 62:
            months: dict[str, int] = {}
            for n in range(self.period.days):
                day = self.period.since + timedelta(days=n)
                months[f"{day:%-m月}"] = months.get(f"{day:%-m月}", 0) + counted.get(day, 0)
            return Bars("每月登记件数", "件", tuple(Mark(name, number) for name, number in months.items()), first="月份")
        days = [self.period.since + timedelta(days=n) for n in range(self.period.days)]
        light = frozenset(at for at, day in enumerate(days) if day.isoformat() in self.frame.light)
        return Bars("每日登记件数（浅色为休息日）", "件", tuple(Mark(f"{day:%-d日}", counted.get(day, 0)) for day in days), light)

    def _lines(self) -> Lines:
        """What came in added up day by day, against the period before."""
        mine, theirs = self._per_day(self.where), self._per_day(self.where_then)
        labels = tuple(f"第{n + 1}天" for n in range(self.period.days))
        series = []
        for name, counted, period in (("本期累计", mine, self.period), ("上期累计", theirs, self.where_then.period)):
            total, marks = 0, []
            for n in range(self.period.days):
                day = period.since + timedelta(days=n)
                total += counted.get(day, 0)
                marks.append(Mark(labels[n], total if n < period.days and day <= self.where.on else None))
            series.append(Series(name, tuple(marks)))
        return Lines("登记件数逐日累计", "件", labels, tuple(series))

    def _added_up(self, lines: Lines) -> str:
        """What two curves of sums say is where they end, at the same day."""
        mine, theirs = ([mark.value for mark in series.marks if mark.value is not None] for series in lines.series)
        if not mine:
            return f"{lines.title}：没有数据。"
        then = f"，上期同一天累计{theirs[min(len(mine), len(theirs)) - 1]}件" if theirs else ""
        return f"{lines.title}：到第{len(mine)}天，本期累计{mine[-1]}件{then}。"

    # -- sentences ------------------------------------------------------------------------------------------------------

    def _compared(self, code: str) -> str:
        now = self.now[code]
        return sentences.joined([sentences.grew(now, self.year[code], "同比"), sentences.grew(now, self.then[code], "环比")])

    def _summary(self, towns: Table, topics: Table) -> tuple[str, ...]:
        n = {code: figure.numerator for code, figure in self.now.items()}
        said, place = short_label(self.period), "全县" if self.where.ground.is_county else self.frame.unit
        cases = self.now["cases"]
        first = sentences.joined(
            [
                f"{said}，{place}登记信访事项{n['cases']}件",
                self._compared("cases"),
                f"来访{n['visits']}批{n['visitors']}人次",
                f"其中集体访{n['groups']}批{n['group_visitors']}人次" if n["groups"] else "没有集体访",
                f"到上三级信访{n['higher']}件（进京{n['to_capital']}件、赴省{n['to_province']}件）",
            ]
        )
        second = sentences.joined(
            [
                f"办结{n['closed']}件",
                f"期间内办理期限届满{self.now['reply_on_time'].denominator}件，按期答复率{sentences.share_text(self.now['reply_on_time'])}",
                sentences.against_target(self.now["reply_on_time"]),
                f"一次化解率{sentences.share_text(self.now['once'])}",
                f"平均办理{self.now['days'].text}天" if self.now["days"].denominator else "",
            ]
        )
        accepted = sentences.joined(
            [
                f"信访部门及时受理率{sentences.share_text(self.now['office_acceptance'])}",
                f"责任单位及时受理率{sentences.share_text(self.now['unit_acceptance'])}",
                f"重复信访率{sentences.share_text(self.now['repeat_rate'])}",
            ]
        )
        ended = (
            f"办结的事项中，已解决{n['outcome_solved']}件，已解释说明{n['outcome_explained']}件，不属本级{n['outcome_not_ours']}件，"
            f"不予受理{n['outcome_refused']}件，四种结果分别统计。可以评价的{self.now['participation'].denominator}件中，"
            f"已评价{self.now['participation'].numerator}件，参评率{sentences.share_text(self.now['participation'])}，"
            f"对责任单位的满意率{sentences.share_text(self.now['satisfaction'])}。"
        )
        stock = sentences.joined(
            [
                f"截至{self.where.on:%-m月%-d日}，在办{n['open']}件",
                f"其中超期{n['overdue']}件、临期{n['near']}件",
                f"在办60天以上的{n['aged_over']}件",
            ]
        )
        busiest = sorted(((self.frame.topic(key), cells["cases"].numerator) for key, cells in topics.rows.items()), key=lambda row: (-row[1], row[0]))
        places = sorted(
            ((self.frame.town(key), cells["cases"].numerator) for key, cells in towns.rows.items() if key), key=lambda row: (-row[1], row[0])
        )
        busiest, places = [[row for row in rows if row[1]] for rows in (busiest, places)]
        told = []
        if cases.numerator:
            top = busiest[:3]
            told.append(f"从诉求看，件数最多的是{sentences.rank_words(top)}，合计占{share(sum(number for _, number in top), cases.numerator)}%")
            if places and self.where.ground.is_county:
                told.append(f"从属地看，件数最多的是{sentences.rank_words(places)}")
        paragraphs = [f"{first}。{second}。", f"{accepted}。{ended}", f"{stock}。"]
        if told:
            paragraphs.append(f"{'；'.join(told)}。")
        return tuple(paragraphs)

    def _attention(self, towns: Table, units: Table, topics: Table) -> tuple[str, ...]:
        """What the figures themselves point at; nobody's opinion."""
        found = []
        late = sorted(
            ((self.frame.unit_name(key), cells["overdue"].numerator) for key, cells in units.rows.items()), key=lambda row: (-row[1], row[0])
        )
        late = [row for row in late if row[1]]
        if late:
            found.append(f"超期未结的事项集中在{sentences.rank_words(late, most=5)}，共{self.now['overdue'].numerator}件，编号见附表。")
        below = [
            f"{self.frame.unit_name(key)}（{cells['reply_on_time'].text}%）"
            for key, cells in sorted(units.rows.items(), key=lambda row: (row[1]["reply_on_time"].value or Decimal(0), self.frame.unit_name(row[0])))
            if _is_below(cells["reply_on_time"])
        ]
        if below:
            more = f"等{len(below)}个单位" if len(below) > 6 else ""
            found.append(f"按期答复率低于目标（{MEASURES['reply_on_time'].target}%）的有{'、'.join(below[:6])}{more}。")
        then = self.split(["cases"], "category", self.where_then)
        risen = []
        for key, cells in topics.rows.items():
            earlier = then.rows[key]["cases"].numerator if key in then.rows else 0
            risen.append((cells["cases"].numerator - earlier, self.frame.topic(key), sentences.change(cells["cases"].numerator, earlier)))
        risen = sorted((row for row in risen if row[0] >= figures.SMALL and row[2] is not None and row[2] > 20), key=lambda row: (-row[0], row[1]))
        if risen:
            found.append("环比上升超过20%的分类有" + "、".join(f"{name}（增加{more}件，{by:+}%）" for more, name, by in risen[:4]) + "。")
        if self.now["groups"].numerator > self.then["groups"].numerator:
            found.append(f"集体访{self.now['groups'].numerator}批，比上期多{self.now['groups'].numerator - self.then['groups'].numerator}批。")
        if self.now["aged_over"].numerator:
            old, held = self.now["aged_over"].numerator, self.now["open"].numerator
            found.append(f"在办60天以上的事项{old}件，占在办的{share(old, held)}%。")
        missed = self.frame.held["rounds"][-1]["missed"] if self.frame.held["rounds"] else 0
        if missed:
            found.append(f"矛盾纠纷排查缺报{missed}轮。")
        return tuple(found) or ("本期各项指标没有需要提示的情况。",)

    def _mediation(self, steps: Table) -> tuple[str, ...]:
        n = {code: self.now[code] for code in ("disputes", "settled", "settled_rate", "mediated_on_time", "prevented")}
        first = sentences.joined(
            [
                f"受理矛盾纠纷{n['disputes'].numerator}件",
                self._compared("disputes"),
                f"已调解成功{n['settled'].numerator}件，成功率{sentences.share_text(n['settled_rate'])}（还在调解的也在分母里）",
                f"按期调结率{sentences.share_text(n['mediated_on_time'])}",
                f"防止激化{n['prevented'].numerator}件" if n["prevented"].numerator else "",
            ]
        )
        placed = [
            f"{self.frame.step(key)}{cells['disputes'].numerator}件" for key, cells in sorted(steps.rows.items()) if cells["disputes"].numerator
        ]
        paragraphs = [f"{first}。"]
        if placed:
            paragraphs.append(f"按三级六步统计，这些纠纷现在的位置是：{'，'.join(placed)}。")
        if self.frame.held["rounds"]:
            total = self.frame.held["rounds"][-1]
            covered = Ratio(total["reported"], total["owed"])
            paragraphs.append(
                f"矛盾纠纷排查应查{total['total']}轮，已报{total['reported']}轮，覆盖率{covered.text}，缺报{total['missed']}轮；"
                f"发现问题{total['findings']}个，其中转为纠纷{total['disputes']}件。"
            )
        return tuple(paragraphs)

    def _supervised_words(self) -> tuple[str, ...]:
        n = {code: self.now[code].numerator for code in ("overdue", "supervised", "yellow", "red", "urged")}
        routed = sentences.joined(
            [f"转错退回率{sentences.share_text(self.now['misrouted'])}", f"次日前签收率{sentences.share_text(self.now['signed_next_day'])}"]
        )
        said = (
            f"截至{self.where.on:%-m月%-d日}，超期未结{n['overdue']}件。本期决定督办{n['supervised']}件，亮黄牌{n['yellow']}件、"
            f"红牌{n['red']}件，本期登记的事项中被催办{n['urged']}件。{routed}。"
        )
        return (said,)

    def _provisional(self) -> str:
        years = self.frame.held["unknown_years"]
        if not years:
            return ""
        named = "、".join(str(year) for year in years)
        return f"{named}年的放假安排还没有录入，涉及的期限暂按周末推算，录入后会重新计算；由此引起的变化列入以后报告的“更正”。"


_BUCKETS = ("replied_in_time", "replied_late", "unanswered_running", "unanswered_late")
_OUTCOMES = ("outcome_solved", "outcome_explained", "outcome_not_ours", "outcome_refused")
_AGES = ("aged_15", "aged_30", "aged_60", "aged_over")


def _cell(figure: Figure) -> Value:
    if figure.measure.sort is Sort.SHARE:
        return Ratio(figure.numerator, figure.denominator)
    if figure.measure.sort is Sort.DAYS:
        return Ratio(figure.numerator, figure.denominator, is_share=False)
    return figure.numerator


def _keys(now: Table, then: Table, *codes: str) -> list[Any]:
    """Every key either table has something for, the largest first."""

    def size(key: Any) -> int:
        return now.rows[key][codes[0]].numerator if key in now.rows else 0

    held = {key for key, cells in now.rows.items() if any(cells[code].denominator for code in codes)}
    held |= {key for key, cells in then.rows.items() if cells[codes[0]].denominator}
    return sorted(held, key=lambda key: (-size(key), str(key or "")))


def _late_days(row: Any, on: date) -> tuple[int, str]:
    """By how many days the case is late, and which limit ran out first."""
    missed = [
        (due, name)
        for due, done, name in (
            (row.forward_due_on, row.forwarded_on, "转送"),
            (row.accept_due_on, row.accepted_on, "受理告知"),
            (row.reply_due_on, row.replied_on, "办理答复"),
        )
        if due is not None and due < on and (done is None or done > on)
    ]
    due, name = min(missed)
    return (on - due).days, name


def _state(row: Any, on: date) -> str:
    """Where a case stood that day, in a word a list has room for."""
    if row.closed_on is not None and row.closed_on <= on:
        return f"{row.closed_on:%-m月%-d日}办结"
    if row.replied_on is not None and row.replied_on <= on:
        return f"{row.replied_on:%-m月%-d日}已答复"
    if row.reply_due_on is not None:
        return "办理超期" if row.reply_due_on < on else f"办理期限{row.reply_due_on:%-m月%-d日}"
    return "尚未起算办理期限"


def _drawn(chart: Any, picture: str) -> Drawing:
    return Drawing(chart.title, picture, chart.summary())


def _ranked(name: str, figure: Figure) -> Mark:
    """Too few to be ranked have no value (L-CLS-27)."""
    return Mark(name, figure.value if figure.is_rankable else None, words="" if figure.is_rankable else f"不足{figure.measure.least}件，不排名")


def _lamps(name: str, cells: dict[str, Figure]) -> Stack:
    late, near = cells["overdue"].numerator, cells["near"].numerator
    rest = cells["open"].numerator - late - near
    return Stack(name, (Mark("超期", late, tone="bad"), Mark("临期", near, tone="warn"), Mark("期限内", rest, tone="ok")))


def _is_below(figure: Figure) -> bool:
    return figure.is_rankable and figure.value is not None and figure.measure.target is not None and figure.value < figure.measure.target


def _restated(row: dict[str, Any]) -> Grid:
    """What is different now of an earlier closed period, as it was put down when this one was closed."""
    rows = tuple((line["name"], line["was"], line["now"], line["change"], line["cases"]) for line in row["lines"])
    return Grid("restated", f"{row['label']}（封存时哈希 {row['sha256'][:16]}…）", ("指标", "封存时", "现在", "变化", "涉及的事项"), rows)
