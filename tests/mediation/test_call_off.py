"""撤回越级移交 (call_off) over HTTP: the five questions, and where the dispute stands afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from casework.models import Deadline, Notice
from casework.rules import NotAllowed
from mediation.actions import ladder
from mediation.models import HandOver
from organisations import clock
from tests.factories import disputes
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute

WHY = "双方亲属已经劝离，危险已经消除。"


class TestCallOff(FiveOfDispute):
    code, made, wrong, doer, state = "call_off", "leapt", "accepted", "town_head", "dispute_accepted"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"words": WHY}

    def after(self, county: County, petition: Any) -> None:
        assert HandOver.objects.get(dispute=petition).answer == "recalled"
        limit = Deadline.objects.filter(case=petition.case, key="med.handover").latest("id")
        assert (limit.dropped_on, limit.met_on) == (clock.today(), None), "nobody above is asked for an answer any more"
        told = Notice.objects.filter(case=petition.case, kind="dispute.call_off").values_list("to_unit", flat=True)
        assert set(told) == {county.units["jiuqu"].id, county.units["centre"].id}, "the body that goes on, and the one that was asked"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("made", "state"),
    [("registered", "dispute_applied"), ("accepted", "dispute_accepted"), ("failed", "dispute_failed")],
    ids=["待受理", "待调解", "未调成"],
)
def test_the_dispute_stands_where_it_stood(county, made, state):
    """Nobody mediated meanwhile: a dispute that was never accepted did not fail, and still waits to be accepted."""
    number = disputes.leapt(county, made=made).case.number
    dispute = ladder.call_off(number, words=WHY, by=county.scope("town_head"))
    assert dispute.case.state == state
    assert dispute.case.unit == county.units["jiuqu"]
    if state == "dispute_applied":
        limit = Deadline.objects.get(case=dispute.case, key="med.respond")
        assert (limit.met_on, limit.dropped_on) == (None, None), "the three days to answer the applicant went on"
        assert ladder.accept(number, is_willing=True, by=county.scope("village_cadre")).accepted_on == clock.today()


@pytest.mark.django_db
def test_an_ordinary_offer_is_taken_back_by_its_body(county, sign_in):
    number = disputes.offered(county).case.number
    assert "act=call_off" not in sign_in("town_head").get(f"/mediation/{number}/").content.decode()
    with pytest.raises(NotAllowed, match="撤回移交"):
        ladder.call_off(number, words=WHY, by=county.scope("town_head"))


@pytest.mark.django_db
def test_the_reason_is_written(county):
    number = disputes.leapt(county).case.number
    with pytest.raises(NotAllowed, match="为什么不再越级"):
        ladder.call_off(number, words="不用了", by=county.scope("town_head"))
    assert HandOver.objects.get(dispute__case__number=number).answer == ""
