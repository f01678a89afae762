"""终止调解 (terminate): the ways that stay open are told in writing, with their limits (调解法§26; L-MED-8; MED-3)."""

from __future__ import annotations

from typing import Any

import pytest

from casework.models import Deadline, Document
from casework.rules import NotAllowed
from mediation.actions import endings
from mediation.models import Ending, Rung
from tests.factories import disputes_talks
from tests.factories.county import County
from tests.factories.disputes_talks import FiveOfTalks


class TestTerminate(FiveOfTalks):
    code, made, wrong, doer, state, paper = "terminate", "mediating", "agreed", "village_cadre", "dispute_ended", "M09"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {
            "reason": "2",
            "words": "多次调解，双方对补偿数额分歧过大。",
            "way": "litigation",
            "routes": ["litigation", "arbitration"],
            "limitation": "诉讼时效到2029年10月3日。",
        }

    def after(self, county: County, petition: Any) -> None:
        assert (petition.result, petition.way) == ("2", "litigation")
        assert Ending.objects.get(dispute=petition).routes == ["litigation", "arbitration"]
        assert Rung.objects.get(dispute=petition).end == "other_way"
        assert not Deadline.objects.filter(case=petition.case, met_on=None, dropped_on=None).exists()
        paper = Document.objects.get(case=petition.case, paper="M09").context
        assert "三年" in paper["routes"][0]["words"]


@pytest.mark.django_db
def test_the_way_led_to_is_one_of_those_told(county):
    with pytest.raises(NotAllowed, match="引导的途径"):
        endings.terminate(
            disputes_talks.mediating(county).case.number,
            reason="2",
            words="调不成。",
            way="arbitration",
            routes=["litigation"],
            by=county.scope("village_cadre"),
        )
