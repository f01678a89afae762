"""作废 (void): the number stays."""

from __future__ import annotations

from typing import Any

from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


class TestVoid(FiveOfDispute):
    code, made, wrong, doer, state = "void", "registered", "accepted", "village_cadre", "dispute_voided"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"reason": "重复登记"}

    def after(self, county: County, petition: Any) -> None:
        assert petition.case.outcome == "voided"
