"""退回修改 (send_back) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestSendBack(FiveQuestions):
    code, made, wrong, doer, state = "send_back", "prepared", "accepted", "head", "accepted"

    def typed(self, county, petition):
        return {"words": "依据写全。"}
