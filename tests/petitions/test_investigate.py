"""记录调查核实 (investigate) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions, soon


class TestInvestigate(FiveQuestions):
    code, made, wrong, doer, state = "investigate", "accepted", "routed", "handler", "accepted"

    def typed(self, county, petition):
        return {"on": soon(0), "officers": "王海涛，宋涛", "place": "现场", "words": "实地丈量。", "evidence": "丈量记录"}
