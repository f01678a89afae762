"""Tallies: the county's figures of each day by the dictionary's own conditions, kept by refresh, read instead of facts where they can be.

Measures of one kind, one date and one unit column are a family; its cells are counted and met of each. A measure whose
conditions depend on the day of looking (未答超期), a stock, a second filter, what is told as it stood on a day that is over
(the family of the reply): those are read from facts. Protected matters
are in the tallies of the day alone, in none of a place, unit or class (L-PET-86).
"""

# ruff: noqa: E501, S608 (put together from the dictionary and from what the ORM compiles; values are parameters)

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Left

from reports.models import Fact, FactState
from reports.rules.measures import MEASURES, Measure, Moment, is_several

#: Dimension of a tally for each table it can stand for.
DIMS = {"town": "t", "unit": "u", "category": "c", "subcategory": "s", "channel": "f"}
#: Facts' columns by which they are added up; the unit is the family's own.
_KEYS = {"town": F("town_code"), "category": Left("topic_code", 2), "subcategory": Left("topic_code", 4), "channel": F("channel")}
#: Tallies hold every day's promises, decided or not: as if all days were over.
_EVER = Moment(date.max, date.max)


@dataclass(frozen=True, slots=True)
class Family:
    """Measures that find their cases in the same way, and where each one's sums stand among the cells."""

    number: int
    kind: str
    cohort: str
    answers: str
    codes: tuple[str, ...]

    def cells(self, code: str) -> tuple[int, int | None]:
        """Positions of counted and of met (or added up), from 0."""
        at = 0
        for other in self.codes:
            width = 2 if has_second(MEASURES[other]) else 1
            if other == code:
                return at, at + 1 if width == 2 else None
            at += width
        raise KeyError(code)

    @property
    def dims(self) -> tuple[str, ...]:
        """What the family is added up by. The many small categories only of what came in: there they are looked at."""
        return tuple(by for by in DIMS if by not in self._left_out)

    @property
    def _left_out(self) -> frozenset[str]:
        """What counts with several units, or with a unit on a day of its own, is read from facts."""
        classes = frozenset[str]() if self.cohort == "registered_on" else frozenset({"subcategory"})
        return classes | {"unit"} if is_several(self.answers) or any(MEASURES[code].units_days for code in self.codes) else classes

    @property
    def marks(self) -> tuple[str, ...]:
        return tuple(DIMS[by] for by in self.dims)

    @property
    def width(self) -> int:
        return sum(2 if has_second(MEASURES[code]) else 1 for code in self.codes)


def has_second(measure: Measure) -> bool:
    return measure.met is not None or bool(measure.adds)


def sums(measures: Iterable[Measure], at: Moment, whose: Callable[[Measure], Q] = lambda _: Q()) -> dict[str, Any]:
    """The aggregates of several measures over facts of one cohort: `code__n` counted, `code__m` met or added up.

    `whose` says of a measure which of the met are met by those that are asked for.
    """
    found: dict[str, Any] = {}
    for measure in measures:
        counted = measure.belongs(at)
        found[f"{measure.code}__n"] = Count("pk", filter=counted)
        if measure.met is not None:
            found[f"{measure.code}__m"] = Count("pk", filter=counted & measure.met(at) & whose(measure))
        elif measure.adds:
            found[f"{measure.code}__m"] = Sum(measure.adds, filter=counted, default=0)
    return found


@cache
def families() -> tuple[Family, ...]:
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for measure in MEASURES.values():
        if not measure.is_stock and not measure.asks_the_day:
            groups[measure.kind, measure.cohort, measure.answers].append(measure.code)
    return tuple(Family(number, *key, tuple(codes)) for number, (key, codes) in enumerate(sorted(groups.items()), start=1))


@cache
def _by_code() -> dict[str, Family]:
    return {code: family for family in families() for code in family.codes}


@cache
def family_of(measure: Measure) -> Family | None:
    """Whose tallies a measure is read from. A former version has those of the newest where both count the same, decided or not."""
    newest = MEASURES[measure.code]
    return _by_code().get(measure.code) if measure is newest or _what(measure) == _what(newest) else None


def _what(measure: Measure) -> tuple[object, ...]:
    met = measure.met(_EVER) if measure.met is not None else None
    return measure.kind, measure.cohort, measure.answers, measure.counted(_EVER), met, measure.adds


@cache
def fingerprint() -> str:
    """Of everything the tallies hang on: another dictionary, other tallies."""
    return sha256("\n".join(f"{fine(family, Fact.objects.all()).query} {family.dims}" for family in families()).encode()).hexdigest()


def are_kept() -> bool:
    return FactState.objects.filter(tallied=fingerprint()).exists()


def fine(family: Family, facts: QuerySet[Any]) -> QuerySet[Any]:
    """What the facts count for, by day and all keys at once: the rows the tallies of every dimension are added up from."""
    dated = Q(**{f"{family.cohort}__isnull": False})
    units = {"k_unit": F(family.answers)} if "unit" in family.dims else {}
    return (
        facts.filter(dated, kind=family.kind, is_counted=True)
        .order_by()
        .values(day=F(family.cohort), k_hidden=F("confidential"), k_town=_KEYS["town"], k_category=_KEYS["category"],
                k_subcategory=_KEYS["subcategory"], k_channel=_KEYS["channel"], **units)
        .annotate(**sums([MEASURES[code] for code in family.codes], _EVER))
    )  # fmt: skip


