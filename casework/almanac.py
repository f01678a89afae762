"""The county's calendar as an administrator keeps it: a year brought in from a file, own closing days, office hours (L-CAL-3…6).

Each change is written down for good, and the running limits that rest on a changed day are counted anew with a trace;
what is finished keeps its dates (L-CAL-4).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction

from casework import deadlines, escalation, limits, notices
from casework.addressees import Addressee
from casework.calendar import Calendar
from casework.holiday_files import Day, Table
from casework.models import CalendarChange, Case, Deadline, DeadlineEvent, Holiday, OfficeHours
from casework.rules import NotAllowed
from organisations import access, clock
from organisations.models import AccessEntry, Post, User
from organisations.roles import Role
from organisations.rules import check_holds
from organisations.scope import Scope

#: From this day on a missing next year is announced (L-CAL-3).
ALARM_FROM = (12, 15)
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Difference:
    """What would become of a day: `was` and `now` are None for an ordinary day."""

    day: date
    was: Day | None
    now: Day | None
    replaces_own: bool = False

    @property
    def words(self) -> str:
        return f"{_words(self.was)} → {_words(self.now)}"

    @property
    def is_counted(self) -> bool:
        """Whether it changes a working day, not only a name."""
        return (self.was.is_off if self.was else None) != (self.now.is_off if self.now else None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many days were changed, how many running limits got another due date by it, or became certain, and how many were counted anew."""

    days: int
    limits: int
    counted: int


def _words(day: Day | None) -> str:
    return "平常日" if day is None else f"{day.name}（{'放假' if day.is_off else '上班'}）"


# -- what an administrator does ---------------------------------------------------------------------------------------------------------------


def compare(table: Table) -> list[Difference]:
    """What bringing the table in would change: its own days, and those of its whole years that it no longer lists."""
    held = {row.day: row for row in Holiday.objects.all()}
    new = {day.day: day for day in table.days}
    found = []
    for day in sorted(set(held) | set(new)):
        row, now = held.get(day), new.get(day)
        if now is None and (row is None or row.source != Holiday.Source.STATE or day.year not in table.years):
            continue
        was = Day(day, row.is_off, row.name) if row else None
        is_own = row is not None and row.source == Holiday.Source.COUNTY
        if was != now or is_own:
            found.append(Difference(day, was, now, is_own))
    return found


@transaction.atomic
def bring_in(table: Table, *, reason: str, by: Scope) -> Outcome:
    """Put a published table into the calendar. Raises NotAllowed: not this person's, a bad row, or nothing new."""
    check_holds(by.roles, Role.SYSTEM_ADMIN)
    if table.errors:
        raise NotAllowed(f"文件有错，没有导入：{table.errors[0]}", code="bad_file", status=422)
    _lock()
    found = compare(table)
    if not found:
        raise NotAllowed("与现有日历完全相同，没有需要导入的内容。", code="no_change", status=422)
    years = "、".join(f"{year} 年" for year in sorted(table.years))
    return _change(found, Holiday.Source.STATE, reason=reason, label=f"导入{years}放假安排", by=by)


@transaction.atomic
def set_own(day: date, *, is_off: bool, name: str, reason: str, by: Scope) -> Outcome:
    """A closing day of the county's own, or a weekend day it works (L-CAL-5). Raises NotAllowed."""
    check_holds(by.roles, Role.SYSTEM_ADMIN)
    _lock()
    row = Holiday.objects.filter(day=day).first()
    if row is not None and row.source == Holiday.Source.STATE:
        raise NotAllowed(f"{day:%-m月%-d日}在国务院公布的安排里（{row.name}），本县不能另行规定。", code="published", status=422)
    ordinary = limits.read_calendar().is_working(day) if row is None else None
    if ordinary is not None and ordinary != is_off:
        raise NotAllowed(f"{day:%-m月%-d日}本来就{'不' if is_off else ''}上班，不需要登记。", code="no_change", status=422)
    was = Day(day, row.is_off, row.name) if row else None
    now = Day(day, is_off, name)
    if was == now:
        raise NotAllowed("没有改动。", code="no_change", status=422)
    return _change([Difference(day, was, now)], Holiday.Source.COUNTY, reason=reason, label=f"{day} {_words(now)}", by=by)


@transaction.atomic
def remove_own(day: date, *, reason: str, by: Scope) -> Outcome:
    """Take an own day back. Days the State Council published go only with a new table. Raises NotAllowed."""
    check_holds(by.roles, Role.SYSTEM_ADMIN)
    _lock()
    row = Holiday.objects.filter(day=day, source=Holiday.Source.COUNTY).first()
    if row is None:
        raise NotAllowed("这一天不是本县规定的，不能在这里取消。", code="not_own")
    found = [Difference(day, Day(day, row.is_off, row.name), None)]
    return _change(found, Holiday.Source.COUNTY, reason=reason, label=f"取消 {day} {row.name}", by=by)


