"""Figures: numerator, denominator and the cases behind them, read from facts by the dictionary of measures and by nothing else.

`read` gives one figure, `read_many` several in one statement a cohort, `split` a table by town, unit, category … . All three
build their conditions in `_counted` and `_met`, and so does `case_ids`: a number and the list it opens cannot differ. The
facts are live ones or those a closed month froze; both have the same columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Left

from reports.models import Fact
from reports.queries.ground import Ground
from reports.rules.measures import MEASURES, Measure
from reports.rules.periods import Basis, Period

#: What a table can be split by: code → (name, fact column or expression). `unit` is the column the measure asks.
SPLITS: dict[str, tuple[str, str | Combinable | None]] = {
    "town": ("乡镇（街道）", "town_code"),
    "village": ("村（社区）", "area_id"),
    "unit": ("单位", None),
    "category": ("分类", Left("topic_code", 2)),
    "subcategory": ("二级分类", Left("topic_code", 4)),
    "topic": ("三级分类", "topic_code"),
    "channel": ("信访形式", "channel"),
    "handler": ("承办人", "handler_id"),
    "outcome": ("结果", "outcome"),
    "level": ("调处层级", "level"),
    "day": ("日期", None),
}
#: Fewer than this in a cell are not shown to other units (L-SEC-41).
SMALL = 5


@dataclass(frozen=True, slots=True)
class Selection:
    """Which facts: days, by which date, on whose ground, narrowed by place, unit, category, channel, person.

    `on` is the day the figures are true of: today, or the end of the period where that is past. Never later than today.
    """

    period: Period
    on: date
    ground: Ground
    basis: Basis = Basis.OWN
    town_code: str = ""
    area_id: int | None = None
    unit_ids: tuple[int, ...] = ()
    topic: str = ""
    channel: str = ""
    handler_id: int | None = None
    outcome: str = ""
    level: int | None = None

    def within(self, **changes: Any) -> Selection:
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. For a count `numerator` is what is shown and `denominator` the same number; for a share they are met and counted."""

    measure: Measure
    numerator: int
    denominator: int
    key: Any = None

    @property
    def value(self) -> Decimal | None:
        return self.measure.value(self.numerator, self.denominator)

    @property
    def text(self) -> str:
        return self.measure.text(self.value)

    @property
    def is_rankable(self) -> bool:
        """Enough cases to be held against others (L-CLS-27)."""
        return self.denominator >= self.measure.least

    @property
    def is_small(self) -> bool:
        """Few enough to point at a person (L-SEC-41)."""
        return 0 < self.denominator < SMALL


@dataclass(frozen=True, slots=True)
class Table:
    """Figures of several measures by one key: `rows[key][code]`."""

    by: str
    measures: tuple[Measure, ...]
    rows: dict[Any, dict[str, Figure]] = field(default_factory=dict)


def read(code: str, where: Selection, facts: QuerySet[Any] | None = None) -> Figure:
    """One figure of the dictionary."""
    return read_many([code], where, facts)[code]


def read_many(codes: Iterable[str], where: Selection, facts: QuerySet[Any] | None = None) -> dict[str, Figure]:
    """Several figures of one selection, in one statement for each column by which their cases are found."""
    found: dict[str, Figure] = {}
    for base, measures in _by_base(codes, where, facts):
        row = base.aggregate(**_sums(measures, where))
        for measure in measures:
            found[measure.code] = _figure(measure, row, None)
    return {code: found[code] for code in codes}


def split(codes: Iterable[str], where: Selection, by: str, facts: QuerySet[Any] | None = None) -> Table:
    """The same figures for each town, unit, category …: one statement for each cohort (and each column of units)."""
    wanted = list(codes)
    rows: dict[Any, dict[str, Figure]] = defaultdict(dict)
    for base, measures in _by_base(wanted, where, facts):
        groups: dict[Any, list[Measure]] = defaultdict(list)
        for measure in measures:
            groups[_column(measure, by, where)].append(measure)
        for column, members in groups.items():
            for row in base.order_by().values(key=F(column) if isinstance(column, str) else column).annotate(**_sums(members, where)):
                for measure in members:
                    figure = _figure(measure, row, row["key"])
                    if figure.denominator:
                        rows[row["key"]][measure.code] = figure
    measures = tuple(MEASURES[code] for code in wanted)
    for cells in rows.values():
        for measure in measures:
            cells.setdefault(measure.code, Figure(measure, 0, 0))
    return Table(by, measures, dict(rows))


