"""Sweeps of the clock: what each of them is called, how often it runs, and when it last did.

A run is written down before and after in rows of its own, so that the health page can tell a sweep that does not come
from one that comes and fails.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps

from celery import Task, shared_task
from django.db.models import Max

from casework.models import SweepRun
from organisations import clock


@dataclass(frozen=True, slots=True)
class Sweep:
    """`late_after` is the age of the last run, in seconds, from which the clock seems to stand still."""

    name: str
    label: str
    late_after: int


#: Seconds without any sweep beginning, of which the quickest comes every five: the workers or their clock are down.
STILL = 60

_sweeps: dict[str, Sweep] = {}


def sweep(name: str, label: str, *, late_after: int = 900) -> Callable[[Callable[[], int | None]], Task]:
    """Make a function of no arguments a task whose runs are written down. It returns how much it did, or None."""

    def make(work: Callable[[], int | None]) -> Task:
        _sweeps[name] = Sweep(name, label, late_after)

        @wraps(work)
        def recorded() -> None:
            began, started = clock.now(), time.monotonic()
            SweepRun.objects.update_or_create(name=name, defaults={"began_at": began})
            try:
                done = work()
            except Exception as error:
                SweepRun.objects.filter(name=name).update(failed_at=clock.now(), error=f"{type(error).__name__}")
                raise
            took = round((time.monotonic() - started) * 1000)
            SweepRun.objects.filter(name=name).update(ended_at=clock.now(), took_ms=took, done=done or 0)

        return shared_task(name=name, ignore_result=True)(recorded)

    return make


def is_still() -> bool:
    """Whether nothing is done in the background now: told to whoever waits for it, who else would wait without end."""
    last = SweepRun.objects.aggregate(last=Max("began_at"))["last"]
    return last is None or last < clock.now() - timedelta(seconds=STILL)


def every() -> list[Sweep]:
    return list(_sweeps.values())


def forget(name: str) -> None:
    """Take a sweep off the list (one that a test has made)."""
    del _sweeps[name]


def once_a_day(hours: int = 26) -> int:
    """`late_after` of a nightly sweep, in seconds."""
    return hours * 3600


def age(run: SweepRun | None, now: datetime) -> float | None:
    """Seconds since the sweep last went through; None when it never has."""
    return (now - run.ended_at).total_seconds() if run and run.ended_at else None
