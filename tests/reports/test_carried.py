"""A dispute counts with every body that took it up; the agreement with the one that reached it (issue 5 §1)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mediation.models import Dispute
from organisations import clock
from reports.actions import refresh
from reports.models import Fact
from reports.queries import figures, ground, proof
from reports.queries.figures import Selection
from reports.rules.periods import Period
from tests.factories import disputes

pytestmark = pytest.mark.django_db

CODES = ["disputes", "settled", "settled_rate"]


def now(county, unit: str = "centre") -> Selection:
    refresh.refresh()
    today = clock.today()
    return Selection(Period(today - timedelta(days=30), today + timedelta(days=30)), today, ground.of_unit(county.units[unit].id))


def rate(table: figures.Table, key: int) -> tuple[int, int]:
    figure = table.rows[key]["settled_rate"]
    return figure.numerator, figure.denominator


def test_handing_a_dispute_up_takes_it_out_of_no_rate(county):
    number = disputes.failed_twice(county).case.number
    where = now(county)
    room = Fact.objects.get(case__number=number).unit_id
    assert rate(figures.split(CODES, where, "unit"), room) == (0, 1)
    disputes.ladder.offer(number, reason="需要专业测绘，请镇站调处。", by=county.scope("village_cadre"))
    disputes.ladder.take(number, by=county.scope("town_handler"))
    where = now(county)
    fact = Fact.objects.get(case__number=number)
    assert fact.unit_id != room
    assert set(fact.carried_unit_ids) == {room, fact.unit_id}
    by_unit, by_step = figures.split(CODES, where, "unit"), figures.split(CODES, where, "level")
    assert {key: rate(by_unit, key) for key in by_unit.rows} == {room: (0, 1), fact.unit_id: (0, 1)}
    assert {key: rate(by_step, key) for key in by_step.rows} == {1: (0, 1), 2: (0, 1), 3: (0, 1)}
    whole = figures.read("settled_rate", where)
    assert (whole.numerator, whole.denominator) == (0, 1)
    assert list(proof.differences()) == []


def test_the_agreement_is_of_the_body_that_reached_it_in_table_list_and_filter(county):
    number = disputes.in_town(county).case.number
    # As the agreement leaves it; how it comes about is asked in tests/mediation.
    dispute = Dispute.objects.get(case__number=number)
    Dispute.objects.filter(pk=dispute.pk).update(result="1", agreed_on=clock.today())
    where = now(county)
    fact = Fact.objects.get(case__number=number)
    (room,) = set(fact.carried_unit_ids) - {fact.unit_id}
    assert fact.settled_unit_id == fact.unit_id
    table = figures.split(CODES, where, "unit")
    assert (rate(table, room), rate(table, fact.unit_id)) == ((0, 1), (1, 1))
    assert (table.rows[room]["settled"].numerator, table.rows[fact.unit_id]["settled"].numerator) == (0, 1)
    for unit_id, met in ((room, 0), (fact.unit_id, 1)):
        narrowed = where.within(unit_ids=(unit_id,))
        figure = figures.read("settled_rate", narrowed)
        assert (figure.numerator, figure.denominator) == (met, 1)
        assert figures.case_ids("settled_rate", narrowed, "met").count() == met
        assert figures.case_ids("settled_rate", narrowed, "missed").count() == 1 - met
    for step, met in ((1, 0), (2, 0), (3, 1)):
        figure = figures.read("settled_rate", where.within(level=step))
        assert (figure.numerator, figure.denominator) == (met, 1)
