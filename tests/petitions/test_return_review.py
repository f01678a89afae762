"""退回修改意见 (return_review): the five questions; the draft stays to be worked on."""

from __future__ import annotations

from casework.models import Notice
from petitions.models import Review
from tests.factories import reviews
from tests.factories.five import FiveQuestions


class TestReturnReview(FiveQuestions):
    code, made, wrong, doer, state = "return_review", "review_drafted", "reviewing", "review_head", "reviewing"

    def typed(self, county, petition):
        return {"words": "请补充丈量记录的出处。"}

    def after(self, county, petition):
        assert Review.objects.get(petition=petition).facts == reviews.OPINION["facts"]
        assert Notice.objects.filter(case=petition.case, to_user=county.people["review_handler"], kind="petition.return_review").exists()
