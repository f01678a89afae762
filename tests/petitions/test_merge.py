"""并案 (merge) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories import petitions
from tests.factories.five import FiveQuestions


class TestMerge(FiveQuestions):
    code, made, wrong, doer, state = "merge", "registered", "voided", "office", "registered"

    def typed(self, county, petition):
        return {"into": petitions.registered(county).case.number, "reason": "同一事项"}
