"""交办帮扶任务 (follow_up): the five questions (条例§37③, L-PET-54)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework import proof, reminding
from casework.models import Case, Deadline, Notice
from casework.rules import NotAllowed
from organisations import clock
from petitions.actions import ending
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
        ending.follow_up(
            petitions.closed(county).case.number, unit_id=county.units["jiuqu"].id, text="走访", due_on=clock.today(), by=county.scope("office")
        )
    assert refused.value.code == "not_concluded"


@pytest.mark.django_db
def test_the_base_unit_is_reminded_of_each_task_and_it_explains_itself(county, sign_in):
    """A task after the last word is a limit like all others: reminded once a day of the row, lamped, explained (L-PET-54)."""
    petition = reviews.followed(county)
    task = reviews.open_follow_up(petition)
    told = []
    for day in range(25, 41):
        with clock.at(clock.now() + timedelta(days=day)):
            reminding.sweep()
            assert reminding.sweep() == 0
            found = Notice.objects.filter(case=petition.case, kind="reminder", deadline__key="pet.follow_up", to_unit=task.unit)
            told += [day - 30] * (found.count() > len(told))
    assert told == [-3, 0, 1, 3, 7]
    row = Deadline.objects.get(case=petition.case, key="pet.follow_up")
    assert (row.unit, row.due_on, row.item) == (task.unit, task.due_on, task.pk)
    page = sign_in("village_cadre").get(f"/petitions/{petition.case.number}/").content.decode()
    assert "终结后的帮扶任务" in page
    why = sign_in("village_cadre").get(f"/petitions/{petition.case.number}/deadlines/{row.pk}/")
    assert "交办帮扶任务" in why.content.decode()


@pytest.mark.django_db
def test_two_tasks_of_one_unit_run_side_by_side(county):
    petition = reviews.followed(county)
    first = reviews.open_follow_up(petition)
    ending.follow_up(
        petition.case.number, unit_id=first.unit_id, text="协助申请低保。", due_on=clock.today() + timedelta(days=10), by=county.scope("office")
    )
    second = reviews.open_follow_up(petition)
    ending.finish_follow_up(petition.case.number, task_id=first.pk, result="已走访。", by=county.scope("village_cadre"))
    rows = dict(Deadline.objects.filter(case=petition.case, key="pet.follow_up").values_list("item", "met_on"))
    assert rows == {first.pk: clock.today(), second.pk: None}
    assert Case.objects.get(pk=petition.pk).due_on == second.due_on
    assert list(proof.check()) == []
