"""Template tags, one per component that needs more than an include. They show; they decide nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms import FileInput, PasswordInput
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from casework import attachments, explain, kinds, lamps
from casework.rules import STAGES, Outcome, Urgency
from organisations import clock
from organisations.queries import access_log

register = template.Library()

#: How lists show the marks of a case: words and colour of the tag (DESIGN: at most three a row).
MARKS: dict[str, tuple[str, str]] = {
    "red": ("红牌", "solid"),
    "yellow": ("黄牌", "amber"),
    "extend_asked": ("延期待批", "amber"),
    "unaccepted": ("超期未受理", "red"),
    "simple_late": ("简易超期", "red"),
    "simple": ("简易", "green"),
    "repeat": ("重复", "red"),
    "group": ("集体", "violet"),
    "returned": ("曾退回", "amber"),
    "reopened": ("重新办理", "amber"),
    "dissatisfied": ("不满意", "red"),
    "merged": ("已并案", "line"),
    "referred": ("已转出", "line"),
    "concluded": ("三级终结", "violet"),
    "lapsed": ("复查期满", "line"),
    "anonymous": ("匿名", "line"),
    "extended": ("已延期", "line"),
    "yybz": ("扬言", "red"),
    "zdjjbz": ("重大紧急", "red"),
    "lmbz": ("联名", "violet"),
    "sfssbz": ("涉法涉诉", "line"),
    "sqbz": ("涉企", "line"),
    "jabz": ("积案", "amber"),
    "supervised": ("督办", "red"),
    "sponsored": ("包案", "violet"),
}


#: Keys that open a page of the side bar.
_SIDE_KEYS = {"register": "Alt+1", "cases": "Alt+2"}
#: From how many 催办 on the tag is red (beyond.md 17).
URGED_OFTEN = 3


#: «条例§22(三)» as a clerk reads it.
register.filter("article", explain.article)
register.filter("told", access_log.told)


@register.filter
def kept(form: Any) -> str:
    """`{{ form|kept }}` — what of a refused form still stands in it: a browser never gets a password or a file back."""
    widgets = [field.field.widget for field in form.visible_fields()]
    lost = []
    if any(isinstance(widget, PasswordInput) and not widget.render_value for widget in widgets):
        lost.append("密码请重新输入")
    if form.files:
        lost.append("文件请重新选择")
    if not lost:
        return "您填写的内容都还在"
    others = any(not isinstance(widget, PasswordInput | FileInput) for widget in widgets)
    return "，".join([*lost, "其他内容都还在"] if others else lost)


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """`{% icon "check" size="sm" %}` — a decorative icon from the sprite; sizes sm, lg, xl or none."""
    return _icon(name, size)


@lru_cache(maxsize=1024)
def _icon(name: str, size: str) -> SafeString:
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#i-{}"></use></svg>',
        f" i--{size}" if size else "",
        static("icons.svg"),
        name,
    )


@register.simple_tag
def file_limits() -> SafeString:
    """`<input type="file" {% file_limits %}>` — what forms.js holds a chosen file against before it is sent."""
    return format_html('data-max-mib="{}" data-max-total-mib="{}"', attachments.MAX_BYTES // 2**20, attachments.MAX_TOGETHER // 2**20)


@register.simple_tag
def side_links(groups: tuple[Any, ...], active: str) -> SafeString:
    """`{% side_links nav.groups active %}` — the groups of the side bar with their pages; `active` is the code of the page one is on.

    The same for everybody with the same posts: written once, and not link by link on every page.
    """
    return _side_links(groups, active)


@lru_cache(maxsize=1024)
def _side_links(groups: tuple[Any, ...], active: str) -> SafeString:
    found = []
    for group in groups:
        found.append(format_html('<div class="side__group">{}</div>\n', group.label))
        for item in group.items:
            here = SafeString(' aria-current="page"') if item.code == active else ""
            key = format_html(' data-key="{}"', _SIDE_KEYS[item.code]) if item.code in _SIDE_KEYS else ""
            count = format_html('<span class="side__n{}">{}</span>', " side__n--bad" if item.is_bad else "", item.count) if item.count else ""
            link = '<a class="side__link" href="{}"{}{}>{}{}{}</a>\n'
            found.append(format_html(link, item.url, here, key, _icon(item.icon, ""), item.label, count))
    return SafeString("".join(found))


@register.simple_tag
def lamp(case: Any, pill: bool = False) -> SafeString:
    """`{% lamp case %}` — the three-colour lamp of anything with due_on, warn_on and closed_at."""
    stands = tuple(mark for mark in case.marks if mark in (lamps.SUSPENDED, lamps.PROVISIONAL) or mark.startswith(lamps.HOUR))
    now = f"{timezone.localtime(clock.now()):%H:%M}" if any(mark.startswith(lamps.HOUR) for mark in stands) else ""
    return _lamp(case.due_on, case.warn_on, case.closed_at, clock.today(), stands, now, pill)


@lru_cache(maxsize=4096)
def _lamp(
    due_on: date | None, warn_on: date | None, closed_at: datetime | None, today: date, stands: tuple[str, ...], now: str, pill: bool
) -> SafeString:
    found = lamps.lamp(due_on, warn_on, closed_at, today, stands, now)
    if found.kind == "none":
        return format_html('<span class="muted nowrap" title="{}">{}</span>', found.title, found.text)
    return format_html(
        '<span class="lamp lamp--{}{}" title="{}">{}</span>',
        found.kind,
        " lamp--pill" if pill else "",
        found.title,
        found.text,
    )


@register.simple_tag
def seg6(case: Any) -> SafeString:
    """`{% seg6 case %}` — six small bars and the state in words."""
    return _seg6(case.stage, case.closed_at is not None, state_words(case))


@lru_cache(maxsize=512)
def _seg6(stage: int, done: bool, words: str) -> SafeString:
    bars = "".join(f'<i class="{"d" if done or n < stage else "c" if n == stage else ""}"></i>' for n in range(1, len(STAGES) + 1))
    return format_html('<span class="seg6"><span class="seg6__bar" aria-hidden="true">{}</span>{}</span>', SafeString(bars), words)


@register.filter
def state_words(case: Any) -> str:
    """The state in the words of its kind."""
    return kinds.get(case.kind).states.get(case.state, case.state)


@register.simple_tag
def status_tag(case: Any) -> SafeString:
    """`{% status_tag case %}` — blue in progress, green finished, grey waiting."""
    colour = "green" if case.closed_at else "" if case.stage <= 3 else "blue"
    return format_html('<span class="tag{}">{}</span>', f" tag--{colour}" if colour else "", state_words(case))


@register.simple_tag
def marks(case: Any, most: int = 3) -> SafeString:
    """`{% marks case %}` — the tags of a case, urgency first, at most three."""
    headcount = case.headcount if "group" in case.marks else 0
    return _marks(case.urgency, case.confidential, tuple(case.marks), headcount, case.urged, most)


@lru_cache(maxsize=4096)
def _marks(urgency: int, confidential: bool, codes: tuple[str, ...], headcount: int, urged: int, most: int) -> SafeString:
    found: list[tuple[str, str]] = []
    if urged:
        found.append((f"催办×{urged}", "red" if urged >= URGED_OFTEN else "amber"))
    if lamps.UNACCEPTED in codes:
        found.append(MARKS[lamps.UNACCEPTED])
    if urgency:
        found.append((Urgency(urgency).label, "red" if urgency == Urgency.URGENT else "amber"))
    if confidential:
        found.append(("保密", "red"))
    for code in sorted(codes, key=lambda code: code not in ("red", "yellow", "merged")):
        if code in (lamps.SUSPENDED, lamps.PROVISIONAL, lamps.UNACCEPTED, "urged", "urged_often") or code.startswith(lamps.HOUR):
            continue
        words, colour = MARKS.get(code, (code, "line"))
        if code == "group":
            words = f"集体 {headcount} 人"
        found.append((words, colour))
    html = "".join(format_html('<span class="tag tag--{}">{}</span> ', colour, words) for words, colour in found[:most])
    return SafeString(html)


@register.filter
def short_time(moment: datetime | None) -> str:
    """`11-18 09:12` this year, else `2025-11-20` (DESIGN §11)."""
    if moment is None:
        return "—"
    local = moment.astimezone(timezone.get_default_timezone())
    return f"{local:%m-%d %H:%M}" if local.year == clock.today().year else f"{local:%Y-%m-%d}"


@register.filter(expects_localtime=True)
def short_date(day: date | None) -> str:
    """`11月18日` this year, else `2025-11-20`; a dash when unknown. Of a moment the county's day."""
    if day is None:
        return "—"
    return f"{day.month}月{day.day}日" if day.year == clock.today().year else f"{day:%Y-%m-%d}"


