"""同意不予受理 (approve_decline) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestApproveDecline(FiveQuestions):
    code, made, wrong, doer, state = "approve_decline", "declining", "registered", "centre_head", "replied"
    paper = "P06"

    def typed(self, county, petition):
        return {"words": "同意。"}
