"""确认任务 (confirm_task) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestConfirmTask(FiveQuestions):
    code, made, wrong, doer, state = "confirm_task", "joint_reported", "joint", "handler", "routed"

    def typed(self, county, petition):
        return {"no": 1}
