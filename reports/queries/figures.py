"""Figures: numerator, denominator and the cases behind them, read from facts by the dictionary of measures and by nothing else.

`read` gives one figure, `read_many` several in one statement a cohort, `split` a table by town, unit, category … . All three
take their conditions from the measure, and so does `case_ids`: a number and the list it opens cannot differ. The facts are
live ones or those a closed month froze; both have the same columns. The county's own figures come from tallies, which
refresh keeps by the same conditions in the same transaction (`reports.queries.tallies`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Func, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Left

from organisations import clock
from reports.models import Fact, FrozenStood, StoodFact
from reports.queries import kept, owndays, stood, tallies
from reports.queries.ground import Ground
from reports.rules.measures import MEASURES, Measure, Moment, among, in_force, is_several, numbered
from reports.rules.periods import Basis, Period
from reports.rules.suppression import FEW

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
#: What stands where a number would point at a person (L-SEC-41).
HIDDEN = FEW


@dataclass(frozen=True, slots=True)
class Selection:
    """Which facts: days, by which date, on whose ground, narrowed by place, unit, category, channel, person.

    `on` is the day the figures are true of: today, or the end of the period where that is past. Never later than today.
    `versions` are those a closed period was counted by; without them the last day of the period says which are meant.
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
    versions: tuple[tuple[str, int], ...] = ()

    @property
    def moment(self) -> Moment:
        return Moment(self.on, min(self.on, clock.today() - timedelta(days=1)))

    def measure(self, code: str) -> Measure:
        """The version of a measure these days are counted by."""
        number = dict(self.versions).get(code)
        return in_force(code, self.period.until) if number is None else numbered(code, number)

    @property
    def is_narrowed(self) -> bool:
        """To a place, unit, class, way, person or end: so few may be meant that a protected matter would show (L-PET-86)."""
        return bool(self.town_code or self.area_id or self.unit_ids or self.topic or self.channel or self.handler_id or self.outcome) or (
            self.level is not None
        )

    def within(self, **changes: Any) -> Selection:
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. For a count `numerator` is what is shown and `denominator` the same number; for a share they are met and counted."""

    measure: Measure
    numerator: int
    denominator: int
    key: Any = None
    #: Not for this reader to know (reports.queries.guard): then both numbers are 0 and mean nothing, and `sign` stands for them.
    is_hidden: bool = False
    sign: str = HIDDEN

    @property
    def value(self) -> Decimal | None:
        return None if self.is_hidden else self.measure.value(self.numerator, self.denominator)

    @property
    def text(self) -> str:
        return self.sign if self.is_hidden else self.measure.text(self.value)

    def without(self, sign: str) -> Figure:
        """The same with its numbers hidden behind a sign; the one it bears already stays."""
        return replace(self, numerator=0, denominator=0, is_hidden=True, sign=self.sign if self.is_hidden else sign)

    @property
    def is_rankable(self) -> bool:
        """Enough cases to be held against others (L-CLS-27)."""
        return self.denominator >= self.measure.least


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
    wanted = list(dict.fromkeys(codes))
    found = {code: cells[code] for cells in _from_tallies(wanted, where, "", facts).values() for code in cells}
    for base, measures in _by_base([code for code in wanted if code not in found], where, facts, ""):
        (row,) = _counted(base, measures, where, facts, "")
        for measure in measures:
            found[measure.code] = _figure(measure, row, None)
    return {code: found[code] for code in wanted}


def split(codes: Iterable[str], where: Selection, by: str, facts: QuerySet[Any] | None = None) -> Table:
    """The same figures for each town, unit, category …: one statement for each cohort (and each column of units)."""
    wanted = list(dict.fromkeys(codes))
    rows: dict[Any, dict[str, Figure]] = defaultdict(dict)
    tallied = _from_tallies(wanted, where, by, facts)
    for key, cells in tallied.items():
        rows[key].update({code: figure for code, figure in cells.items() if figure.denominator})
    done = {code for cells in tallied.values() for code in cells}
    for base, measures in _by_base([code for code in wanted if code not in done], where, facts, by):
        groups: dict[Any, list[Measure]] = defaultdict(list)
        for measure in measures:
            groups[_column(measure, by, where)].append(measure)
        for column, members in groups.items():
            for row in _counted(base, members, where, facts, by, column):
                for measure in members:
                    figure = _figure(measure, row, row["key"])
                    if figure.denominator:
                        rows[row["key"]][measure.code] = figure
    columns = tuple(where.measure(code) for code in wanted)
    kept = {key: cells for key, cells in rows.items() if cells}
    for key, cells in kept.items():
        for measure in columns:
            cells.setdefault(measure.code, Figure(measure, 0, 0, key))
    return Table(by, columns, kept)


def case_ids(code: str, where: Selection, part: str = "counted", facts: QuerySet[Any] | None = None) -> QuerySet[Any]:
    """The cases behind a figure, as a queryset of ids: `counted` (the denominator), `met` (the numerator) or `missed` (the rest)."""
    return rows(code, where, part, facts).order_by().values_list("case_id", flat=True)


def rows(code: str, where: Selection, part: str = "counted", facts: QuerySet[Any] | None = None) -> QuerySet[Any]:
    """The facts themselves a figure was counted from: of a day that is over as they stood on it, where the measure is read so."""
    measure, at = where.measure(code), where.moment
    found = _base(measure, where, facts).annotate(counted_on=_day(measure, where)).filter(measure.belongs(at))
    if part == "met" and measure.met is not None:
        found = found.filter(measure.met(at), _whose(measure, where))
    elif part == "missed" and measure.met is not None:
        # Not `exclude` of the condition: a date that never came is no match and must stand among the missed.
        found = found.exclude(pk__in=found.filter(measure.met(at), _whose(measure, where)).values("pk"))
    return found


def _day(measure: Measure, where: Selection) -> Combinable:
    """The day a fact counts on in the selection: the cohort's, or that of the unit or step that is asked for."""
    own = [owndays.day(column, where.period, whose) for column, whose in _own(measure, where)]
    return own[-1] if own else F(cohort(measure, where.basis) or "registered_on")


