"""提交答复审签 (prepare) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestPrepare(FiveQuestions):
    code, made, wrong, doer, state = "prepare", "investigated", "signed", "handler", "under_approval"

    def typed(self, county, petition):
        return {"outcome": "solved", "support": "1", "text": "支持您的请求。", "remedy_unit": "招远市人民政府"}
