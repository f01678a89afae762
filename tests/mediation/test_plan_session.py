"""约下次 (plan_session): one talk is planned at a time; another date replaces it and both stay on record (L-MED-20)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from mediation.actions import talks
from mediation.models import Session
from organisations import clock
from tests.factories import disputes_talks
from tests.factories.county import County
from tests.factories.disputes_talks import FiveOfTalks


class TestPlanSession(FiveOfTalks):
    code, made, wrong, doer, state = "plan_session", "with_mediator", "agreed", "village_cadre", "dispute_accepted"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        at = timezone.localtime(clock.now()) + timedelta(days=1)
        return {"kind": "joint", "letter": "", "planned_at": f"{at:%Y-%m-%dT%H:%M}", "place": "九曲村调解室", "invited": "双方、村主任，已电话通知"}

    def after(self, county: County, petition: Any) -> None:
        assert Session.objects.get(dispute=petition).state == "planned"


@pytest.mark.django_db
def test_moved_then_held(county):
    dispute = disputes_talks.with_mediator(county)
    by = county.scope("village_cadre")
    for days in (1, 2):
        talks.plan_session(dispute.case.number, kind="joint", planned_at=clock.now() + timedelta(days=days), place="调解室", by=by)
    assert list(Session.objects.filter(dispute=dispute).values_list("state", "off_because")) == [("off", "改期"), ("planned", "")]
    talks.hold_session(dispute.case.number, **disputes_talks.talk(dispute), by=by)
    assert list(Session.objects.filter(dispute=dispute).values_list("state", flat=True)) == ["off", "held"]
