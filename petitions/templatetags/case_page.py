"""Small words the case page needs. They show; they decide nothing."""

from __future__ import annotations

from django import forms, template

from organisations import directory

register = template.Library()

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
