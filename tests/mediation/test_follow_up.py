"""回访 (follow_up): kept → followed; not kept → the next way opens (L-MED-11, L-MED-50)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from casework.models import Case, Deadline, Document
from casework.rules import NotAllowed
from mediation.models import Agreement, FollowUpVisit
from mediation.rules import State
from mediation.rules.closing import after_visit
from organisations import clock
from tests.factories import disputes, disputes_closing
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


class TestFollowUp(FiveOfDispute):
    code, made, wrong, doer, state, paper = "follow_up", "performed", "accepted", "village_cadre", "dispute_followed", "M08"
    rooms = (vars(disputes), vars(disputes_closing))

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {
            "on": clock.today().isoformat(),
            "way": "home",
            "visited": "陈桂兰",
            "visitors": "孙村",
            "performance": "1",
            "satisfaction": "1",
        }

    def after(self, county: County, petition: Any) -> None:
        row = FollowUpVisit.objects.get(dispute=petition)
        assert (row.performance, row.satisfaction, row.document.paper) == ("1", "1", "M08")
        assert not Deadline.objects.filter(case=petition.case, key="med.followup", met_on=None).exists()


@pytest.mark.django_db
def test_a_visit_that_finds_it_not_kept_leads_to_breach(county):
    dispute = disputes_closing.visited(disputes_closing.performed(county), county, "2", problems="排水沟没有恢复。")
    assert dispute.case.state == State.BREACHED
    assert Agreement.objects.get(dispute=dispute).broken_on == clock.today()
    page = Document.objects.get(case=dispute.case, paper="M08").context
    assert page["problems"] == ["排水沟没有恢复。"]


@pytest.mark.django_db
def test_breach_needs_the_reason_and_a_performed_case_is_not_still_running(county):
    dispute = disputes_closing.performed(county)
    for performance, code in (("3", "problems_needed"), ("4", "performed")):
        with pytest.raises(NotAllowed) as refused:
            disputes_closing.visited(dispute, county, performance)
        assert refused.value.code == code
    assert Case.objects.get(pk=dispute.pk).state == State.PERFORMED


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "code"), [(1, "future"), (-400, "too_early")])
def test_the_day_is_after_the_agreement_and_not_tomorrow(county, days, code):
    with pytest.raises(NotAllowed) as refused:
        disputes_closing.visited(disputes_closing.performed(county), county, on=clock.today() + timedelta(days=days))
    assert refused.value.code == code


@pytest.mark.django_db
def test_simple_ones_are_visited_within_fifteen_days_the_others_within_a_month(county):
    for difficulty, key, days in (("1", "med.followup_s", 15), ("2", "med.followup", 30)):
        dispute = disputes_closing.performed(county, difficulty=difficulty)
        found = Deadline.objects.get(case=dispute.case, key=key, met_on=None)
        assert found.due_on == clock.today() + timedelta(days=days)


@pytest.mark.parametrize(
    ("state", "performance", "to"),
    [
        (State.AGREED, "4", State.AGREED),
        (State.AGREED, "1", State.AGREED),
        (State.AGREED, "5", State.BREACHED),
        (State.PERFORMED, "1", State.FOLLOWED),
        (State.FOLLOWED, "1", State.FOLLOWED),
        (State.FOLLOWED, "3", State.BREACHED),
        (State.BREACHED, "1", State.BREACHED),
    ],
)
def test_where_a_visit_leads(state, performance, to):
    assert after_visit(state, performance, has_items=True) == to


@pytest.mark.parametrize("state", [State.AGREED, State.BREACHED])
def test_where_nothing_is_written_down_item_by_item_the_visit_alone_says_that_it_is_kept(state):
    assert after_visit(state, "1", has_items=False) == State.FOLLOWED
