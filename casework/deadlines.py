"""Due dates as stored facts. `turn` is the one writer: what was met, what fell away, what starts, on one case.

A limit counts from an event's date by the version of the setting valid on that date; later changes of the setting
never move it (L-CUR-7). The case row carries the nearest running duty, because every list sorts by it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from casework import limits
from casework.calendar import Roll, Unit
from casework.models import Case, Deadline, Limit


@dataclass(frozen=True, slots=True)
class Start:
    """A limit that begins to run. `due_on` is given only for limits «as set» (a promise, a report term, a task)."""

    key: str
    base_on: date
    base_event: str
    unit_id: int | None = None
    due_on: date | None = None


def turn(
    case: Case,
    *,
    on: date,
    meet: Collection[str] = (),
    drop: Collection[str] = (),
    start: Collection[Start] = (),
    is_new: bool = False,
) -> list[Deadline]:
    """Meet, drop and start limits on the case, and put the nearest running duty on the case row (caller saves).

    `meet` and `drop` are limit keys; keys that do not run are ignored, so that an act need not know the past.
    Returns the running deadlines. With `is_new` nothing can be running yet and no query is spent on looking.
    """
    running = [] if is_new else _stop(case, on, meet, drop)
    # A restart of the same limit for the same unit replaces the one that ran (a second dispatch, a new task term).
    started = [_start(case, item) for item in start]
    replaced = [d for d in running if any(d.key == s.key and d.unit_id == s.unit_id for s in started)]
    for deadline in replaced:
        deadline.dropped_on = on
    if replaced:
        Deadline.objects.bulk_update(replaced, ["dropped_on"])
        running = [d for d in running if d not in replaced]
    running += Deadline.objects.bulk_create(started)
    settle(case, running)
    return running


def settle(case: Case, running: Collection[Deadline]) -> None:
    """Put the nearest running duty on the case row; nothing on a closed one."""
    duties = [d for d in running if d.is_duty]
    nearest = min(duties, key=lambda d: (d.due_on, d.key), default=None)
    if nearest is None or case.closed_at is not None:
        case.due_on, case.due_key, case.warn_on = None, "", None
    else:
        case.due_on, case.due_key, case.warn_on = nearest.due_on, nearest.key, nearest.warn_on


def running_keys(case: Case) -> set[str]:
    return set(_running(case).values_list("key", flat=True))


def preview(key: str, base_on: date) -> Deadline:
    """What the limit would be if it started on that day: the register page says it before saving."""
    return _start(Case(), Start(key, base_on, ""))


def _running(case: Case):
    return Deadline.objects.filter(case=case, met_on=None, dropped_on=None)


def _stop(case: Case, on: date, meet: Collection[str], drop: Collection[str]) -> list[Deadline]:
    """Meet and drop in one statement, which also returns what runs on."""
    if not meet and not drop:
        return list(_running(case))
    rows = Deadline.objects.raw(
        "UPDATE casework_deadline SET met_on = CASE WHEN key = ANY(%(meet)s::text[]) THEN %(on)s::date END, "
        "dropped_on = CASE WHEN key = ANY(%(drop)s::text[]) AND NOT key = ANY(%(meet)s::text[]) THEN %(on)s::date END "
        "WHERE case_id = %(case)s AND met_on IS NULL AND dropped_on IS NULL RETURNING *",
        {"case": case.pk, "on": on, "meet": list(meet), "drop": list(drop)},
    )
    return [row for row in rows if row.met_on is None and row.dropped_on is None]


def _start(case: Case, item: Start) -> Deadline:
    settings = limits.current()
    limit = settings.limit(item.key, item.base_on)
    if limit.unit == Limit.Unit.SET or limit.n is None:
        if item.due_on is None:
            raise ValueError(f"{item.key} runs to a date that must be given")
        due_on, rolled_on, provisional = item.due_on, None, False
    else:
        due = settings.calendar.due_date(item.base_on, limit.n, cast(Unit, limit.unit), cast(Roll, limit.roll))
        due_on, rolled_on, provisional = due.due_on, due.rolled_on, due.provisional
    return Deadline(
        case=case,
        key=item.key,
        name=limit.name,
        limit=limit,
        unit_id=item.unit_id,
        is_duty=limit.is_duty,
        base_on=item.base_on,
        base_event=item.base_event,
        due_on=due_on,
        rolled_on=rolled_on,
        warn_on=due_on - timedelta(days=max(limit.warn_days, default=0)),
        is_provisional=provisional,
    )
