"""退回任务 (return_task) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestReturnTask(FiveQuestions):
    code, made, wrong, doer, state = "return_task", "joint_reported", "joint", "handler", "routed"

    def typed(self, county, petition):
        return {"no": 1, "reason": "请补照片。"}
