"""The six figures: each with its change, against what, and the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reports.dashboard import categories, days
from reports.dashboard.board import Card, Said
from reports.dashboard.reading import Found, said
from reports.queries.figures import Figure
from reports.rules.measures import MEASURES
from reports.rules.periods import Span

SIX = ("visitors", "cases", "reply_on_time", "overdue", "once", "satisfaction")
#: What a share's rest is called.
_MISSED = {"reply_on_time": "未按期", "once": "未一次化解", "satisfaction": "不满意"}
_AGAINST = {
    Span.DAY: "较昨日",
    Span.WEEK: "较上周同期",
    Span.MONTH: "较上月同期",
    Span.QUARTER: "较上季同期",
    Span.YEAR: "较上年同期",
    Span.ANY: "较前一期",
}


def six(found: Found, by_topic: Mapping[str, int]) -> tuple[Card, ...]:
    """All of them, in the order of the page."""
    return tuple(_card(code, found, by_topic) for code in SIX)


def _card(code: str, found: Found, by_topic: Mapping[str, int]) -> Card:
    measure, figure = MEASURES[code], found.now[code]
    change, direction = changed(figure, found.then[code], "较昨日" if code == "overdue" else _AGAINST[found.where.period.span])
    return Card(
        code=code,
        name=measure.name.removesuffix("（责任单位）"),
        unit="%" if measure.is_share else measure.sort.value,
        value=said(figure, found.where, found.links),
        formula=measure.formula,
        change=change,
        direction=direction,
        notes=tuple(_notes(code, found, by_topic)),
        spark=days.spark(code, found.days),
        is_bad=code == "overdue" and figure.numerator > 0,
        target="" if measure.target is None or not measure.is_share else f"目标 {measure.target}%",
    )


def changed(now: Figure, then: Figure, against: str) -> tuple[str, str]:
    """«较上月同期 +8.2%» and whether that is up, down or neither. Shares differ by points, a count from nothing by its number."""
    value, old = now.value, then.value
    if value is None or old is None:
        return f"{against}无可比数", ""
    step = value - old
    direction = "up" if step > 0 else "down" if step < 0 else ""
    if not step:
        return f"{against}持平", direction
    sign = "+" if step > 0 else "−"
    if now.measure.is_share:
        return f"{against} {sign}{abs(step):.1f} 个点", direction
    if not old or now.measure.is_stock:
        return f"{against} {sign}{abs(step):,.0f}", direction
    return f"{against} {sign}{abs(step) * 100 / old:.1f}%", direction


def _notes(code: str, found: Found, by_topic: Mapping[str, int]) -> Iterable[Said]:
    """The reason: what the change is mostly made of, with the list."""
    where, links, figure = found.where, found.links, found.now[code]
    if code == "visitors":
        yield from _last_year(code, found)
        groups = found.now["groups"]
        yield Said(f"集体访 {groups.numerator} 批", links.behind(where, "groups"), groups.denominator)
    elif code == "cases":
        most = max(by_topic, key=lambda key: (by_topic[key], key), default="")
        yield from _last_year(code, found)
        if most:
            yield Said(
                f"{categories.named(most)} {by_topic[most]} 件最多",
                links.behind(where, "cases", category=most) if len(most) >= 4 else "",
                by_topic[most],
            )
    elif code == "overdue":
        yield from _most(found, code, "counted", found.counted(code), "件最多")
    elif figure.denominator:
        missed = figure.denominator - figure.numerator
        yield Said(f"{_MISSED[code]} {missed} 件", links.behind(where, code, "missed"), missed)
        yield from _most(found, code, "missed", found.missed(code), "件")


def _last_year(code: str, found: Found) -> Iterable[Said]:
    """同比, where the figure is not held against last year already."""
    if found.where.period.span is not Span.YEAR:
        yield Said(changed(found.now[code], found.last_year[code], "同比")[0])


def _most(found: Found, code: str, part: str, counts: Mapping[Any, int], ending: str) -> Iterable[Said]:
    """The unit with most of them, where its number may be told."""
    told = found.told(counts)
    key = max(counts, key=lambda unit: (counts[unit], str(unit)), default=None)
    if key is not None and counts[key] and key in told:
        yield Said(f"{found.name(key)} {counts[key]} {ending}", found.links.behind(found.where, code, part, **found.changes(key)), counts[key])