def statement(family: Family, facts: QuerySet[Any], sign: int, table: str = "reports_tally") -> tuple[str, tuple[Any, ...]]:
    """Puts what these facts count for onto the tallies (sign 1) or takes it off (−1)."""
    inner, params = fine(family, facts).query.sql_with_params()
    names = [name for code in family.codes for name in ((f"{code}__n", f"{code}__m") if has_second(MEASURES[code]) else (f"{code}__n",))]
    cells = ", ".join(f'sum("{name}")::int * {sign:d}' for name in names)
    dims = [(by, DIMS[by]) for by in family.dims]
    which = " ".join(f"WHEN grouping(k_{by}) = 0 THEN '{dim}'" for by, dim in dims)
    key = " ".join(f"WHEN grouping(k_{by}) = 0 THEN coalesce(k_{by}::varchar, '')" for by, _ in dims)
    sets = ", ".join(["(day)", *(f"(day, k_hidden, k_{by})" for by, _ in dims)])
    sql = f"""
        INSERT INTO {table} AS t (family, dim, day, key, cells)
        SELECT {family.number}, CASE {which} ELSE '' END, day, CASE {key} ELSE '' END, ARRAY[{cells}]
          FROM ({inner}) x GROUP BY GROUPING SETS ({sets}) HAVING grouping(k_hidden) = 1 OR NOT k_hidden ORDER BY 2, 3, 4
        ON CONFLICT (family, dim, day, key) DO UPDATE
        SET cells = (SELECT array_agg(u.a + u.b ORDER BY u.i) FROM unnest(t.cells, EXCLUDED.cells) WITH ORDINALITY AS u (a, b, i))"""
    return sql, params


@dataclass(frozen=True, slots=True)
class Days:
    """Days `since` to `until`; of those after `over` it is not decided yet what is not kept."""

    since: date
    until: date
    over: date


#: Of each row and code: met or added up, counted.
_Sums = dict[Any, dict[str, tuple[int, int]]]


def read(measures: Sequence[Measure], days: Days, dim: str = "", keys: Sequence[str] | None = None, by: str = "") -> _Sums | None:
    """Sums of the measures over the days: `{key: {code: (met or added up, counted)}}`, in one statement, on running days in two.

    `dim` and `keys` choose the tallies (all keys where None); `by` is "" (one row, key None), "key" or "day". None where no
    tallies are kept by this dictionary.
    """
    if days.until <= days.over or not any(measure.ripens for measure in measures):
        return _summed(measures, days.since, days.until, dim, keys, by)
    found = _summed(measures, days.since, days.over, dim, keys, by)
    running = _summed(measures, max(days.since, days.over + timedelta(days=1)), days.until, dim, keys, by)
    if found is None or running is None:
        return None
    ripening = {measure.code for measure in measures if measure.ripens}
    for key, cells in running.items():
        row = found.setdefault(key, {})
        for code, (met, counted) in cells.items():
            before = row.get(code, (0, 0))
            # Kept on a day whose promises are not all decided: those kept are the decided ones.
            row[code] = before[0] + met, before[1] + (met if code in ripening else counted)
    return found


def _summed(measures: Sequence[Measure], since: date, until: date, dim: str, keys: Sequence[str] | None, by: str) -> _Sums | None:
    """Only the cells that are asked for are added up, and whether the tallies are kept is asked in the same statement."""
    cells = {measure.code: (_by_code()[measure.code], *_by_code()[measure.code].cells(measure.code)) for measure in measures}
    places = sorted({place for _, *both in cells.values() for place in both if place is not None})
    column = {"": "NULL", "key": "key", "day": "day"}[by]
    sums = ", ".join(f"sum(cells[{place + 1}])::bigint" for place in places)
    sql = f"""
        SELECT t.* FROM reports_factstate s LEFT JOIN LATERAL (
               SELECT family, {column} AS by_key, {sums} FROM reports_tally
                WHERE family = ANY(%(families)s) AND dim = %(dim)s AND day BETWEEN %(since)s AND %(until)s {"" if keys is None else "AND key = ANY(%(keys)s)"}
                GROUP BY 1, 2) t ON true
         WHERE s.tallied = %(tallied)s"""
    wanted = {family.number for family, *_ in cells.values()}
    with connection.cursor() as db:
        db.execute(sql, {"families": sorted(wanted), "dim": dim, "since": since, "until": until, "keys": list(keys or ()), "tallied": fingerprint()})
        rows = db.fetchall()
    if not rows:
        return None
    found: _Sums = defaultdict(dict)
    for number, key, *summed in rows:
        row = dict(zip(places, summed, strict=True))
        for code, (family, counted, second) in cells.items():
            if family.number == number:
                found[key][code] = (row[counted] if second is None else row[second], row[counted])
    return dict(found)
