"""回访反馈 (feedback) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions, soon


class TestFeedback(FiveQuestions):
    code, made, wrong, doer, state = "feedback", "reported", "registered", "office", "fed_back"

    def typed(self, county, petition):
        return {"way": "phone", "on": soon(0), "is_reached": "1", "words": "表示满意。", "office_rating": "0", "unit_rating": "1", "reason": ""}
