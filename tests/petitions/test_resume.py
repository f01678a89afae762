"""恢复办理 (resume): the five questions; the limits run on by as many days as they stood still."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from casework.models import Case, Deadline, Document, Notice
from organisations import clock
from petitions.actions import terms
from petitions.models import Suspension
from tests.factories import petitions
from tests.factories import terms as made
from tests.factories.five import FiveQuestions

pytestmark = pytest.mark.django_db


class TestResume(FiveQuestions):
    code, made, wrong, doer, state = "resume", "suspended", "accepted", "handler", "accepted"
    paper = "P30"

    def typed(self, county, petition):
        return {"words": "鉴定结论已收到。"}

    def after(self, county, petition):
        held = Suspension.objects.get(petition=petition)
        assert (held.resumed_on, held.resumed_by) == (clock.today(), county.people["handler"])
        assert held.resume_document is not None
        assert "suspended" not in petition.case.marks
        assert not Deadline.objects.filter(case=petition.case, key="pet.suspended", met_on=None).exists()
        assert Notice.objects.filter(case=petition.case, kind="petition.resume").count() == 1


@pytest.mark.parametrize("days", [0, 1, 7, 40])
def test_the_days_it_stood_still_are_not_counted(county, days):
    moment = clock.now() - timedelta(days=days)
    with clock.at(moment):
        number = made.suspended(county).case.number
        accepted_on = clock.today()
    terms.resume(number, words="鉴定结论已收到。", by=county.scope("head"))
    handle = Deadline.objects.get(case__number=number, key="pet.handle")
    assert handle.due_on == accepted_on + timedelta(days=60 + days - (days > 0))  # the start day itself was never counted
    case = Case.objects.get(number=number)
    promised = Deadline.objects.get(case__number=number, key="pet.promised")
    assert case.due_on == promised.due_on


def test_it_may_wait_twice_and_both_times_are_made_up_for(county):
    with clock.at(clock.now() - timedelta(days=30)):
        number = petitions.accepted(county).case.number
        base = clock.today()
    for since, until in ((20, 15), (10, 4)):
        with clock.at(clock.now() - timedelta(days=since)):
            expected = clock.today() + timedelta(days=9)
            terms.suspend(number, ground="1", words="等待法院判决。", evidence="受理通知书", expected_until_on=expected, by=county.scope("head"))
        with clock.at(clock.now() - timedelta(days=until)):
            terms.resume(number, words="已判决。", by=county.scope("head"))
    assert Deadline.objects.get(case__number=number, key="pet.handle").due_on == base + timedelta(days=60 + 5 + 6)
    assert Suspension.objects.filter(resumed_on=None).count() == 0


def test_the_letter_names_the_days_and_the_new_date(county):
    with clock.at(clock.now() - timedelta(days=10)):
        number = made.suspended(county).case.number
    terms.resume(number, words="鉴定结论已收到", by=county.scope("handler"))
    document = Document.objects.get(case__number=number, paper="P30")
    due_on = Deadline.objects.get(case__number=number, key="pet.handle").due_on
    context = document.context
    assert context["days"] == 10
    assert context["due_on"] == f"{due_on.year}年{due_on.month}月{due_on.day}日"
    assert context["suspension_number"] == Document.objects.get(case__number=number, paper="P29").number
    text = render_to_string(context["template"], {**context, "number": document.number, "name": document.name})
    assert "中止期间共10日，不计入办理期限" in text
    assert "恢复的原因：鉴定结论已收到。" in text
