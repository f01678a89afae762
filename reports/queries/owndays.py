"""Days of their own: on which day each of several units, or steps of the ladder, got the matter, the card, the urging.

Beside a fact's `…_unit_ids` stand `…_unit_days` in the same order. Where units or steps are asked these days stand for the
cohort's, so that who got a matter in November is not asked for it in October, when another had it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, DateField, F, Func, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.lookups import IsNull
from django.db.models.sql.compiler import SQLCompiler

from reports.models import HANDED_ON
from reports.rules.measures import days_beside
from reports.rules.periods import Period


class _Few(Func):
    """A Func whose template names its arguments one by one: `{0}`, `{1}` …"""

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[Any, ...]]:
        parts = [compiler.compile(expression) for expression in self.source_expressions]
        # In the order of the template, each argument once.
        return (template or self.template).format(*(sql for sql, _ in parts)), tuple(value for _, values in parts for value in values)


class _Day(_Few):
    template = "(SELECT min(own.day) FROM unnest({0}, {1}) AS own (who, day) WHERE own.day BETWEEN {2} AND {3} AND own.who = ANY({4}))"
    output_field = DateField()


class _Who(_Few):
    template = "unnest(ARRAY(SELECT own.who FROM unnest({0}, {1}) AS own (who, day) WHERE own.day BETWEEN {2} AND {3}))"
    output_field = BigIntegerField()


class _Array(_Few):
    template = "ARRAY[{0}]"


def moved(column: str) -> Q:
    """Facts that more than one of them got: only these can count in other days than the cohort's."""
    return HANDED_ON if column.startswith("carried") else Q(**{f"{days_beside(column)}__1__isnull": False})


def day(column: str, period: Period, whose: str | Sequence[int] | None = None) -> Combinable:
    """The first day of the period on which one of these units or steps, or the one a column of the fact names, got the case; NULL for none."""
    who = _Array(F(whose)) if isinstance(whose, str) else F(column) if whose is None else _Ids(list(whose))
    return _Day(F(column), F(days_beside(column)), Value(period.since), Value(period.until), who)


def within(column: str, period: Period, whose: str | Sequence[int] | None = None) -> Q:
    """Facts of which one of them, or any, got the case in the period."""
    return Q(IsNull(day(column, period, whose), False))


def who(column: str, period: Period) -> Combinable:
    """Each unit or step that got the case in the period, one row each."""
    return _Who(F(column), F(days_beside(column)), Value(period.since), Value(period.until))


class _Ids(Func):
    """A list of numbers as an array of the width of our keys."""

    template = "%(expressions)s::bigint[]"

    def __init__(self, ids: list[int]) -> None:
        super().__init__(Value(ids))
