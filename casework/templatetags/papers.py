"""What the templates of papers ask for (GB/T 9704)."""

from __future__ import annotations

import html
from math import ceil

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()

#: Characters of 22 pt that stand on a line of 156 mm, with a little air.
TITLE_LINE = 19


@register.filter(is_safe=True)
def balanced(title: str) -> SafeString:
    """A title in lines of about the same length, never with one word alone on the last (GB/T 9704: 词意完整，排列对称)."""
    words = html.unescape("".join(title.split()))
    lines = ceil(len(words) / TITLE_LINE)
    longest = ceil(len(words) / max(lines, 1))
    return format_html_join(SafeString("<br>"), "{}", ((words[start : start + longest],) for start in range(0, len(words), longest or 1)))
