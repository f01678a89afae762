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
