"""登记撤回 (withdraw) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestWithdraw(FiveQuestions):
    code, made, wrong, doer, state = "withdraw", "registered", "proposed", "office", "reported"

    def typed(self, county, petition):
        return {"words": "本人来电撤回。"}
