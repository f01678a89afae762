"""Small words every case page needs. They show; they decide nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from django import forms, template
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from casework.models import Delivery, Party
from casework.queries.history import Line
from casework.queries.papers import PaperLine
from casework.registry import Choice
from casework.templatetags.components import icon, short_date, short_time
from organisations import directory

register = template.Library()

#: The short names of the laws in the tables of steps and their full titles.
_LAWS = {"条例": "《信访工作条例》", "民诉法": "《民事诉讼法》", "调解法": "《人民调解法》", "简易": "《信访事项简易办理办法（试行）》"}
#: Stands for a number in an address that is kept.
_NUMBER = 9_999_999_999
_SIGNS = {"image": "图", "audio": "音", "video": "像"}


@register.filter
def unit_words(unit_id: int) -> str:
    """A unit's short name by its id."""
    facts = directory.current().units.get(unit_id)
    return facts.short_name if facts else "—"


@register.simple_tag
def history_lines(lines: Iterable[Line]) -> SafeString:
    """`{% history_lines stage.lines %}` — the lines of one stage; twenty of them as a template cost as much as the rest of the page."""
    return SafeString("".join(_history_line(line) for line in lines))


def _history_line(line: Line) -> str:
    entry = line.entry
    said = conditional_escape(entry.by_label) + (f" 代 {conditional_escape(line.on_behalf)}" if line.on_behalf else "")
    tags = f'<span class="tag tag--line">{icon("lock")}内部</span>' if entry.is_internal else ""
    tags += '<span class="tag tag--line">已撤销</span>' if line.is_undone else ""
    tags += '<span class="tag tag--blue">新</span>' if line.is_new else ""
    happened = f"（发生于 {short_time(entry.happened_at)}）" if entry.happened_at != entry.at else ""
    facts = "".join(
        f'<span class="tl__fact"><span class="muted">{conditional_escape(label)}</span> {conditional_escape(value)}</span> '
        for label, value in line.facts
    )
    return (
        f'<li class="tl__i{" tl__i--internal" if entry.is_internal else ""}{" tl__i--undone" if line.is_undone else ""}">'
        f'<span class="tl__dot{f" tl__dot--{line.tone}" if line.tone else ""}">{icon(line.icon_name)}</span>'
        f'<div class="tl__h"><b>{conditional_escape(entry.label)}</b><span class="sub">{said}</span>{tags}'
        f'<span class="tl__time">{short_time(entry.at)}{happened}</span></div>'
        + (f'<div class="tl__b">{facts}</div>' if facts else "")
        + (f'<div class="tl__q">{linebreaksbr(entry.text)}</div>' if entry.text else "")
        + "</li>"
    )


@register.simple_tag
def paper_rows(lines: Iterable[PaperLine]) -> SafeString:
    """`{% paper_rows paper_lines %}` — a case's papers as rows of its table."""
    return SafeString("".join(_paper_row(line) for line in lines))


def _paper_row(line: PaperLine) -> str:
    paper = line.paper
    name = f'<a href="{_address("casework:paper", paper.pk)}" target="_blank" rel="noopener">{conditional_escape(paper.name)}</a>'
    name += f'<br><small class="muted num">{conditional_escape(paper.number)} · {short_time(paper.issued_at)}</small>'
    name += f"<br><small>更正 {conditional_escape(line.corrects)}</small>" if line.corrects else ""
    name += f'<br><small class="bad-t">已被 {conditional_escape(line.corrected_by)} 更正</small>' if line.corrected_by else ""
    served = "".join(_delivery(line, row) for row in line.deliveries) or '<span class="muted">未送达</span>' if line.is_served else _NOT_SERVED
    return (
        f'<tr><td>{name}</td><td class="nowrap">{_paper_state(line)}</td><td>{served}</td>'
        f'<td class="no-print nowrap t13">{_paper_links(line)}</td></tr>'
    )


_NOT_SERVED = '<span class="muted">—</span>'


def _paper_state(line: PaperLine) -> str:
    if line.paper.withdrawn_at:
        return '<span class="tag tag--line">已作废</span>'
    if line.state == "made":
        return '<span class="tag tag--green">已生成</span>'
    if line.state == "failed":
        return f'<span class="tag tag--red" title="{conditional_escape(line.paper.failure)}">生成失败</span>'
    return '<span class="tag">待生成</span>'


def _delivery(line: PaperLine, row: Delivery) -> str:
    if row.delivered_on:
        came = f"{short_date(row.delivered_on)} {conditional_escape(row.receiver)}收到"
    else:
        came = "已发出，待回执" if row.posted_on else "没有送到"
    words = f"，{conditional_escape(row.words)}" if row.words else ""
    proof = f'<a class="nowrap" href="{_address("casework:paper-proof", line.paper.pk)}?delivery={row.pk}" target="_blank" rel="noopener">回证</a>'
    return f'<div class="small">{short_date(row.attempted_on)} {row.get_way_display()}：{came}{words} {proof}</div>'


