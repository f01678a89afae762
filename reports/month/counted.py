"""Everything a report counts, read once: the figures of the period, of the one before and of a year ago, and the tables by key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

from reports.month import privacy
from reports.month.frames import Frame
from reports.month.queries import Source
from reports.queries import figures
from reports.queries.figures import Figure, Selection, Table
from reports.rules.measures import Measure
from reports.rules.periods import Period, before, year_before

#: How what a limit ran out for was answered; what came of what was closed; how long what is open has been lying.
BUCKETS = ("replied_in_time", "replied_late", "unanswered_running", "unanswered_late")
OUTCOMES = ("outcome_solved", "outcome_explained", "outcome_not_ours", "outcome_refused")
AGES = ("aged_15", "aged_30", "aged_60", "aged_over")


class Counted:
    """The figures of a frame's ground. `on` is the day its stock is true of."""

    def __init__(self, frame: Frame, period: Period, on: date, source: Source) -> None:
        self.frame, self.period, self.source = frame, period, source
        self.where = Selection(period, on, frame.ground, versions=source.versions)
        earlier, year = before(period), year_before(period)
        self.where_then = self.where.within(period=earlier, on=min(earlier.until, on))
        self.where_year = self.where.within(period=year, on=min(year.until, on))
        self.now: dict[str, Figure] = figures.read_many(source.codes, self.where, source.facts)
        self.then: dict[str, Figure] = figures.read_many(source.codes, self.where_then, source.facts)
        self.year: dict[str, Figure] = figures.read_many(source.codes, self.where_year, source.facts)

    @property
    def measures(self) -> list[Measure]:
        """The definitions the figures were read by, in the order of the dictionary."""
        return [figure.measure for figure in self.now.values()]

    @property
    def place(self) -> str:
        return "全县" if self.where.ground.is_county else self.frame.unit

    def split(self, codes: Sequence[str], by: str, where: Selection | None = None) -> Table:
        asked = where or self.where
        return privacy.table(figures.split(codes, asked, by, self.source.facts), asked, self.frame)

    @cached_property
    def towns(self) -> Table:
        return self.split(["cases", "closed", "open", "overdue", "reply_on_time", "satisfaction", "repeat_rate", "unit_acceptance"], "town")

    @cached_property
    def units(self) -> Table:
        own = ["reply_on_time", "unit_acceptance", "closed", "once", "satisfaction", "open", "overdue", "near"]
        return self.split([*own, *BUCKETS, *AGES, *OUTCOMES], "unit")

    @cached_property
    def topics(self) -> Table:
        return self.split(["cases", "closed", "open", "overdue", "repeat_rate", "once", *OUTCOMES], "category")

    @cached_property
    def topics_then(self) -> Table:
        return self.split(["cases"], "category", self.where_then)

    @cached_property
    def channels(self) -> Table:
        return self.split(["cases", "repeat_rate"], "channel")

    @cached_property
    def steps(self) -> Table:
        return self.split(["disputes", "settled", "settled_rate", "mediated_on_time"], "level")

    def per_day(self, where: Selection) -> dict[date, int]:
        return {key: cells["cases"].numerator for key, cells in self.split(["cases"], "day", where).rows.items()}

    def total(self, code: str) -> int:
        return self.now[code].numerator

    def in_table(self, found: Table, key: Any, code: str = "cases") -> Figure:
        """A figure of a row, also of one the table has not."""
        return found.rows[key][code] if key in found.rows else Figure(self.now[code].measure, 0, 0)
