"""How money is written on the pages of pay."""

from __future__ import annotations

from decimal import Decimal

from django import template

from mediation.pay import rules

register = template.Library()


@register.filter
def money(value: Decimal) -> str:
    """`{{ line.amount|money }}` — 1,500.00."""
    return rules.money(value)
