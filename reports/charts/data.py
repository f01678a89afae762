"""What a chart is drawn of: numbers with their names, and for each the address of the list it counts. Pure, units as named by the chart.

Every chart can say itself in one sentence (`summary`, for a screen reader) and as a table (`table`, behind «数据表»).
A number that may not be told (fewer than five outside the owning unit, L-SEC-41) has no value and its words say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

Number = int | float | Decimal


def written(value: Number | None, unit: str = "") -> str:
    """1286 → «1,286»; a share keeps its one place; nothing is a dash."""
    if value is None:
        return "—"
    return f"{value:,}{unit}" if isinstance(value, (int, Decimal)) else f"{value:,.1f}{unit}"


@dataclass(frozen=True, slots=True)
class Mark:
    """One number: its name, value (None: none, or not told), the list it counts, how it is written, whose key it is.

    `more` is the address of the same page drawn of this one's parts.
    """

    label: str
    value: Number | None
    url: str = ""
    words: str = ""
    key: str = ""
    tone: str = ""
    more: str = ""
    children: tuple[Mark, ...] = ()

    def text(self, unit: str = "") -> str:
        return self.words or written(self.value, unit)

    @property
    def size(self) -> float:
        return float(self.value or 0)


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a data table."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A chart's numbers. The first `words` columns are words, the others numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    words: int = 1


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart: a mark for each label."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines over the same days or months. `light` are the positions of non-working days."""

    title: str
    unit: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    light: frozenset[int] = frozenset()
    first: str = "日期"

    def summary(self) -> str:
        said = []
        for one in self.series:
            values = [mark.size for mark in one.marks]
            total, most = sum(values), max(values, default=0)
            when = self.labels[values.index(most)] if most else ""
            said.append(f"{one.name}合计{written(int(total))}{self.unit}" + (f"，最多的是{when}，{written(int(most))}{self.unit}" if when else ""))
        return f"{self.title}：{'；'.join(said)}。" if said else f"{self.title}：没有数据。"

    def table(self) -> Table:
        rows = tuple((Cell(label), *(Cell(one.marks[at].text(), one.marks[at].url) for one in self.series)) for at, label in enumerate(self.labels))
        return Table((self.first, *(one.name for one in self.series)), rows)


@dataclass(frozen=True, slots=True)
class Bars:
    """One bar for each label, non-working days light."""

    title: str
    unit: str
    marks: tuple[Mark, ...]
    light: frozenset[int] = frozenset()
    first: str = "日期"

    def summary(self) -> str:
        return summary_of(self.title, self.unit, self.marks)

    def table(self) -> Table:
        return table_of(self.first, self.title, self.unit, self.marks)


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar made of parts."""

    label: str
    parts: tuple[Mark, ...]
    url: str = ""

    @property
    def total(self) -> int:
        return int(sum(part.size for part in self.parts))

    @property
    def words(self) -> str:
        return "，".join(f"{part.label} {part.text()}" for part in self.parts)


@dataclass(frozen=True, slots=True)
class Stacks:
    """Bars of the same parts, one under the other: the three lamps by unit, the levels where cases ended."""

    title: str
    unit: str
    stacks: tuple[Stack, ...]
    first: str = "单位"

    def summary(self) -> str:
        if not self.stacks:
            return f"{self.title}：没有数据。"
        told = (f"{one.label}{one.total}{self.unit}" + (f"（{one.words}）" if self.is_parted else "") for one in self.stacks[:6])
        return f"{self.title}：{'；'.join(told)}。"

    @property
    def is_parted(self) -> bool:
        """Whether some bar has parts to tell apart; one part is the whole, and its number is said already."""
        return any(len(one.parts) > 1 for one in self.stacks)

    def table(self) -> Table:
        names = tuple(part.label for part in self.stacks[0].parts) if self.stacks else ()
        rows = tuple(
            (Cell(one.label), *(Cell(part.text(), part.url) for part in one.parts), Cell(written(one.total), one.url)) for one in self.stacks
        )
        return Table((self.first, *names, "合计"), rows)


@dataclass(frozen=True, slots=True)
class Counts:
    """The same counts for each unit, as a table only: the picture beside it is drawn by its page."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Mark, ...]], ...]
    first: str = "单位"

    def table(self) -> Table:
        return Table((self.first, *self.heads), tuple((Cell(label), *(Cell(mark.text(), mark.url) for mark in marks)) for label, marks in self.rows))


