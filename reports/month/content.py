"""What a report says: figures, tables, lists, drawings and sentences, computed once for the paper and the sheet alike.

Every number comes from `reports.queries.figures` (live or frozen facts) or from the frame; nothing here counts cases itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from reports.month import drawings, lists, tables, wording
from reports.month.counted import Counted
from reports.month.frames import Frame
from reports.month.grids import Drawing, Grid
from reports.month.queries import Source
from reports.month.restating import Restated
from reports.month.rules import label
from reports.queries.figures import Figure, Selection
from reports.rules.periods import Period, Span


@dataclass(frozen=True)
class Content:
    """A whole report."""

    counted: Counted
    tables: dict[str, Grid]
    drawings: dict[str, Drawing]
    summary: tuple[str, ...]
    attention: tuple[str, ...]
    mediation: tuple[str, ...]
    supervision: tuple[str, ...]
    provisional: str
    restated: tuple[Grid, ...]
    restated_at: datetime | None

    @property
    def frame(self) -> Frame:
        return self.counted.frame

    @property
    def period(self) -> Period:
        return self.counted.period

    @property
    def where(self) -> Selection:
        return self.counted.where

    @property
    def now(self) -> dict[str, Figure]:
        return self.counted.now

    @property
    def then(self) -> dict[str, Figure]:
        return self.counted.then

    @property
    def last_year(self) -> dict[str, Figure]:
        return self.counted.year

    @property
    def details(self) -> Iterator[list[str | int | date | None]]:
        return lists.details(self.counted)

    @property
    def is_brief(self) -> bool:
        """A day's brief and a week's bulletin say the main things and leave the tables of units to the month."""
        return self.period.span in {Span.DAY, Span.WEEK}

    @property
    def title(self) -> str:
        return f"{label(self.period)}{self.subject}"

    @property
    def subject(self) -> str:
        """The title without its period: what stands together when the title takes two lines."""
        return f"{self.place}群众工作情况"

    @property
    def place(self) -> str:
        return self.counted.place


def of(frame: Frame, period: Period, on: date, source: Source, restated: Restated | None = None) -> Content:
    """Compute the report of a frame's ground. `on` is the day its stock is true of; a draft restates nothing."""
    counted = Counted(frame, period, on, source)
    return Content(
        counted,
        {grid.code: grid for grid in (*tables.of(counted), *lists.of(counted))},
        drawings.of(counted),
        wording.summary(counted),
        wording.attention(counted),
        wording.mediation(counted),
        wording.supervision(counted),
        wording.provisional(counted),
        tuple(tables.restated(row) for row in restated.rows) if restated else (),
        restated.at if restated else None,
    )
