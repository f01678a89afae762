"""受理 (accept) over HTTP: the five questions; and not against a party’s will (调解法§17)."""

from __future__ import annotations

from typing import Any

import pytest

from casework.models import Deadline
from casework.rules import NotAllowed
from mediation.actions import ladder
from tests.factories import disputes
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


class TestAccept(FiveOfDispute):
    code, made, wrong, doer, state = "accept", "registered", "accepted", "village_cadre", "dispute_accepted"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"is_willing": "on"}

    def after(self, county: County, petition: Any) -> None:
        keys = set(Deadline.objects.filter(case=petition.case, met_on=None, dropped_on=None).values_list("key", flat=True))
        assert keys == {"med.step1", "med.mediate"}
        assert petition.rungs.get().due_on is not None


@pytest.mark.django_db
def test_not_if_one_party_refuses(county):
    number = disputes.registered(county).case.number
    with pytest.raises(NotAllowed, match="一方明确拒绝的，不得调解"):
        ladder.accept(number, is_willing=False, by=county.scope("village_cadre"))
