"""The clocks of one case: each limit with its lamp, and whose days the matter's days were (beyond.md 14)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from casework import kinds
from casework.calendar import Calendar
from casework.models import Case, Deadline
from casework.queries.progress import day_words
from organisations import clock, directory
from organisations.scope import Scope

#: Colours the bar has; more holders share the last.
COLOURS = 6


@dataclass(frozen=True, slots=True)
class Clock:
    """One limit as the page shows it. `kind` is that of the lamp."""

    deadline: Deadline
    unit: str
    is_running: bool
    words: str
    kind: str


@dataclass(frozen=True, slots=True)
class Stay:
    """The matter lay with a unit from one day to another; the first day is not counted, so that stays join without overlap."""

    unit_id: int | None
    from_on: date
    until_on: date

    @property
    def days(self) -> int:
        return (self.until_on - self.from_on).days


@dataclass(frozen=True, slots=True)
class Share:
    """All stays with one unit. `x` and `width` are hundredths of the bar."""

    unit: str
    days: int
    working_days: int
    is_now: bool
    x: float
    width: float
    colour: int


@dataclass(frozen=True, slots=True)
class Shares:
    """Whose days they were. The shares' days add up to `days`, their working days to `working_days`."""

    days: int
    working_days: int
    shares: tuple[Share, ...]


def clocks(case: Case, deadlines: Iterable[Deadline], *, owed_after: Collection[str] = ()) -> list[Clock]:
    """Running limits nearest first, then what was met or fell away. `owed_after` are limits that run on after a case is closed."""
    tree, today = directory.current(), clock.today()
    found = []
    for row in deadlines:
        is_running = row.met_on is None and row.dropped_on is None and (case.is_open or not row.is_duty or row.key in owed_after)
        words, kind = _running(row, today) if is_running else _ended(row)
        unit = tree.units[row.unit_id].short_name if row.unit_id in tree.units else ""
        found.append(Clock(row, unit, is_running, words, kind))
    return sorted(found, key=lambda item: (not item.is_running, not item.deadline.is_duty, item.deadline.due_on))


def find(case: Case, pk: int, scope: Scope) -> Deadline | None:
    """One limit of the case with its events, if the kind does not keep it from this person."""
    found = Deadline.objects.filter(case=case, pk=pk).select_related("limit").prefetch_related("events").first()
    keeps = kinds.get(case.kind).keeps_limit
    return None if found is not None and keeps is not None and keeps(case.pk, found.key, found.unit_id, scope) else found


def nearest(case: Case) -> Deadline | None:
    """The limit the lamp of the case stands for: the nearest running duty, else one that stands still."""
    running = Deadline.objects.filter(case=case, is_duty=True, met_on=None, dropped_on=None)
    if case.due_on is not None:
        running = running.filter(key=case.due_key, due_on=case.due_on)
    return running.order_by("due_on", "id").first()


def _running(row: Deadline, today: date) -> tuple[str, str]:
    if row.suspended_on is not None:
        return f"{day_words(row.suspended_on)} 起中止", "hold"
    left = (row.due_on - today).days
    if row.due_at is not None and left == 0:
        return (f"今日 {time_words(row.due_at)} 前", "warn") if clock.now() < row.due_at else (f"已过 {time_words(row.due_at)}", "bad")
    if row.due_at is not None and left == 1:
        return f"明日 {time_words(row.due_at)} 前", "warn"
    if left < 0 and not row.is_duty:
        # Nobody is late: somebody had a right and its time is over.
        return "期限已过", "off"
    words = f"超 {-left} 天" if left < 0 else "今日到期" if left == 0 else f"余 {left} 天"
    kind = "bad" if left < 0 else "warn" if row.warn_on <= today else "ok"
    return words, kind if row.is_duty else "off"


def _ended(row: Deadline) -> tuple[str, str]:
    if row.met_on is None:
        return "已不适用", "off"
    if row.due_at is not None and row.met_at is not None:
        done = f"{day_words(row.met_on)} {time_words(row.met_at)} 完成"
        return (f"{done}，已过时", "bad") if row.met_at > row.due_at else (f"{done} · 按时", "ok")
    late = (row.met_on - row.due_on).days if row.suspended_on is None else 0
    return (f"{day_words(row.met_on)} 完成，超 {late} 天", "bad") if late > 0 else (f"{day_words(row.met_on)} 完成 · 按期", "ok")


def time_words(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M}"


def add_up(parts: list[Stay], calendar: Calendar, centre_id: int | None, *, is_open: bool) -> Shares:
    """The stays by unit, in the order the units first had the matter."""
    tree = directory.current()
    total = sum(part.days for part in parts)
    by_unit: dict[int, list[Stay]] = {}
    for part in parts:
        by_unit.setdefault(part.unit_id or centre_id or 0, []).append(part)
    now = (parts[-1].unit_id or centre_id or 0) if parts and is_open else None
    found: list[Share] = []
    x = 0.0
    for unit_id, own in by_unit.items():
        days = sum(part.days for part in own)
        if days == 0 and unit_id != now:
            continue
        width = 100 * days / total if total else 0.0
        worked = sum(calendar.working_days_between(part.from_on, part.until_on) for part in own)
        name = tree.units[unit_id].short_name if unit_id in tree.units else "中心"
        found.append(Share(name, days, worked, unit_id == now, round(x, 3), round(width, 3), min(len(found), COLOURS - 1)))
        x += width
    return Shares(total, sum(share.working_days for share in found), tuple(found))
