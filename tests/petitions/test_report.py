"""办理结果报中心 (report) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestReport(FiveQuestions):
    code, made, wrong, doer, state = "report", "delivered", "accepted", "handler", "reported"

    def typed(self, county, petition):
        return {"words": "已办结。"}
