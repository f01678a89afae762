"""认定未履行 (breach) and after: only what is past its day; performed late after all, mediated again, or ended (调解法§31 §32)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from casework.rules import NotAllowed
from mediation.actions import agreements, endings
from mediation.models import Agreement
from organisations import clock
from tests.factories import disputes_talks
from tests.factories.county import County
from tests.factories.disputes_talks import FiveOfTalks


class TestBreach(FiveOfTalks):
    code, made, wrong, doer, state = "breach", "overdue", "mediating", "village_cadre", "dispute_breached"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"words": "三次上门督促，乙方拒绝付款。", "routes": ["court", "enforce"]}

    def after(self, county: County, petition: Any) -> None:
        assert Agreement.objects.get(dispute=petition).broken_on == clock.today()
        petition.case.refresh_from_db()
        assert (petition.case.due_key, petition.case.due_on) == ("med.step1", clock.today() + timedelta(days=7))


@pytest.mark.django_db
def test_not_before_the_day(county, sign_in):
    dispute = disputes_talks.agreed(county)
    with pytest.raises(NotAllowed, match="没有到期"):
        agreements.breach(dispute.case.number, words="没付", routes=["court"], by=county.scope("village_cadre"))
    assert "?act=breach#act" not in sign_in("village_cadre").get(f"/mediation/{dispute.case.number}/").content.decode()


@pytest.mark.django_db
def test_kept_late_after_all(county):
    dispute = disputes_talks.breached(county)
    for no in (1, 3, 2):
        dispute = agreements.perform(dispute.case.number, item_no=no, on=clock.today(), proof="补付，双方确认", by=county.scope("village_cadre"))
    assert dispute.case.state == "dispute_performed"
    assert dispute.case.due_key == "med.followup"


@pytest.mark.django_db
def test_what_comes_next_is_what_is_offered(county, sign_in):
    """Mediate again or end it; to note a late performance only while something is owed."""
    number = disputes_talks.breached(county).case.number
    page = sign_in("village_cadre").get(f"/mediation/{number}/").content.decode()
    assert "下一步：<b>登记履行或重新调解或移送便民法庭或终止调解</b>" in page


@pytest.mark.django_db
def test_ended_after_a_breach(county):
    dispute = endings.terminate(
        disputes_talks.breached(county).case.number,
        reason="1",
        words="乙方拒绝再调。",
        way="litigation",
        routes=["litigation"],
        by=county.scope("village_cadre"),
    )
    assert (dispute.case.state, dispute.result, dispute.way) == ("dispute_ended", "3", "litigation")
