"""Readers' rows: what a case brings with it when it is opened is what the database copies later."""

import pytest
from django.db import connection

from casework.models import Reach
from tests.factories import disputes
from tests.factories import petitions as walk
from tests.factories.county import County

COPIED = ("is_open", "state", "due_on", "warn_on", "opened_at", "unit_id", "handler_id", "area_id", "town_code", "topic_code", "urgency", "marks")


@pytest.mark.django_db
@pytest.mark.parametrize("registered", [walk.registered, disputes.registered])
def test_rows_written_with_the_case_equal_those_the_database_fills(county: County, registered):
    case = registered(county).case
    with_the_case = list(Reach.objects.filter(case=case).order_by("reader").values_list("reader", *COPIED))
    assert with_the_case
    Reach.objects.filter(case=case).delete()
    with connection.cursor() as db:
        db.execute("INSERT INTO casework_reach (case_id, reader) SELECT %s, unnest(%s::bigint[])", [case.pk, [row[0] for row in with_the_case]])
    assert list(Reach.objects.filter(case=case).order_by("reader").values_list("reader", *COPIED)) == with_the_case
