"""受理告知 (accept) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestAccept(FiveQuestions):
    code, made, wrong, doer, state = "accept", "signed", "routed", "handler", "accepted"
    paper = "P05"

    def typed(self, county, petition):
        return {"words": "现予受理。"}
