"""重新办理 (reopen) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions, soon


class TestReopen(FiveQuestions):
    code, made, wrong, doer, state = "reopen", "fed_back", "reported", "office", "accepted"

    def typed(self, county, petition):
        return {"reason": "没有办到位。", "due_on": soon(10)}
