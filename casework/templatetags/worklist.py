"""Tags of the worklist: the address of a case's own page."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from django import template
from django.urls import get_urlconf, reverse

from casework import kinds
from casework.models import Case
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
