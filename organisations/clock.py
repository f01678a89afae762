"""The one clock. Actions read it once; the demo county and imports move it, so that history has its own dates.

`at` moves it for what happens inside; `run_by` gives a whole process another one: a simulation of weeks in a minute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

from django.utils import timezone

_moved: ContextVar[datetime | None] = ContextVar("moved_clock", default=None)
_entered: ContextVar[bool] = ContextVar("entered_now", default=False)
_source: Callable[[], datetime] = timezone.now


def now() -> datetime:
    """This moment, aware; or the moment set by `at`."""
    return _moved.get() or _source()


def run_by(source: Callable[[], datetime]) -> None:
    """From here on this process takes the time from `source`, which gives aware moments."""
    global _source
    _source = source


def today() -> date:
    """The date in the county's time zone: asked for every cell of a list, so without a look for another zone in force."""
    return now().astimezone(timezone.get_default_timezone()).date()


def entered(at: datetime) -> datetime:
    """When a line of history is entered: the act's own moment, but the real one for a ledger taken in later."""
    return _source() if _entered.get() else at


def is_from_ledger() -> bool:
    """Whether what is entered now was said and sent long ago, by another system."""
    return _entered.get()


@contextmanager
def from_ledger() -> Iterator[None]:
    """Acts inside happened when `at` says, and are entered now: history keeps both (beyond.md 23)."""
    token = _entered.set(True)
    try:
        yield
    finally:
        _entered.reset(token)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Everything inside happens at `moment` (aware). For the demo county, imports of old ledgers, and tests."""
    if timezone.is_naive(moment):
        raise ValueError("clock.at needs an aware datetime")
    token = _moved.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _moved.reset(token)
