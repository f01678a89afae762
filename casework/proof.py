"""Do the stored dates follow from their events? Every limit and every case row is counted again and compared (`manage.py check_deadlines`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from casework import deadlines, lamps, limits, reckoning
from casework.calendar import Calendar
from casework.models import CalendarChange, Case, Deadline

_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Difference:
    """The row that is not what its events say, in words for whoever runs the check."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Past:
    """The calendar as it was before each change, newest first, with the day until which it was so."""

    now: Calendar
    before: tuple[tuple[date, Calendar], ...]

    def since(self, on: date) -> Iterator[Calendar]:
        """Every calendar that was in force at some time from that day on; the newest first."""
        yield self.now
        for until, calendar in self.before:
            if until < on:
                return
            yield calendar


def past() -> Past:
    """The present calendar with its changes taken back one after another."""
    calendar = limits.read_calendar()
    now, before = calendar, []
    changes: dict[object, list[CalendarChange]] = {}
    for change in CalendarChange.objects.order_by("-id"):
        changes.setdefault(change.at, []).append(change)
    for group in changes.values():
        calendar = _taken_back(calendar, group)
        before.append((timezone.localdate(group[0].at), calendar))
    return Past(now, tuple(before))


def _taken_back(calendar: Calendar, changes: Sequence[CalendarChange]) -> Calendar:
    off, worked, years = set(calendar.off), set(calendar.worked), set(calendar.years)
    for change in changes:
        off.discard(change.day)
        worked.discard(change.day)
        if change.was_off is not None:
            (off if change.was_off else worked).add(change.day)
        elif (change.day.month, change.day.day) == (10, 1) and change.source == "state":
            years.discard(change.day.year)
    return replace(calendar, off=frozenset(off), worked=frozenset(worked), years=frozenset(years))


def check() -> Iterator[Difference]:
    """Every difference in the database, limits first. Reads in batches; memory does not grow with the county."""
    held = past()
    last = 0
    while rows := list(
        Deadline.objects.filter(pk__gt=last).order_by("pk").select_related("limit", "case").prefetch_related("events").defer("case__marks")[:_BATCH]
    ):
        for row in rows:
            what = _problem(row, held)
            if what:
                yield Difference(f"{row.case.number} {row.key}（期限 {row.pk}）", what)
        last = rows[-1].pk
    last = 0
    while cases := list(Case.objects.filter(pk__gt=last).order_by("pk")[:_BATCH]):
        yield from _check_cases(cases)
        last = cases[-1].pk


def _problem(row: Deadline, held: Past) -> str:
    """What is wrong with a limit, or an empty string. A finished one rests on a calendar of its time (L-CAL-4)."""
    ended_on = row.met_on or row.dropped_on
    calendars = [held.now] if ended_on is None else held.since(ended_on)
    first = ""
    for calendar in calendars:
        found = reckoning.reckon(calendar, row.limit, row.base_on, row.given_on, list(row.events.all()), deadlines.base_at(row))
        wanted = (found.due_on, found.first_due_on, found.rolled_on, found.provisional, found.suspended_on)
        stored = (row.due_on, row.first_due_on, row.rolled_on, row.is_provisional, row.suspended_on)
        if wanted == stored and found.due_at == row.due_at and row.warn_on == deadlines.warn_on(row.limit, found.due_on):
            return ""
        first = first or f"应为 {_words(wanted)}，存为 {_words(stored)}"
    return first


def _words(dates: tuple[date | bool | None, ...]) -> str:
    due, first, rolled, provisional, suspended = dates
    return f"到期 {due}、原到期 {first}、顺延参考 {rolled}、暂定 {provisional}、中止自 {suspended}"


def _check_cases(cases: Sequence[Case]) -> Iterator[Difference]:
    running: dict[int, list[Deadline]] = {case.pk: [] for case in cases}
    for row in Deadline.objects.filter(case__in=running, met_on=None, dropped_on=None):
        running[row.case_id].append(row)
    for case in cases:
        stored = _shown(case)
        deadlines.settle(case, running[case.pk])
        if _shown(case) != stored:
            yield Difference(case.number, f"案件上应为 {_shown(case)}，存为 {stored}")


def _shown(case: Case) -> tuple[object, ...]:
    return (case.due_on, case.due_key, case.warn_on, *(mark in case.marks for mark in (lamps.SUSPENDED, lamps.PROVISIONAL)))
