"""确定调解员 (name_mediator): the person sees the case from now on (调解法§19)."""

from __future__ import annotations

from typing import Any

from casework.models import Case
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


class TestNameMediator(FiveOfDispute):
    code, made, wrong, doer, state = "name_mediator", "in_town", "offered", "town_handler", "dispute_accepted"
    wrong_doer = "village_cadre"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"to_user_id": county.people["mediator"].id, "reason": "双方共同选择。"}

    def after(self, county: County, petition: Any) -> None:
        assert petition.case.handler == county.people["mediator"]
        assert Case.objects.visible_to(county.scope("mediator")).filter(pk=petition.pk).exists()
