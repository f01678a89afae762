"""The case page over HTTP: what it shows, to whom, in how many statements."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.models import Case, Deadline, Follow, Link, Party, Viewing
from organisations.models import AccessEntry
from petitions import actions
from tests.factories import petitions

pytestmark = pytest.mark.django_db

#: The issue's budget for a whole page, user and posts included.
MOST_QUERIES = 12


def url(petition, rest: str = "") -> str:
    return f"/petitions/{petition.case.number}/{rest}"


@pytest.mark.parametrize(
    ("made", "person"),
    [
        ("registered", "office"),
        ("registered", "clerk"),
        ("routed", "handler"),
        ("routed", "village_cadre"),
        ("signed", "handler"),
        ("accepted", "handler"),
        ("investigated", "handler"),
        ("prepared", "head"),
        ("replied", "handler"),
        ("delivered", "handler"),
        ("reported", "office"),
        ("fed_back", "office"),
        ("closed", "auditor"),
        ("closed", "office"),
    ],
)
def test_a_page_takes_at_most_twelve_statements_whatever_its_state(county, sign_in, made, person):
    petition = getattr(petitions, made)(county)
    client = sign_in(person)
    client.get(url(petition))
    with CaptureQueriesContext(
        connection,
    ) as spent:
        answer = client.get(url(petition))
    assert answer.status_code == 200
    assert len(spent) <= MOST_QUERIES, "\n".join(q["sql"][:150] for q in spent)


def test_the_length_of_the_history_does_not_matter(county, sign_in):
    petition = petitions.accepted(county)
    for n in range(130):
        actions.note(petition.case.number, text=f"第{n}次电话", by=county.scope("handler"))
    client = sign_in("handler")
    client.get(url(petition))
    with CaptureQueriesContext(connection) as spent:
        page = client.get(url(petition)).content.decode()
    assert len(spent) <= MOST_QUERIES
    assert "第129次电话" in page
    assert "第3次电话" not in page
    assert "更早的记录" in page
    older = client.get(url(petition), {"before": "35"}).content.decode()
    assert "第3次电话" in older
