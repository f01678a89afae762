"""The lamp: how near the due date is, by one rule everywhere (DESIGN §5, §19; L-PET-25).

Amber from the first warning day of the limit up to and including the due day, red only once the date has passed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from casework.models import Case

#: Marks on the case row that say how its due date stands; `deadlines.settle` keeps them, and the lamp shows them instead of a tag.
#: The matter's clock stands still (中止); the due date rests on a year whose holidays are not published (暂定).
SUSPENDED, PROVISIONAL = "suspended", "provisional"
#: A tag of the lists that follows from the limits too: the notice of acceptance is late (L-PET-20).
UNACCEPTED = "unaccepted"
#: «by17:30»: the nearest limit runs in hours and ends at that time of its day.
HOUR = "by"


@dataclass(frozen=True, slots=True)
class Lamp:
    """`kind` is ok, warn, bad, off, hold or none; `text` what a person reads; `title` the exact date."""

    kind: str
    text: str
    title: str


def by_the_hour(due_at: datetime) -> str:
    """The mark of a due date that has an hour."""
    return f"{HOUR}{timezone.localtime(due_at):%H:%M}"


def has_struck(due_on: date | None, marks: Collection[str], now: datetime) -> bool:
    """The nearest limit ends today at an hour that is over: late, though its day is not."""
    return due_on == timezone.localdate(now) and any(mark.startswith(HOUR) and mark <= by_the_hour(now) for mark in marks)


def lamp(due_on: date | None, warn_on: date | None, closed_at: datetime | None, today: date, marks: Collection[str] = (), now: str = "") -> Lamp:
    """The lamp of a case on a day. No due date on an open case means that nobody's clock runs, or that it stands still.

    `now` is the time of that day («16:05»), asked for only where a mark says that the due date has an hour.
    """
    if closed_at is not None:
        return Lamp("off", "已办结", f"{timezone.localtime(closed_at):%Y-%m-%d} 办结")
    if due_on is None:
        if SUSPENDED in marks:
            return Lamp("hold", "中止", "期限中止，恢复以后继续计算")
        return Lamp("none", "无期限", "当前没有计时的期限")
    left = (due_on - today).days
    hour = next((mark.removeprefix(HOUR) for mark in marks if mark.startswith(HOUR)), "")
    is_provisional = PROVISIONAL in marks
    title = f"{due_on:%Y-%m-%d} {hour + ' ' if hour else ''}到期" + ("（暂定，放假安排公布后确定）" if is_provisional else "")
    if left < 0:
        return Lamp("bad", f"超 {-left} 天", title)
    if left == 0 and hour:
        return Lamp("bad", f"已过 {hour}", title) if hour <= now else Lamp("warn", f"今日 {hour} 前", title)
    if left == 1 and hour:
        return Lamp("warn", f"明日 {hour} 前", title)
    if left == 0:
        return Lamp("warn", "今日到期", title)
    kind = "warn" if warn_on is not None and warn_on <= today else "ok"
    return Lamp(kind, f"暂定 {left} 天" if is_provisional else f"余 {left} 天", title)


def of(case: Case, now: datetime) -> Lamp:
    """The lamp of a case row at a moment."""
    local = timezone.localtime(now)
    return lamp(case.due_on, case.warn_on, case.closed_at, local.date(), case.marks, f"{local:%H:%M}")


_HOUR_SQL = f"(SELECT said FROM unnest(c.marks) said WHERE said BETWEEN '{HOUR}00:00' AND '{HOUR}23:59' LIMIT 1)"  # noqa: S608 (constants)
#: The same words in SQL over a case `c`, for exports. `{today}` and `{now}` («'16:05'») are put in by the caller.
WORDS_SQL = (
    "CASE WHEN c.closed_at IS NOT NULL THEN '已办结' "
    f"WHEN c.due_on IS NULL THEN CASE WHEN '{SUSPENDED}' = ANY(c.marks) THEN '中止' ELSE '无期限' END "
    "WHEN c.due_on < {today} THEN '超 ' || ({today} - c.due_on) || ' 天' "
    f"WHEN c.due_on <= {{today}} + 1 AND {_HOUR_SQL} IS NOT NULL THEN CASE WHEN c.due_on > {{today}} THEN '明日 ' "
    f"WHEN {_HOUR_SQL} <= '{HOUR}' || {{now}} THEN '已过 ' ELSE '今日 ' END || substr({_HOUR_SQL}, {len(HOUR) + 1}) "
    f"|| CASE WHEN c.due_on = {{today}} AND {_HOUR_SQL} <= '{HOUR}' || {{now}} THEN '' ELSE ' 前' END "
    "WHEN c.due_on = {today} THEN '今日到期' "
    f"ELSE CASE WHEN '{PROVISIONAL}' = ANY(c.marks) THEN '暂定 ' ELSE '余 ' END || (c.due_on - {{today}}) || ' 天' END"
)