@register.filter
def outcome_words(code: str) -> str:
    return Outcome(code).label if code else "—"


@register.filter
def dash(value: Any) -> Any:
    """Unknown is a dash, never blank, None or 0 (DESIGN §11)."""
    return value if value not in (None, "", []) else "—"


@register.simple_tag
def key(event: str) -> SafeString:
    """`{% key "F9" %}` — a key cap."""
    return format_html("<kbd>{}</kbd>", event)


@register.simple_tag
def options(choices: Iterable[tuple[Any, Any]], chosen: Any = "") -> SafeString:
    """`{% options choices.towns filters.town %}` — <option>s of (value, words); `chosen` is a value or a collection of them.

    A select of sixty departments written as a template loop costs as much as ten rows of a list.
    """
    picked = {str(c) for c in chosen} if isinstance(chosen, Collection) and not isinstance(chosen, str) else {str(chosen)}
    return _options(tuple(choices), frozenset(picked))


@lru_cache(maxsize=256)
def _options(choices: tuple[tuple[Any, Any], ...], picked: frozenset[str]) -> SafeString:
    parts = []
    for value, words in choices:
        mark = " selected" if str(value) in picked else ""
        parts.append(f'<option value="{conditional_escape(value)}"{mark}>{conditional_escape(words)}</option>')
    return SafeString("".join(parts))


@register.filter
def parts(text: str) -> list[str]:
    """The words of a text that a blank divides."""
    return text.split()