@dataclass(frozen=True, slots=True)
class Ranking:
    """Shares (per cent), best first, against a target. Marks without value are not ranked: fewer than `least` counted (L-CLS-27)."""

    title: str
    marks: tuple[Mark, ...]
    target: Number | None = None
    least: int = 5
    first: str = "单位"

    @property
    def ranked(self) -> tuple[Mark, ...]:
        return tuple(sorted((m for m in self.marks if m.value is not None), key=lambda m: (-m.size, m.label)))

    @property
    def unranked(self) -> tuple[Mark, ...]:
        return tuple(mark for mark in self.marks if mark.value is None)

    def tone(self, mark: Mark) -> str:
        """Below the target is amber, four points below is red; a ranking without target has no colour."""
        if self.target is None or mark.value is None or mark.size >= float(self.target):
            return ""
        return "bad" if mark.size < float(self.target) - 4 else "warn"

    def summary(self) -> str:
        if not self.ranked:
            return f"{self.title}：没有达到{self.least}件、可以排名的{self.first}。"
        best, last = self.ranked[0], self.ranked[-1]
        goal = f"，目标{written(self.target, '%')}" if self.target is not None else ""
        return f"{self.title}：第一是{best.label}，{best.text('%')}；最后是{last.label}，{last.text('%')}{goal}。"

    def table(self) -> Table:
        rows = [(Cell(str(at)), Cell(mark.label), Cell(mark.text("%"), mark.url)) for at, mark in enumerate(self.ranked, 1)]
        rows += [(Cell("—"), Cell(mark.label), Cell(mark.words or f"不足{self.least}件，不排名", mark.url)) for mark in self.unranked]
        return Table(("名次", self.first, self.title), tuple(rows), words=2)


@dataclass(frozen=True, slots=True)
class Tree:
    """Categories whose area is their number; each opens its parts."""

    title: str
    unit: str
    marks: tuple[Mark, ...]
    first: str = "分类"

    def summary(self) -> str:
        return summary_of(self.title, self.unit, self.marks)

    def table(self) -> Table:
        rows: list[tuple[Cell, ...]] = []
        for mark in self.marks:
            rows.append((Cell(mark.label, mark.more), Cell("合计"), Cell(mark.text(), mark.url)))
            rows += [(Cell(mark.label), Cell(child.label, child.more), Cell(child.text(), child.url)) for child in mark.children]
        return Table((self.first, "细类", f"{self.unit}数"), tuple(rows), words=2)


@dataclass(frozen=True, slots=True)
class Tile:
    """A place on the tile map: columns from the west, rows from the north, both from 1."""

    mark: Mark
    column: int
    row: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Places:
    """The towns: by direction as tiles, and as outlines where the county has loaded them (`shapes`: name and rings by key)."""

    title: str
    unit: str
    tiles: tuple[Tile, ...]
    shapes: tuple[Shape, ...] = field(default=())
    first: str = "乡镇（街道）"

    @property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(tile.mark for tile in self.tiles)

    def summary(self) -> str:
        return summary_of(self.title, self.unit, self.marks)

    def table(self) -> Table:
        return table_of(self.first, self.title, self.unit, sorted(self.marks, key=lambda m: (-m.size, m.label)))


@dataclass(frozen=True, slots=True)
class Shape:
    """The outline of one place: rings of (longitude, latitude) in degrees, its key being the place's code."""

    key: str
    name: str
    rings: tuple[tuple[tuple[float, float], ...], ...]


def levels(marks: Sequence[Mark], steps: int = 5) -> dict[str, int]:
    """How dark each place is, 0 to `steps` - 1: equal steps up to the most; nobody counted is 0."""
    most = max((mark.size for mark in marks), default=0.0)
    return {mark.key: min(steps - 1, int(mark.size / most * steps)) if most else 0 for mark in marks}


def summary_of(title: str, unit: str, marks: Sequence[Mark]) -> str:
    """The largest seven in one sentence."""
    told = sorted((m for m in marks if m.value), key=lambda m: (-m.size, m.label))[:7]
    if not told:
        return f"{title}：没有数据。"
    return f"{title}：{'，'.join(f'{mark.label}{mark.text()}{unit}' for mark in told)}。"


def table_of(first: str, title: str, unit: str, marks: Sequence[Mark]) -> Table:
    return Table((first, f"{title}（{unit}）" if unit else title), tuple((Cell(mark.label), Cell(mark.text(), mark.url)) for mark in marks))
