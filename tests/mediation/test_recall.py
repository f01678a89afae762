"""撤回移交 (recall) over HTTP: the five questions."""

from __future__ import annotations

from typing import Any

import pytest

from casework.models import Deadline
from casework.rules import NotAllowed
from mediation.actions import ladder
from mediation.models import HandOver
from organisations import clock
from tests.factories import disputes
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute


class TestRecall(FiveOfDispute):
    code, made, wrong, doer, state = "recall", "offered", "accepted", "village_cadre", "dispute_failed"

    def after(self, county: County, petition: Any) -> None:
        assert HandOver.objects.get(dispute=petition, to_step=3).answer == "recalled"
        limit = Deadline.objects.filter(case=petition.case, key="med.handover").latest("id")
        assert (limit.dropped_on, limit.met_on) == (clock.today(), None), "nobody above is asked for an answer any more"
        assert petition.case.due_key != "med.handover"


@pytest.mark.django_db
def test_a_leap_is_not_taken_back_by_the_body_it_passed_over(county, sign_in):
    """Who is in authority saw danger; the room that was passed over does not undo that."""
    number = disputes.leapt(county).case.number
    page = sign_in("village_cadre").get(f"/mediation/{number}/").content.decode()
    assert "act=recall" not in page
    with pytest.raises(NotAllowed, match="撤回越级移交"):
        ladder.recall(number, by=county.scope("village_cadre"))
    assert HandOver.objects.get(dispute__case__number=number).answer == ""
