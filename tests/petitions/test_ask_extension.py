"""申请延期 (ask_extension): the five questions, and who may ask for how many days until when (条例§34, L-PET-21, L-PET-23)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.models import Case, Deadline, Notice
from casework.rules import NotAllowed
from organisations import clock
from petitions import actions
from petitions.actions import terms
from petitions.models import Extension
from tests.factories import petitions
from tests.factories import terms as made
from tests.factories.five import FiveQuestions

pytestmark = pytest.mark.django_db


def refused(code: str):
    return pytest.raises(NotAllowed, check=lambda refusal: refusal.code == code)


class TestAskExtension(FiveQuestions):
    code, made, wrong, doer, state = "ask_extension", "accepted", "signed", "handler", "accepted"

    def typed(self, county, petition):
        return {"days": 20, "reason": "需委托测绘鉴定，结论尚未作出。"}

    def after(self, county, petition):
        asked = Extension.objects.get(petition=petition)
        assert (asked.days, asked.is_approved, asked.requested_by) == (20, None, county.people["handler"])
        assert asked.was_due_on == asked.deadline.due_on
        assert "extend_asked" in petition.case.marks
        assert Notice.objects.filter(case=petition.case, kind="petition.ask_extension", to_unit=county.units["land"]).count() == 1


@pytest.mark.parametrize(("days", "code"), [(0, "too_long"), (31, "too_long"), (365, "too_long")])
def test_thirty_days_at_the_most(county, days, code):
    number = petitions.accepted(county).case.number
    with refused(code):
        terms.ask_extension(number, days=days, reason="鉴定尚未完成", by=county.scope("handler"))
    assert not Extension.objects.exists()


@pytest.mark.parametrize("days", [1, 30])
def test_one_day_and_thirty_days_are_lawful(county, days):
    made.extension_asked(county, days=days)
    assert Extension.objects.get().days == days


@pytest.mark.parametrize(("late", "is_in_time"), [(-1, True), (0, True), (1, False)])
def test_until_the_last_day_of_the_limit_and_not_after_it(county, late, is_in_time):
    with clock.at(clock.now() - timedelta(days=60 + late)):
        number = petitions.accepted(county).case.number
    if is_in_time:
        terms.ask_extension(number, days=5, reason="鉴定尚未完成", by=county.scope("handler"))
        return
    with refused("extended_late"):
        terms.ask_extension(number, days=5, reason="鉴定尚未完成", by=county.scope("handler"))


def test_once_asked_it_is_not_asked_again_and_once_extended_never_more(county):
    number = made.extension_asked(county).case.number
    with refused("asked_before"):
        terms.ask_extension(number, days=5, reason="鉴定尚未完成", by=county.scope("handler"))
    terms.approve_extension(number, by=county.scope("head"))
    with refused("extended_before"):
        terms.ask_extension(number, days=5, reason="鉴定尚未完成", by=county.scope("handler"))


def test_after_a_refusal_it_may_be_asked_for_again(county):
    number = made.extension_asked(county).case.number
    terms.refuse_extension(number, words="可以按期办结。", by=county.scope("head"))
    terms.ask_extension(number, days=5, reason="又发现新的情况", by=county.scope("handler"))
    assert Extension.objects.filter(is_approved=None).count() == 1


@pytest.mark.parametrize(
    "key", ["pet.notify_forwarded", "pet.object", "pet.forward", "pet.review", "pet.rereview", "pet.promised", "pet.simple_handle"]
)
def test_what_the_law_does_not_lengthen_is_refused_with_its_sentence(county, key):
    number = petitions.accepted(county).case.number
    with pytest.raises(NotAllowed, match="第二十二条至第三十六条") as refusal:
        terms.ask_extension(number, days=5, reason="来不及", key=key, by=county.scope("handler"))
    assert refusal.value.code == "no_extension"


def test_a_suggestion_may_be_lengthened_too(county):
    number = petitions.accepted(county, purpose="04").case.number
    terms.ask_extension(number, days=10, reason="需征求多个部门意见", by=county.scope("handler"))
    assert Extension.objects.get().deadline.key == "pet.suggest"


def test_a_template_left_unfilled_does_not_become_a_reason(county):
    number = petitions.accepted(county).case.number
    with refused("blank_left"):
        terms.ask_extension(number, days=5, reason="因{写明原因}", by=county.scope("handler"))


def test_no_button_where_it_would_be_refused(county, sign_in):
    with clock.at(clock.now() - timedelta(days=61)):
        number = petitions.accepted(county).case.number
    assert "?act=ask_extension" not in sign_in("handler").get(f"/petitions/{number}/").content.decode()


def test_a_reopened_matter_has_no_limit_of_the_law_to_lengthen(county):
    number = petitions.closed(county).case.number
    actions.reopen(number, reason="没有落实", due_on=clock.today() + timedelta(days=10), by=county.scope("office"))
    with refused("not_running"):
        terms.ask_extension(number, days=5, reason="来不及", by=county.scope("handler"))
    assert Case.objects.get(number=number).due_on == clock.today() + timedelta(days=10)
    assert not Deadline.objects.filter(case__number=number, key="pet.handle", met_on=None).exists()
