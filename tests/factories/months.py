"""A month with something in it, its draft, its closing, its sealed report. Moments are November 2026's beginning unless said."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from casework import chain
from organisations import clock
from reports.actions import refresh
from reports.models import Report
from reports.month import actions
from reports.rules.periods import Period, whole
from tests.factories import petitions
from tests.factories.county import County

OCTOBER = whole(date(2026, 10, 1), date(2026, 10, 31))
NOVEMBER = whole(date(2026, 11, 1), date(2026, 11, 30))


def at(month: int, day: int, hour: int = 10) -> AbstractContextManager[None]:
    return clock.at(timezone.make_aware(datetime(2026, month, day, hour)))


def a_month(county: County) -> list[str]:
    """Four matters of October, of two towns, two with people of a group. Returns their numbers."""
    numbers = []
    with at(10, 9):
        numbers.append(petitions.accepted(county).case.number)
    with at(10, 12):
        numbers.append(petitions.routed(county, to="labour", title="工地拖欠工资", topic_code="010303").case.number)
    with at(10, 20):
        numbers.append(petitions.registered(county, area_id=county.areas["dongliang"].id, channel="100").case.number)
    with at(10, 28):
        numbers.append(petitions.routed(county, to="water", area_id=county.areas["dongliang"].id).case.number)
    with at(11, 1):
        chain.seal(clock.today(), clock.now())
    return numbers


def drafted(county: County, period: Period = OCTOBER, **changes: Any) -> Report:
    """A draft as the worker leaves it, without its files: what people decide about."""
    now = clock.now()
    facts: dict[str, Any] = {
        "unit": county.units["centre"],
        "since": period.since,
        "until": period.until,
        "span": period.span.value,
        "origin": Report.Origin.ASKED,
        "asked_by": county.people["leader"],
        "asked_at": now,
        "state": Report.State.READY,
        "cut_off": now,
        "made_at": now,
    }
    refresh.refresh()
    return Report.objects.create(**{**facts, **changes})


def checked(county: County, period: Period = OCTOBER) -> Report:
    return actions.check(drafted(county, period).pk, by=county.scope("office"))


def closed(county: County, period: Period = OCTOBER) -> Report:
    """Closed, the worker not yet at it."""
    return actions.close(checked(county, period).pk, by=county.scope("centre_head"))


def sealed(county: County, period: Period = OCTOBER) -> Report:
    """Closed and made."""
    report = closed(county, period)
    assert actions.make_next()
    report.refresh_from_db()
    assert report.state == Report.State.READY, report.failure
    return report
