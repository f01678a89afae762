"""紧急越级移交 (leap): only with an authorised urgency and its ground (MED-2)."""

from __future__ import annotations

from typing import Any

import pytest

from casework.rules import NotAllowed
from mediation.actions import ladder
from mediation.models import HandOver
from tests.factories import disputes
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


class TestLeap(FiveOfDispute):
    code, made, wrong, doer, state = "leap", "accepted", "declined", "town_head", "dispute_offered"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"to_step": "5", "urgency": "双方各纠集二十余人，有械斗危险。", "reason": "请县中心直接调处。"}

    def after(self, county: County, petition: Any) -> None:
        row = HandOver.objects.get(dispute=petition)
        assert (row.from_step, row.to_step, row.to_unit) == (1, 5, county.units["centre"])
        assert row.urgency


@pytest.mark.django_db
def test_no_step_is_skipped_without_it(county):
    number = disputes.failed(county).case.number
    with pytest.raises(NotAllowed, match="激化危险"):
        ladder.leap(number, to_step=3, urgency="急", reason="请办理。", by=county.scope("town_head"))
