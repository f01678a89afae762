"""接收 (take): from today the higher body answers for it; two at once, one wins."""

from __future__ import annotations

from typing import Any

from casework.models import Deadline
from mediation.models import HandOver
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


class TestTake(FiveOfDispute):
    code, made, wrong, doer, state = "take", "offered", "in_town", "town_handler", "dispute_accepted"

    def after(self, county: County, petition: Any) -> None:
        assert (petition.step, petition.case.unit) == (3, county.units["fushan"])
        assert [row.end for row in petition.rungs.order_by("id")] == ["handed_on", "handed_on", ""]
        assert HandOver.objects.get(dispute=petition, to_step=3).answer == "taken"
        keys = set(Deadline.objects.filter(case=petition.case, met_on=None, dropped_on=None).values_list("key", flat=True))
        assert keys == {"med.step3", "med.mediate"}