@transaction.atomic
def set_hours(*, valid_from: date, morning: tuple[time, time], afternoon: tuple[time, time], by: Scope) -> OfficeHours:
    """Office hours from a day on; what was before stays for what happened before (L-CAL-6). Raises NotAllowed."""
    check_holds(by.roles, Role.SYSTEM_ADMIN)
    if valid_from < clock.today():
        raise NotAllowed("办公时间只能从今天或以后起变更。", code="past", status=422)
    if not morning[0] < morning[1] <= afternoon[0] < afternoon[1]:
        raise NotAllowed("办公时间的先后不对：上午上班、上午下班、下午上班、下午下班须依次在后。", code="order", status=422)
    row, _ = OfficeHours.objects.update_or_create(
        valid_from=valid_from,
        defaults={"morning_from": morning[0], "morning_until": morning[1], "afternoon_from": afternoon[0], "afternoon_until": afternoon[1]},
    )
    limits.changed()
    _log(
        by,
        f"办公时间自 {valid_from} 起",
        "",
        {"上午": f"{morning[0]:%H:%M}–{morning[1]:%H:%M}", "下午": f"{afternoon[0]:%H:%M}–{afternoon[1]:%H:%M}"},
    )
    return row


# -- the clock's part ---------------------------------------------------------------------------------------------------------------------------


def missing_year(calendar: Calendar, today: date) -> int | None:
    """The year whose table is missing and has to be there by now: this one, or from 15 December the next."""
    if today.year not in calendar.years:
        return today.year
    if (today.month, today.day) >= ALARM_FROM and today.year + 1 not in calendar.years:
        return today.year + 1
    return None


@transaction.atomic
def announce_missing() -> int:
    """Tell every system administrator once a day that a year is missing. Returns how many were told by this run."""
    today, now = clock.today(), clock.now()
    year = missing_year(limits.read_calendar(), today)
    if year is None:
        return 0
    people = set(Post.objects.current(today).filter(role=Role.SYSTEM_ADMIN).values_list("user_id", flat=True))
    text = f"{year} 年放假安排还没有导入，跨入该年的工作日期限都是暂定的。请到“放假安排”导入国务院办公厅的通知。"
    lines = [
        notices.Line(
            to=Addressee(user_id=person), kind=notices.CALENDAR, text=text, key=f"{notices.CALENDAR}:{year}:{today}:p{person}", is_statutory=True
        )
        for person in sorted(people)
    ]
    return notices.insert(lines, now)


# -- changing and counting anew -----------------------------------------------------------------------------------------------------------------


def _lock() -> None:
    """One change of the calendar at a time."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE casework_holiday IN SHARE ROW EXCLUSIVE MODE")


def _change(found: Sequence[Difference], source: Holiday.Source, *, reason: str, label: str, by: Scope) -> Outcome:
    now = clock.now()
    CalendarChange.objects.bulk_create(
        CalendarChange(
            day=row.day,
            was_off=row.was.is_off if row.was else None,
            is_off=row.now.is_off if row.now else None,
            name=(row.now or row.was).name,  # type: ignore[union-attr]
            source=source,
            reason=reason,
            by=by.user,
            at=now,
        )
        for row in found
    )
    Holiday.objects.filter(day__in=[row.day for row in found if row.now is None]).delete()
    Holiday.objects.bulk_create(
        [Holiday(day=row.now.day, is_off=row.now.is_off, name=row.now.name, source=source) for row in found if row.now],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["is_off", "name", "source"],
    )
    counted, moved = recount([row.day for row in found if row.is_counted], label, by=by, at=now)
    limits.changed()
    detail: dict[str, object] = {"变更天数": len(found), "重算期限": counted, "期限变动": moved}
    _log(by, label, reason, {f"{row.day}": row.words for row in found[:60]} | detail)
    return Outcome(len(found), moved, counted)


def _log(by: Scope, label: str, reason: str, detail: dict[str, object]) -> None:
    access.log(
        AccessEntry.Event.POLICY,
        user=by.user,
        unit_id=by.home.unit_id if by.home else None,
        object_type="calendar",
        object_label=label,
        ground=reason,
        detail=detail,
    )


_RESTING_ON = """
SELECT d.id, d.case_id FROM casework_deadline d JOIN casework_limit l ON l.id = d.limit_id
WHERE d.met_on IS NULL AND d.dropped_on IS NULL AND l.n IS NOT NULL AND l.unit <> 'as_set'
  AND (d.is_provisional OR EXISTS (
    SELECT FROM unnest(%s::date[]) AS changed(day)
    WHERE day > CASE WHEN l.unit = 'working' OR l.roll = 'forward' THEN d.base_on ELSE d.due_on - 1 END
      AND day <= greatest(d.due_on, coalesce(d.rolled_on, d.due_on))))
