"""拟不予受理申请 (reject_review): the five questions."""

from __future__ import annotations

from petitions.models import Review
from tests.factories.five import FiveQuestions


class TestRejectReview(FiveQuestions):
    code, made, wrong, doer, state = "reject_review", "review_asked", "reviewing", "review_handler", "review_rejecting"

    def typed(self, county, petition):
        return {"words": "请求事项超出原处理意见的范围。"}

    def after(self, county, petition):
        assert Review.objects.get(petition=petition).reject_proposed_by == county.people["review_handler"]
