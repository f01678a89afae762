"""出具和解协议书 (settle) over HTTP: the five questions, and the paper (条例§33)."""

from __future__ import annotations

from casework import documents
from casework.models import Document, Entry
from tests.factories import petitions
from tests.factories.five import FiveQuestions


class TestSettle(FiveQuestions):
    code, made, wrong, doer, state, paper = "settle", "accepted", "routed", "handler", "accepted", "P23"

    def typed(self, county, petition):
        return {
            "other": "王大山",
            "facts": "双方宅基地相邻，院墙位置有争议。",
            "terms": "王大山于2027年3月1日前拆除越界院墙\n陈桂兰不再就此事提出其他要求",
            "performance": "由村委会监督履行。",
            "presided_by": "王海涛",
        }

    def after(self, county, petition):
        page = documents.html(Document.objects.get(case=petition.case, paper="P23"))
        for words in ("甲方（信访人）：陈桂兰", "乙方：王大山", "（一）王大山于2027年3月1日前拆除越界院墙。", "（二）", "由村委会监督履行"):
            assert words in page

    def test_it_does_it_once(self, county, sign_in):
        """A second agreement may follow when things change; sent twice from the same page it is one."""
        petition = petitions.accepted(county)
        client = sign_in(self.doer)
        assert self.send(client, county, petition).status_code == 303
        assert self.send(client, county, petition).status_code == 409
        assert Document.objects.filter(case=petition.case, paper="P23").count() == 1
        assert Entry.objects.filter(case=petition.case, act="petition.settle").count() == 1
        self.after(county, petition)
