"""Where a limit ends after extension, suspension and excluded time (L-PET-21…23, L-TIME-7), against day-by-day counting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework import calendar, reckoning
from casework.calendar import Calendar

CALENDAR = Calendar.from_rows(calendar.shipped_rows())
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Term:
    n: int | None
    unit: str = "calendar"
    roll: str = "none"


@dataclass(frozen=True)
class Move:
    kind: str
    on: date
    until_on: date | None = None
    days: int | None = None


def d(text: str) -> date:
    return date.fromisoformat(text)


def reckon(term: Term, base: str, *moves: Move, given_on: date | None = None) -> reckoning.Reckoned:
    return reckoning.reckon(CALENDAR, term, d(base), given_on, moves)


def test_nothing_moved_is_the_bare_limit():
    found = reckon(Term(60), "2026-08-03")
    assert (found.due_on, found.first_due_on, found.rolled_on) == (d("2026-10-02"), None, d("2026-10-08"))


def test_an_extension_counts_from_the_due_date_on():
    found = reckon(Term(60), "2026-08-03", Move("extended", d("2026-09-20"), days=30))
    assert (found.due_on, found.first_due_on, found.extended_days) == (d("2026-11-01"), d("2026-10-02"), 30)


def test_the_day_of_suspension_does_not_count_and_the_day_of_resumption_does():
    stopped = Move("suspended", d("2026-08-10"))
    assert reckon(Term(10), "2026-08-03", stopped).suspended_on == d("2026-08-10")
    same_day = reckon(Term(10), "2026-08-03", stopped, Move("resumed", d("2026-08-10")))
    assert (same_day.due_on, same_day.suspended_on) == (d("2026-08-13"), None)
    later = reckon(Term(10), "2026-08-03", stopped, Move("resumed", d("2026-08-15")))
    assert later.due_on == d("2026-08-18")


def test_a_hearing_after_the_last_day_moves_nothing():
    hearing = Move("excluded", d("2026-09-05"), d("2026-09-07"))
    assert reckon(Term(30), "2026-08-03", hearing).due_on == d("2026-09-02")
    inside = Move("excluded", d("2026-09-02"), d("2026-09-04"))
    assert reckon(Term(30), "2026-08-03", inside).due_on == d("2026-09-05")


def test_days_excluded_twice_count_once():
    found = reckon(
        Term(30),
        "2026-08-03",
        Move("suspended", d("2026-08-10")),
        Move("resumed", d("2026-08-20")),
        Move("excluded", d("2026-08-15"), d("2026-08-24")),
    )
    assert found.due_on == d("2026-09-02") + 15 * DAY


def test_a_date_given_in_the_letter_moves_too():
    found = reckon(Term(None, "as_set"), "2026-08-03", Move("extended", d("2026-08-10"), days=5), given_on=d("2026-08-20"))
    assert (found.due_on, found.first_due_on, found.rolled_on) == (d("2026-08-25"), d("2026-08-20"), None)
    with pytest.raises(ValueError, match="must be given"):
        reckon(Term(None, "as_set"), "2026-08-03")


def test_a_moved_limit_that_reaches_into_an_unpublished_year_is_provisional():
    assert not reckon(Term(10, "working"), "2026-12-01").provisional
    assert reckon(Term(10, "working"), "2026-12-01", Move("extended", d("2026-12-05"), days=20)).provisional
    assert not reckon(Term(60), "2026-12-01").provisional


starts = st.dates(date(2020, 1, 1), date(2025, 6, 30))
spans = st.lists(st.tuples(st.integers(-5, 120), st.integers(0, 25)), max_size=4)


def counted_by_hand(unit: str, base: date, n: int, off: set[date]) -> date:
    """The n-th day that counts after the start, one day after another: the rule in its plainest words."""
    day, left = base, n
    while left:
        day += DAY
        left -= day not in off and (unit == "calendar" or CALENDAR.is_working(day))
    return day


@settings(deadline=None)
@given(st.sampled_from(["calendar", "working"]), starts, st.integers(1, 60), st.integers(0, 30), spans, st.randoms(use_true_random=False))
def test_equals_counting_day_by_day(unit, base, n, extension, ranges, order):
    excluded = [(base + a * DAY, base + (a + length) * DAY) for a, length in ranges]
    off = {first + i * DAY for first, last in excluded for i in range((last - first).days + 1)}
    moves = [Move("excluded", first, last) for first, last in excluded]
    if extension:
        moves.append(Move("extended", base, days=extension))
    order.shuffle(moves)
    strict = counted_by_hand(unit, base, n + extension, off)
    found = reckoning.reckon(CALENDAR, Term(n, unit), base, None, moves)
    assert (found.due_on, found.strict_on) == (strict, strict)
    rolled = reckoning.reckon(CALENDAR, Term(n, unit, "forward"), base, None, moves)
    assert rolled.due_on == CALENDAR.next_working(strict)
    assert (found.first_due_on is None) == (not moves)


@settings(deadline=None)
@given(starts, st.integers(1, 60), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=3))
def test_standing_still_is_time_excluded(base, n, pauses):
    day, suspended, excluded = base, [], []
    for wait, length in pauses:
        since = day + (wait + 1) * DAY
        day = since + length * DAY
        suspended += [Move("suspended", since), Move("resumed", day)]
        if length:
            excluded.append(Move("excluded", since, day - DAY))
    one = reckoning.reckon(CALENDAR, Term(n), base, None, suspended)
    two = reckoning.reckon(CALENDAR, Term(n), base, None, excluded)
    assert one.due_on == two.due_on
