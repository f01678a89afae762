"""不予受理 (decline): closes with the other lawful ways named (L-MED-23)."""

from __future__ import annotations

from typing import Any

from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


class TestDecline(FiveOfDispute):
    code, made, wrong, doer, state = "decline", "registered", "accepted", "village_cadre", "dispute_declined"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"reason": "法院已经受理，不得调解。", "routes": ["litigation", "arbitration"]}

    def after(self, county: County, petition: Any) -> None:
        assert petition.case.outcome == "refused"
        assert petition.rungs.get().ended_on is not None
