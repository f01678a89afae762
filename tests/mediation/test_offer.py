"""移交上一步 (offer) over HTTP: the five questions; the giver answers for it until it is taken (opening 17)."""

from __future__ import annotations

from typing import Any

from casework.models import Notice
from mediation.models import HandOver
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


class TestOffer(FiveOfDispute):
    code, made, wrong, doer, state = "offer", "failed_twice", "accepted", "village_cadre", "dispute_offered"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"reason": "需要专业测绘，请镇站调处。"}

    def after(self, county: County, petition: Any) -> None:
        row = HandOver.objects.get(dispute=petition, answer="")
        assert (row.from_step, row.to_step, row.to_unit) == (2, 3, county.units["fushan"])
        assert petition.case.unit == county.units["jiuqu"]
        assert Notice.objects.filter(case=petition.case, kind="dispute.offer", to_unit=county.units["fushan"]).count() == 1
