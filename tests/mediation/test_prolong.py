"""延长调解期限 (prolong): all agree, once, at most thirty days (75号令§33)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from casework.models import Deadline
from casework.rules import NotAllowed
from mediation.actions import endings, ladder
from mediation.models import Prolongation
from tests.factories import disputes, disputes_talks
from tests.factories.county import County
from tests.factories.disputes_talks import FiveOfTalks


class TestProlong(FiveOfTalks):
    code, made, wrong, doer, state = "prolong", "mediating", "agreed", "village_cadre", "dispute_mediating"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"days": "20", "is_agreed": "on", "agreed_by": "双方当面同意再谈二十天。"}

    def after(self, county: County, petition: Any) -> None:
        row = Prolongation.objects.get(dispute=petition)
        month = Deadline.objects.get(case=petition.case, key="med.mediate")
        assert month.met_on is not None
        assert row.due_on == month.due_on + timedelta(days=20)
        assert Deadline.objects.get(case=petition.case, key="med.extend", met_on=None).due_on == row.due_on


@pytest.mark.django_db
def test_not_without_all(county):
    with pytest.raises(NotAllowed, match="都同意"):
        endings.prolong(
            disputes_talks.mediating(county).case.number, days=10, is_agreed=False, agreed_by="乙方不同意", by=county.scope("village_cadre")
        )


@pytest.mark.django_db
def test_once_in_each_bodys_month(county):
    """75号令§33: the month, and so its prolongation, is each body's own from its acceptance."""
    dispute = disputes.accepted(county)
    number, cadre = dispute.case.number, county.scope("village_cadre")
    longer = {"days": 10, "is_agreed": True, "agreed_by": "双方同意。"}
    endings.prolong(number, **longer, by=cadre)
    with pytest.raises(NotAllowed, match="已经延长过一次"):
        endings.prolong(number, **longer, by=cadre)
    ladder.fail(number, words=disputes.DIFFERENCES, by=cadre)
    ladder.offer(number, reason="请村民代表会议评议。", by=cadre)
    ladder.take(number, by=cadre)
    endings.prolong(number, **longer, by=cadre)
    assert list(Prolongation.objects.filter(dispute=dispute).values_list("step", flat=True)) == [1, 2]