def cohort(measure: Measure, basis: Basis) -> str:
    """The date by which the measure finds its cases under a basis; a stock has none."""
    if measure.is_stock or basis is Basis.OWN:
        return measure.cohort
    return {Basis.REGISTERED: "registered_on", Basis.CLOSED: "closed_on"}[basis]


# -- how they are counted -----------------------------------------------------------------------------------------------

#: Aggregates of one row, with its `key` where they are split.
_Row = dict[str, Any]


def _counted(
    base: QuerySet[Any], measures: Sequence[Measure], where: Selection, facts: QuerySet[Any] | None, by: str, column: str | Combinable | None = None
) -> list[_Row]:
    """The sums of measures of one base, in all (one row, `by` empty) or for each key of a column.

    Of live facts two things are read once and not for every page: a day that is over, until it is restated, and what lies
    there today in the whole county, until a fact changes.
    """
    sums = tallies.sums(measures, where.moment, lambda measure: _whose(measure, where, by))

    def read_now() -> list[_Row]:
        if not by:
            return [base.aggregate(**sums)]
        # Protected matters stand in the county's totals and days, in no row of a table (L-PET-86).
        shown = base if by == "day" else base.filter(confidential=False)
        if isinstance(column, str) and is_several(column):
            return _of_several(shown, measures, where, by, column)
        return list(shown.order_by().values(key=F(column) if isinstance(column, str) else column).annotate(**sums))

    if facts is not None:
        return read_now()
    if _is_past(measures[0], where):
        days = Period(where.on, where.on) if measures[0].is_stock else where.period
        # A period that goes on behind the day knows cases that came after it.
        return stood.of_day(where.on, (sorted(sums), where.within(period=days), by), read_now) if days.until <= where.on else read_now()
    if measures[0].is_stock and by in ("", "unit") and where.ground.is_county and not where.is_narrowed:
        return _lying(measures, where, by)
    return read_now()


def _of_several(shown: QuerySet[Any], measures: Sequence[Measure], where: Selection, by: str, column: str) -> list[_Row]:
    """The sums for each of the units or steps a case counts with; what was reached, for the one that reached it."""
    found: dict[Any, _Row] = {}
    counted = tallies.sums(measures, where.moment)
    every: _Row = dict.fromkeys(counted, 0)
    is_own = any(of == column for of, _ in _own(measures[0], where, by))
    each = owndays.who(column, where.period) if is_own else Func(F(column), function="unnest")
    for row in shown.order_by().values(key=each).annotate(**counted):
        found[row["key"]] = {**row, **{f"{measure.code}__m": 0 for measure in measures if measure.met is not None}}
    reached = [measure for measure in measures if measure.met is not None]
    if reached:
        who = reached[0].reached if by == "unit" else "level"
        met = tallies.sums(reached, where.moment, lambda measure: _whose(measure, where, by))
        sums = {name: both for name, both in met.items() if name.endswith("__m")}
        for row in shown.order_by().values(key=F(who)).annotate(**sums):
            if row["key"] in found or any(row[name] for name in sums):
                found.setdefault(row["key"], {**every, "key": row["key"]}).update(row)
    asked = {"unit": where.unit_ids or where.ground.unit_ids, "level": () if where.level is None else (where.level,)}[by]
    return [row for key, row in found.items() if not asked or key in asked]


