"""逐项写处理结果 (answer_point) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestAnswerPoint(FiveQuestions):
    code, made, wrong, doer, state = "answer_point", "accepted", "signed", "handler", "accepted"

    def typed(self, county, petition):
        return {"no": 1, "support": "1", "result": "越界0.6米。", "ground": "民法典第二百八十八条"}
