"""重新调解 (mediate_again): the broken agreement stays, a new one may follow."""

from __future__ import annotations

from typing import Any

import pytest

from casework.models import Deadline
from mediation.actions import agreements
from mediation.models import Agreement, Rung
from organisations import clock
from tests.factories import disputes_talks
from tests.factories.county import County
from tests.factories.disputes_talks import FiveOfTalks


class TestMediateAgain(FiveOfTalks):
    code, made, wrong, doer, state = "mediate_again", "breached", "agreed", "village_cadre", "dispute_mediating"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"is_willing": "on", "words": "乙方生病，双方愿意重新商量期限。"}

    def after(self, county: County, petition: Any) -> None:
        assert Agreement.objects.get(dispute=petition).replaced_on == clock.today()
        assert (petition.result, petition.way, petition.agreed_on) == ("", "", None)
        assert Rung.objects.filter(dispute=petition, ended_on=None).count() == 1
        keys = set(Deadline.objects.filter(case=petition.case, met_on=None, dropped_on=None).values_list("key", flat=True))
        assert keys == {"med.step1", "med.mediate"}


@pytest.mark.django_db
def test_a_second_agreement_stands_beside_the_first(county, sign_in):
    by = county.scope("village_cadre")
    number = disputes_talks.breached(county).case.number
    dispute = agreements.mediate_again(number, words="重新商量", is_willing=True, by=by)
    agreements.agree(number, **disputes_talks.terms(dispute), by=by)
    assert list(Agreement.objects.filter(dispute=dispute).values_list("replaced_on", flat=True)) == [clock.today(), None]
    page = sign_in("village_cadre").get(f"/mediation/{number}/").content.decode()
    assert "原协议" in page
    assert "调解协议" in page
