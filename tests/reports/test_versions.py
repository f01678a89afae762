"""Versions of a definition: no day without one, no day with two; the page shows the former, figures and API say which they used."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from reports.rules import measures
from reports.rules.measures import MEASURES, VERSIONS, in_force, numbered, versions


@pytest.mark.parametrize("code", list(VERSIONS))
def test_the_versions_of_a_measure_leave_no_gap_and_no_overlap(code):
    rows = VERSIONS[code]
    assert [row.version for row in rows] == list(range(1, len(rows) + 1))
    assert rows[-1] is MEASURES[code]
    assert rows[-1].valid_until is None
    for former, later in pairwise(rows):
        assert former.valid_until == later.valid_from - timedelta(days=1)
        assert former.valid_from <= former.valid_until
        assert in_force(code, former.valid_until) is former
        assert in_force(code, later.valid_from) is later
    # The same name, unit and way of reading: a former figure can be held against a later one.
    assert len({(row.code, row.name, row.sort, row.kind, row.group) for row in rows}) == 1
    assert all(numbered(code, row.version) is row for row in rows)


def test_every_measure_has_a_version_on_every_day():
    for day in (date(2020, 1, 1), date(2026, 1, 1), date(2026, 10, 31), date(2026, 11, 1), date(2099, 12, 31)):
        assert set(versions(day)) == set(MEASURES)
    assert versions(date(2026, 10, 31))["reply_on_time"] == 1
    assert versions(date(2026, 11, 1))["reply_on_time"] == 2


def test_a_former_version_differs_in_words_and_in_what_it_counts():
    at = measures.Moment(date(2026, 10, 20), date(2026, 10, 19))
    for code, rows in VERSIONS.items():
        for former, later in pairwise(rows):
            assert former.formula != later.formula, code
            whose = [(row.answers, row.levels, row.reached) for row in (former, later)]
            assert former.belongs(at) != later.belongs(at) or whose[0] != whose[1], code


@pytest.mark.django_db
def test_the_page_of_definitions_shows_former_versions_and_machines_are_told_which(county, sign_in):
    page = sign_in("leader").get("/reports/measures/").content.decode()
    former = VERSIONS["reply_on_time"][0]
    assert "第2版，2026-11-01起" in page
    assert "第1版，2026-01-01起，2026-10-31止" in page
    assert former.formula in page
    told = sign_in("leader").get("/api/v1/figures/?m=reply_on_time&since=2026-10-01&until=2026-10-31").json()
    assert told["results"][0]["figures"][0]["version"] == 1
    rows = {row["code"]: row for row in sign_in("leader").get("/api/v1/measures/").json()["results"]}
    assert rows["reply_on_time"]["version"] == 2
    assert [row["version"] for row in rows["reply_on_time"]["former"]] == [1]


@pytest.mark.django_db
def test_the_page_says_why_people_are_not_compared(county, sign_in):
    page = sign_in("leader").get("/reports/measures/").content.decode()
    assert "按承办人统计，只说明件现在由谁办，不比好坏" in page
    assert not any(row.direction("handler") for row in MEASURES.values())
