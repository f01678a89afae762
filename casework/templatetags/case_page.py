"""Small words every case page needs. They show; they decide nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from django import forms, template
from django.utils.html import conditional_escape
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from casework.registry import Choice
from organisations import directory

register = template.Library()

#: The short names of the laws in the tables of steps and their full titles.
_LAWS = {"条例": "《信访工作条例》", "民诉法": "《民事诉讼法》", "调解法": "《人民调解法》", "简易": "《信访事项简易办理办法（试行）》"}
_SIGNS = {"image": "图", "audio": "音", "video": "像"}


@register.filter
def unit_words(unit_id: int) -> str:
    """A unit's short name by its id."""
    facts = directory.current().units.get(unit_id)
    return facts.short_name if facts else "—"


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
            _act_link(choice.code, choice.step.label, _explained(choice.step.explain, choice.step.cites), choice.step.primary, choice.is_grave)
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
def _act_link(code: str, label: str, title: str, is_primary: bool, is_grave: bool) -> str:
    """The part of a link that is the same on every page, with places for address, list, mark and count."""
    look = f"{' btn--soft' if is_primary else ''}{' btn--danger' if is_grave else ''}"
    words, tip = (conditional_escape(text).replace("%", "%%") for text in (label, title))
    return f'<a class="btn btn--sm{look}" href="%s?act={code}%s#act"%s title="{tip}">{words}%s</a>'


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
