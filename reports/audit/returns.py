"""The monthly 矛盾纠纷 return by level × type × headcount band, counted from the same facts as every figure of disputes (MED-16)."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Left

from mediation import codes
from mediation.rules.ladder import LEVELS
from organisations.rules import NotAllowed
from reports.models import Fact
from reports.queries import figures, guard
from reports.queries.figures import Selection
from reports.rules.measures import MEASURES


@dataclass(frozen=True, slots=True)
class Band:
    """A size of a dispute by people (petition_headcount_bands of the national code tables)."""

    code: str
    name: str
    least: int
    most: int | None

    @property
    def condition(self) -> Q:
        return Q(headcount__gte=self.least) & (Q() if self.most is None else Q(headcount__lte=self.most))


BANDS = (Band("1", "1–5人", 0, 5), Band("2", "6–20人", 6, 20), Band("3", "21–50人", 21, 50), Band("4", "50人以上", 51, None))
#: Levels of the bodies, from the lowest, with the steps of the ladder on each.
LADDER = {name: tuple(step for step, level in LEVELS.items() if level == name) for name in dict.fromkeys(LEVELS.values())}
#: What the return counts, each a measure of the dictionary.
COUNTED, SETTLED = "disputes", "settled"


@dataclass(frozen=True, slots=True)
class Line:
    """A type on a level: cases by band, all, people, settled ones. `level` and `type_code` empty in sums."""

    level: str
    steps: tuple[int, ...]
    type_code: str
    name: str
    bands: tuple[int, ...]
    cases: int
    people: int
    settled: int


@dataclass(frozen=True, slots=True)
class Return:
    levels: list[tuple[str, list[Line], Line]] = field(default_factory=list)
    total: Line | None = None


def read(where: Selection) -> Return:
    """Disputes accepted in the period, on the ground of the selection. One statement; the sum of all cells is the measure «受理调处纠纷»."""
    ids = figures.case_ids(COUNTED, where)
    settled = MEASURES[SETTLED].counted(where.moment)
    sums = {f"band_{band.code}": Count("pk", filter=band.condition) for band in BANDS}
    rows = (
        Fact.objects.filter(pk__in=ids)
        .order_by()
        .values("level", type_code=Left("topic_code", 4))
        .annotate(cases=Count("pk"), people=Sum("headcount", default=0), settled=Count("pk", filter=settled), **sums)
    )
    found: dict[tuple[str, str], Line] = {}
    names = {f"TJ{row.code}": row.name for row in codes.TYPES.values()}
    for row in rows:
        level = LEVELS.get(row["level"], LEVELS[1])
        line = Line(
            level,
            LADDER[level],
            row["type_code"],
            names.get(row["type_code"], "其他"),
            tuple(row[f"band_{band.code}"] for band in BANDS),  # type: ignore[literal-required]
            row["cases"],
            row["people"],
            row["settled"],
        )
        key = level, row["type_code"]
        found[key] = _added([found[key], line], level, line.type_code, line.name) if key in found else line
    levels = []
    for level in LADDER:
        lines = sorted((line for (at, _), line in found.items() if at == level), key=lambda line: line.type_code)
        levels.append((level, lines, _added(lines, level, "", f"{level}级小计")))
    return Return(levels, _added([sum_ for _, _, sum_ in levels], "", "", "合计"))


def check(where: Selection) -> None:
    """Cells by level, type and size of another's unit or person are told to nobody of a place. Raises NotAllowed (403).

    The county sees every cell, a department its own; a place's own return is made of what happened there (L-SEC-41).
    """
    if guard.narrows_to_others(where):
        raise NotAllowed(_OF_OTHERS, code="too_few", status=403)


_OF_OTHERS = "所选范围属于其他单位，月报表按层级、类型和人数细分，其他单位的不显示。"


def _added(lines: list[Line], level: str, type_code: str, name: str) -> Line:
    bands = tuple(sum(line.bands[i] for line in lines) for i in range(len(BANDS)))
    cases, people, settled = (sum(getattr(line, column) for line in lines) for column in ("cases", "people", "settled"))
    return Line(level, LADDER.get(level, ()), type_code, name, bands, cases, people, settled)


def part(*, stage: str, type: str, band: str) -> QuerySet[Fact]:
    """The facts of one cell, row or column of the return; empty words do not narrow."""
    found = Fact.objects.all()
    if stage:
        found = found.filter(level__in=LADDER[stage])
    if type:
        found = found.filter(topic_code__startswith=type)
    return found.filter(next(one for one in BANDS if one.code == band).condition) if band else found
