"""分流转办 (route) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions, soon


class TestRoute(FiveQuestions):
    code, made, wrong, doer, state = "route", "registered", "routed", "office", "routed"

    def typed(self, county, petition):
        return {"mode": "CNB", "to_unit_id": county.units["land"].id, "words": "请依法办理。", "duty": "forward", "promised_on": soon(20)}
