"""退回移交 (give_back): back to the lower body with what is still to be done."""

from __future__ import annotations

from typing import Any

import pytest

from casework.models import Deadline
from mediation.actions import ladder
from mediation.models import HandOver
from organisations import clock
from tests.factories import disputes
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


class TestGiveBack(FiveOfDispute):
    code, made, wrong, doer, state = "give_back", "offered", "in_town", "town_handler", "dispute_failed"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"words": "还没有做过当面调解，请先组织一次。"}

    def after(self, county: County, petition: Any) -> None:
        assert petition.case.unit == county.units["jiuqu"]
        assert "returned" in petition.case.marks
        assert HandOver.objects.get(dispute=petition, to_step=3).answer == "given_back"
        limit = Deadline.objects.filter(case=petition.case, key="med.handover").latest("id")
        assert (limit.met_on, limit.dropped_on) == (clock.today(), None), "nobody above is asked for an answer any more"
        assert petition.case.due_key != "med.handover"


@pytest.mark.django_db
@pytest.mark.parametrize(("made", "state"), [("registered", "dispute_applied"), ("accepted", "dispute_accepted")], ids=["待受理", "待调解"])
def test_a_leap_given_back_leaves_the_dispute_where_it_stood(county, made, state):
    number = disputes.leapt(county, made=made).case.number
    dispute = ladder.give_back(number, words="派出所已到场处置，请村里先行调解。", by=county.scope("office"))
    assert dispute.case.state == state
    assert "returned" in dispute.case.marks
