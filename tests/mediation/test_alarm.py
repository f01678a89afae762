"""报告公安机关 (alarm): the centre learns of it at once (调解法§25, L-MED-7)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from casework.models import Notice
from casework.rules import NotAllowed
from mediation.actions import ladder
from mediation.models import Alarm
from organisations import clock
from tests.factories import disputes
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


class TestAlarm(FiveOfDispute):
    code, made, wrong, doer, state = "alarm", "accepted", "declined", "village_cadre", "dispute_accepted"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {
            "facts": "乙方扬言要动手",
            "measures": "劝离现场，村干部值守",
            "police": "阜山派出所 李警官",
            "told_at": f"{timezone.localtime(clock.now()):%Y-%m-%dT%H:%M}",
        }

    def after(self, county: County, petition: Any) -> None:
        assert petition.alarms.count() == 1
        assert Notice.objects.filter(case=petition.case, kind="dispute.alarm", to_unit=county.units["centre"]).count() == 1


@pytest.mark.django_db
def test_nobody_was_told_tomorrow(county):
    number, now = disputes.accepted(county).case.number, clock.now()
    facts = {"facts": "乙方扬言要动手", "measures": "值守", "police": "阜山派出所"}
    with pytest.raises(NotAllowed, match="不能晚于现在"):
        ladder.alarm(number, **facts, told_at=now + timedelta(minutes=5), by=county.scope("village_cadre"))
    assert not Alarm.objects.exists()
    ladder.alarm(number, **facts, told_at=now - timedelta(minutes=5), by=county.scope("village_cadre"))
    assert Alarm.objects.count() == 1
