"""登记法院延长审查 (lengthen_confirmation): ten days more at most, once (法释〔2011〕5号§5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from casework.models import Deadline
from casework.rules import NotAllowed
from mediation.actions import closing
from organisations import clock
from tests.factories import disputes, disputes_closing
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


class TestLengthenConfirmation(FiveOfDispute):
    code, made, wrong, doer, state = "lengthen_confirmation", "taken", "accepted", "village_cadre", "dispute_agreed"
    rooms = (vars(disputes), vars(disputes_closing))

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"days": 10, "reason": "需要向有关机关核实产权。"}

    def after(self, county: County, petition: Any) -> None:
        assert Deadline.objects.get(case=petition.case, key="med.court_decide").due_on == clock.today() + timedelta(days=25)


@pytest.mark.django_db
def test_not_before_the_court_has_taken_it_and_not_more_than_ten_days(county):
    by = county.scope("village_cadre")
    with pytest.raises(NotAllowed) as refused:
        closing.lengthen_confirmation(disputes_closing.applied(county).case.number, days=5, reason="核实", by=by)
    assert refused.value.code == "wrong_court_state"
    with pytest.raises(NotAllowed) as refused:
        closing.lengthen_confirmation(disputes_closing.taken(county).case.number, days=11, reason="核实", by=by)
    assert refused.value.code == "too_long"
