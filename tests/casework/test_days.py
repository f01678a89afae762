"""A day on a page is the county's: what was done after midnight was done today, though in Greenwich it is still yesterday."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template

from organisations import clock

#: Half past two in the morning of the 24th in the county.
NIGHT = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "words"), [(NIGHT, "11月24日"), (date(2026, 11, 24), "11月24日"), (datetime(2025, 12, 31, 16, tzinfo=UTC), "1月1日"), (None, "—")]
)
def test_a_moment_is_told_by_the_countys_day(day, words):
    with clock.at(NIGHT):
        assert Template("{% load components %}{{ day|short_date }}").render(Context({"day": day})) == words
