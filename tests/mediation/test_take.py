"""接收 (take): from today the higher body answers for it; two at once, one wins."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.models import Deadline
from mediation.actions import ladder
from mediation.models import HandOver, Rung
from tests.factories import disputes
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


class TestTake(FiveOfDispute):
    code, made, wrong, doer, state = "take", "offered", "in_town", "town_handler", "dispute_accepted"

    def after(self, county: County, petition: Any) -> None:
        assert (petition.step, petition.case.unit) == (3, county.units["fushan"])
        assert [row.end for row in petition.rungs.order_by("id")] == ["handed_on", "handed_on", ""]
        assert HandOver.objects.get(dispute=petition, to_step=3).answer == "taken"
        keys = set(Deadline.objects.filter(case=petition.case, met_on=None, dropped_on=None).values_list("key", flat=True))
        assert keys == {"med.step3", "med.mediate"}


@pytest.mark.django_db
def test_taking_over_asks_the_database_no_more_than_it_must(county):
    """Twelve statements with those of the request; the new rung is written whole, the hand-over answered in one."""
    numbers = [disputes.offered(county).case.number for _ in range(2)]
    by = county.scope("town_handler")
    ladder.take(numbers[0], by=by)
    with CaptureQueriesContext(connection) as asked:
        ladder.take(numbers[1], words="接收", by=by)
    assert len(asked) <= 10
    row = HandOver.objects.get(dispute__case__number=numbers[1], to_step=3)
    assert (row.answer, row.words, row.answered_by) == ("taken", "接收", county.people["town_handler"])
    taker, giver = Rung.objects.filter(dispute=row.dispute).order_by("-step")[:2]
    due_on = Deadline.objects.get(case=row.dispute_id, key="med.step3").due_on
    assert (giver.end, taker.ended_on, taker.step, taker.due_on) == ("handed_on", None, 3, due_on)


@pytest.mark.django_db
def test_the_head_says_whether_it_was_handed_over(county, sign_in):
    """The stage was ticked without a word for what never left the room it came into."""
    stayed, moved = disputes.accepted(county).case, ladder.take(disputes.offered(county).case.number, by=county.scope("town_handler")).case
    client = sign_in("office")
    assert "没有移交，本级办理" in client.get(f"/mediation/{stayed.number}/").content.decode()
    page = client.get(f"/mediation/{moved.number}/").content.decode()
    assert "没有移交" not in page
    assert f"· {county.units['fushan'].short_name}" in page