def _whose(measure: Measure, where: Selection, by: str = "") -> Q:
    """Which of the met were met by the units or at the step that are asked for, where a case counts with several: by who got the

    case in these days.
    """
    found = Q()
    if measure.reached:
        for column, _ in _own(measure, where, by):
            found &= owndays.within(column, where.period, measure.reached if column == measure.units_days else "level")
    for unit_ids in (where.ground.unit_ids, where.unit_ids):
        if measure.reached and unit_ids:
            found &= among(measure.reached, unit_ids)
    if is_several(measure.levels) and where.level is not None:
        found &= Q(level=where.level)
    return found


def _lying(measures: Sequence[Measure], where: Selection, by: str) -> list[_Row]:
    """What lies in the whole county today, in all or by unit: both out of one reading of the open cases."""
    kind, answers = measures[0].kind, measures[0].answers
    stock = [row for row in map(where.measure, MEASURES) if row.is_stock and (row.kind, row.answers) == (kind, answers)]
    sums = tallies.sums(stock, where.moment)
    asked = where.within(period=Period(where.on, where.on), basis=Basis.OWN)
    rows = kept.of(
        "lying",
        (asked, kind, answers, [(row.code, row.version) for row in stock]),
        lambda: list(_base(stock[0], asked, None).order_by().values("confidential", key=F(answers)).annotate(**sums)),
    )
    if by:
        return [row for row in rows if not row["confidential"]]
    return [{name: sum(row[name] for row in rows) for name in sums}]


# -- how conditions are put together ------------------------------------------------------------------------------------


def _by_base(codes: Iterable[str], where: Selection, facts: QuerySet[Any] | None, by: str) -> Iterable[tuple[QuerySet[Any], Sequence[Measure]]]:
    groups: dict[tuple[Any, ...], list[Measure]] = defaultdict(list)
    for code in dict.fromkeys(codes):
        measure = where.measure(code)
        asked = measure.answers if where.ground.unit_ids or where.unit_ids else ""
        step = "" if where.level is None else measure.levels
        groups[measure.kind, cohort(measure, where.basis), asked, step, _own(measure, where, by), _is_past(measure, where)].append(measure)
    for members in groups.values():
        yield _base(members[0], where, facts, by), members


#: Columns of several units or steps whose own days count, each with who is asked for: keys, or the fact's column of the one; None for all.
_Own = tuple[tuple[str, tuple[int, ...] | str | None], ...]


def _own(measure: Measure, where: Selection, by: str = "") -> _Own:
    """By whose days the cases are found in place of the cohort's: where units or steps are asked for or make the rows."""
    if where.basis is not Basis.OWN:
        return ()
    found: list[tuple[str, tuple[int, ...] | str | None]] = []
    if measure.units_days:
        asked = [unit_ids for unit_ids in (where.ground.unit_ids, where.unit_ids) if unit_ids]
        one = measure.answers if not is_several(measure.answers) else None
        found += [(measure.units_days, one or unit_ids) for unit_ids in asked] or ([(measure.units_days, one)] if by == "unit" else [])
    if measure.steps_days and (where.level is not None or by == "level"):
        one = measure.levels if not is_several(measure.levels) else None
        found.append((measure.steps_days, one or (None if where.level is None else (where.level,))))
    return tuple(found)


