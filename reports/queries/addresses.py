"""A selection as the query of an address: what `reports.forms.selection` reads back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from reports.queries.figures import Selection
from reports.rules.periods import Basis


def query(where: Selection, **changes: Any) -> str:
    """The selection as an address; `changes` are fields of the form that differ, None leaves one out.

    Days are always written out, so that a link keeps its meaning.
    """
    fields: dict[str, Any] = {
        "since": where.period.since.isoformat(),
        "until": where.period.until.isoformat(),
        "basis": "" if where.basis is Basis.OWN else where.basis.value,
        "town": where.town_code,
        "village": where.area_id,
        "unit": where.unit_ids[0] if where.unit_ids else None,
        "category": where.topic,
        "channel": where.channel,
        "handler": where.handler_id,
        "outcome": where.outcome,
        "level": where.level,
    }
    fields |= changes
    return urlencode({name: value for name, value in fields.items() if value not in (None, "")})


def number_query(where: Selection, code: str, part: str = "counted", **changes: Any) -> str:
    """The address of the list behind a number: `reports:behind` with this query has exactly as many cases."""
    return urlencode({"m": code, "part": part}) + "&" + query(where, **changes)
