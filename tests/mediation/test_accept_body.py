"""接收移送 (accept_body): the five questions; for a body outside the house the keeper writes it down (L-MED-24)."""

from __future__ import annotations

import pytest

from casework.models import Deadline, Notice
from mediation.actions import joint
from mediation.models import BodyReferral
from mediation.rules import STEPS
from tests.factories import disputes, disputes_joint
from tests.factories.disputes import FiveOfDispute


class TestAcceptBody(FiveOfDispute):
    code, made, wrong, doer, state = "accept_body", "at_body", "back_from_body", "labour_handler", "dispute_referred"
    rooms = (vars(disputes), vars(disputes_joint))

    def after(self, county, dispute):
        assert BodyReferral.objects.get(dispute=dispute).answer == "taken"
        assert not Deadline.objects.filter(case=dispute.case, key="med.handover", met_on=None).exists()
        assert Notice.objects.filter(kind="dispute.accept_body", to_unit=county.units["jiuqu"]).count() == 1


@pytest.mark.django_db
def test_what_an_outside_body_says_the_keeper_writes_down(county):
    number = disputes_joint.at_outside_body(county).case.number
    joint.accept_body(number, words="仲裁委电话告知已受理。", by=county.scope("village_cadre"))
    dispute = joint.report_body(number, result="decided", way="arbitration", words="已作出裁决书。", by=county.scope("village_cadre"))
    assert (dispute.case.state, dispute.way, dispute.body, dispute.result) == ("dispute_ended", "arbitration", "71", "6")


@pytest.mark.django_db
def test_once_it_is_accepted_the_page_waits_for_the_report(county, sign_in):
    number = disputes_joint.at_outside_body(county).case.number
    address = f"/mediation/{number}/"
    assert "下一步：<b>接收移送</b>" in sign_in("village_cadre").get(address).content.decode()
    joint.accept_body(number, words="仲裁委电话告知已受理。", by=county.scope("village_cadre"))
    page = sign_in("village_cadre").get(address).content.decode()
    assert f"下一步：<b>{STEPS['report_body'].label}</b>" in page
