"""申请人撤回 (withdraw): mediation is voluntary to the end (调解法§23)."""

from __future__ import annotations

from typing import Any

from mediation.models import Ending
from tests.factories.county import County
from tests.factories.disputes_talks import FiveOfTalks


class TestWithdraw(FiveOfTalks):
    code, made, wrong, doer, state, paper = "withdraw", "accepted", "agreed", "village_cadre", "dispute_ended", "M09"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"words": "甲方来室书面撤回申请，双方已自行和好。"}

    def after(self, county: County, petition: Any) -> None:
        assert petition.result == "4"
        assert Ending.objects.get(dispute=petition).is_withdrawn
