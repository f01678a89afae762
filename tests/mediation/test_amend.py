"""更正登记 (amend): before and after stay in the history."""

from __future__ import annotations

from typing import Any

from casework.models import Entry
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


class TestAmend(FiveOfDispute):
    code, made, wrong, doer, state = "amend", "accepted", "offered", "village_cadre", "dispute_accepted"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {
            "title": "陈桂兰与陈德旺排水纠纷",
            "type_code": "02",
            "story": petition.story,
            "people_count": "2",
            "reason": "类型选错",
        }

    def after(self, county: County, petition: Any) -> None:
        assert petition.case.topic == "邻里纠纷"
        changes = Entry.objects.filter(case=petition.case).order_by("-no")[0].detail["changes"]
        assert changes["纠纷类型"] == ["03", "02"]
