"""Words only the petitions' pages need. They show; they decide nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from petitions import codes

register = template.Library()


@register.filter
def with_blanks(text: str) -> SafeString:
    """The text with its blanks marked, so that one sees what has to be filled in."""
    return mark_safe(re.sub(r"\{[^{}\n]*\}", lambda blank: f"<mark>{blank[0]}</mark>", escape(text)))  # noqa: S308 (escaped before)


@register.filter
def place_after(place: str, area: str) -> str:
    """The place without the area's name in front, which stands before it anyway: `夏甸镇老甲沟村1组` → `1组`."""
    return place.removeprefix(area).strip()


@register.filter
def reason_words(reasons: list[str]) -> str:
    """督办情形 in words."""
    return "；".join(codes.SUPERVISION_REASONS.label(code) for code in reasons)


@register.filter
def of_row(found: Mapping[int, Sequence[Any]], no: int) -> Sequence[Any]:
    """What belongs to the row of that number."""
    return found.get(no, ())
