"""更正 (amend) over HTTP: the five questions, and the before and after that stay (architecture §13, ALL-6)."""

from __future__ import annotations

from casework.models import Entry
from tests.factories.five import FiveQuestions


class TestAmend(FiveQuestions):
    code, made, wrong, doer, state = "amend", "registered", "voided", "clerk", "registered"

    def typed(self, county, petition):
        case = petition.case
        return {
            "title": "邻居砌墙堵路",
            "story": petition.story,
            "topic_code": case.topic_code,
            "area_id": county.areas["laochi"].id,
            "place": "村东头",
            "purpose": petition.purpose,
            "channel": petition.channel,
            "urgency": 1,
            "headcount": case.headcount,
            "involved_count": petition.involved_count,
            "respondent_name": "",
            "reason": "信访人补充说明。",
        }

    def after(self, county, petition):
        changes = Entry.objects.get(case=petition.case, act="petition.amend").detail["changes"]
        assert changes["标题"] == ["邻居砌墙占用宅基地", "邻居砌墙堵路"]
        assert changes["属地"] == [county.areas["jiuqu"].id, county.areas["laochi"].id]
        assert set(changes) == {"标题", "属地", "问题发生地", "紧急程度"}

    def button(self):
        return '/amend/"'
