"""Counting of days and terms (L-TIME-1/2/3/5/6/10, L-CAL-2/3)."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import calendar
from casework.calendar import Calendar, Due

CALENDAR = Calendar.from_rows(calendar.shipped_rows())
DATA = Path(calendar.__file__).parent / "data" / "holidays.csv"

known_days = st.dates(date(2004, 1, 1), date(2026, 6, 30))
any_days = st.dates(date(1990, 1, 1), date(2040, 12, 31))
counts = st.integers(0, 90)


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("base", "n", "unit", "due", "rolled"),
    [
        ("2026-01-27", 15, "calendar", "2026-02-11", "2026-02-11"),
        ("2026-02-03", 15, "calendar", "2026-02-18", "2026-02-24"),
        ("2026-04-17", 15, "calendar", "2026-05-02", "2026-05-06"),
        ("2026-09-05", 30, "calendar", "2026-10-05", "2026-10-08"),
        ("2026-07-24", 60, "calendar", "2026-09-22", "2026-09-22"),
        ("2026-08-03", 60, "calendar", "2026-10-02", "2026-10-08"),
        ("2026-02-10", 3, "working", "2026-02-13", "2026-02-13"),
        ("2026-01-30", 10, "working", "2026-02-13", "2026-02-13"),
        ("2026-02-12", 5, "working", "2026-02-26", "2026-02-26"),
        ("2026-04-29", 5, "working", "2026-05-09", "2026-05-09"),
        ("2026-09-23", 5, "working", "2026-10-08", "2026-10-08"),
        ("2026-09-28", 10, "working", "2026-10-16", "2026-10-16"),
    ],
)
def test_published_vectors(base: str, n: int, unit: calendar.Unit, due: str, rolled: str) -> None:
    duty = CALENDAR.due_date(d(base), n, unit)
    assert (duty.due_on, duty.rolled_on) == (d(due), d(rolled))
    right = CALENDAR.due_date(d(base), n, unit, "forward")
    assert (right.due_on, right.strict_on) == (d(rolled), d(due))
    assert not duty.provisional
    assert not right.provisional


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_year_has_248_working_days(year: int) -> None:
    assert CALENDAR.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == 248


def test_every_listed_day_is_what_the_list_says() -> None:
    with DATA.open(encoding="utf-8") as rows:
        listed = {d(row["date"]): row["kind"] == "makeup_workday" for row in csv.DictReader(rows)}
    assert len(listed) == 771
    assert {day for day, works in listed.items() if works != CALENDAR.is_working(day)} == set()
    ordinary = (date(2026, 1, 1) + timedelta(days=n) for n in range(365))
    assert all(CALENDAR.is_working(day) == (day.weekday() < 5) for day in ordinary if day not in listed)


@pytest.mark.parametrize(
    ("base", "n", "due"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-03-31", 1, "2026-04-30"),
        ("2026-10-15", 3, "2027-01-15"),
        ("2024-02-29", 12, "2025-02-28"),
    ],
)
def test_months_end_on_the_same_number_or_the_last_day(base: str, n: int, due: str) -> None:
    assert CALENDAR.due_date(d(base), n, "month").due_on == d(due)


def test_hours_run_by_the_clock() -> None:
    at = datetime(2026, 2, 14, 20, 30, tzinfo=UTC)
    due = CALENDAR.due_date(at, 4, "hours")
    assert due.due_at == datetime(2026, 2, 15, 0, 30, tzinfo=UTC)
    assert due.due_on == d("2026-02-15")
    assert CALENDAR.due_date(d("2026-02-14"), 0, "hours").due_on == d("2026-02-14")
    assert CALENDAR.due_date(d("2026-02-14"), 24, "hours").due_on == d("2026-02-15")


def test_an_instant_counts_by_its_day() -> None:
    at = datetime(2026, 2, 3, 23, 59, tzinfo=UTC)
    assert CALENDAR.due_date(at, 15, "calendar") == CALENDAR.due_date(d("2026-02-03"), 15, "calendar")


def test_the_same_day() -> None:
    due = CALENDAR.due_date(d("2026-10-04"), 0, "calendar")
    assert due == Due(d("2026-10-04"), d("2026-10-04"), d("2026-10-08"), 0, provisional=False, rolled_provisional=False)


def test_a_year_without_a_table_is_counted_by_weekends_and_says_so() -> None:
    due = CALENDAR.due_date(d("2026-12-25"), 10, "working")
    assert due.due_on == d("2027-01-08")
    assert due.provisional
    assert not CALENDAR.due_date(d("2026-12-20"), 30, "calendar").provisional
    assert CALENDAR.due_date(d("2026-12-20"), 30, "calendar").rolled_provisional
    assert CALENDAR.due_date(d("2026-12-20"), 30, "calendar", "forward").provisional
    assert not CALENDAR.due_date(d("2026-12-10"), 5, "working").provisional


def test_the_last_days_of_december_wait_for_the_next_table() -> None:
    """The 2019 table took 31 December 2018 off and made 29 December work."""
    assert CALENDAR.due_date(d("2026-12-28"), 2, "working").provisional
    rows = [row for row in calendar.shipped_rows() if row[0] < d("2018-12-29")]
    before = Calendar.from_rows(rows)
    assert before.due_date(d("2018-12-28"), 1, "working").provisional
    assert not CALENDAR.due_date(d("2018-12-28"), 1, "working").provisional
    assert CALENDAR.due_date(d("2018-12-28"), 1, "working").due_on == d("2018-12-29")


def test_an_empty_calendar_knows_nothing_and_still_counts() -> None:
    empty = Calendar(frozenset(), frozenset(), frozenset())
    due = empty.due_date(d("2026-02-12"), 5, "working")
    assert due.due_on == d("2026-02-19")
    assert due.provisional


@pytest.mark.parametrize("n", [-1, 10**6])
def test_absurd_terms_are_refused(n: int) -> None:
    with pytest.raises(ValueError, match="期限"):
        CALENDAR.due_date(d("2026-02-12"), n, "calendar")


def test_counting_back() -> None:
    assert CALENDAR.add_working_days(d("2026-10-08"), -1) == d("2026-09-30")
    assert CALENDAR.add_working_days(d("2026-05-09"), -2) == d("2026-05-07")
    assert CALENDAR.working_days_between(d("2026-10-08"), d("2026-09-30")) == -1


def test_each_day_has_its_words() -> None:
    assert CALENDAR.describe(d("2026-05-01")) == "劳动节放假"
    assert CALENDAR.describe(d("2026-05-09")) == "劳动节调休上班"
    assert CALENDAR.describe(d("2026-05-08")) == "工作日（周五）"
    assert CALENDAR.describe(d("2026-05-16")) == "休息日（周六）"
    assert CALENDAR.describe(d("2027-03-03")) == "工作日（周三，2027年放假安排未公布）"
    assert CALENDAR.describe(d("2026-12-30")) == "工作日（周三，2027年放假安排未公布）"


@given(any_days, counts)
def test_a_working_term_never_ends_on_a_day_off(base: date, n: int) -> None:
    due = CALENDAR.due_date(base, n + 1, "working")
    assert CALENDAR.is_working(due.due_on)
    assert due.due_on == due.rolled_on
    assert CALENDAR.working_days_between(base, due.due_on) == n + 1


@given(any_days, counts, counts)
def test_working_days_add_up(base: date, m: int, n: int) -> None:
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(base, m), n) == CALENDAR.add_working_days(base, m + n)


@given(any_days, any_days, counts, st.sampled_from(["calendar", "working", "month", "hours"]), st.sampled_from(["none", "forward"]))
def test_later_starts_and_longer_terms_never_end_earlier(a: date, b: date, n: int, unit: calendar.Unit, roll: calendar.Roll) -> None:
    first, second = sorted((a, b))
    assert CALENDAR.due_date(first, n, unit, roll).due_on <= CALENDAR.due_date(second, n, unit, roll).due_on
    assert CALENDAR.due_date(first, n, unit, roll).due_on <= CALENDAR.due_date(first, n + 1, unit, roll).due_on


@given(known_days, st.integers(1, 60))
def test_counting_there_and_back_meets(base: date, n: int) -> None:
    start = CALENDAR.next_working(base)
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(start, n), -n) == start


@given(st.dates(date(2004, 1, 1), date(2026, 12, 31)))
def test_an_independent_calendar_knows_the_same_working_days(day: date) -> None:
    """`chinesecalendar` keeps the State Council's lists on its own (L-CAL-1/2)."""
    assert CALENDAR.is_working(day) == chinese_calendar.is_workday(day)


@given(st.dates(date(2004, 1, 1), date(2026, 6, 30)), st.integers(1, 60))
def test_an_independent_calendar_counts_the_same_terms(base: date, n: int) -> None:
    due = CALENDAR.due_date(base, n, "working").due_on
    assert len(chinese_calendar.get_workdays(base + timedelta(days=1), due)) == n
    assert chinese_calendar.is_workday(due)
