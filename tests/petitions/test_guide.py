"""引导其他途径 (guide) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestGuide(FiveQuestions):
    code, made, wrong, doer, state = "guide", "registered", "proposed", "office", "replied"
    paper = "P09"

    def typed(self, county, petition):
        return {"routes": ["R06"], "words": "可申请行政复议。", "q_report": "no"}
