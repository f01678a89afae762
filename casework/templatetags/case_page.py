"""Small words every case page needs. They show; they decide nothing."""

from __future__ import annotations

import re

from django import forms, template

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


@register.filter
def law_words(cites: str) -> str:
    """`条例§22；HALL-2` → `《信访工作条例》第22条`. Numbers of our own requirements are not for the screen; empty when nothing else is cited."""
    found = []
    for part in cites.split("；"):
        name, sign, articles = part.partition("§")
        if sign and name in _LAWS:
            numbers = re.findall(r"(\d+(?:–\d+)?)", articles)
            found.append(_LAWS[name] + "、".join(f"第{number}条" for number in numbers))
    return "；".join(found)
