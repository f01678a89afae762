"""Dates as the public pages write them."""

from __future__ import annotations

from datetime import date

from django import template

from petitions.citizen.way import day_words

register = template.Library()


@register.filter
def day(value: date | None) -> str:
    """«12月29日», with the year when it is another one."""
    return day_words(value) if value else ""
