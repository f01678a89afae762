"""当场答复 (answer) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestAnswer(FiveQuestions):
    code, made, wrong, doer, state = "answer", "registered", "routed", "clerk", "reported"

    def typed(self, county, petition):
        return {
            "text": "已当面说明。",
            "outcome": "explained",
            **{f"{name}-{no}": value for no in (1, 2) for name, value in (("support", "2"), ("result", "已说明。"), ("ground", "土地管理法"))},
        }
