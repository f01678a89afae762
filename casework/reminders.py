"""On which days a running limit is spoken of, and to whom (ALL-3, L-PET-25, law.md appendix C). `reminding` does it.

The days are counted from the due date, never from the day of the sweep: an outage makes a reminder late, not lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from casework.models import Limit
from organisations import clock

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Plan:
    """Days after the due date on which a limit is still spoken of, and from which day on whom beside the handler.

    Days count from the due date, negative before it; None means never.
    `to_handler`: who handles the matter is told too; not where the duty may be about that very person.
    """

    after: tuple[int, ...] = (1, 3)
    is_weekly: bool = False
    head_from: int | None = -3
    office_from: int | None = 0
    leader_from: int | None = 3
    to_petitioner: bool = False
    to_handler: bool = True


#: Every duty that has no line of its own (L-PET-25).
GENERAL = Plan()
#: The person's own terms: told to the person, and only before the right is lost.
PETITIONER = Plan(after=(), head_from=None, office_from=None, leader_from=None, to_petitioner=True)
#: A right of the unit: nobody is late with it.
RIGHT = Plan(after=(), head_from=None, office_from=None, leader_from=None)
_NOTICE = Plan(head_from=0, leader_from=None)
_LONG = Plan(after=(1, 3, 7), is_weekly=True)
_REVIEW = Plan(head_from=-_WEEK, office_from=None, leader_from=None)

#: Appendix C by limit. 意见建议 and the report on an assigned matter run like the handling itself [design].
PLANS = {
    "pet.forward": _NOTICE,
    "pet.notify_direct": _NOTICE,
    "pet.notify_forwarded": _NOTICE,
    "pet.object": RIGHT,
    "pet.handle": _LONG,
    "pet.suggest": _LONG,
    "pet.assign_report": _LONG,
    "pet.redo": _LONG,
    # 包案 is the leader's own undertaking: reminded from the first day on (L-CLS-42).
    "pet.sponsor": Plan(leader_from=-15),
    # A matter that stands still is asked about week by week; no leader is called for a court that takes its time.
    "pet.suspended": Plan(after=(1, 3, 7), is_weekly=True, leader_from=None),
    # An answer to a proposal is the unit's, by its head: a proposal may be to hold the handler to account (条例§40③).
    "pet.advice_reply": Plan(head_from=-15, to_handler=False),
    "pet.advice_set": Plan(head_from=-15, to_handler=False),
    # What is owed after the last word is help, not handling: office and head see to it.
    "pet.follow_up": Plan(after=(1, 3, 7), leader_from=None),
    "pet.review": _REVIEW,
    "pet.rereview": _REVIEW,
    "pet.review_apply": PETITIONER,
    "pet.rereview_apply": PETITIONER,
    "pet.satisfaction": PETITIONER,
}

#: Minutes from the end of a limit in hours at which it is spoken of, ascending, and on whom: everybody at once, the leaders when it ends.
HOURLY = (-60, 0, 60)
BY_THE_HOUR = Plan(after=(), head_from=-60, office_from=-60, leader_from=0)


def plan(limit: Limit) -> Plan:
    """The plan of a limit; one that has no line of its own is told like a duty, or like a right of the unit."""
    return PLANS.get(limit.key, GENERAL if limit.is_duty else RIGHT)


def days(limit: Limit) -> Iterator[int]:
    """Days from the due date on which somebody is told, ascending; without end for a weekly plan."""
    yield from sorted({-day for day in limit.warn_days})
    found = plan(limit)
    yield from found.after
    last = found.after[-1] if found.after else 0
    while found.is_weekly:
        last += _WEEK
        yield last


def first_day(limit: Limit, due_on: date, since: date | None = None) -> date | None:
    """The first day on or after `since` on which somebody is told of a limit due on `due_on`; None when none is left.

    `since` is the day from which the due date is known, by default today: a start, an extension, a line of an old ledger
    is entered now, and nobody is told of the days before it.
    """
    since = since or timezone.localdate(clock.entered(clock.now()))
    found = plan(limit)
    if found.is_weekly and since > due_on + timedelta(days=found.after[-1]):
        past = (since - due_on).days - found.after[-1]
        return due_on + timedelta(days=found.after[-1] + -(-past // _WEEK) * _WEEK)
    return next((day for day in (due_on + timedelta(days=offset) for offset in days(limit)) if day >= since), None)


def is_statutory(limit: Limit) -> bool:
    """A duty that rests on a law or a rule from above, not on the county's own promise: nobody can mute it (ALL-3)."""
    return limit.is_duty and not limit.cites.startswith("本中心规定")


def hour_words(number: str, name: str, title: str, due_at: datetime, now: datetime) -> str:
    """One line for the inbox about a limit in hours."""
    local = timezone.localtime(due_at)
    left = round((due_at - now).total_seconds() / 60)
    stands = f"还有 {left} 分钟" if left > 0 else "现已到期" if left == 0 else f"已超 {-left} 分钟"
    return f"{number} {name}须在{local:%-m月%-d日 %H:%M}前完成，{stands}：{title}"


def words(number: str, name: str, title: str, due_on: date, offset: int, today: date) -> str:
    """One line for the inbox. The dates are the true ones, also when the sweep comes late."""
    day = due_on + timedelta(days=offset)
    when, then = f"{due_on.month}月{due_on.day}日", f"{day.month}月{day.day}日"
    if offset < 0:
        stands = f"{when}到期，还有 {-offset} 天" if day == today else f"{when}到期"
    elif offset == 0:
        stands = f"今日（{when}）到期" if day == today else f"{when}到期"
    else:
        stands = f"{when}到期，已超 {offset} 天" if day == today else f"{when}到期，至 {then}已超 {offset} 天"
    late = "" if day == today else f"（补发 {then}的提醒）"
    return f"{number} {name}{stands}{late}：{title}"
