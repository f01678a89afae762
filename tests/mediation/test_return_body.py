"""退回移送 (return_body): the five questions; the sender mediates on."""

from __future__ import annotations

import pytest

from casework.models import Notice
from casework.rules import NotAllowed
from mediation.actions import joint
from mediation.models import BodyReferral
from tests.factories import disputes, disputes_joint
from tests.factories.disputes import FiveOfDispute


class TestReturnBody(FiveOfDispute):
    code, made, wrong, doer, state = "return_body", "at_body", "back_from_body", "labour_handler", "dispute_mediating"
    rooms = (vars(disputes), vars(disputes_joint))

    def typed(self, county, dispute):
        return {"words": "不属于劳动争议。"}

    def after(self, county, dispute):
        row = BodyReferral.objects.get(dispute=dispute)
        assert (row.answer, row.is_open) == ("returned", False)
        assert "returned" in dispute.case.marks
        assert Notice.objects.filter(kind="dispute.return_body", to_unit=county.units["jiuqu"]).count() == 1


def test_without_a_reason_it_is_not_returned(county):
    dispute = disputes_joint.at_body(county)
    with pytest.raises(NotAllowed, check=lambda refusal: refusal.code == "words_needed"):
        joint.return_body(dispute.case.number, words="不", by=county.scope("labour_handler"))
