"""办结归档 (close) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestClose(FiveQuestions):
    code, made, wrong, doer, state = "close", "fed_back", "reported", "office", "closed"

    def typed(self, county, petition):
        return {"words": ""}
