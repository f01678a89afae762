"""决定是否回避 (decide_challenge): by another than the one concerned; upheld, he does not mediate here again (调解法§23)."""

from __future__ import annotations

from typing import Any

import pytest

from casework.rules import NotAllowed
from mediation.actions import ladder, mediators, talks
from mediation.models import Challenge, Mediating
from organisations import clock
from tests.factories import disputes, disputes_talks
from tests.factories.county import County
from tests.factories.disputes_talks import FiveOfTalks


def challenged_in_town(county: County) -> Any:
    """At the town's station its handler mediates and is challenged; the head decides."""
    dispute = disputes.in_town(county)
    by = county.scope("town_handler")
    talks.inform(dispute.case.number, signed=disputes_talks.signed(dispute), on=clock.today(), by=by)
    ladder.name_mediator(dispute.case.number, to_user_id=county.people["town_handler"].id, reason="指定", by=by)
    row = Mediating.objects.get(dispute=dispute, until_on=None)
    return mediators.challenge(
        dispute.case.number, mediating_id=row.pk, letter="b", ground="interest", words="与甲方有合伙生意。", raised_on=clock.today(), by=by
    )


class TestDecideChallenge(FiveOfTalks):
    code, made, wrong, doer, state = "decide_challenge", "challenged_in_town", "in_town", "town_head", "dispute_accepted"
    rooms = (globals(), *FiveOfTalks.rooms)

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"is_upheld": "1", "words": "确有合伙关系，应当回避。"}

    def after(self, county: County, petition: Any) -> None:
        assert Challenge.objects.get(mediating__dispute=petition).is_upheld
        assert not Mediating.objects.filter(dispute=petition, until_on=None).exists()
        assert petition.case.handler is None
        with pytest.raises(NotAllowed, match="已经因当事人申请回避"):
            ladder.name_mediator(petition.case.number, to_user_id=county.people["town_handler"].id, reason="再次指定", by=county.scope("town_head"))


@pytest.mark.django_db
def test_nobody_decides_about_himself(county, sign_in):
    dispute = disputes_talks.challenged(county)
    assert "act=decide_challenge" not in sign_in("village_cadre").get(f"/mediation/{dispute.case.number}/").content.decode()
    with pytest.raises(NotAllowed, match="自己是否回避"):
        mediators.decide_challenge(dispute.case.number, is_upheld=False, words="不需要", by=county.scope("village_cadre"))


@pytest.mark.django_db
def test_who_decides_reads_above_the_decision_about_whom_and_why(county, sign_in):
    dispute = challenged_in_town(county)
    page = sign_in("town_head").get(f"/mediation/{dispute.case.number}/?act=decide_challenge").content.decode()
    form = page.split('id="act-form"')[1].split("</form>")[0]
    assert f"要求调解员{county.people['town_handler'].name}回避：与本案有利害关系。与甲方有合伙生意。" in form