def _as_of(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """All facts, or all those a closing froze, as they stood at the end of a day."""
    stood: QuerySet[Any] = StoodFact.objects.all()
    if rows.model is not Fact:
        stood = FrozenStood.objects.filter(closing=Subquery(rows.order_by().values("closing")[:1]))
    return stood.filter(Q(stood_until=None) | Q(stood_until__gt=day), stood_from__lte=day)


def _is_past(measure: Measure, where: Selection) -> bool:
    """Whether the figure speaks of a day that is over by more than the case's own dates: who held it then, until when it was due."""
    return measure.is_as_stood and where.on < clock.today()


def _base(measure: Measure, where: Selection, facts: QuerySet[Any] | None, by: str = "") -> QuerySet[Any]:
    """Facts of the measure's kind, cohort and of the selection's filters: what is the same for all measures of one statement."""
    rows: QuerySet[Any] = Fact.objects.all() if facts is None else facts
    if _is_past(measure, where):
        rows = _as_of(rows, where.on)
    found = rows.filter(where.ground.condition(measure.answers), kind=measure.kind, is_counted=True)
    dated = cohort(measure, where.basis)
    own = _own(measure, where, by)
    if own:
        # In other days than the cohort's only what went on from the first unit or step to a later one.
        moved = Q(**{f"{dated}__lt": where.period.since}) & owndays.moved(own[0][0])
        found = found.filter(Q(**{f"{dated}__range": (where.period.since, where.period.until)}) | moved)
        for column, whose in own:
            if whose is not None:
                found = found.filter(owndays.within(column, where.period, whose))
    elif dated:
        found = found.filter(**{f"{dated}__range": (where.period.since, where.period.until)})
    elif where.on < clock.today():
        found = found.filter(Q(closed_on=None) | Q(closed_on__gt=where.on))
    else:
        # Nothing is closed later than today: said so that the index of open cases is enough.
        found = found.filter(closed_on=None)
    if where.is_narrowed:
        found = found.filter(confidential=False)
    if where.town_code:
        found = found.filter(town_code=where.town_code)
    if where.area_id:
        found = found.filter(area_id=where.area_id)
    if where.unit_ids:
        found = found.filter(among(measure.answers, where.unit_ids))
    if where.topic:
        found = found.filter(topic_code__startswith=where.topic)
    if where.channel:
        found = found.filter(channel=where.channel)
    if where.handler_id:
        found = found.filter(handler_id=where.handler_id)
    if where.outcome:
        found = found.filter(outcome=where.outcome)
    if where.level is not None:
        found = found.filter(among(measure.levels, (where.level,)))
    return found


def _from_tallies(codes: Sequence[str], where: Selection, by: str, facts: QuerySet[Any] | None) -> dict[Any, dict[str, Figure]]:
    """What the county's tallies can say of this: `{key: {code: figure}}`; nothing where the figure has to come from facts."""
    place = _tally_place(where, by) if facts is None and where.basis is Basis.OWN and where.ground.is_county else None
    if place is None:
        return {}
    dim, keys, grouped = place
    measures = [where.measure(code) for code in codes]
    # Tallies are of the facts of today: they know no past.
    present = [row for row in measures if not _is_past(row, where)]
    held = [row for row in present if (family := tallies.family_of(row)) and (not dim or dim in family.marks)]
    if not held:
        return {}
    days = tallies.Days(where.period.since, where.period.until, where.moment.over)
    sums = tallies.read(held, days, dim, keys, grouped)
    if sums is None:
        return {}
    if not grouped and not sums:
        sums = {None: {}}
    as_key = int if by == "unit" else str
    found: dict[Any, dict[str, Figure]] = {}
    for raw, cells in sums.items():
        key = raw if grouped != "key" else as_key(raw) if raw else None if by == "unit" else raw
        found[key] = {row.code: Figure(row, *cells.get(row.code, (0, 0)), key) for row in held}
    return found


def _tally_place(where: Selection, by: str) -> tuple[str, list[str] | None, str] | None:
    """Which tallies stand for this selection: dimension, keys (all where None), grouped by what. None: no tally does."""
    filters: list[tuple[str, list[str]]] = []
    if where.town_code:
        filters.append((tallies.DIMS["town"], [where.town_code]))
    if where.unit_ids:
        filters.append((tallies.DIMS["unit"], [str(unit_id) for unit_id in where.unit_ids]))
    if where.channel:
        filters.append((tallies.DIMS["channel"], [where.channel]))
    if where.topic:
        if len(where.topic) not in (2, 4):
            return None
        filters.append((tallies.DIMS["category" if len(where.topic) == 2 else "subcategory"], [where.topic]))
    if where.area_id or where.handler_id or where.outcome or where.level is not None or len(filters) > 1:
        return None
    dim, keys = filters[0] if filters else ("", None)
    if by in ("", "day"):
        return dim, keys, by
    return (tallies.DIMS[by], None, "key") if by in tallies.DIMS and not filters else None


def _figure(measure: Measure, row: dict[str, Any], key: Any) -> Figure:
    counted = row[f"{measure.code}__n"]
    return Figure(measure, row.get(f"{measure.code}__m", counted), counted, key)


def _column(measure: Measure, by: str, where: Selection) -> Any:
    if by == "unit":
        return measure.answers
    if by == "level":
        return measure.levels
    if by == "day":
        return _day(measure, where)
    return SPLITS[by][1]
