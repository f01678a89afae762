"""The last three whole months of the demo county, checked and closed by two people with the acts of the page, on the last day.

The draft between them is no act: on the page somebody asks for it and the worker makes its files. Here a row without files
stands for it, and goes when its month is closed.

They are closed one after the other, the oldest first. Between the second and the third the office urges a matter of the
second, so that the third has something to restate. The files are made by the worker once the county runs: the seed has
two minutes, and a report takes seconds.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from casework import chain
from casework.demo import World
from organisations import clock
from organisations.models import Post, User
from organisations.roles import Role
from organisations.rules import NotAllowed
from organisations.scope import Scope, scope_of
from petitions.demo import late
from reports.actions import refresh
from reports.models import Closing, Report
from reports.month import actions, rules
from reports.rules.periods import Period, Span, filled

MOST = 3
#: How long before the last moment the first is closed, and how far the steps lie apart.
BEFORE, STEP = timedelta(minutes=15), timedelta(minutes=2)


def tell(world: World, horizon: datetime) -> list[str]:
    """Close them; those an interrupted seed had closed stay as they are."""
    refused = []
    try:
        _close_all(world, horizon)
    except NotAllowed as refusal:
        refused.append(f"封存月报：{refusal}")
    return refused


def _close_all(world: World, horizon: datetime) -> None:
    day, centre = horizon.date(), world.county.units["centre"].pk
    office, head = (_person(centre, role, day) for role in (Role.OFFICE, Role.HEAD))
    with clock.at(horizon - BEFORE - STEP):
        chain.seal(day, clock.now())
    for no, period in enumerate(_months(day)):
        if Closing.objects.filter(since=period.since, until=period.until).exists():
            continue
        with clock.at(horizon - BEFORE + no * 2 * STEP):
            if no == MOST - 1:
                before = filled(Span.MONTH, period.since - timedelta(days=1))
                late.urge(before.since, before.until, office)
            draft = _draft(period, centre, office)
            actions.check(draft.pk, by=office)
        with clock.at(horizon - BEFORE + (no * 2 + 1) * STEP):
            actions.close(draft.pk, by=head)
            draft.delete()


def _months(day: date) -> list[Period]:
    """The last whole months, the oldest first."""
    return list(reversed(rules.ended(Span.MONTH, day)[:MOST]))


def _person(unit_id: int, role: Role, day: date) -> Scope:
    post = Post.objects.current(day).filter(unit=unit_id, role=role, user__is_active=True).order_by("user__username").first()
    if post is None:
        raise NotAllowed(f"县中心没有人担任{role}。", code="vacant")
    return scope_of(User.objects.get(pk=post.user_id), day)


def _draft(period: Period, centre: int, office: Scope) -> Report:
    """What the office checks, written by hand as made now and without files: the worker would take seconds for each."""
    refresh.refresh()
    now = clock.now()
    return Report.objects.create(
        unit_id=centre,
        since=period.since,
        until=period.until,
        span=period.span.value,
        origin=Report.Origin.ASKED,
        asked_by=office.user,
        asked_at=now,
        state=Report.State.READY,
        cut_off=now,
        made_at=now,
    )
