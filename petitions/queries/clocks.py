"""The clocks of one petition: each limit with its lamp, and whose days the matter's days were (beyond.md 14).

The matter's own clock runs from registration to closing and never restarts; each unit's runs from the day it was
sent the matter until the day it gave it up. What lies between belongs to the centre, so the parts add up to the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from casework import limits
from casework.calendar import Calendar
from casework.models import Case, Deadline
from organisations import clock, directory
from petitions.models import Dispatch, Review
from petitions.queries.case import CasePage
from petitions.rules.supervision import LIMITS as OWED_AFTER

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


def clocks(held: CasePage) -> list[Clock]:
    """Running limits nearest first, then what was met or fell away."""
    tree, today = directory.current(), clock.today()
    found = []
    for row in held.deadlines:
        is_running = row.met_on is None and row.dropped_on is None and (held.case.is_open or not row.is_duty or row.key in OWED_AFTER)
        words, kind = _running(row, today) if is_running else _ended(row)
        unit = tree.units[row.unit_id].short_name if row.unit_id in tree.units else ""
        found.append(Clock(row, unit, is_running, words, kind))
    return sorted(found, key=lambda item: (not item.is_running, not item.deadline.is_duty, item.deadline.due_on))


def nearest(case: Case) -> Deadline | None:
    """The limit the lamp of the case stands for: the nearest running duty, else one that stands still."""
    running = Deadline.objects.filter(case=case, is_duty=True, met_on=None, dropped_on=None)
    if case.due_on is not None:
        running = running.filter(key=case.due_key, due_on=case.due_on)
    return running.order_by("due_on", "id").first()


def _running(row: Deadline, today: date) -> tuple[str, str]:
    if row.suspended_on is not None:
        return f"{_day(row.suspended_on)} 起中止", "hold"
    left = (row.due_on - today).days
    words = f"超 {-left} 天" if left < 0 else "今日到期" if left == 0 else f"余 {left} 天"
    kind = "bad" if left < 0 else "warn" if row.warn_on <= today else "ok"
    return words, kind if row.is_duty else "off"


def _ended(row: Deadline) -> tuple[str, str]:
    if row.met_on is None:
        return "已不适用", "off"
    late = (row.met_on - row.due_on).days if row.suspended_on is None else 0
    return (f"{_day(row.met_on)} 完成，超 {late} 天", "bad") if late > 0 else (f"{_day(row.met_on)} 完成 · 按期", "ok")


def _day(day: date) -> str:
    return f"{day:%m-%d}" if day.year == clock.today().year else f"{day:%Y-%m-%d}"


def shares(held: CasePage) -> Shares:
    """各单位用时: whose days the matter's days were, up to its closing or today. No statement."""
    closed_at = held.case.closed_at
    start = timezone.localdate(held.case.opened_at)
    end = timezone.localdate(closed_at) if closed_at else clock.today()
    parts = with_organs(stays(held.dispatches, start, end, is_open=closed_at is None), held.reviews, max(start, end))
    return add_up(parts, limits.current().calendar, directory.current().centre_id, is_open=closed_at is None)


def stays(dispatches: Sequence[Dispatch], start: date, end: date, *, is_open: bool) -> Iterator[Stay]:
    """The matter's days cut at every hand-over. `unit_id` None is the centre: before, between and after the units."""
    end = max(start, end)
    cursor = start
    for row in sorted(dispatches, key=lambda row: row.sent_at):
        sent = min(max(timezone.localdate(row.sent_at), cursor), end)
        ended = min(max(timezone.localdate(row.ended_at), sent), end) if row.ended_at else end
        yield Stay(None, cursor, sent)
        yield Stay(row.to_unit_id, sent, ended)
        cursor = ended
    if cursor < end or (is_open and all(row.ended_at for row in dispatches)):
        yield Stay(None, cursor, end)


def with_organs(parts: Iterable[Stay], reviews: Sequence[Review], end: date) -> list[Stay]:
    """The days a reviewing organ held the matter are the organ's; of one outside the county the centre keeps the papers."""
    found = list(parts)
    for row in reviews:
        from_on = timezone.localdate(row.entered_at)
        over_on = row.delivered_on or row.rejected_on or row.withdrawn_on
        cut = [piece for part in found for piece in _cut(part, row.organ_id, from_on, over_on or end)]
        # Whoever holds it now stands last, if only since this morning.
        found = cut if over_on else [*cut, Stay(row.organ_id, end, end)]
    return found


def _cut(part: Stay, organ_id: int | None, from_on: date, until_on: date) -> Iterator[Stay]:
    begin, stop = max(part.from_on, from_on), min(part.until_on, until_on)
    if begin >= stop:
        yield part
        return
    if part.from_on < begin:
        yield Stay(part.unit_id, part.from_on, begin)
    yield Stay(organ_id, begin, stop)
    if stop < part.until_on:
        yield Stay(part.unit_id, stop, part.until_on)


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
