"""登记防止激化 (prevent) over HTTP: the five questions; and the figures count it (MED-16)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from casework.rules import NotAllowed
from mediation.actions import prevention
from mediation.figures import queries
from mediation.figures.rules import Period
from mediation.models import Dispute
from organisations import clock
from tests.factories import disputes
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute

FACTS = "乙方扬言纠集亲属到县里集体上访，村支书连夜入户劝住。"


class TestPrevent(FiveOfDispute):
    code, made, wrong, doer, state = "prevent", "accepted", "declined", "village_cadre", "dispute_accepted"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"prevented": "petition", "facts": FACTS}


def test_what_was_prevented_is_counted(county: County) -> None:
    number = disputes.accepted(county).case.number
    prevention.prevent(number, prevented="petition", facts=FACTS, by=county.scope("village_cadre"))
    today = clock.today()
    period = Period(today - timedelta(days=1), today)
    assert queries.prevented(Dispute.objects.all(), period).numerator == 1
    assert queries.petitions_prevented(Dispute.objects.all(), period).numerator == 1


def test_it_rests_on_facts(county: County) -> None:
    number = disputes.accepted(county).case.number
    with pytest.raises(NotAllowed, match="至少"):
        prevention.prevent(number, prevented="fight", facts="差点打架", by=county.scope("village_cadre"))
