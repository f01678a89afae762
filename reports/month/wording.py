"""The sentences of a report, each put together from the figures it is about: nobody's opinion, and no number that is not in a table."""

from __future__ import annotations

from decimal import Decimal

from reports.month import sentences
from reports.month.counted import Counted
from reports.month.grids import Ratio
from reports.month.rules import short_label
from reports.queries.figures import Figure
from reports.rules.measures import share
from reports.rules.suppression import SMALL


def summary(counted: Counted) -> tuple[str, ...]:
    """How much came in and was done, how it was answered, what lies there, where it came from."""
    paragraphs = [f"{_came(counted)}。{_done(counted)}。", f"{_accepted(counted)}。{_ended(counted)}", f"{_stock(counted)}。"]
    told = _busiest(counted)
    return (*paragraphs, f"{'；'.join(told)}。") if told else tuple(paragraphs)


def _compared(counted: Counted, code: str) -> str:
    now, by_year = counted.now[code], sentences.grew(counted.now[code], counted.year[code], "同比")
    if counted.where_then == counted.where_year:
        # Of a year the year before is both.
        return by_year
    return sentences.joined([by_year, sentences.grew(now, counted.then[code], "环比")])


def _came(counted: Counted) -> str:
    n = counted.total
    return sentences.joined(
        [
            f"{short_label(counted.period)}，{counted.place}登记信访事项{n('cases')}件",
            _compared(counted, "cases"),
            f"来访{n('visits')}批{n('visitors')}人次",
            f"其中集体访{n('groups')}批{n('group_visitors')}人次" if n("groups") else "没有集体访",
            f"到上三级信访{n('higher')}件（进京{n('to_capital')}件、赴省{n('to_province')}件）",
        ]
    )


def _done(counted: Counted) -> str:
    replied, days = counted.now["reply_on_time"], counted.now["days"]
    return sentences.joined(
        [
            f"办结{counted.total('closed')}件",
            f"期间内办理期限届满{replied.denominator}件，按期答复率{sentences.share_text(replied)}",
            sentences.against_target(replied),
            f"一次化解率{sentences.share_text(counted.now['once'])}",
            f"平均办理{days.text}天" if days.denominator else "",
        ]
    )


def _accepted(counted: Counted) -> str:
    named = (("信访部门及时受理率", "office_acceptance"), ("责任单位及时受理率", "unit_acceptance"), ("重复信访率", "repeat_rate"))
    return sentences.joined([f"{name}{sentences.share_text(counted.now[code])}" for name, code in named])


def _ended(counted: Counted) -> str:
    n, rated = counted.total, counted.now["participation"]
    return (
        f"办结的事项中，已解决{n('outcome_solved')}件，已解释说明{n('outcome_explained')}件，不属本级{n('outcome_not_ours')}件，"
        f"不予受理{n('outcome_refused')}件，四种结果分别统计。可以评价的{rated.denominator}件中，"
        f"已评价{rated.numerator}件，参评率{sentences.share_text(rated)}，"
        f"对责任单位的满意率{sentences.share_text(counted.now['satisfaction'])}。"
    )


def _stock(counted: Counted) -> str:
    n = counted.total
    return sentences.joined(
        [
            f"截至{counted.where.on:%-m月%-d日}，在办{n('open')}件",
            f"其中超期{n('overdue')}件、临期{n('near')}件",
            f"在办60天以上的{n('aged_over')}件",
        ]
    )


def _busiest(counted: Counted) -> list[str]:
    cases, frame = counted.total("cases"), counted.frame
    if not cases:
        return []
    topics = _largest([(frame.topic(key), cells["cases"].numerator) for key, cells in counted.topics.rows.items()])
    towns = _largest([(frame.town(key), cells["cases"].numerator) for key, cells in counted.towns.rows.items() if key])
    told = []
    if topics:
        part = share(sum(number for _, number in topics[:3]), cases)
        told.append(f"从诉求看，件数最多的是{sentences.rank_words(topics)}，合计占{part}%")
    if towns and counted.where.ground.is_county:
        told.append(f"从属地看，件数最多的是{sentences.rank_words(towns)}")
    return told


def attention(counted: Counted) -> tuple[str, ...]:
    """What the figures themselves point at."""
    found = [_late_units(counted), _below_target(counted), _risen(counted), _groups(counted), _lying(counted), _missed_rounds(counted)]
    return tuple(words for words in found if words) or ("本期各项指标没有需要提示的情况。",)


def _late_units(counted: Counted) -> str:
    late = _largest([(counted.frame.unit_name(key), cells["overdue"].numerator) for key, cells in counted.units.rows.items()])
    if not late:
        return ""
    # What lies there goes with its holder: the words say where, and rank nobody (beyond.md, opening 4).
    return f"超期未结的事项共{counted.total('overdue')}件，统计日在{sentences.rank_words(late, most=5)}，只说明件在哪里，不比好坏，编号见附表。"


