"""法庭办结退回 (return_from_court): the five questions; 多调少判: agreed, decided, or back to mediation (HALL-17)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from casework.models import Notice
from mediation.actions import court
from mediation.models import CourtMatter
from organisations import clock
from tests.factories import disputes, disputes_joint
from tests.factories.disputes import FiveOfDispute


class TestReturnFromCourt(FiveOfDispute):
    code, made, wrong, doer, state = "return_from_court", "in_court", "out_of_court", "judge", "dispute_agreed"
    rooms = (vars(disputes), vars(disputes_joint))

    def typed(self, county, dispute):
        return {"result": "1", "ended_on": clock.today().isoformat(), "words": "当庭达成调解，制作调解书。"}

    def after(self, county, dispute):
        assert (dispute.body, dispute.way, dispute.result) == ("62", "mediated", "1")
        assert CourtMatter.objects.get(dispute=dispute).ended_by == county.people["judge"]
        assert Notice.objects.filter(kind="dispute.return_from_court", to_unit=county.units["jiuqu"]).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("result", "state", "way"),
    [
        ("2", "dispute_agreed", "mediated"),
        ("3", "dispute_ended", "litigation"),
        ("4", "dispute_ended", "litigation"),
        ("5", "dispute_mediating", ""),
    ],
)
def test_each_result_leads_where_it_must(county, sign_in, result, state, way):
    number = disputes_joint.in_court(county).case.number
    dispute = court.return_from_court(number, result=result, ended_on=clock.today(), words="写明办理情况。", by=county.scope("judge"))
    assert (dispute.case.state, dispute.way) == (state, way)
    page = sign_in("judge").get("/mediation/court/").content.decode()
    assert "没有法庭办理中的纠纷" in page
    assert "已办结" in page


@pytest.mark.django_db
def test_what_is_done_stays_in_sight_with_its_result_and_the_waived_fee(county, sign_in):
    """HALL-17: stages, result, fee waived. The desk finds again what it has finished, and takes it with it as a sheet."""
    number = disputes_joint.in_court(county).case.number
    by, today = county.scope("judge"), clock.today()
    court.record_court(
        number, stage="2", on=today, staff="胡卫东", words="立案。", court_number="（2026）鲁0685民初1号", fee_waived=Decimal("50"), by=by
    )
    assert "（2026）鲁0685民初1号" in sign_in("judge").get("/mediation/court/").content.decode()
    court.return_from_court(number, result="1", ended_on=today, words="当庭达成调解。", by=by)
    page = sign_in("judge").get("/mediation/court/", {"show": "ended"}).content.decode()
    for words in (number, "立案", "调解书", "（2026）鲁0685民初1号", "50.00"):
        assert words in page
    assert number not in sign_in("judge").get("/mediation/court/").content.decode()
    assert number not in sign_in("other_handler").get("/mediation/court/", {"show": "ended"}).content.decode()
