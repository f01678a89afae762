"""登记撤回申请 (withdraw_review): the five questions; the decision asked about stands."""

from __future__ import annotations

import pytest

from casework.models import Case
from organisations import clock
from petitions.actions import review as actions
from petitions.models import Review
from tests.factories import reviews
from tests.factories.five import FiveQuestions


class TestWithdrawReview(FiveQuestions):
    code, made, wrong, doer, state = "withdraw_review", "reviewing", "review_decided", "review_handler", "delivered"

    def typed(self, county, petition):
        return {"words": "信访人当面表示撤回复查申请，已签字。"}

    def after(self, county, petition):
        review = Review.objects.get(petition=petition)
        assert (review.withdrawn_on, review.conclusion) == (clock.today(), "5")
        assert petition.case.unit == county.units["land"]
        assert petition.case.due_on is None


@pytest.mark.django_db
def test_within_the_term_it_may_be_asked_again(county):
    number = reviews.review_asked(county).case.number
    actions.withdraw_review(number, words="暂时撤回。", by=county.scope("review_handler"))
    assert actions.seek_review(number, by=county.scope("office"), **reviews.REQUEST).case.state == "review_asked"
    assert Case.objects.get(number=number).unit == county.units["government"]
