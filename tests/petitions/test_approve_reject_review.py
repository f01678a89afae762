"""同意不予受理申请 (approve_reject_review): the five questions; a second person; the case stands where it stood."""

from __future__ import annotations

import pytest

from casework.models import Case, Deadline, Document
from casework.rules import NotAllowed
from organisations import clock
from petitions.actions import review as actions
from petitions.models import Review
from tests.factories import reviews
from tests.factories.five import FiveQuestions


class TestApproveRejectReview(FiveQuestions):
    code, made, wrong, doer, state = "approve_reject_review", "review_rejecting", "reviewing", "review_head", "delivered"
    paper = "P14"

    def after(self, county, petition):
        case, review = petition.case, Review.objects.get(petition=petition)
        assert (review.rejected_on, review.conclusion) == (clock.today(), "4")
        assert (case.unit, case.handler) == (county.units["land"], county.people["handler"])
        assert not Deadline.objects.filter(case=case, key__startswith="pet.review", is_duty=True, met_on=None, dropped_on=None).exists()
        assert Document.objects.get(case=case, paper="P14").name == "复查不予受理告知书"


@pytest.mark.django_db
def test_nobody_approves_their_own_proposal(county):
    number = reviews.review_asked(county).case.number
    actions.reject_review(number, words="请求事项超出范围。", by=county.scope("review_head"))
    with pytest.raises(NotAllowed) as refused:
        actions.approve_reject_review(number, by=county.scope("review_head"))
    assert refused.value.code == "same_person"


@pytest.mark.django_db
def test_a_closed_case_is_closed_again_with_its_outcome(county):
    number = reviews.review_asked_of_closed(county).case.number
    actions.reject_review(number, words="请求事项超出范围。", by=county.scope("review_handler"))
    actions.approve_reject_review(number, by=county.scope("review_head"))
    case = Case.objects.get(number=number)
    assert (case.state, case.outcome, case.is_open, case.due_on) == ("closed", "solved", False, None)