ORDER BY d.case_id, d.id
"""
#: A limit written by somebody who still held the calendar of before: it rests on a change that is newer than the one it was counted with.
_LEFT_BEHIND = """
WITH changed AS MATERIALIZED (SELECT id, day FROM casework_calendarchange WHERE at >= %s)
SELECT d.id, d.case_id FROM casework_deadline d JOIN casework_limit l ON l.id = d.limit_id
WHERE d.met_on IS NULL AND d.dropped_on IS NULL AND l.n IS NOT NULL AND l.unit <> 'as_set'
  AND d.counted_by < (SELECT max(id) FROM changed)
  AND EXISTS (SELECT FROM changed WHERE changed.id > d.counted_by AND (d.is_provisional OR (
      day > CASE WHEN l.unit = 'working' OR l.roll = 'forward' THEN d.base_on ELSE d.due_on - 1 END
      AND day <= greatest(d.due_on, coalesce(d.rolled_on, d.due_on)))))
ORDER BY d.case_id, d.id
"""
#: Far longer than any act or chunk of an import runs.
LOOK_BACK = timedelta(days=2)


def catch_up() -> int:
    """Count anew what an act wrote by the calendar of before while it was being changed (L-CAL-4). Returns how many got another due date.

    An act never waits for the calendar: whoever began before a change commits after it with the old days, and its rows say by
    `counted_by` which change they know. Nothing is asked of the limits unless the calendar was changed lately.
    """
    since = clock.now() - LOOK_BACK
    last = CalendarChange.objects.filter(at__gte=since).order_by("-pk").select_related("by").first()
    if last is None:
        return 0
    if limits.current().calendar.change < last.pk:
        # Whoever changed it died before he could tell the others.
        limits.changed()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LEFT_BEHIND, [since])
        return _anew(cursor.fetchall(), "放假安排变更", by=last.by, at=clock.now())


def resting_on(days: Collection[date]) -> int:
    """How many running limits a change of these days would have counted anew."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({_RESTING_ON}) AS found", [sorted(days)])  # noqa: S608 (our own statement)
        return int(cursor.fetchone()[0])


def recount(days: Collection[date], why: str, *, by: Scope, at: datetime) -> tuple[int, int]:
    """Count anew the running limits that rest on these days. Returns how many, and how many of them got another due date or became certain.

    A running limit whose last day falls on a changed day rests on it by its rolled date, one in working days or one that
    rolls by any day of its term. Must run in the transaction that changed the calendar.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RESTING_ON, [sorted(days)])
        found = cursor.fetchall()
    return len(found), _anew(found, why, by=by.user, at=at)


def _anew(found: Sequence[tuple[int, int]], why: str, *, by: User, at: datetime) -> int:
    """Count these limits anew: (limit, case), in the order of cases."""
    calendar, moved = limits.read_calendar(), 0
    for start in range(0, len(found), _BATCH):
        part = found[start : start + _BATCH]
        # Cases first, in the order every act locks them; so an act and this cannot wait for each other.
        cases = {case.pk: case for case in _locked(sorted({case_id for _, case_id in part}))}
        moved += _recount([pk for pk, _ in part], cases, calendar, why, by, at)
    return moved


def _locked(case_ids: Iterable[int]) -> Iterable[Case]:
    return Case.objects.filter(pk__in=list(case_ids)).order_by("pk").select_for_update(no_key=True)


def _recount(ids: list[int], cases: dict[int, Case], calendar: Calendar, why: str, by: User, at: datetime) -> int:
    today = clock.today()
    rows = list(Deadline.objects.filter(pk__in=ids, met_on=None, dropped_on=None).select_related("limit").prefetch_related("events").order_by("pk"))
    before = {row.pk: (row.due_on, row.is_provisional) for row in rows}
    escalation.catch_up(rows, today, at)
    for row in rows:
        deadlines.apply(row, list(row.events.all()), calendar, today)
    Deadline.objects.bulk_update(rows, deadlines.MOVED)
    moved = [row for row in rows if (row.due_on, row.is_provisional) != before[row.pk]]
    DeadlineEvent.objects.bulk_create(
        DeadlineEvent(deadline=row, kind=DeadlineEvent.Kind.RECOUNTED, on=today, reason=_trace(why, before[row.pk][0], row), by=by, at=at)
        for row in moved
    )
    touched = sorted({row.case_id for row in moved})
    running: dict[int, list[Deadline]] = {pk: [] for pk in touched}
    for row in Deadline.objects.filter(case__in=touched, met_on=None, dropped_on=None):
        running[row.case_id].append(row)
    for pk in touched:
        deadlines.settle(cases[pk], running[pk])
    Case.objects.bulk_update([cases[pk] for pk in touched], ["due_on", "due_key", "warn_on", "marks"])
    return len(moved)


def _trace(why: str, was: date, row: Deadline) -> str:
    if row.due_on != was:
        became = f"到期日由{was:%Y-%m-%d}变为{row.due_on:%Y-%m-%d}"
    else:
        became = f"到期日仍为{row.due_on:%Y-%m-%d}，改为暂定" if row.is_provisional else f"到期日{row.due_on:%Y-%m-%d}由暂定转为确定"
    return f"{why}，{became}。"[:300]
