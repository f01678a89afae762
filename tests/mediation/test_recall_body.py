"""撤回移送 (recall_body): the five questions; only before it was taken."""

from __future__ import annotations

import pytest

from casework.models import Notice
from casework.rules import NotAllowed
from mediation.actions import joint
from mediation.models import BodyReferral
from tests.factories import disputes, disputes_joint
from tests.factories.disputes import FiveOfDispute


class TestRecallBody(FiveOfDispute):
    code, made, wrong, doer, state = "recall_body", "at_body", "back_from_body", "village_cadre", "dispute_mediating"
    rooms = (vars(disputes), vars(disputes_joint))

    def typed(self, county, dispute):
        return {"words": "对方一直没有接收，由本室继续调解。"}

    def after(self, county, dispute):
        assert BodyReferral.objects.get(dispute=dispute).answer == "recalled"
        assert Notice.objects.filter(kind="dispute.recall_body", to_unit=county.units["labour"]).count() == 1


@pytest.mark.django_db
def test_what_was_taken_is_not_recalled(county):
    number = disputes_joint.taken_by_body(county).case.number
    with pytest.raises(NotAllowed, check=lambda refusal: refusal.code == "taken_before"):
        joint.recall_body(number, words="撤回。", by=county.scope("village_cadre"))
