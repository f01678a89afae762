"""报告公安机关 (alarm): the centre learns of it at once (调解法§25, L-MED-7)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from casework.models import Notice
from organisations import clock
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
