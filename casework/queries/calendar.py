"""A year of the calendar as the administrator sees it: twelve months, the days that differ, what was changed and by whom."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from casework import limits
from casework.calendar import Calendar
from casework.models import CalendarChange, Holiday, OfficeHours

#: Changes shown under the year.
SHOWN = 40
#: Years that have a page.
FIRST, LAST = 2004, 2100


@dataclass(frozen=True, slots=True)
class Cell:
    """A day in a month's grid. `kind` is off, worked, own (the county's), rest (an ordinary weekend) or empty."""

    day: date
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Month:
    name: str
    weeks: tuple[tuple[Cell | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Year:
    """`is_published`: the State Council's table for it is here; without it its working days are a guess and shown as one."""

    number: int
    is_published: bool
    months: tuple[Month, ...]
    days: list[Holiday]
    working_days: int
    changes: list[CalendarChange]
    hours: list[OfficeHours]


def year(number: int) -> Year:
    """Three statements."""
    calendar = limits.current().calendar
    days = list(Holiday.objects.filter(day__year=number).order_by("day"))
    own = {row.day for row in days if row.source == Holiday.Source.COUNTY}
    first, last = date(number, 1, 1), date(number, 12, 31)
    return Year(
        number=number,
        is_published=number in calendar.years,
        months=tuple(_month(number, month, calendar, own) for month in range(1, 13)),
        days=days,
        working_days=calendar.working_days_between(first - timedelta(days=1), last),
        changes=list(CalendarChange.objects.filter(day__year=number).select_related("by")[:SHOWN]),
        hours=list(OfficeHours.objects.order_by("-valid_from")),
    )


def _month(number: int, month: int, calendar: Calendar, own: Iterable[date]) -> Month:
    grid = months.Calendar().monthdatescalendar(number, month)
    weeks = tuple(tuple(_cell(day, calendar, own) if day.month == month else None for day in week) for week in grid)
    return Month(f"{month}月", weeks)


def _cell(day: date, calendar: Calendar, own: Iterable[date]) -> Cell:
    kind = "off" if day in calendar.off else "worked" if day in calendar.worked else "rest" if day.weekday() > 4 else ""
    return Cell(day, "own" if day in own else kind, calendar.describe(day) if kind not in ("", "rest") else "")
