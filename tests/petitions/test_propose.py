"""报请领导 (propose) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestPropose(FiveQuestions):
    code, made, wrong, doer, state = "propose", "registered", "routed", "office", "proposed"

    def typed(self, county, petition):
        return {"leader_id": county.people["leader"].id, "words": "请批示。"}
