"""The tables of a report: all measures, then by channel, class, town, unit, and of disputes and sweeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.month import privacy, sentences
from reports.month.counted import AGES, BUCKETS, OUTCOMES, Counted
from reports.month.grids import Grid, Ratio, Value, cell
from reports.queries.figures import Table


def of(counted: Counted) -> list[Grid]:
    return [
        _main(counted),
        _channels(counted),
        _topics(counted),
        _subtopics(counted),
        _towns(counted),
        _units(counted),
        _buckets(counted),
        _outcomes(counted),
        _ages(counted),
        _supervision(counted),
        _disputes(counted),
        _steps(counted),
        _rounds(counted),
    ]


def restated(row: dict[str, Any]) -> Grid:
    """What is different now of an earlier closed period, as it was put down when the report was closed."""
    rows = tuple((line["name"], line["was"], line["now"], line["change"], line["cases"]) for line in row["lines"])
    sealed = f"（封存时哈希 {row['sha256'][:16]}…）" if row["sha256"] else ""
    return Grid("restated", f"{row['label']}{sealed}", ("指标", "封存时", "现在", "变化", "涉及的事项"), rows)


# -- the period as a whole ------------------------------------------------------------------------------------------------


def _main(counted: Counted) -> Grid:
    rows: list[tuple[Value, ...]] = []
    for measure in counted.measures:
        now, then, year = (found[measure.code] for found in (counted.now, counted.then, counted.year))
        target = f"{measure.target}%" if measure.target is not None else ""
        changes = (cell(then), sentences.change_text(now, then), cell(year), sentences.change_text(now, year))
        rows.append((measure.group, measure.name, measure.sort.value, cell(now), *changes, target))
    head = ("类别", "指标", "单位", "本期", "上期", "环比", "上年同期", "同比", "目标")
    note = "率保留一位小数，率的环比、同比为两个率相减的百分点。每个指标的算法和依据见“指标口径”。"
    return Grid("main", "主要指标", head, tuple(rows), note=note)


def _supervision(counted: Counted) -> Grid:
    codes = ("supervised", "yellow", "red", "urged", "misrouted", "signed_next_day")
    rows = []
    for code in codes:
        now, then = counted.now[code], counted.then[code]
        rows.append((now.measure.name, cell(now), cell(then), sentences.change_text(now, then)))
    return Grid("supervision", "督办和流转", ("项目", "本期", "上期", "环比"), tuple(rows))


# -- by channel, class and town -------------------------------------------------------------------------------------------


def _channels(counted: Counted) -> Grid:
    now, then = counted.channels, counted.split(["cases"], "channel", counted.where_then)
    rows = [
        (counted.frame.channel(key), *_of_all(counted, key, now, then), cell(now.rows[key]["repeat_rate"]) if key in now.rows else "—")
        for key in _keys(now, then, "cases")
    ]
    total = ("合计", *_all_of_all(counted), cell(counted.now["repeat_rate"]))
    return Grid("channels", "按信访形式", ("信访形式", "登记件数", "占比", "上期", "环比", "重复信访率"), tuple(rows), total)


def _topics(counted: Counted) -> Grid:
    now, then, codes = counted.topics, counted.topics_then, ("closed", "open", "overdue", "repeat_rate")
    rows = [
        (
            counted.frame.topic(key),
            *_of_all(counted, key, now, then),
            *(cell(counted.in_table(now, key, code)) for code in codes),
        )
        for key in _keys(now, then, "cases", "open")
    ]
    total = ("合计", *_all_of_all(counted), *(cell(counted.now[code]) for code in codes))
    head = ("分类", "登记件数", "占比", "上期", "环比", "办结", "在办", "超期", "重复信访率")
    return Grid("topics", "按诉求分类", head, tuple(rows), total)


def _subtopics(counted: Counted) -> Grid:
    now, then = counted.split(["cases"], "subcategory"), counted.split(["cases"], "subcategory", counted.where_then)
    topic = counted.frame.topic
    rows = [(topic((key or "")[:2]), topic(key), *_of_all(counted, key, now, then)) for key in _keys(now, then, "cases")[:20]]
    return Grid("subtopics", "件数最多的具体问题（前20类）", ("分类", "二级分类", "登记件数", "占比", "上期", "环比"), tuple(rows))


def _towns(counted: Counted) -> Grid:
    found, codes = counted.towns, ("cases", "closed", "open", "overdue", "unit_acceptance", "reply_on_time", "satisfaction", "repeat_rate")
    keys = sorted(found.rows, key=lambda key: (-found.rows[key]["cases"].numerator, key or ""))
    rows = [(counted.frame.town(key), *(cell(found.rows[key][code]) for code in codes)) for key in keys]
    head = ("乡镇（街道）", "登记", "办结", "在办", "超期", "及时受理率", "按期答复率", "满意率", "重复信访率")
    note = "“在办”“超期”为统计日的存量；“县本级”为没有落到乡镇的事项；满意率只计已评价的件。"
    return Grid("towns", "按属地", head, tuple(rows), ("合计", *(cell(counted.now[code]) for code in codes)), note)


# -- by unit ----------------------------------------------------------------------------------------------------------------


def _by_unit(counted: Counted, found: Table, code: str, title: str, codes: Sequence[str], head: tuple[str, ...], note: str = "") -> Grid:
    name = counted.frame.unit_name
    keys = [key for key in found.rows if any(found.rows[key][one].denominator or found.rows[key][one].is_hidden for one in codes)]
    keys.sort(key=lambda key: (-sum(found.rows[key][one].denominator for one in codes), name(key)))
    rows = tuple((name(key), *(cell(found.rows[key][one]) for one in codes)) for key in keys)
    total = ("合计", *(cell(counted.now[one]) for one in codes))
    return Grid(code, title, ("责任单位", *head), rows, total, note + privacy.note(counted.frame, counted.where))


def _units(counted: Counted) -> Grid:
    codes = ("unit_acceptance", "reply_on_time", "closed", "once", "satisfaction", "open", "overdue")
    head = ("及时受理率", "按期答复率", "办结", "一次化解率", "满意率", "在办", "超期")
    note = "期限在谁手里届满算谁的，转走、退回都不能消除；在办、超期按统计日在谁手里计，只说明件在哪里。应计不足5件的率只供参考，不参加排名。"
    return _by_unit(counted, counted.units, "units", "按责任单位", codes, head, note)


def _buckets(counted: Counted) -> Grid:
    codes = (*BUCKETS, "reply_on_time")
    head = ("已答按期", "已答超期", "未答未到期", "未答超期", "按期答复率")
    without = f"另有本期登记、没有起算办理期限的{counted.total('without_term')}件（未纳入期限）不在表内。"
    note = "各类件数和按期答复率都以统计日当天的情况为准，统计日以后的办理不改变它们。" + without
    found = privacy.in_whole_rows(counted.units, codes)
    return _by_unit(counted, found, "buckets", "办理期限届满事项的答复情况（五类）", codes, head, note)


def _outcomes(counted: Counted) -> Grid:
    codes = (*OUTCOMES, "closed")
    head = ("已解决", "已解释说明", "不属本级", "不予受理", "办结合计")
    note = "办结合计还包括已撤回的件；四种结果不相加成“办结率”。"
    found = privacy.in_whole_rows(counted.units, codes)
    return _by_unit(counted, found, "outcomes", "办结结果（四种结果分别统计）", codes, head, note)


def _ages(counted: Counted) -> Grid:
    codes = (*AGES, "open", "overdue", "near")
    head = ("15天以内", "16至30天", "31至60天", "60天以上", "在办合计", "超期", "临期")
    found = privacy.in_whole_rows(counted.units, codes)
    note = "按统计日在谁手里计，只说明件在哪里，不比好坏。"
    return _by_unit(counted, found, "ages", f"在办件库龄（{counted.where.on:%-m月%-d日}）", codes, head, note)


# -- disputes and sweeps ----------------------------------------------------------------------------------------------------


def _disputes(counted: Counted) -> Grid:
    codes = ("disputes", "settled", "settled_rate", "mediated_on_time", "prevented")
    found = counted.split(codes, "town")
    keys = sorted(found.rows, key=lambda key: (-found.rows[key]["disputes"].numerator, key or ""))
    rows = [(counted.frame.town(key), *(cell(found.rows[key][code]) for code in codes)) for key in keys]
    head = ("乡镇（街道）", "受理", "调解成功", "调解成功率", "按期调结率", "防止激化")
    return Grid("disputes", "矛盾纠纷调处", head, tuple(rows), ("合计", *(cell(counted.now[code]) for code in codes)))


def _steps(counted: Counted) -> Grid:
    codes, found = ("disputes", "settled", "settled_rate", "mediated_on_time"), counted.steps
    rows = [(f"{key}．{counted.frame.step(key)}", *(cell(found.rows[key][code]) for code in codes)) for key in sorted(found.rows)]
    head = (_ladder(counted), "受理", "调解成功", "调解成功率", "按期调结率")
    return Grid("steps", "调处层级", head, tuple(rows), ("合计", *(cell(counted.now[code]) for code in codes)))


def _ladder(counted: Counted) -> str:
    return "三级六步：现在所在的一步" if counted.now["disputes"].measure.levels == "level" else "三级六步：经过的每一步"


def _rounds(counted: Counted) -> Grid:
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
        for row in counted.frame.held["rounds"]
    ]
    head = ("乡镇（街道）、单位", "应查轮次", "已报", "覆盖率", "逾期才报", "缺报", "发现问题", "转为纠纷")
    note = "覆盖率＝已报轮次÷到期或已报的轮次；还没有到期的轮次不计。"
    return Grid("rounds", "矛盾纠纷排查", head, tuple(rows[:-1]), rows[-1] if rows else (), note)


# -- how a row is counted ---------------------------------------------------------------------------------------------------


def _of_all(counted: Counted, key: Any, now: Table, then: Table) -> tuple[Value, ...]:
    """Cases of a row, their part of all, those of the period before, the change."""
    mine, theirs = counted.in_table(now, key), counted.in_table(then, key)
    return mine.numerator, Ratio(mine.numerator, counted.total("cases")), theirs.numerator, sentences.change_text(mine, theirs)


def _all_of_all(counted: Counted) -> tuple[Value, ...]:
    now, then = counted.now["cases"], counted.then["cases"]
    return now.numerator, Ratio(now.numerator, now.numerator), then.numerator, sentences.change_text(now, then)


def _keys(now: Table, then: Table, *codes: str) -> list[Any]:
    """Every key either table has something for, the largest first."""

    def size(key: Any) -> int:
        return now.rows[key][codes[0]].numerator if key in now.rows else 0

    held = {key for key, cells in now.rows.items() if any(cells[code].denominator for code in codes)}
    held |= {key for key, cells in then.rows.items() if cells[codes[0]].denominator}
    return sorted(held, key=lambda key: (-size(key), str(key or "")))
