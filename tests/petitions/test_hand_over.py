"""移交首问责任 (hand_over) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestHandOver(FiveQuestions):
    code, made, wrong, doer, state = "hand_over", "registered", "voided", "clerk", "registered"

    def typed(self, county, petition):
        return {"to_user_id": county.people["office2"].id, "words": "轮岗。"}
