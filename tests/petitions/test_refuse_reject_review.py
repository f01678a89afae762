"""退回审查 (refuse_reject_review): the five questions."""

from __future__ import annotations

from petitions.models import Review
from tests.factories.five import FiveQuestions


class TestRefuseRejectReview(FiveQuestions):
    code, made, wrong, doer, state = "refuse_reject_review", "review_rejecting", "reviewing", "review_head", "review_asked"

    def typed(self, county, petition):
        return {"words": "属于原意见范围，应当受理。"}

    def after(self, county, petition):
        assert Review.objects.get(petition=petition).rejected_words == ""
