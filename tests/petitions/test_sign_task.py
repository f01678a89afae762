"""签收任务 (sign_task) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestSignTask(FiveQuestions):
    code, made, wrong, doer, state = "sign_task", "joint", "joint_signed", "water_handler", "routed"

    def typed(self, county, petition):
        return {"no": 1}
