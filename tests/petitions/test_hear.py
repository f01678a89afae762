"""记录听取陈述 (hear) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions, soon


class TestHear(FiveQuestions):
    code, made, wrong, doer, state = "hear", "accepted", "routed", "handler", "accepted"

    def typed(self, county, petition):
        return {"on": soon(0), "officers": "王海涛、宋涛", "place": "村委会", "words": "陈述了经过。"}
