"""移送便民法庭 (refer_court): the five questions; only because the parties want it; the desk's list (HALL-17)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.models import Deadline, Document, Notice, Reach
from casework.rules import NotAllowed
from mediation.actions import court
from mediation.models import Agreement, CourtMatter, Rung
from organisations import clock
from tests.factories import disputes, disputes_joint, disputes_talks
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


def _broken_before_the_court(county) -> str:
    unit = disputes_joint.with_court(county)
    number = disputes_talks.breached(county).case.number
    court.refer_court(number, to_unit_id=unit.id, is_wanted=True, reason="甲方要求起诉，请求履行协议。", by=county.scope("village_cadre"))
    return number


def test_a_broken_agreement_goes_to_the_court_with_all_its_papers(county, sign_in):
    """Beyond opening 16: breach opens the next way with all papers, without a mediation nobody wants in between (调解法§32)."""
    number = _broken_before_the_court(county)
    judge = sign_in("judge")
    page = judge.get(f"/mediation/{number}/").content.decode()
    papers = Document.objects.filter(case__number=number)
    assert {"人民调解协议书", "调解记录"} <= set(papers.values_list("name", flat=True))
    for paper in papers:
        assert f"/papers/{paper.pk}/" in page, paper.name
        assert judge.get(f"/papers/{paper.pk}/").status_code == 200, paper.name
    assert number in judge.get("/mediation/court/").content.decode()


def test_what_the_court_does_not_take_is_still_a_broken_agreement(county):
    number = _broken_before_the_court(county)
    dispute = court.return_from_court(number, result="5", ended_on=clock.today(), words="材料不齐，不予立案。", by=county.scope("judge"))
    assert dispute.case.state == "dispute_breached"
    assert not Rung.objects.filter(dispute=dispute, ended_on=None).exists(), "nobody mediates"
    assert Agreement.objects.get(dispute=dispute).replaced_on is None
    assert dispute.case.due_key == "med.step1", "the body's own term runs on: it is not left to lie"


@pytest.mark.parametrize(("result", "state"), [("1", "dispute_agreed"), ("2", "dispute_agreed"), ("3", "dispute_ended"), ("4", "dispute_ended")])
def test_what_came_of_it_in_court_stands_in_the_place_of_the_broken_agreement(county, result, state):
    number = _broken_before_the_court(county)
    dispute = court.return_from_court(number, result=result, ended_on=clock.today(), words="当庭处理完毕。", by=county.scope("judge"))
    assert dispute.case.state == state
    assert Agreement.objects.get(dispute=dispute).replaced_on == clock.today()
    assert dispute.agreed_on == (clock.today() if state == "dispute_agreed" else None), "the figures count what came of it, once"
    running = Deadline.objects.filter(case=dispute.case, met_on=None, dropped_on=None).values_list("key", flat=True)
    assert set(running) <= {"med.followup"}
