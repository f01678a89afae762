"""拟不予受理 (decline) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestDecline(FiveQuestions):
    code, made, wrong, doer, state = "decline", "registered", "proposed", "office", "declining"

    def typed(self, county, petition):
        return {"code": "A9", "words": "不属于本级职权范围。", "remedy": "可向主管部门提出。"}
