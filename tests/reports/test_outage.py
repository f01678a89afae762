"""Acts of several days, taken in together after an outage of the reports: nobody is said to have held what had not come to him."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from organisations import clock
from petitions import actions
from reports.actions import refresh
from reports.models import Fact, PastFact
from reports.queries import figures, ground, proof
from reports.queries.figures import Selection
from reports.rules.periods import Period
from tests.factories import petitions

pytestmark = pytest.mark.django_db


def on(day):
    return clock.at(timezone.make_aware(datetime.combine(day, time(10))))


def holders(county, day) -> set[int]:
    where = Selection(Period(day, day), day, ground.of_unit(county.units["centre"].id))
    return {unit for unit, cells in figures.split(["open"], where, "unit").rows.items() if cells["open"].numerator}


@pytest.mark.parametrize("portion", [2_000, 1])
def test_acts_of_an_outage_make_nobody_hold_a_case_before_it_came(county, monkeypatch, portion):
    monkeypatch.setattr(refresh, "PORTION", portion)
    start = clock.today()
    with on(start):
        number = petitions.registered(county).case.number
        refresh.refresh()
    before = Fact.objects.get().unit_id
    with on(start + timedelta(days=1)):
        actions.amend(number, {"title": "改过的标题"}, reason="写错了", by=county.scope("office"))
    with on(start + timedelta(days=3)):
        actions.route(number, mode="LJB", to_unit_id=county.units["land"].id, words="请办理。", by=county.scope("office"))
    with on(start + timedelta(days=4)):
        refresh.refresh()
        held = Fact.objects.get().unit_id
        assert held != before
        assert [holders(county, start + timedelta(days=days)) for days in range(5)] == [{before}] * 3 + [{held}] * 2
        assert list(proof.differences()) == []
    # The next night a day more: what was kept stands.
    kept = list(PastFact.objects.order_by("stood_from").values_list("stood_from", "stood_until", "unit_id"))
    with on(start + timedelta(days=5)):
        actions.sign(number, by=county.scope("handler"))
        refresh.refresh()
    assert list(PastFact.objects.order_by("stood_from").values_list("stood_from", "stood_until", "unit_id"))[: len(kept)] == kept


def held_on(county, days) -> list[tuple[set[int], tuple[int, int]]]:
    """By unit and in all, of each day: who held it, and how many were open."""
    found = []
    for day in days:
        where = Selection(Period(day, day), day, ground.of_unit(county.units["centre"].id))
        figure = figures.read("open", where)
        found.append((holders(county, day), (figure.numerator, figure.denominator)))
    return found


@pytest.mark.parametrize("is_new", [False, True], ids=["known before", "registered in the outage"])
@pytest.mark.parametrize("portion", [2_000, 1])
def test_three_hand_overs_taken_together_say_the_same_as_one_by_one(county, monkeypatch, portion, is_new):
    """The reports stood still over a registration, three hand-overs and two returns: everybody in between had it as long as he did."""
    monkeypatch.setattr(refresh, "PORTION", portion)
    start = clock.today()

    def happen(each_time: bool) -> str:
        with on(start):
            number = petitions.registered(county).case.number
            if each_time or not is_new:
                refresh.refresh()
        acts = [
            lambda: actions.route(number, mode="LJB", to_unit_id=county.units["land"].id, words="请办理。", by=county.scope("office")),
            lambda: actions.object_to(number, reason="不属本单位职权。", by=county.scope("handler")),
            lambda: actions.agree_return(number, words="同意。", by=county.scope("office")),
            lambda: actions.route(number, mode="LJB", to_unit_id=county.units["labour"].id, words="请办理。", by=county.scope("office")),
        ]
        for days, act in zip((1, 2, 4, 6), acts, strict=True):
            with on(start + timedelta(days=days)):
                act()
                if each_time:
                    refresh.refresh()
        with on(start + timedelta(days=8)):
            refresh.refresh()
        return number

    def past(number: str) -> list[int]:
        """Who held it on each of the days."""
        fact = Fact.objects.get(case__number=number)
        rows = PastFact.objects.filter(case=fact.pk)
        return [
            next((row.unit_id for row in rows if row.stood_from <= day < row.stood_until), fact.unit_id)
            for day in (start + timedelta(days=days) for days in range(9))
        ]

    together = happen(False)
    with on(start + timedelta(days=8)):
        alone = held_on(county, [start + timedelta(days=days) for days in range(9)])
    one_by_one = happen(True)
    units = county.units
    assert past(together) == past(one_by_one)
    assert {units["land"].id, units["labour"].id} < set(past(together))
    with on(start + timedelta(days=8)):
        both = held_on(county, [start + timedelta(days=days) for days in range(9)])
        assert [(who, (2 * count, 2 * of)) for who, (count, of) in alone] == both
        assert list(proof.differences()) == []
