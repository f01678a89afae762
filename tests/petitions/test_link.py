"""关联 (link) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories import petitions
from tests.factories.five import FiveQuestions


class TestLink(FiveQuestions):
    code, made, wrong, doer, state = "link", "registered", "voided", "clerk", "registered"

    def typed(self, county, petition):
        return {"other": petitions.registered(county).case.number, "kind": "repeat", "reason": "同一事项"}
