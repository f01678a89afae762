"""Readers' rows carry what lists ask of a case: written with it when it is opened, copied by the database ever after.

What each column has to hold is said here once more, from the case's own row; a column that nobody fills fails by its name.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from casework.models import Case, Reach
from casework.models.docket import NO_DAY
from casework.rules import Outcome
from tests.factories import disputes
from tests.factories import petitions as walk
from tests.factories.county import County

pytestmark = pytest.mark.django_db

EITHER = pytest.mark.parametrize("registered", [walk.registered, disputes.registered])


#: The moment of registration is the case's for ever; nothing has to follow it.
NEVER_MOVES = {"opened_at"}


def columns() -> list[str]:
    """Every column of the model but its key and the two that say whose row it is."""
    return [field.attname for field in Reach._meta.concrete_fields if field.attname not in {"id", "case_id", "reader"}]


def wanted(case: Case) -> dict[str, Any]:
    """The column's value by the case: the same word on the docket row, and where no limit runs the day that sorts last."""
    values = {column: getattr(case, column) for column in columns()}
    return {**values, "due_on": case.due_on or NO_DAY, "warn_on": case.warn_on or NO_DAY}


def shown(case: Case) -> list[dict[str, Any]]:
    return list(Reach.objects.filter(case=case).order_by("reader").values(*columns()))


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def different_in_every_column(county: County, case: Case) -> None:
    """As the case could stand later: every column that can move has moved, none has its default."""
    now = timezone.now()
    Case.objects.filter(pk=case.pk).update(
        state="elsewhere",
        due_on=(case.due_on or now.date()) + timedelta(days=3),
        warn_on=(case.warn_on or now.date()) + timedelta(days=2),
        unit=county.units["water"],
        handler=county.people["water_handler"],
        area=county.areas["dongliang"],
        town_code="370685109",
        topic_code="999999",
        urgency=3,
        marks=["one", "two"],
    )


@EITHER
def test_rows_written_with_the_case_hold_what_the_case_holds(county: County, registered):
    case = fresh(registered(county).case)
    assert shown(case)
    assert all(row == wanted(case) for row in shown(case))


@EITHER
def test_a_reader_who_comes_later_gets_the_same(county: County, registered):
    case = registered(county).case
    different_in_every_column(county, case)
    readers = list(Reach.objects.filter(case=case).values_list("reader", flat=True))
    Reach.objects.filter(case=case).delete()
    with connection.cursor() as db:
        db.execute("INSERT INTO casework_reach (case_id, reader) SELECT %s, unnest(%s::bigint[])", [case.pk, readers])
    assert len(shown(case)) == len(readers)
    assert all(row == wanted(fresh(case)) for row in shown(case))


@EITHER
def test_every_column_follows_the_case(county: County, registered):
    case = fresh(registered(county).case)
    before = wanted(case)
    different_in_every_column(county, case)
    changed = wanted(fresh(case))
    assert {column for column in columns() if changed[column] == before[column]} == {"is_open", *NEVER_MOVES}
    assert all(row == changed for row in shown(case))
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now(), due_on=None, warn_on=None, outcome=Outcome.values[0])
    closed = wanted(fresh(case))
    assert (closed["is_open"], closed["due_on"], closed["warn_on"]) == (False, NO_DAY, NO_DAY)
    assert all(row == closed for row in shown(case))


def test_each_column_is_filled_by_both_writers_in_the_database():
    """In the text of the functions, so that a column nobody copies cannot pass by having its default on both sides."""
    with connection.cursor() as db:
        db.execute("SELECT proname, prosrc FROM pg_proc WHERE proname IN ('reach_fill', 'reach_follow')")
        sources = dict(db.fetchall())
    assert set(sources) == {"reach_fill", "reach_follow"}
    assert {(name, column) for name, source in sources.items() for column in columns() if column not in source} == {
        ("reach_follow", column) for column in NEVER_MOVES
    }
