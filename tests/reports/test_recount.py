"""An independent recount (issue 5 §6): plain SQL over the docket's tables equals the figures, their lists and the API."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection

from organisations import clock
from petitions import actions
from reports.actions import refresh
from reports.models import Fact, FactState
from reports.queries import answers, figures, ground, proof
from reports.queries.figures import Selection
from reports.rules.measures import MEASURES
from reports.rules.periods import Period, before, month_of, year_before
from tests.factories import disputes, five, petitions, reviews, supervised
from tests.factories import terms as limits_made

pytestmark = pytest.mark.django_db

SQL = (Path(__file__).parent / "recount.sql").read_text(encoding="utf-8")


def recount(since: date, until: date, day: date) -> dict[str, tuple[int, int]]:
    with connection.cursor() as db:
        db.execute(SQL, {"since": since, "until": until, "day": day, "over": min(day, clock.today() - timedelta(days=1))})
        return {code: (int(met), int(counted)) for code, met, counted in db.fetchall()}


def ago(days: int):
    return clock.at(clock.now() - timedelta(days=days))


def a_busy_quarter(county) -> None:
    """Of everything something, on different days."""
    office = county.scope("office")
    with ago(100):
        petitions.accepted(county)
        first = petitions.closed(county, headcount=7)
    with ago(75):
        five.returned(county)
        petitions.closed(county, channel="100", source="2")
        limits_made.extension_asked(county)
    with ago(40):
        petitions.routed(county, channel="300")
        again = petitions.registered(county, source="1")
        actions.link(again.case.number, other=first.case.number, kind="repeat", reason="同一事项", by=office)
        one, two = petitions.registered(county, headcount=9), petitions.registered(county, headcount=9)
        actions.merge(two.case.number, into=one.case.number, reason="同一次来访", by=office)
        disputes.accepted(county)
        supervised.running_supervision(county)
    with ago(12):
        limits_made.suspended(county)
        limits_made.simple(county)
        actions.reopen(petitions.closed(county).case.number, reason="不满意", due_on=clock.today() + timedelta(days=9), by=office)
        reviews.reviewed(county)
    petitions.fed_back(county)
    actions.void(petitions.registered(county).case.number, reason="登记错误", by=county.scope("office"))
    disputes.registered(county)


@pytest.fixture
def busy(county):
    a_busy_quarter(county)
    refresh.refresh()
    return county


def periods() -> list[Period]:
    today = clock.today()
    month = month_of(today)
    return [month, before(month), year_before(month), Period(today - timedelta(days=120), today), Period(today, today + timedelta(days=90))]


def test_plain_sql_equals_every_figure_its_list_and_what_machines_get(busy):
    ground_of_all = ground.of_unit(busy.units["centre"].id)
    assert FactState.objects.get().tallied
    told = 0
    for period in periods():
        on = min(period.until, clock.today())
        where = Selection(period, on, ground_of_all)
        counted = recount(period.since, period.until, on)
        assert set(counted) == set(MEASURES)
        found = figures.read_many(MEASURES, where)
        assert {code: (figure.numerator, figure.denominator) for code, figure in found.items()} == counted
        for code, figure in found.items():
            assert figures.case_ids(code, where).count() == figure.denominator
            if figure.measure.met is not None:
                assert figures.case_ids(code, where, "met").count() == figure.numerator
                assert figures.case_ids(code, where, "missed").count() == figure.denominator - figure.numerator
        (line,) = answers.figures(list(MEASURES), where, "", lambda *_, **__: "").results
        assert {cell.measure.code: (cell.numerator, cell.denominator) for cell in line.figures} == counted
        told += sum(figure.denominator for figure in found.values())
    assert told > 100


def test_tallies_facts_and_every_split_agree(busy):
    ground_of_all = ground.of_unit(busy.units["centre"].id)
    for period in periods():
        where = Selection(period, min(period.until, clock.today()), ground_of_all)
        whole = figures.read_many(MEASURES, where)
        assert whole == figures.read_many(MEASURES, where, Fact.objects.all())
        for by in ("town", "unit", "category", "subcategory", "channel", "day"):
            table = figures.split(MEASURES, where, by)
            assert table.rows == figures.split(MEASURES, where, by, Fact.objects.all()).rows
            for code, figure in whole.items():
                assert sum(cells[code].denominator for cells in table.rows.values()) == figure.denominator
                assert sum(cells[code].numerator for cells in table.rows.values()) == figure.numerator
    assert list(proof.differences()) == []


def test_a_filter_reads_the_same_from_tallies_and_from_facts(busy):
    where = Selection(periods()[3], clock.today(), ground.of_unit(busy.units["centre"].id))
    for changes in ({"town_code": "370685104"}, {"unit_ids": (busy.units["land"].id,)}, {"topic": "01"}, {"topic": "0103"}, {"channel": "200"}):
        narrowed = where.within(**changes)
        assert figures.read_many(MEASURES, narrowed) == figures.read_many(MEASURES, narrowed, Fact.objects.all())
        assert (
            figures.split(["cases", "closed"], narrowed, "day").rows == figures.split(["cases", "closed"], narrowed, "day", Fact.objects.all()).rows
        )


def test_check_facts_names_what_differs(busy):
    assert list(proof.differences()) == []
    fact = Fact.objects.filter(closed_on__isnull=False).first()
    Fact.objects.filter(pk=fact.pk).update(headcount=fact.headcount + 1)
    found = list(proof.differences())
    assert f"{fact.case.number}：headcount 应为 {fact.headcount}，记为 {fact.headcount + 1}" in found
    Fact.objects.filter(pk=fact.pk).update(headcount=fact.headcount, form="100" if fact.form != "100" else "200")
    assert any(line.startswith("日计数") for line in proof.differences())
