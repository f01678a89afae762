"""How the values of a report stand on paper."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.safestring import SafeString, mark_safe

from reports.month import laws
from reports.month.content import Content
from reports.month.grids import Drawing, Ratio, Value
from reports.rules.suppression import BESIDE, FEW

register = template.Library()

CHAPTERS = (
    ("c1", "一、总体情况"),
    ("c2", "二、主要指标"),
    ("c3", "三、诉求结构"),
    ("c4", "四、各乡镇情况"),
    ("c5", "五、责任单位办理情况"),
    ("c6", "六、超期和督办"),
    ("c7", "七、矛盾纠纷调处和排查"),
    ("c8", "八、需要关注的情况"),
    ("c9", "九、对以前各期的更正"),
    ("c10", "十、数据说明和指标口径"),
)
#: Chapters of a day's brief and a week's bulletin.
_BRIEF = frozenset({"c1", "c2", "c6", "c7", "c8"})
#: Words that stand where a number would.
_WORDS = frozenset({"持平", FEW, BESIDE})
_HEADLINE = (
    ("visitors", "来访人次", "人次"),
    ("cases", "登记件数", "件"),
    ("closed", "办结件数", "件"),
    ("reply_on_time", "按期答复率", "%"),
    ("once", "一次化解率", "%"),
    ("satisfaction", "群众满意率", "%"),
    ("groups", "集体访", "批"),
    ("overdue", "超期未结", "件"),
)


@register.filter
def shown(value: Value) -> str:
    """2714 → 2,714; a share with its sign; a day as 10-28."""
    if isinstance(value, Ratio):
        return value.text
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, date):
        return value.isoformat()
    return value or ""


@register.filter
def is_number(value: Value) -> bool:
    """Whether it stands at the right: numbers, shares, changes."""
    return isinstance(value, int | Ratio) or (isinstance(value, str) and (value[:1] in "+-—" or value[-1:] == "%" or value in _WORDS) and value != "")


@register.filter
def picture(drawing: Drawing) -> SafeString:
    """The drawing itself: our own strokes, every word in it escaped (reports.charts.canvas)."""
    return mark_safe(drawing.picture)  # noqa: S308


@register.filter
def hanzi(number: int) -> str:
    return "零一二三四五六七八九十"[number]


@register.filter
def headline(content: Content) -> list[tuple[str, str, str]]:
    """The eight figures of the cover."""
    return [(name, content.now[code].text, unit) for code, name, unit in _HEADLINE]


@register.filter
def chapters(content: Content) -> list[tuple[str, str]]:
    """The table of contents; a brief has five chapters, counted through."""
    if not content.is_brief:
        return list(CHAPTERS)
    kept = [(code, name.partition("、")[2]) for code, name in CHAPTERS if code in _BRIEF]
    return [(code, f"{hanzi(number)}、{name}") for number, (code, name) in enumerate(kept, start=1)]


register.filter("grounds", laws.grounds)
register.filter("formula", laws.formula)
register.filter("laws", laws.words)
