"""不同意退回 (refuse_return) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestRefuseReturn(FiveQuestions):
    code, made, wrong, doer, state = "refuse_return", "objected", "routed", "office", "routed"

    def typed(self, county, petition):
        return {"words": "依三定方案由你单位办理。"}
