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


#: Where a template would have its title broken: &#8203;, the zero width space of Unicode, in HTML a place for a line's end.
BREAK = "\u200b"


@register.filter(is_safe=True)
def balanced(title: str) -> SafeString:
    """A title on one line, or broken where its template says so and else in lines of about the same length, never with one word alone
    on the last (GB/T 9704: 词意完整，排列对称). Words within the matter's own title are not known, so a long one may be cut in one."""
    words = html.unescape("".join(title.split()))
    if len(words.replace(BREAK, "")) <= TITLE_LINE:
        parts = [words.replace(BREAK, "")]
    else:
        parts = words.split(BREAK)
    return format_html_join(SafeString("<br>"), "{}", ((line,) for part in parts for line in _even(part)))


def _even(part: str) -> list[str]:
    """The part in as few lines as it needs, each of about the same length."""
    longest = ceil(len(part) / max(ceil(len(part) / TITLE_LINE), 1)) or 1
    return [part[start : start + longest] for start in range(0, len(part), longest)]
