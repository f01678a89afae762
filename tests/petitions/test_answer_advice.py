"""反馈建议采纳情况 (answer_advice) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from casework.models import Deadline, Document
from tests.factories.five import FiveQuestions
from tests.factories.supervised import first


class TestAnswerAdvice(FiveQuestions):
    code, made, wrong, doer, state = "answer_advice", "advised", "registered", "handler", "accepted"
    paper = "P20"
    wrong_doer = "office"

    def typed(self, county, petition):
        return {"no": first(petition.advices), "is_adopted": "1", "text": "已建立制度并印发。"}

    def after(self, county, petition):
        row = petition.advices.get()
        assert row.is_adopted is True
        assert row.reply_document == Document.objects.get(case=petition.pk, paper="P20")
        assert row.reply_document.unit_id == county.units["land"].id
        assert Deadline.objects.get(case=petition.pk, key="pet.advice_reply").met_on is not None
