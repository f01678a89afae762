"""登记法院受理 (record_court_acceptance): the court takes the application in three days, or not with a ground (L-MED-13)."""

from __future__ import annotations

from datetime import timedelta
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


class TestRecordCourtAcceptance(FiveOfDispute):
    code, made, wrong, doer, state = "record_court_acceptance", "applied", "accepted", "village_cadre", "dispute_agreed"
    rooms = (vars(disputes), vars(disputes_closing))

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"is_taken": "1", "on": clock.today().isoformat(), "court_number": "（2026）鲁0685调确字第12号"}

    def after(self, county: County, petition: Any) -> None:
        row = Confirmation.objects.get(dispute=petition)
        assert (row.state, row.court_number) == (Confirmation.State.TAKEN, "（2026）鲁0685调确字第12号")
        assert Deadline.objects.get(case=petition.case, key="med.court_decide", met_on=None).due_on == clock.today() + timedelta(days=15)


@pytest.mark.django_db
def test_not_taken_names_its_ground_and_the_thirty_days_run_on(county):
    number = disputes_closing.applied(county).case.number
    facts = {"is_taken": False, "on": clock.today(), "by": county.scope("village_cadre")}
    with pytest.raises(NotAllowed) as refused:
        closing.record_court_acceptance(number, ground="21", **facts)
    assert refused.value.code == "ground_needed"
    dispute = closing.record_court_acceptance(number, ground="11", **facts)
    assert Confirmation.objects.get(dispute=dispute).state == Confirmation.State.NOT_TAKEN
    assert Deadline.objects.filter(case=dispute.case, key="med.confirm", met_on=None, dropped_on=None).count() == 1
    disputes_closing.asked(dispute, county, why_court="domicile")


@pytest.mark.django_db
@pytest.mark.parametrize(("number", "days", "code"), [("", 0, "number_needed"), ("（2026）1号", 1, "future"), ("（2026）1号", -1, "too_early")])
def test_taken_needs_its_number_and_a_day_that_can_be(county, number, days, code):
    with pytest.raises(NotAllowed) as refused:
        closing.record_court_acceptance(
            disputes_closing.applied(county).case.number,
            is_taken=True,
            on=clock.today() + timedelta(days=days),
            court_number=number,
            by=county.scope("village_cadre"),
        )
    assert refused.value.code == code
