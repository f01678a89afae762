"""审签答复 (reply) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestReply(FiveQuestions):
    code, made, wrong, doer, state = "reply", "prepared", "accepted", "head", "replied"
    paper = "P11"

    def typed(self, county, petition):
        return {"words": "同意。"}
