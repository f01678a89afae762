"""退回拟办 (reject_decline) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestRejectDecline(FiveQuestions):
    code, made, wrong, doer, state = "reject_decline", "declining", "registered", "centre_head", "registered"

    def typed(self, county, petition):
        return {"words": "应当受理。"}
