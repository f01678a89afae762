"""Two clocks (beyond.md 14, L-PET-20): the matter's own never starts afresh; each unit's starts with its own receipt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.models import Deadline
from casework.templatetags.components import short_date
from organisations import clock
from petitions import actions
from tests.factories import five, petitions

pytestmark = pytest.mark.django_db

LABOUR_SAYS = {"words": "请办理。", "mode": "LJB"}


def running(number: str, key: str) -> Deadline:
    return Deadline.objects.get(case__number=number, key=key, met_on=None, dropped_on=None)


def ago(days: int):
    return clock.at(clock.now() - timedelta(days=days))


def test_a_return_gives_the_office_its_first_fifteen_days_and_no_more(county):
    with ago(12):
        number = petitions.routed(county).case.number
        received_on = clock.today()
    with ago(9):
        actions.object_to(number, reason="不属本单位职权。", by=county.scope("handler"))
    actions.agree_return(number, words="同意退回。", by=county.scope("office"))
    forward = running(number, "pet.forward")
    assert (forward.base_on, forward.due_on) == (received_on, received_on + timedelta(days=15))


def test_the_next_unit_has_fifteen_days_of_its_own(county):
    with ago(12):
        number = five.returned(county).case.number
    actions.route(number, to_unit_id=county.units["labour"].id, **LABOUR_SAYS, by=county.scope("office"))
    notice = running(number, "pet.notify_forwarded")
    assert (notice.unit, notice.base_on, notice.due_on) == (county.units["labour"], clock.today(), clock.today() + timedelta(days=15))
    assert running(number, "pet.object").base_on == clock.today()
    assert not Deadline.objects.filter(case__number=number, key="pet.handle").exists()


def test_coordination_gives_the_decided_unit_its_own_days(county):
    with ago(20):
        number = five.disputed(county).case.number
    actions.coordinate(number, to_unit_id=county.units["water"].id, words="依职责办理。", by=county.scope("centre_head"))
    notice = running(number, "pet.notify_forwarded")
    assert (notice.unit, notice.base_on) == (county.units["water"], clock.today())
    assert Deadline.objects.filter(case__number=number, key="pet.notify_forwarded", met_on=None, dropped_on=None).count() == 1


def test_an_objection_that_fails_gives_no_new_days(county):
    with ago(4):
        number = petitions.routed(county).case.number
        sent_on = clock.today()
    with ago(3):
        actions.object_to(number, reason="不属本单位职权。", by=county.scope("handler"))
    actions.refuse_return(number, words="属于你单位。", by=county.scope("office"))
    assert running(number, "pet.notify_forwarded").base_on == sent_on


@pytest.mark.parametrize("late", [-1, 0, 1, 30])
def test_the_sixty_days_start_at_the_notice_and_at_the_latest_on_the_fifteenth_day(county, late):
    with ago(15 + late):
        number = petitions.signed(county).case.number
        sent_on = clock.today()
    actions.accept(number, words="受理。", by=county.scope("handler"))
    handle = running(number, "pet.handle")
    assert handle.base_on == min(clock.today(), sent_on + timedelta(days=15))
    assert handle.due_on == handle.base_on + timedelta(days=60)


def test_naming_another_person_starts_nothing_afresh(county):
    with ago(10):
        number = petitions.accepted(county).case.number
        due_on = running(number, "pet.handle").due_on
    actions.designate(number, person_id=county.people["handler2"].id, by=county.scope("head"))
    actions.hand_over(number, to_user_id=county.people["handler"].id, words="移交", by=county.scope("handler2"))
    assert running(number, "pet.handle").due_on == due_on


def test_a_reply_sent_back_runs_on_the_same_sixty_days(county):
    with ago(10):
        number = petitions.prepared(county).case.number
        due_on = running(number, "pet.handle").due_on
    actions.send_back(number, words="补充依据。", by=county.scope("head"))
    assert running(number, "pet.handle").due_on == due_on


@pytest.mark.parametrize(("days", "is_said"), [(15, False), (16, True)])
def test_the_case_says_so_when_nobody_accepted_in_time(county, sign_in, days, is_said):
    with ago(days):
        number = petitions.signed(county).case.number
        until = clock.today() + timedelta(days=75)
    page = sign_in("handler").get(f"/petitions/{number}/").content.decode()
    assert ("超期未受理" in page) is is_said
    assert (f"至 {short_date(until)} 届满，不因晚告知而延后" in page) is is_said
