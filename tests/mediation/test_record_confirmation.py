"""登记司法确认结果 (record_confirmation): valid, refused with its ground, or taken back (L-MED-13; 民诉法§206)."""

from __future__ import annotations

from typing import Any

import pytest

from casework.models import Deadline
from casework.rules import NotAllowed
from mediation.actions import closing
from mediation.models import Confirmation
from organisations import clock
from tests.factories import disputes, disputes_closing
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


class TestRecordConfirmation(FiveOfDispute):
    code, made, wrong, doer, state = "record_confirmation", "taken", "accepted", "village_cadre", "dispute_agreed"
    rooms = (vars(disputes), vars(disputes_closing))

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"decision": "confirmed", "on": clock.today().isoformat()}

    def after(self, county: County, petition: Any) -> None:
        assert Confirmation.objects.get(dispute=petition).state == Confirmation.State.CONFIRMED
        assert not Deadline.objects.filter(case=petition.case, key__startswith="med.co", met_on=None, dropped_on=None).exists()


@pytest.mark.django_db
def test_refused_needs_one_of_the_listed_grounds(county):
    number = disputes_closing.taken(county).case.number
    facts = {"decision": "refused", "on": clock.today(), "by": county.scope("village_cadre")}
    with pytest.raises(NotAllowed) as refused:
        closing.record_confirmation(number, ground="12", **facts)
    assert refused.value.code == "ground_needed"
    dispute = closing.record_confirmation(number, ground="25", **facts)
    assert Confirmation.objects.get(dispute=dispute).get_ground_display() == "内容不明确无法确认"


@pytest.mark.django_db
def test_the_parties_may_take_it_back_before_the_court_answers_and_ask_again(county):
    by = county.scope("village_cadre")
    number = disputes_closing.applied(county).case.number
    with pytest.raises(NotAllowed) as refused:
        closing.record_confirmation(number, decision="confirmed", on=clock.today(), by=by)
    assert refused.value.code == "wrong_court_state"
    dispute = closing.record_confirmation(number, decision="withdrawn", on=clock.today(), by=by)
    disputes_closing.asked(dispute, county)
    assert Confirmation.objects.filter(dispute=dispute).count() == 2
