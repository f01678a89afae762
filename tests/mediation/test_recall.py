"""撤回移交 (recall) over HTTP: the five questions."""

from __future__ import annotations

from typing import Any

from casework.models import Deadline
from mediation.models import HandOver
from organisations import clock
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


class TestRecall(FiveOfDispute):
    code, made, wrong, doer, state = "recall", "offered", "accepted", "village_cadre", "dispute_failed"

    def after(self, county: County, petition: Any) -> None:
        assert HandOver.objects.get(dispute=petition, to_step=3).answer == "recalled"
        limit = Deadline.objects.filter(case=petition.case, key="med.handover").latest("id")
        assert (limit.dropped_on, limit.met_on) == (clock.today(), None), "nobody above is asked for an answer any more"
        assert petition.case.due_key != "med.handover"
