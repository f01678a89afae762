"""解除并案 (unmerge) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestUnmerge(FiveQuestions):
    code, made, wrong, doer, state = "unmerge", "merged", "voided", "office", "registered"

    def typed(self, county, petition):
        return {"reason": "并不是一件事"}
