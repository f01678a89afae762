"""签发复查复核意见 (decide_review): the five questions; the drafter does not sign; the organ's limit is met."""

from __future__ import annotations

import pytest

from casework.models import Deadline
from casework.rules import NotAllowed
from organisations import clock
from petitions.actions import review as actions
from petitions.models import Review
from tests.factories import reviews
from tests.factories.five import FiveQuestions


class TestDecideReview(FiveQuestions):
    code, made, wrong, doer, state = "decide_review", "review_drafted", "reviewing", "review_head", "review_decided"
    paper = "P15"

    def after(self, county, petition):
        review = Review.objects.get(petition=petition)
        assert (review.decided_by, review.decided_on) == (county.people["review_head"], clock.today())
        assert review.document is not None
        assert Deadline.objects.get(case=petition.case, key="pet.review").met_on == clock.today()


@pytest.mark.django_db
def test_the_drafter_does_not_sign(county):
    number = reviews.reviewing(county).case.number
    actions.draft_review(number, by=county.scope("review_head"), **reviews.OPINION)
    with pytest.raises(NotAllowed) as refused:
        actions.decide_review(number, by=county.scope("review_head"))
    assert refused.value.code == "same_person"


@pytest.mark.django_db
def test_a_changed_decision_changes_the_outcome(county):
    petition = reviews.reviewed(county, conclusion="2", changed_to="不予支持其余请求，退还占用的0.6米。", outcome="explained")
    assert petition.settled_as == "explained"