def _paper_links(line: PaperLine) -> str:
    found = ""
    if line.hides_identity:
        found = f'<a href="{_address("casework:paper-identity", line.paper.pk)}">身份信息</a>'
    elif line.is_served and not line.received:
        found = f'<a href="{_address("casework:paper-proof", line.paper.pk)}" target="_blank" rel="noopener">空白回证</a>'
    if line.paper.verify_code:
        found += f' <a href="{reverse("casework:verify", args=[line.paper.verify_code])}" target="_blank" rel="noopener">核验</a>'
    return found


@register.simple_tag(takes_context=True)
def reveal_button(context: template.Context, person: Party, field: str) -> SafeString:
    """`{% reveal_button person "id" %}` — the button that shows one masked field (`id` or `phone`)."""
    address = reverse("casework:reveal", args=[person.pk, field])
    return format_html(
        '<form class="reveal no-print" method="post" action="{}" hx-post="{}" hx-target="this" hx-swap="outerHTML" data-many>'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<button class="btn btn--link t13" type="submit" aria-label="显示{}的{}">显示</button></form>',
        address,
        address,
        context["csrf_token"],
        person.name,
        "证件号码" if field == "id" else "电话",
    )


@cache
def _around(name: str) -> tuple[str, str]:
    """The address of that name before and behind the number in it: written anew for every row it costs more than the row."""
    before, _, behind = reverse(name, args=[_NUMBER]).partition(str(_NUMBER))
    return before, behind


def _address(name: str, number: int) -> str:
    before, behind = _around(name)
    return f"{before}{number}{behind}"


@register.filter
def person(names: dict[int, str], user_id: int) -> str:
    return names.get(user_id, "")


@register.filter
def file_sign(content_type: str) -> str:
    """One character on the file's tile."""
    if content_type == "application/pdf":
        return "PDF"
    return _SIGNS.get(content_type.split("/", maxsplit=1)[0], "文")


@register.filter
def widget_kind(field: forms.BoundField) -> str:
    """`group` for many boxes, `box` for one, else empty: which of the three shapes a field takes."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "group"
    return "box" if isinstance(widget, forms.CheckboxInput) else ""


@register.simple_tag
def act_links(choices: Iterable[Choice], here: str, opened: str, query: str) -> SafeString:
    """`{% act_links acts.shown here open_act list %}` — acts as links that open their form; thirty of them as a template cost more than the history.

    `here` is the page's address, `query` the list it was reached from.
    """
    origin = f"&amp;{conditional_escape(urlencode({'list': query}))}" if query else ""
    return SafeString(
        "".join(
            _act_link(
                choice.code,
                choice.step.label,
                _explained(choice.step.explain, choice.step.cites),
                choice.step.primary,
                choice.is_grave,
                choice.step.key,
            )
            % (
                conditional_escape(here),
                origin,
                ' aria-current="true"' if choice.code == opened else "",
                f' <span class="cnt cnt--warn">还差 {choice.missing}</span>' if choice.missing else "",
            )
            for choice in choices
        )
    )


@lru_cache(maxsize=512)
def _act_link(code: str, label: str, title: str, is_primary: bool, is_grave: bool, key: str) -> str:
    """The part of a link that is the same on every page, with places for address, list, mark and count."""
    look = f"{' btn--soft' if is_primary else ''}{' btn--danger' if is_grave else ''}"
    words, tip = (conditional_escape(text).replace("%", "%%") for text in (label, title))
    pressed, cap = (f' data-key="{key}"', f" <kbd>{key}</kbd>") if key else ("", "")
    return f'<a class="btn btn--sm{look}" href="%s?act={code}%s#act"%s title="{tip}"{pressed}>{words}%s{cap}</a>'


def _explained(explain: str, cites: str) -> str:
    laws = law_words(cites)
    return f"{explain}（{laws}）" if laws else explain


@register.filter
@lru_cache(maxsize=512)
def law_words(cites: str) -> str:
    """`条例§22；HALL-2` → `《信访工作条例》第22条`. Numbers of our own requirements are not for the screen; empty when nothing else is cited."""
    found = []
    for part in cites.split("；"):
        name, sign, articles = part.partition("§")
        if sign and name in _LAWS:
            numbers = re.findall(r"(\d+(?:–\d+)?)", articles)
            found.append(_LAWS[name] + "、".join(f"第{number}条" for number in numbers))
    return "；".join(found)
