"""批示 (instruct) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestInstruct(FiveQuestions):
    code, made, wrong, doer, state = "instruct", "proposed", "registered", "leader", "registered"

    def typed(self, county, petition):
        return {"words": "请依法办理。"}
