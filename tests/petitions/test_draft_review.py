"""提交复查复核意见 (draft_review): the five questions, and that the opinion is complete for its conclusion (F6, L-PET-70)."""

from __future__ import annotations

import pytest

from casework.rules import NotAllowed
from petitions.actions import review as actions
from petitions.models import Review
from tests.factories import reviews
from tests.factories.five import FiveQuestions


class TestDraftReview(FiveQuestions):
    code, made, wrong, doer, state = "draft_review", "reviewing", "review_asked", "review_handler", "review_signing"

    def typed(self, county, petition):
        return reviews.OPINION

    def after(self, county, petition):
        review = Review.objects.get(petition=petition)
        assert (review.conclusion, review.drafted_by, review.decided_at) == ("1", county.people["review_handler"], None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"conclusion": "4"}, "conclusion"),
        ({"facts": " "}, "words_needed"),
        ({"conclusion": "2"}, "changed_needed"),
        ({"conclusion": "3"}, "redo_days"),
        ({"conclusion": "3", "redo_days": 61}, "redo_days"),
        ({"remedy_unit": ""}, "remedy_needed"),
    ],
)
def test_incomplete(county, changes, code):
    number = reviews.reviewing(county).case.number
    with pytest.raises(NotAllowed) as refused:
        actions.draft_review(number, by=county.scope("review_handler"), **{**reviews.OPINION, **changes})
    assert refused.value.code == code


@pytest.mark.django_db
def test_not_while_a_hearing_is_called_and_not_recorded(county):
    number = reviews.reviewing(county).case.number
    reviews.call(county, number, "review_handler")
    with pytest.raises(NotAllowed) as refused:
        actions.draft_review(number, by=county.scope("review_handler"), **reviews.OPINION)
    assert refused.value.code == "hearing_open"
