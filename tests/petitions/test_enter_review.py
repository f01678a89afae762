"""登记上级机关意见 (enter_review): the five questions, and what an outside letter may say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.models import Case, Deadline
from casework.rules import NotAllowed
from organisations import clock
from petitions.actions import review as actions
from petitions.models import Review
from tests.factories import reviews
from tests.factories.five import FiveQuestions


class TestEnterReview(FiveQuestions):
    code, made, wrong, doer, state = "enter_review", "outside", "reviewing", "office", "review_decided"

    def typed(self, county, petition):
        return {
            "conclusion": "1",
            "outside_number": "烟政复核〔2026〕15号",
            "decided_on": clock.today().isoformat(),
            "words": "原处理意见和复查意见事实清楚，予以维持。",
        }

    def after(self, county, petition):
        review = Review.objects.filter(petition=petition).latest("id")
        assert (review.outside_number, review.document, review.decided_by) == ("烟政复核〔2026〕15号", None, None)
        assert Deadline.objects.get(case=petition.case, key="pet.rereview").met_on == clock.today()


@pytest.mark.django_db
@pytest.mark.parametrize(("conclusion", "column"), [("4", "rejected_on"), ("5", "withdrawn_on")])
def test_not_taken_or_ended_leaves_the_case_where_it_stood(county, conclusion, column):
    number = reviews.outside(county).case.number
    actions.enter_review(
        number, conclusion=conclusion, outside_number="烟政复核〔2026〕16号", decided_on=clock.today(), words="不予受理。", by=county.scope("office")
    )
    case = Case.objects.get(number=number)
    assert (case.state, case.unit, case.due_on) == ("reported", county.units["land"], None)
    assert getattr(Review.objects.filter(petition=case.pk).latest("id"), column) == clock.today()


@pytest.mark.django_db
def test_the_letter_is_neither_older_than_the_request_nor_of_tomorrow(county):
    number = reviews.outside(county).case.number
    for days in (-1, 1):
        with pytest.raises(NotAllowed) as refused:
            actions.enter_review(
                number,
                conclusion="1",
                outside_number="烟政复核〔2026〕15号",
                decided_on=clock.today() + timedelta(days=days),
                words="予以维持。",
                by=county.scope("office"),
            )
        assert refused.value.code == "decided_date"
