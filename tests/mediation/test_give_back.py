"""退回移交 (give_back): back to the lower body with what is still to be done."""

from __future__ import annotations

from typing import Any

from casework.models import Deadline
from mediation.models import HandOver
from organisations import clock
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
