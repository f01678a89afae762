"""重大紧急报告 (report_urgent) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from casework.models import Notice
from organisations import clock
from tests.factories.five import FiveQuestions

ZONE = ZoneInfo("Asia/Shanghai")


class TestReportUrgent(FiveQuestions):
    code, made, wrong, doer, state = "report_urgent", "accepted", "voided", "office", "accepted"
    paper = "P26"

    def typed(self, county, petition):
        return {
            "known_at": clock.now().astimezone(ZONE).strftime("%Y-%m-%d %H:%M"),
            "happened": "今日上午，镇政府门前",
            "batches": 1,
            "people": 32,
            "demands": "要求支付拆迁款",
            "scene": "聚集在门前，情绪激动",
            "measures": "已到场疏导",
            "phone": "0535-8210000",
            "recipients": "市委、市政府",
        }

    def after(self, county, petition):
        assert petition.urgent_reports.get().people == 32
        assert "zdjjbz" in petition.case.marks
        assert Notice.objects.filter(kind="petition.report_urgent", to_user=county.people["leader"]).exists()
