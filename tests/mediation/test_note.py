"""记调处情况 (note) over HTTP: the five questions."""

from __future__ import annotations

from typing import Any

from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


class TestNote(FiveOfDispute):
    code, made, wrong, doer, state = "note", "accepted", "declined", "village_cadre", "dispute_accepted"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"text": "电话联系乙方，同意周三见面。"}
