"""What a definition is: which facts belong to a period, which of them are counted, which of those count as met. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache

from django.db.models import Q


@dataclass(frozen=True, slots=True)
class Moment:
    """What a figure is true of: the day `on`, and the last day that is wholly over then. They differ on the running day alone:
    a promise whose last day is today is neither kept late nor broken yet."""

    on: date
    over: date


When = Callable[[Moment], Q]


class Sort(StrEnum):
    """What the value is. A share is 0–100 with one decimal; days are a mean."""

    COUNT = "件"
    PEOPLE = "人次"
    SHARE = "%"
    DAYS = "天"


class Better(StrEnum):
    UP = "up"
    DOWN = "down"
    NEITHER = ""


#: First day of the dictionary.
BEGINNING = date(2026, 1, 1)
#: Cohort of what is counted on a day, not in a period: open that day.
STOCK = ""


#: The fact's column of who holds the matter today.
HOLDER = "unit_id"


def is_several(column: str) -> bool:
    """Whether a fact's column names several units or steps, with each of which the case counts."""
    return column.endswith("_unit_ids") or column == "carried_steps"


def days_beside(column: str) -> str:
    """The fact's column of the days on which those units or steps came to the case, in the same order."""
    return column.replace("_unit_ids", "_unit_days").replace("_steps", "_step_days")


def among(column: str, values: Collection[int]) -> Q:
    """Facts of which the column names one of the units or steps."""
    return Q(**{f"{column}__{'overlap' if is_several(column) else 'in'}": list(values)})


@dataclass(frozen=True, slots=True)
class Measure:
    """One definition. `answers` is the fact's column of the unit the figure speaks of; `kind` the kind of case it counts.

    `ripens` is the day a promise was kept, where the measure asks whether it was: a case belongs to it once that is decided.
    A column of several units (`…_unit_ids`) counts the case once with each of them, so that handing it on takes nothing away;
    `reached` is then the unit that alone has the numerator. `levels` is the same of the ladder's steps. `units_days` and
    `steps_days` name the columns of several whose own days (`days_beside`) stand for the cohort's where units or steps are asked:
    who got the matter later is asked for it in the days it had it.
    `stands` marks what is read as the matters stood on the last day of the period though its conditions do not ask the day: the
    family of the reply, whose classes and share are one row of a table and add up, and the other promises, so that a limit
    given later to the same matter takes nothing out of a period that is over.
    """

    code: str
    name: str
    formula: str
    cites: str
    cohort: str
    counted: When
    sort: Sort = Sort.COUNT
    met: When | None = None
    adds: str = ""
    ripens: str = ""
    stands: bool = False
    exclusions: str = "已作废的登记"
    answers: str = HOLDER
    reached: str = ""
    levels: str = "level"
    units_days: str = ""
    steps_days: str = ""
    kind: str = "petition"
    better: Better = Better.NEITHER
    target: Decimal | None = None
    least: int = 1
    group: str = ""
    version: int = 1
    valid_from: date = BEGINNING
    valid_until: date | None = None

    @property
    def is_share(self) -> bool:
        return self.met is not None

    @property
    def is_stock(self) -> bool:
        return self.cohort == STOCK

    @property
    def asks_the_day(self) -> bool:
        """Whether the same facts are counted differently on another day (「统计日」): then they are read as they stood on that day."""
        return _asks_the_day(self)

    @property
    def is_as_stood(self) -> bool:
        """Whether a day that is over is told from the facts as they stood on it, and not from those of today."""
        return self.stands or self.asks_the_day

    def direction(self, by: str = "") -> Better:
        """Whether more is better in a table by `by`. Of units none where the matter goes along with its holder, of people never:
        there it says where things lie, and who hands on is neither better nor worse for it."""
        if by == "handler" or (by == "unit" and self.answers == HOLDER):
            return Better.NEITHER
        return self.better

    @property
    def goes_along(self) -> bool:
        """Whether by unit it goes with the holder, though in all more of it is better or worse."""
        return bool(self.better) and not self.direction("unit")

    def belongs(self, at: Moment) -> Q:
        """Which facts of the cohort are counted at a moment: of promises those that were kept by then or whose last day is over.

        The measure's own date has to have come, also where the cases are found by another one (统计口径 by day of
        registration): what is open was not ended, what nobody supervises was not supervised.
        """
        if self.is_stock:
            return self.counted(at)
        found = self.counted(at) & Q(**{f"{self.cohort}__isnull": False})
        if not self.ripens:
            return found
        return found & (Q(**{f"{self.ripens}__lte": at.on}) | Q(**{f"{self.cohort}__lte": at.over}))

    def value(self, numerator: int, denominator: int) -> Decimal | None:
        """What is shown; None where there is nothing to divide by."""
        if self.sort is Sort.SHARE:
            return share(numerator, denominator)
        if self.sort is Sort.DAYS:
            return (Decimal(numerator) / denominator).quantize(Decimal("0.1"), ROUND_HALF_UP) if denominator else None
        return Decimal(numerator)

    def text(self, value: Decimal | None) -> str:
        if value is None:
            return "—"
        return f"{value:,.1f}" if self.sort in {Sort.SHARE, Sort.DAYS} else f"{value:,.0f}"


def share(part: int, whole: int) -> Decimal | None:
    """Percent with one decimal, half up."""
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None


_SOME, _OTHER = Moment(date(2026, 1, 1), date(2026, 1, 1)), Moment(date(2026, 7, 1), date(2026, 7, 1))


@cache
def _asks_the_day(measure: Measure) -> bool:
    met = measure.met
    return measure.counted(_SOME) != measure.counted(_OTHER) or (met is not None and met(_SOME) != met(_OTHER))
