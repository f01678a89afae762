"""通知听证 (call_hearing): the five questions; panel, notice and who may not sit on it (L-PET-65)."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from casework.models import Document
from casework.rules import NotAllowed
from organisations import clock
from petitions.actions import hearing
from petitions.models import Hearing
from tests.factories import petitions, reviews
from tests.factories.five import FiveQuestions, soon


class TestCallHearing(FiveQuestions):
    code, made, wrong, doer, state = "call_hearing", "accepted", "signed", "handler", "accepted"
    paper = "P22"

    def typed(self, county, petition):
        return {"held_on": soon(7), "begins_at": "9:30", "place": "县中心听证室", "chair": "高主持", "panel": "甲听证、乙听证", "attendees": "陈桂兰"}

    def after(self, county, petition):
        hearing = Hearing.objects.get(petition=petition)
        assert (hearing.review, hearing.announced_on) == (None, clock.today())
        assert Document.objects.get(case=petition.case, paper="P22").name == "听证通知书"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"panel": ["甲听证"]}, "panel"),
        ({"panel": ["甲听证", "高主持"]}, "panel"),
        ({"panel": ["甲听证", "王海涛"]}, "recused"),
        ({"chair": "宋涛"}, "recused"),
        ({"held_on": 6}, "too_soon"),
    ],
)
def test_refused(county, changes, code):
    number = petitions.investigated(county).case.number
    facts = {
        "held_on": 7,
        "begins_at": time(9, 30),
        "place": "听证室",
        "chair": "高主持",
        "panel": ["甲听证", "乙听证"],
        "attendees": "陈桂兰",
        **changes,
    }
    facts["held_on"] = clock.today() + timedelta(days=facts["held_on"])
    with pytest.raises(NotAllowed) as refused:
        hearing.call_hearing(number, by=county.scope("handler"), **facts)
    assert refused.value.code == code


@pytest.mark.django_db
def test_in_a_review_it_belongs_to_the_request(county):
    petition = reviews.call(county, reviews.reviewing(county).case.number, "review_handler")
    assert Hearing.objects.get(petition=petition).review.round == 1
