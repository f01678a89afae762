"""记办理情况 (note) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestNote(FiveQuestions):
    code, made, wrong, doer, state = "note", "accepted", "voided", "handler", "accepted"
    wrong_doer = "clerk"

    def typed(self, county, petition):
        return {"text": "电话联系。", "is_internal": "on"}
