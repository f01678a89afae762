"""同意退回 (agree_return) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestAgreeReturn(FiveQuestions):
    code, made, wrong, doer, state = "agree_return", "objected", "routed", "office", "returned"

    def typed(self, county, petition):
        return {"words": "异议成立。"}
