"""What stands on the dashboard: plain values the pages show, and the charts behind them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from reports.charts.data import Counts, Lines, Mark, Places, Ranking, Tree
from reports.queries.figures import Selection

#: Lines of the short ranking.
_SHORT = 7


@dataclass(frozen=True, slots=True)
class Said:
    """A few words with a number in them: the list it counts, and how many cases that list has."""

    words: str
    url: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One of the six figures: its value, how it changed and against what, why, its last weeks as a small line."""

    code: str
    name: str
    unit: str
    value: Said
    formula: str
    change: str
    direction: str
    notes: tuple[Said, ...]
    spark: SafeString
    is_bad: bool
    target: str


@dataclass(frozen=True, slots=True)
class Late:
    """A case that is late or soon will be, with whose it is. What the reader may not see has no words and no page."""

    words: str
    tone: str
    title: str
    number: str
    url: str
    unit: str
    handler: str
    urged: int
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Hot:
    """The same third-level class in the same town, three times or more in ninety days (L-CLS-58)."""

    topic: str
    town: str
    number: Said


@dataclass(frozen=True, slots=True)
class Lamps:
    """A unit's open cases by lamp, as numbers and as shares of the bar (0–100, for drawing)."""

    label: str
    open: Said
    near: Said
    overdue: Said
    ok_wide: float
    near_wide: float
    overdue_wide: float

    @property
    def overdue_from(self) -> float:
        return self.ok_wide + self.near_wide


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the short ranking: a place with its number, or without a mark the target line."""

    place: int
    mark: Mark | None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """The whole page. `fresh_at` is when the figures were last brought up to date."""

    where: Selection
    title: str
    cards: tuple[Card, ...]
    trend: Lines
    places: Places
    elsewhere: Said | None
    ranking: Ranking
    tree: Tree
    overdue: Said
    today: Said
    near: Said
    late: tuple[Late, ...]
    lamps: tuple[Lamps, ...]
    counts: Counts
    hot: tuple[Hot, ...]
    wider: Said
    drilled: tuple[Said, ...]
    fresh_at: datetime | None
    is_old: bool

    @property
    def columns(self) -> int:
        """Columns of the tile map."""
        return max((tile.column for tile in self.places.tiles), default=1)

    @property
    def all_words(self) -> str:
        return f"全部 {len(self.ranking.marks)} 个"

    @property
    def top(self) -> tuple[Line, ...]:
        """The first five and the last two, the target line where it falls among them."""
        ranked = self.ranking.ranked
        lines = [Line(at, mark, self.ranking.tone(mark)) for at, mark in enumerate(ranked, 1)]
        shown = lines if len(lines) <= _SHORT else [*lines[: _SHORT - 2], *lines[-2:]]
        if self.ranking.target is not None and lines:
            met = sum(not line.tone for line in shown)
            shown = [*shown[:met], Line(0, None), *shown[met:]]
        return tuple(shown)
