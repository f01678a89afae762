"""Filters of the board's cards."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from typing import Any

from django import template

from casework import lamps
from organisations import clock

register = template.Library()


@register.filter
def of(rows: Mapping[int, Any], key: int) -> Any:
    """The row under a key, or None."""
    return rows.get(key)


@register.filter
def minus(count: int, shown: Sized) -> int:
    return count - len(shown)


@register.filter
def card_tone(case: Any) -> str:
    """The card's edge follows the lamp."""
    kind = lamps.of(case, clock.now()).kind
    return {"bad": "kcard--bad", "warn": "kcard--warn"}.get(kind, "")
