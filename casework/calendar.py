"""Counting days: working days, terms by days and months, and the day a term ends.

Pure: the days off and the worked weekend days are given, today is never read. Rules: the start
day is not counted (L-TIME-1, 民法典第201条); months end on the same-numbered day or the month's last
(L-TIME-2, 第202条); a citizen's term that ends on a day off runs to the next working day
(L-TIME-3, 第203条), an authority's does not (L-TIME-6).

A year whose table the State Council has not published yet is counted by weekends alone and the
result says ``provisional``: it must be computed again when the table is there (L-CAL-3/4). New
Year's arrangement reaches back to 29 December, so a year's last days need the next year's table.
"""

import calendar as months
import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

Unit = Literal["calendar", "working", "month", "hours"]
Roll = Literal["none", "forward"]

_DAY = timedelta(days=1)
_LONGEST = 36_600
_NEW_YEAR_REACHES_BACK_TO = (12, 29)
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Due:
    """When a term ends.

    ``due_on`` binds; ``strict_on`` is the last day by bare counting; ``rolled_on`` is the first
    working day on or after it (equal to ``due_on`` when rolled, otherwise for information).
    ``days`` counts calendar days from the start day to ``due_on``. ``due_at`` is set for a term in
    hours from an instant. ``provisional``: ``due_on`` rests on a year without a table;
    ``rolled_provisional``: ``rolled_on`` does.
    """

    due_on: date
    strict_on: date
    rolled_on: date
    days: int
    provisional: bool
    rolled_provisional: bool
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One line of an explanation. ``number`` is the running count, None when the day is skipped."""

    day: date
    number: int | None
    why: str

    @property
    def is_counted(self) -> bool:
        return self.number is not None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off and worked weekend days of the years that have a table (L-CAL-2). `change` is the newest change it knows of."""

    off: frozenset[date]
    worked: frozenset[date]
    years: frozenset[int]
    names: Mapping[date, str] = field(default_factory=dict, compare=False, repr=False)
    change: int = field(default=0, compare=False)

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[date, bool, str]], years: Iterable[int] | None = None) -> "Calendar":
        """Build from (day, is_off, name) rows. A year has a table when its 1 October is off."""
        off: set[date] = set()
        worked: set[date] = set()
        names: dict[date, str] = {}
        for day, is_off, name in rows:
            (off if is_off else worked).add(day)
            names[day] = name
        known = {d.year for d in off if (d.month, d.day) == (10, 1)} if years is None else years
        return cls(frozenset(off), frozenset(worked), frozenset(known), names)

    def is_working(self, day: date) -> bool:
        """Whether offices work that day; by weekends alone where no table says otherwise."""
        if day in self.worked:
            return True
        return day.weekday() < 5 and day not in self.off

    def is_known(self, day: date) -> bool:
        """Whether the published tables settle the day."""
        if (day.month, day.day) >= _NEW_YEAR_REACHES_BACK_TO and day not in self.off and day not in self.worked:
            return day.year in self.years and day.year + 1 in self.years
        return day.year in self.years

    def missing_year(self, day: date) -> int | None:
        """The year whose table has to come before the day is settled; the last days of a year hang on the next one's, which may move them."""
        if self.is_known(day):
            return None
        return day.year if day.year not in self.years else day.year + 1

    def are_known(self, first: date, last: date) -> bool:
        """Whether every day from ``first`` to ``last`` is settled."""
        if not all(year in self.years for year in range(first.year, last.year + 1)):
            return False
        return self.is_known(first) and self.is_known(last)

    def next_working(self, day: date) -> date:
        """The day itself when it is worked, otherwise the first worked one after it."""
        while not self.is_working(day):
            day += _DAY
        return day

    def add_working_days(self, base: date, n: int) -> date:
        """The n-th working day after ``base`` (before it when n is negative); 0 gives ``base``."""
        step = _DAY if n > 0 else -_DAY
        day, left = base, abs(n)
        if left > _LONGEST:
            raise ValueError("工作日天数过大。")
        while left:
            day += step
            if self.is_working(day):
                left -= 1
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and with ``end``; negative when ``end`` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working(day) for day in _days(start + _DAY, end))

    def due_date(self, base: date | datetime, n: int, unit: Unit, roll: Roll = "none") -> Due:
        """When a term of ``n`` units that starts on ``base`` ends; the start day is not counted.

        Hours run on by the clock, nights and days off included: from an instant exactly, from a
        bare date from its midnight. Give instants in local time. Raises ValueError on a negative or absurd ``n``.
        """
        if n < 0 or n > _LONGEST:
            raise ValueError("期限应为不小于0的整数，且不能过大。")
        due_at = None
        if unit == "hours" and isinstance(base, datetime):
            due_at = base + timedelta(hours=n)
        start = base.date() if isinstance(base, datetime) else base
        strict = due_at.date() if due_at else self._strict(start, n, unit)
        rolled = self.next_working(strict)
        due = rolled if roll == "forward" else strict
        is_counted_by_table = unit == "working" and n > 0
        unsure_count = is_counted_by_table and not self.are_known(start + _DAY, strict)
        unsure_roll = unsure_count or not self.are_known(strict, rolled)
        return Due(
            due_on=due,
            strict_on=strict,
            rolled_on=rolled,
            days=(due - start).days,
            provisional=unsure_roll if roll == "forward" else unsure_count,
            rolled_provisional=unsure_roll,
            due_at=due_at,
        )

    def _strict(self, start: date, n: int, unit: Unit) -> date:
        match unit:
            case "calendar":
                return start + n * _DAY
            case "working":
                return self.add_working_days(start, n)
            case "month":
                return add_months(start, n)
            case "hours":
                return start + timedelta(hours=n)

    def describe(self, day: date) -> str:
        """What kind of day it is, in words: 国庆节放假, 调休上班, 工作日（周五）, 休息日（周六）."""
        name = self.names.get(day, "")
        if day in self.worked:
            return f"{name}调休上班" if name else "调休上班"
        if day in self.off:
            return f"{name}放假" if name else "放假"
        kind = "工作日" if day.weekday() < 5 else "休息日"
        missing = self.missing_year(day)
        unsure = f"，{missing}年放假安排未公布" if missing else ""
        return f"{kind}（周{_WEEKDAYS[day.weekday()]}{unsure}）"


def add_months(day: date, n: int) -> date:
    """The same-numbered day n months on, or that month's last day (L-TIME-2)."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + n, 12)
    last = months.monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(day.day, last))


def read_csv(path: Path) -> list[tuple[date, bool, str]]:
    """Rows for ``Calendar.from_rows`` from a file with columns date, kind, name_zh."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [(date.fromisoformat(row["date"]), row["kind"] == "holiday", row["name_zh"]) for row in csv.DictReader(lines)]


def shipped_rows() -> list[tuple[date, bool, str]]:
    """The table that comes with the program: 2004 to 2026. The database's table is what counts."""
    return read_csv(Path(__file__).parent / "data" / "holidays.csv")


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += _DAY