def case_ids(code: str, where: Selection, part: str = "counted", facts: QuerySet[Any] | None = None) -> QuerySet[Any]:
    """The cases behind a figure, as a queryset of ids: `counted` (the denominator), `met` (the numerator) or `missed` (the rest)."""
    measure = MEASURES[code]
    found = _base(measure, where, facts).filter(_counted(measure, where))
    if part == "met" and measure.met is not None:
        found = found.filter(measure.met(where.on))
    elif part == "missed" and measure.met is not None:
        # Not `exclude`: a date that never came is no match and must stand among the missed.
        found = found.exclude(pk__in=found.filter(measure.met(where.on)).values("pk"))
    return found.order_by().values_list("case_id", flat=True)


def cohort(measure: Measure, basis: Basis) -> str:
    """The date by which the measure finds its cases under a basis; a stock has none."""
    if measure.is_stock or basis is Basis.OWN:
        return measure.cohort
    return {Basis.REGISTERED: "registered_on", Basis.CLOSED: "closed_on"}[basis]


# -- how conditions are put together ------------------------------------------------------------------------------------


def _by_base(codes: Iterable[str], where: Selection, facts: QuerySet[Any] | None) -> Iterable[tuple[QuerySet[Any], Sequence[Measure]]]:
    groups: dict[tuple[str, str, str], list[Measure]] = defaultdict(list)
    for code in dict.fromkeys(codes):
        measure = MEASURES[code]
        asked = measure.answers if where.ground.unit_ids or where.unit_ids else ""
        groups[measure.kind, cohort(measure, where.basis), asked].append(measure)
    for members in groups.values():
        yield _base(members[0], where, facts), members


def _base(measure: Measure, where: Selection, facts: QuerySet[Any] | None) -> QuerySet[Any]:
    """Facts of the measure's kind, cohort and of the selection's filters: what is the same for all measures of one statement."""
    found = (Fact.objects.all() if facts is None else facts).filter(where.ground.condition(measure.answers), kind=measure.kind, is_counted=True)
    dated = cohort(measure, where.basis)
    if dated:
        found = found.filter(**{f"{dated}__range": (where.period.since, where.period.until)})
    else:
        found = found.filter(Q(closed_on=None) | Q(closed_on__gt=where.on))
    if where.town_code:
        found = found.filter(town_code=where.town_code)
    if where.area_id:
        found = found.filter(area_id=where.area_id)
    if where.unit_ids:
        found = found.filter(**{f"{measure.answers}__in": where.unit_ids})
    if where.topic:
        found = found.filter(topic_code__startswith=where.topic)
    if where.channel:
        found = found.filter(channel=where.channel)
    if where.handler_id:
        found = found.filter(handler_id=where.handler_id)
    if where.outcome:
        found = found.filter(outcome=where.outcome)
    if where.level is not None:
        found = found.filter(level=where.level)
    return found


def _counted(measure: Measure, where: Selection) -> Q:
    return measure.counted(where.on)


def _sums(measures: Sequence[Measure], where: Selection) -> dict[str, Any]:
    sums: dict[str, Any] = {}
    for measure in measures:
        counted = _counted(measure, where)
        sums[f"{measure.code}__n"] = Count("pk", filter=counted)
        if measure.met is not None:
            sums[f"{measure.code}__m"] = Count("pk", filter=counted & measure.met(where.on))
        elif measure.adds:
            sums[f"{measure.code}__m"] = Sum(measure.adds, filter=counted, default=0)
    return sums


def _figure(measure: Measure, row: dict[str, Any], key: Any) -> Figure:
    counted = row[f"{measure.code}__n"]
    return Figure(measure, row.get(f"{measure.code}__m", counted), counted, key)


def _column(measure: Measure, by: str, where: Selection) -> Any:
    if by == "unit":
        return measure.answers
    if by == "day":
        return cohort(measure, where.basis) or "registered_on"
    return SPLITS[by][1]
