"""交办帮扶任务 (follow_up): the five questions (条例§37③, L-PET-54)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.models import Case, Notice
from casework.rules import NotAllowed
from organisations import clock
from petitions.actions import review as actions
from petitions.models import FollowUp
from tests.factories import petitions, reviews
from tests.factories.five import FiveQuestions, soon


class TestFollowUp(FiveQuestions):
    code, made, wrong, doer, state = "follow_up", "concluded", "accepted", "office", "reported"

    def typed(self, county, petition):
        return {"unit_id": county.units["jiuqu"].id, "text": "每月走访一次。", "due_on": soon(30)}

    def after(self, county, petition):
        task = FollowUp.objects.get(petition=petition)
        assert task.unit == county.units["jiuqu"]
        assert Notice.objects.filter(case=petition.case, to_unit=task.unit, kind="petition.follow_up").exists()
        assert Case.objects.visible_to(county.scope("village_cadre")).filter(pk=petition.pk).exists()

    def test_it_does_it_once(self, county, sign_in):
        """A second, other task is allowed; the same form sent twice is stale."""
        super().test_it_does_it_once(county, sign_in)


@pytest.mark.django_db
def test_only_after_the_last_word(county):
    with pytest.raises(NotAllowed) as refused:
        actions.follow_up(
            petitions.closed(county).case.number, unit_id=county.units["jiuqu"].id, text="走访", due_on=clock.today(), by=county.scope("office")
        )
    assert refused.value.code == "not_concluded"


@pytest.mark.django_db
def test_the_base_unit_is_reminded_once_a_day_of_the_row(county):
    task = reviews.open_follow_up(reviews.followed(county))
    told = []
    for day in range(25, 41):
        with clock.at(clock.now() + timedelta(days=day)):
            told += [day - 30] * actions.remind_follow_ups()
            assert actions.remind_follow_ups() == 0
    assert told == [-3, 0, 3, 7]
    assert Notice.objects.filter(key__startswith=f"follow_up:{task.pk}:").count() == 4
