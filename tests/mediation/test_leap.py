"""紧急越级移交 (leap): only with an authorised urgency and its ground (MED-2)."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

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


@pytest.mark.django_db
def test_the_hour_of_the_answer_is_told_by_the_countys_clock(county, sign_in):
    """The history keeps the moment for machines; a clerk reads the day and the hour. Typed words stay as typed, however they look."""
    number = disputes.accepted(county).case.number
    ladder.leap(number, to_step=5, urgency="2026-99-99T99:99:99+00:00", reason="请县中心直接调处。", by=county.scope("town_head"))
    until = timezone.localtime(HandOver.objects.get(dispute__case__number=number).answer_by)
    page = sign_in("town_head").get(f"/mediation/{number}/").content.decode()
    assert f"{until:%Y-%m-%d %H:%M}" in page
    assert page.count("+00:00") == page.count("2026-99-99T99:99:99+00:00") == 1, "only what somebody typed"
