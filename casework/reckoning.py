"""Where a limit ends: its length, its start, and what moved it since. Pure; the stored dates must always equal it.

A day that is excluded or lies in a suspension is not counted, wherever it falls in the term; a day after the term's
end is not in it and moves nothing. So the order in which events became known changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, cast

from casework.calendar import Calendar, Roll, Unit

_DAY = timedelta(days=1)

EXTENDED, SUSPENDED, RESUMED, EXCLUDED = "extended", "suspended", "resumed", "excluded"


class Term(Protocol):
    """What is needed of a limit's version. `n` is None where the date is set case by case."""

    @property
    def n(self) -> int | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def roll(self) -> str: ...


class Move(Protocol):
    """What is needed of an event. `days` counts in the limit's own unit (months and hours: calendar days)."""

    @property
    def kind(self) -> str: ...
    @property
    def on(self) -> date: ...
    @property
    def until_on(self) -> date | None: ...
    @property
    def days(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Span:
    """Days that are not counted, both ends included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Reckoned:
    """`due_on` binds; `strict_on` is before rolling; `first_due_on` what it was before any move, None without one.

    `suspended_on`: the clock stands still since then, and `due_on` is what it was on that day.
    """

    due_on: date
    strict_on: date
    first_due_on: date | None
    rolled_on: date | None
    provisional: bool
    suspended_on: date | None
    extended_days: int
    skipped: tuple[Span, ...]
    due_at: datetime | None = None


def reckon(
    calendar: Calendar, term: Term, base_on: date, given_on: date | None, moves: Sequence[Move] = (), base_at: datetime | None = None
) -> Reckoned:
    """The dates that follow from the events. Raises ValueError for a limit without length that was given no date.

    `base_at`, in local time, is the moment a limit in hours runs from (民法典§201②); the moment it ends is in `due_at`, and what
    moves it moves it by whole days.
    """
    extended = sum(move.days or 0 for move in moves if move.kind == EXTENDED)
    skipped, suspended_on = _standing_still(moves)
    has_moved = any(move.kind in (EXTENDED, SUSPENDED, EXCLUDED) for move in moves)
    if term.n is None or term.unit == "as_set":
        if given_on is None:
            raise ValueError("a limit without a length runs to a date that must be given")
        strict = _past(calendar, "calendar", base_on, given_on + extended * _DAY, skipped)
        return Reckoned(strict, strict, given_on if has_moved else None, None, False, suspended_on, extended, skipped)
    unit, roll = cast(Unit, term.unit), cast(Roll, term.roll)
    first = calendar.due_date(base_at if unit == "hours" and base_at else base_on, term.n, unit, roll)
    if not has_moved:
        return Reckoned(first.due_on, first.strict_on, None, first.rolled_on, first.provisional, suspended_on, 0, skipped, first.due_at)
    if unit in ("calendar", "working"):
        strict = calendar.due_date(base_on, term.n + extended, unit).strict_on
    else:
        strict = first.strict_on + extended * _DAY
    strict = _past(calendar, unit, base_on, strict, skipped)
    rolled = calendar.next_working(strict)
    unsure = unit == "working" and strict > base_on and not calendar.are_known(base_on + _DAY, strict)
    if roll == "forward":
        unsure = unsure or not calendar.are_known(strict, rolled)
    due_on = rolled if roll == "forward" else strict
    due_at = first.due_at + (due_on - first.due_on) if first.due_at else None
    return Reckoned(due_on, strict, first.due_on, rolled, unsure, suspended_on, extended, skipped, due_at)


def _standing_still(moves: Iterable[Move]) -> tuple[tuple[Span, ...], date | None]:
    """The days not counted, merged and in order, and since when the clock stands still now.

    The day of suspension is not counted, the day of resumption is.
    """
    spans: list[Span] = []
    since: date | None = None
    for move in moves:
        match move.kind:
            case "excluded":
                spans.append(Span(move.on, move.until_on or move.on))
            case "suspended":
                since = move.on
            case "resumed" if since is not None:
                spans.append(Span(since, move.on - _DAY))
                since = None
    merged: list[Span] = []
    for span in sorted((s for s in spans if s.first <= s.last), key=lambda s: s.first):
        if merged and span.first <= merged[-1].last + _DAY:
            merged[-1] = Span(merged[-1].first, max(merged[-1].last, span.last))
        else:
            merged.append(span)
    return tuple(merged), since


def _past(calendar: Calendar, unit: Unit, base_on: date, due: date, skipped: Iterable[Span]) -> date:
    """The term's end with the skipped days made up for: in working days where it counts those."""
    for span in skipped:
        first = max(span.first, base_on + _DAY)
        if first > span.last or first > due:
            continue
        if unit == "working":
            due = calendar.add_working_days(due, calendar.working_days_between(first - _DAY, span.last))
        else:
            due += span.last - first + _DAY
    return due
