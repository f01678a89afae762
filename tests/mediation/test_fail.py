"""本步未调成 (fail): the next body reads where the parties differ."""

from __future__ import annotations

from typing import Any

from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


class TestFail(FiveOfDispute):
    code, made, wrong, doer, state = "fail", "accepted", "registered", "village_cadre", "dispute_failed"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"words": "双方对越界宽度认定不一致，已走访两次。"}

    def after(self, county: County, petition: Any) -> None:
        assert petition.rungs.get().words.startswith("双方对越界宽度")
