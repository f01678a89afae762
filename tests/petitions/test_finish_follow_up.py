"""反馈帮扶任务 (finish_follow_up): the five questions."""

from __future__ import annotations

import pytest

from casework.rules import NotAllowed
from organisations import clock
from petitions.actions import ending
from tests.factories import reviews
from tests.factories.five import FiveQuestions


class TestFinishFollowUp(FiveQuestions):
    code, made, wrong, doer, state = "finish_follow_up", "followed", "accepted", "village_cadre", "reported"

    def typed(self, county, petition):
        task = petition.follow_ups.first()
        return {"task_id": task.pk if task else 1, "result": "已走访，帮助申请了临时救助。"}

    def after(self, county, petition):
        task = petition.follow_ups.get()
        assert (task.done_on, task.done_by) == (clock.today(), county.people["village_cadre"])

    def test_not_at_the_wrong_moment(self, county, sign_in):
        """A case without follow-ups has none to report on; the village's cadre sees it because it lies in the village."""
        petition = reviews.followed(county)
        ending.finish_follow_up(petition.case.number, task_id=petition.follow_ups.get().pk, result="已走访。", by=county.scope("village_cadre"))
        petition.case.refresh_from_db()
        assert self.send(sign_in("village_cadre"), county, petition).status_code == 422


@pytest.mark.django_db
def test_not_another_units_task(county):
    petition = reviews.followed(county)
    with pytest.raises(NotAllowed):
        ending.finish_follow_up(petition.case.number, task_id=petition.follow_ups.get().pk, result="已办", by=county.scope("town_handler"))