def _below_target(counted: Counted) -> str:
    name = counted.frame.unit_name
    rows = ((name(key), cells["reply_on_time"]) for key, cells in counted.units.rows.items())
    below = sorted((row for row in rows if _is_below(row[1])), key=lambda row: (row[1].value or Decimal(0), row[0]))
    if not below:
        return ""
    more = f"等{len(below)}个单位" if len(below) > 6 else ""
    named = "、".join(f"{unit}（{figure.text}%）" for unit, figure in below[:6])
    return f"按期答复率低于目标（{counted.now['reply_on_time'].measure.target}%）的有{named}{more}。"


def _risen(counted: Counted) -> str:
    risen = []
    for key, cells in counted.topics.rows.items():
        now, then = cells["cases"].numerator, counted.in_table(counted.topics_then, key).numerator
        grown = sentences.change(now, then)
        if now - then >= SMALL and grown is not None and grown > 20:
            risen.append((now - then, counted.frame.topic(key), grown))
    risen.sort(key=lambda row: (-row[0], row[1]))
    if not risen:
        return ""
    return "环比上升超过20%的分类有" + "、".join(f"{name}（增加{more}件，{by:+}%）" for more, name, by in risen[:4]) + "。"


def _groups(counted: Counted) -> str:
    now, then = counted.total("groups"), counted.then["groups"].numerator
    return f"集体访{now}批，比上期多{now - then}批。" if now > then else ""


def _lying(counted: Counted) -> str:
    old = counted.total("aged_over")
    return f"在办60天以上的事项{old}件，占在办的{share(old, counted.total('open'))}%。" if old else ""


def _missed_rounds(counted: Counted) -> str:
    rounds = counted.frame.held["rounds"]
    return f"矛盾纠纷排查缺报{rounds[-1]['missed']}轮。" if rounds and rounds[-1]["missed"] else ""


def supervision(counted: Counted) -> tuple[str, ...]:
    n = counted.total
    routed = sentences.joined(
        [
            f"转错退回率{sentences.share_text(counted.now['misrouted'])}",
            f"次日前签收率{sentences.share_text(counted.now['signed_next_day'])}",
        ]
    )
    urged = "本期登记的事项中被催办" if counted.now["urged"].measure.cohort == "registered_on" else "本期被催办"
    said = (
        f"截至{counted.where.on:%-m月%-d日}，超期未结{n('overdue')}件。本期决定督办{n('supervised')}件，亮黄牌{n('yellow')}件、"
        f"红牌{n('red')}件，{urged}{n('urged')}件。{routed}。"
    )
    return (said,)


def mediation(counted: Counted) -> tuple[str, ...]:
    n = counted.total
    first = sentences.joined(
        [
            f"受理矛盾纠纷{n('disputes')}件",
            _compared(counted, "disputes"),
            f"已调解成功{n('settled')}件，成功率{sentences.share_text(counted.now['settled_rate'])}（还在调解的也在分母里）",
            f"按期调结率{sentences.share_text(counted.now['mediated_on_time'])}",
            f"防止激化{n('prevented')}件" if n("prevented") else "",
        ]
    )
    paragraphs = [f"{first}。"]
    steps = sorted(counted.steps.rows.items())
    placed = [f"{counted.frame.step(key)}{cells['disputes'].numerator}件" for key, cells in steps if cells["disputes"].numerator]
    if placed:
        paragraphs.append(f"按三级六步统计，这些纠纷现在的位置是：{'，'.join(placed)}。")
    if counted.frame.held["rounds"]:
        total = counted.frame.held["rounds"][-1]
        covered = Ratio(total["reported"], total["owed"])
        paragraphs.append(
            f"矛盾纠纷排查应查{total['total']}轮，已报{total['reported']}轮，覆盖率{covered.text}，缺报{total['missed']}轮；"
            f"发现问题{total['findings']}个，其中转为纠纷{total['disputes']}件。"
        )
    return tuple(paragraphs)


def provisional(counted: Counted) -> str:
    """What of the calendar is missing, and what follows from it."""
    years = counted.frame.held["unknown_years"]
    if not years:
        return ""
    named = "、".join(str(year) for year in years)
    return f"{named}年的放假安排还没有录入，涉及的期限暂按周末推算，录入后会重新计算；由此引起的变化列入以后报告的“更正”。"


def _largest(rows: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Those with something, the largest first."""
    return sorted((row for row in rows if row[1]), key=lambda row: (-row[1], row[0]))


def _is_below(figure: Figure) -> bool:
    return figure.is_rankable and figure.value is not None and figure.measure.target is not None and figure.value < figure.measure.target
