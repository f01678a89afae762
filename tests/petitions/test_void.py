"""作废 (void) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestVoid(FiveQuestions):
    code, made, wrong, doer, state = "void", "registered", "routed", "office", "voided"

    def typed(self, county, petition):
        return {"reason": "重复录入"}
