"""Figures for machines: the same numbers as the screen, with version, as-of, denominators and the address of the list."""

from __future__ import annotations

import pytest
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from reports.actions import refresh
from reports.rules.measures import MEASURES
from tests.factories import petitions

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(county):
    def make(person: str) -> APIClient:
        client = APIClient()
        token, _ = Token.objects.get_or_create(user=county.people[person])
        client.credentials(HTTP_AUTHORIZATION=f"Token {token.key}")
        return client

    return make


def test_the_dictionary_names_every_measure_with_its_words_and_version(api):
    rows = api("handler").get("/api/v1/measures/").json()["results"]
    assert [row["code"] for row in rows] == list(MEASURES)
    assert all(row["formula"] and row["cites"] and row["version"] >= 1 and row["valid_from"] for row in rows)


def test_a_figure_equals_the_list_it_names(api, sign_in, county):
    petitions.closed(county)
    petitions.accepted(county)
    refresh.refresh()
    body = api("leader").get("/api/v1/figures/", {"m": ["cases", "once"]}).json()
    assert body["ground"] == "全县"
    assert body["as_of"]
    cells = {cell["measure"]: cell for cell in body["results"][0]["figures"]}
    assert (cells["cases"]["numerator"], cells["once"]["numerator"], cells["once"]["denominator"]) == (2, 1, 1)
    assert cells["once"]["value"] == "100.0"
    page = sign_in("leader").get(cells["cases"]["list_url"])
    assert page.context["count"] == 2


def test_split_by_unit_gives_names_and_addresses(api, county):
    petitions.accepted(county)
    refresh.refresh()
    body = api("leader").get("/api/v1/figures/", {"m": "cases", "by": "unit"}).json()
    (line,) = body["results"]
    assert (line["key"], line["name"]) == (str(county.units["land"].id), "自然资源局")
    assert f"unit={county.units['land'].id}" in line["figures"][0]["list_url"]


@pytest.mark.parametrize("query", [{}, {"m": "nothing"}, {"m": "cases", "by": "colour"}, {"m": "cases", "since": "2026-01-01"}])
def test_what_cannot_be_read_is_named(api, query):
    answer = api("leader").get("/api/v1/figures/", query)
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_who_has_no_figures_gets_none(api):
    assert api("handler").get("/api/v1/figures/", {"m": "cases"}).status_code == 403
    assert APIClient().get("/api/v1/figures/", {"m": "cases"}).status_code == 401
