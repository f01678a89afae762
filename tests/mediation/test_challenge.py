"""登记回避申请 (challenge): from then on nothing is mediated until it is decided (调解法§23)."""

from __future__ import annotations

from typing import Any

import pytest

from casework.rules import NotAllowed
from mediation.actions import talks
from mediation.models import Challenge, Mediating
from organisations import clock
from tests.factories import disputes_talks
from tests.factories.county import County
from tests.factories.disputes_talks import FiveOfTalks


class TestChallenge(FiveOfTalks):
    code, made, wrong, doer, state = "challenge", "with_mediator", "agreed", "village_cadre", "dispute_accepted"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        row = Mediating.objects.filter(dispute=petition, until_on=None).first()
        return {
            "mediating_id": row.pk if row else "0",
            "letter": "b",
            "ground": "relation",
            "words": "与甲方是多年邻居。",
            "raised_on": clock.today().isoformat(),
        }

    def after(self, county: County, petition: Any) -> None:
        assert Challenge.objects.get(mediating__dispute=petition).decided_on is None


@pytest.mark.django_db
def test_nothing_is_mediated_while_it_waits(county, sign_in):
    dispute = disputes_talks.challenged(county)
    with pytest.raises(NotAllowed, match="还没有决定"):
        talks.hold_session(dispute.case.number, **disputes_talks.talk(dispute), by=county.scope("village_cadre"))
    page = sign_in("village_cadre").get(f"/mediation/{dispute.case.number}/").content.decode()
    assert "?act=hold_session#act" not in page
    assert "等待决定" in page
