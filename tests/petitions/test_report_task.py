"""反馈任务 (report_task) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestReportTask(FiveQuestions):
    code, made, wrong, doer, state = "report_task", "joint_signed", "joint", "water_handler", "routed"

    def typed(self, county, petition):
        return {"no": 1, "result": "已疏通。"}
