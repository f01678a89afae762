"""What a day that is over says, kept until that very day is restated.

Who held a matter, until when and whether it was ended on a day that is over changes by two things alone: what is entered late
for that day or before, and what is put right (place, class, protection, void). Both are noted with the first day they change
(`Restated`, written by refresh with the facts). So an act of today leaves the past as it was read.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from hashlib import sha256
from typing import TypeVar

from django.core.cache import cache as store
from django.db.models import F, Max, Q
from django.db.models.expressions import BaseExpression

from casework.facts import COLUMNS
from reports.models import STOOD, Restated
from reports.rules.measures import MEASURES, VERSIONS, Measure, Moment

Found = TypeVar("Found")
#: Seconds of a day and a bit: a past day is asked for as «yesterday» one day long.
_SECONDS = 100_000
#: By these every figure is found, narrowed and split, whatever it counts.
_ALWAYS = frozenset({"kind", "is_counted", "confidential", "town_code", "area_id", "topic_code", "channel", "registered_on"})
_SOME = Moment(date(2026, 1, 1), date(2026, 1, 1))


def of_day(day: date, asked: object, make: Callable[[], Found]) -> Found:
    """What `make` gives for `asked` of a day that is over, made once until that day is restated. The answer can be pickled."""
    restated = Restated.objects.filter(since__lte=day).aggregate(version=Max("version"), at=Max("at"))
    words = f"{day} {restated['version']} {restated['at']} {_definitions()} {asked!r}"
    key = f"reports:stood:{sha256(words.encode()).hexdigest()}"
    found = store.get(key)
    if found is None:
        found = make()
        store.set(key, found, _SECONDS)
    return found


@cache
def found_by() -> tuple[str, ...]:
    """The days by which a figure of a day that is over finds its cases: before the earliest of them a new case is in none."""
    return tuple(sorted({"registered_on", "closed_on", *(row.cohort for row in _stands() if row.cohort)}))


@cache
def put_right() -> tuple[str, ...]:
    """Columns without a past that such a figure is counted from: where one is changed, every day of the case is restated."""
    asked = set(_ALWAYS)
    for row in _stands():
        asked |= {row.adds, row.ripens, row.answers, row.levels} | _columns(row.counted(_SOME)) | (_columns(row.met(_SOME)) if row.met else set())
    return tuple(column for column in COLUMNS if column in asked and column not in STOOD)


def _stands() -> list[Measure]:
    return [row for rows in VERSIONS.values() for row in rows if row.is_as_stood]


def _columns(condition: object) -> set[str]:
    """The facts' columns a condition speaks of, on either side of a comparison."""
    if isinstance(condition, Q):
        pairs = [child for child in condition.children if isinstance(child, tuple)]
        parts = [child for child in condition.children if not isinstance(child, tuple)]
        named = {str(lookup).partition("__")[0] for lookup, _ in pairs}
        return named.union(*(_columns(value) for _, value in pairs), *(_columns(part) for part in parts))
    if isinstance(condition, F):
        return {str(condition.deconstruct()[1][0])}
    if isinstance(condition, BaseExpression):
        return set().union(*(_columns(part) for part in condition.get_source_expressions()))
    return set()


@cache
def _definitions() -> str:
    """Of everything counted from the past: another dictionary, other answers."""
    rows = [
        (row.code, row.version, row.cohort, row.counted(_SOME), row.met and row.met(_SOME), row.adds, row.ripens, row.answers, row.levels)
        for row in _stands()
    ]
    return sha256(repr((rows, sorted(MEASURES))).encode()).hexdigest()
