"""The county's own measures for the corps, as of a day."""

from __future__ import annotations

from datetime import date

from mediation.corps import rules
from mediation.models import CorpsRules


def on(day: date) -> CorpsRules:
    """The version in force on that day; one query."""
    return rules.county_rules(CorpsRules.objects.filter(valid_from__lte=day).order_by("-valid_from")[:1], day)
