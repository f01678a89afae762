"""分流转办 (route) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.rules import NotAllowed
from organisations import clock, directory
from organisations.models import Unit
from petitions import actions
from petitions.actions.routing import TaskFacts
from petitions.models import Petition
from petitions.queries import routing
from tests.factories import petitions
from tests.factories.county import make_unit
from tests.factories.five import FiveQuestions, soon


class TestRoute(FiveQuestions):
    code, made, wrong, doer, state = "route", "registered", "routed", "office", "routed"

    def typed(self, county, petition):
        return {"mode": "CNB", "to_unit_id": county.units["land"].id, "words": "请依法办理。", "duty": "forward", "promised_on": soon(20)}


@pytest.mark.django_db
class TestNoRoomHandlesAPetition:
    """条例§22: the unit with power over the matter. A 群众工作室 has nobody who signs for it."""

    @pytest.fixture
    def firm(self, county):
        unit = make_unit(Unit.Kind.ENTERPRISE, "示例机械厂群众工作室", "示例机械厂", county.units["fushan"], county.areas["jiuqu"])
        directory.forget()
        return unit

    def test_neither_of_a_village_nor_of_a_firm(self, county, firm):
        number = petitions.registered(county).case.number
        for unit in (firm, county.units["jiuqu"]):
            with pytest.raises(NotAllowed, check=lambda refusal: refusal.code == "room_handles_nothing"):
                actions.route(number, mode="LJB", to_unit_id=unit.id, words="请办理。", by=county.scope("office"))

    def test_nor_assists(self, county, firm):
        number = petitions.registered(county).case.number
        tasks = [TaskFacts(unit_id=firm.id, text="协助", due_on=clock.today() + timedelta(days=9))]
        with pytest.raises(NotAllowed, check=lambda refusal: refusal.code == "room_handles_nothing"):
            actions.route(number, mode="LDB", to_unit_id=county.units["land"].id, words="请办理。", tasks=tasks, by=county.scope("office"))

    def test_a_firm_complained_about_is_not_suggested_but_the_unit_above_it_is(self, county, firm):
        petition = petitions.registered(county)
        Petition.objects.filter(pk=petition.pk).update(respondent_unit=firm)
        petition.refresh_from_db()
        suggested = [found.unit_id for found in routing.suggestions(petition, county.scope("office"))]
        assert firm.id not in suggested
        assert county.units["fushan"].id in suggested


@pytest.mark.django_db
def test_a_way_of_handling_nobody_knows_is_refused(county, sign_in):
    """HALL-2 knows four: by the act, and by the form, which keeps what was typed."""
    number = petitions.registered(county).case.number
    land = county.units["land"].id
    with pytest.raises(NotAllowed) as refused:
        actions.route(number, mode="XXX", to_unit_id=land, words="请办理。", by=county.scope("office"))
    assert refused.value.code == "mode_unknown"
    typed = {"mode": "XXX", "to_unit_id": land, "words": "请见面办理。", "duty": "forward"}
    page = sign_in("office").post(f"/petitions/{number}/route/", typed)
    assert page.status_code == 422
    assert "请见面办理。" in page.content.decode()
