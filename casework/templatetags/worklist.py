"""Tags of the worklist: its rows, and the address of a case's own page.

A row is put together here and not in the template: fifty rows of twelve cells cost a third of the page there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from urllib.parse import quote

from django import template
from django.urls import get_urlconf, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

from casework import kinds
from casework.lamps import PROVISIONAL
from casework.models import Case
from casework.queries.lists import Row
from casework.templatetags.components import dash, lamp, marks, seg6, short_date, short_time
from organisations import directory

register = template.Library()


@register.simple_tag
def case_url(case: Case, query: str = "") -> str:
    """`{% case_url case query %}` — the case's page; `query` is the list it was reached from, for J and K there."""
    before, after = _pattern(case.kind, get_urlconf())
    return f"{before}{quote(case.number)}{after}" + (f"?list={quote(query)}" if query else "")


@register.filter
def town(case: Case) -> str:
    """The township or subdistrict a case's place lies in, else the place itself; a row has no room for the village."""
    areas = directory.current().areas
    area = areas.get(case.area_id)
    return areas[area.town_id or area.id].name if area else "—"


@lru_cache(maxsize=32)
def _pattern(kind: str, _urlconf: str | None) -> tuple[str, str]:
    """A kind's address around the number: resolved once, not for each of a hundred rows."""
    before, _, after = reverse(kinds.get(kind).detail_url, args=["NUMBER"]).partition("NUMBER")
    return before, after


@lru_cache(maxsize=32)
def _due_pattern(kind: str, _urlconf: str | None) -> tuple[str, str]:
    """The address of the account of a due date, around the number; two empty strings for a kind that has none."""
    address = kinds.get(kind).due_url
    before, _, after = reverse(address, args=["NUMBER"]).partition("NUMBER") if address else ("", "", "")
    return before, after


def _lamp_cell(case: Case) -> str:
    """The lamp; a click on it tells why the date is what it is."""
    before, after = _due_pattern(case.kind, get_urlconf())
    if not before or case.due_on is None:
        return lamp(case)
    return f'<a class="lamplink" href="{before}{quote(case.number)}{after}">{lamp(case)}</a>'


#: Column code → its cell. The lamp, number and title are always there (`case_row`).
CELLS: dict[str, Callable[[Row], str]] = {
    "subject": lambda row: f'<td class="nowrap">{escape(row.case.subject)}</td>',
    "topic": lambda row: f'<td class="sub nowrap" title="{escape(row.case.topic)}">{escape(row.case.topic)}</td>',
    "area": lambda row: f'<td class="nowrap" title="{escape(row.area)}">{escape(town(row.case))}</td>',
    "unit": lambda row: f'<td class="nowrap" title="{escape(row.unit)}">{escape(dash(row.unit))}</td>',
    "handler": lambda row: f'<td class="sub nowrap">{escape(dash(row.handler))}</td>',
    "state": lambda row: f"<td>{seg6(row.case)}</td>",
    "opened": lambda row: f'<td class="num muted nowrap">{short_time(row.case.opened_at)}</td>',
    "due": lambda row: f'<td class="num nowrap">{short_date(row.case.due_on)}{"（暂定）" if PROVISIONAL in row.case.marks else ""}</td>',
    "headcount": lambda row: f'<td class="num">{row.case.headcount}</td>',
    "urgency": lambda row: f"<td>{row.case.get_urgency_display()}</td>",
    "marks": lambda row: f"<td>{marks(row.case, 9)}</td>",
}


@register.simple_tag
def case_row(row: Row, shown: Collection[str], query: str, present: Mapping[int, str]) -> SafeString:
    """`{% case_row row shown query present %}` — one line of the list; `shown`: codes of columns, `present`: who is at which case."""
    case = row.case
    number, title, tags = escape(case.number), escape(case.title), marks(case)
    cells = [
        (
            f'<tr id="row-{number}" data-row><td><input type="checkbox" class="cb" name="number" value="{number}" aria-label="选择 {number}"></td>'
            f'<td>{_lamp_cell(case)}</td><td class="num sub nowrap">{number}</td><td><div class="row">'
            f'<a class="title trunc" href="{escape(case_url(case, query))}" title="{title}">{title}</a>'
        ),
        f'<span class="worklist__marks">{tags}</span>' if tags else "",
        f'<span class="here" title="{escape(present[case.pk])}">有人在看<span class="sr">：{escape(present[case.pk])}</span></span>'
        if case.pk in present
        else "",
        "</div></td>",
    ]
    cells += [cell(row) for code, cell in CELLS.items() if code in shown]
    cells.append("</tr>")
    return SafeString("".join(cells))
