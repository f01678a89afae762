"""移送便民法庭 (refer_court): the five questions; only because the parties want it; the desk's list (HALL-17)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.models import Deadline, Notice, Reach
from casework.rules import NotAllowed
from mediation.actions import court
from mediation.models import CourtMatter
from organisations import clock
from tests.factories import disputes, disputes_joint
from tests.factories.disputes import FiveOfDispute

pytestmark = pytest.mark.django_db


class TestReferCourt(FiveOfDispute):
    code, made, wrong, doer, state = "refer_court", "accepted_with_court", "in_court", "village_cadre", "dispute_in_court"
    rooms = (vars(disputes), vars(disputes_joint))

    def typed(self, county, dispute):
        return {"to_unit_id": county.units["court"].id, "is_wanted": "on", "reason": "双方愿意由法庭处理。"}

    def after(self, county, dispute):
        assert CourtMatter.objects.get(dispute=dispute).unit == county.units["court"]
        assert Reach.objects.filter(case=dispute.case, reader=county.units["court"].id).exists()
        assert Notice.objects.filter(kind="dispute.refer_court", to_unit=county.units["court"]).count() == 1


def test_while_the_court_has_it_the_body_is_not_late_and_runs_on_when_it_comes_back(county):
    with clock.at(clock.now() - timedelta(days=5)):
        case = disputes_joint.in_court(county).case
    assert (case.due_on, "suspended" in case.marks) == (None, True)
    still = Deadline.objects.filter(case=case, suspended_on__isnull=False, met_on=None)
    assert set(still.values_list("key", flat=True)) == {"med.mediate", "med.step1"}
    due_on = still.get(key="med.step1").due_on
    court.return_from_court(case.number, result="5", ended_on=clock.today(), words="不予立案，继续调解。", by=county.scope("judge"))
    again = Deadline.objects.get(case=case, key="med.step1")
    # Five days away; the first is the day it was accepted, from which nothing counts anyway.
    assert (again.suspended_on, again.due_on) == (None, due_on + timedelta(days=4))


def test_nobody_is_sent_to_court_against_his_will(county):
    number = disputes_joint.accepted_with_court(county).case.number
    with pytest.raises(NotAllowed, check=lambda refusal: refusal.code == "not_wanted"):
        court.refer_court(number, to_unit_id=county.units["court"].id, is_wanted=False, reason="移送", by=county.scope("village_cadre"))


def test_the_court_is_proposed_by_itself(county, sign_in):
    number = disputes_joint.accepted_with_court(county).case.number
    assert "招远市人民法院" in sign_in("village_cadre").get(f"/mediation/{number}/?act=refer_court").content.decode()


def test_the_desk_lists_what_is_before_it_for_those_who_may_see_it(county, sign_in, django_assert_max_num_queries):
    number = disputes_joint.in_court(county).case.number
    judge = sign_in("judge")
    judge.get("/mediation/court/")
    with django_assert_max_num_queries(14):
        page = judge.get("/mediation/court/").content.decode()
    assert number in page
    assert "待接访" in page
    assert number not in sign_in("other_handler").get("/mediation/court/").content.decode()
