"""反馈调处结果 (report_body): the five questions; agreed, dealt with by law, or back to mediation (MED-3, MED-4)."""

from __future__ import annotations

import pytest

from casework.models import Deadline
from casework.rules import NotAllowed
from mediation.actions import joint
from mediation.models import BodyReferral, Rung
from mediation.queries.joint import by_body, by_way
from tests.factories import disputes, disputes_joint
from tests.factories.disputes import FiveOfDispute

pytestmark = pytest.mark.django_db


class TestReportBody(FiveOfDispute):
    code, made, wrong, doer, state = "report_body", "taken_by_body", "reported_by_body", "labour_handler", "dispute_agreed"
    rooms = (vars(disputes), vars(disputes_joint))

    def typed(self, county, dispute):
        return {"result": "agreed", "words": "双方达成协议，分两期支付。"}

    def after(self, county, dispute):
        assert (dispute.body, dispute.way, dispute.result) == ("44", "mediated", "1")
        assert dispute.agreed_on is not None
        assert Rung.objects.get(dispute=dispute).end == Rung.End.SETTLED
        assert Deadline.objects.filter(case=dispute.case, met_on=None, dropped_on=None).get().key == "med.followup"
        assert {row.name: (row.total, row.agreed) for row in by_body(county.scope("office"))} == {"劳动争议调委会": (1, 1)}
        assert next(row for row in by_way(county.scope("office")) if row.name == "调解达成协议").total == 1


@pytest.mark.parametrize(
    ("result", "way", "state", "kept"),
    [("failed", "", "dispute_mediating", ""), ("decided", "administrative_ruling", "dispute_ended", "administrative_ruling")],
)
def test_the_other_two_ends(county, result, way, state, kept):
    number = disputes_joint.taken_by_body(county).case.number
    dispute = joint.report_body(number, result=result, way=way, words="写明结果。", by=county.scope("labour_handler"))
    assert (dispute.case.state, dispute.way) == (state, kept)
    assert BodyReferral.objects.get(dispute=dispute).result == result


@pytest.mark.parametrize(("made", "changes", "code"), [("at_body", {}, "not_taken"), ("taken_by_body", {"result": "decided"}, "way_needed")])
def test_first_taken_then_reported_with_its_way(county, made, changes, code):
    number = vars(disputes_joint)[made](county).case.number
    with pytest.raises(NotAllowed, check=lambda refusal: refusal.code == code):
        joint.report_body(number, **{"result": "agreed", "words": "达成协议。", **changes}, by=county.scope("labour_handler"))
