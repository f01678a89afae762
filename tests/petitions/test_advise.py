"""提出建议 (advise) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

import pytest

from casework import documents
from casework.models import Deadline
from organisations import clock
from petitions.actions import advising
from petitions.models import Advice
from petitions.queries import annual
from tests.factories import petitions
from tests.factories.five import FiveQuestions


class TestAdvise(FiveQuestions):
    code, made, wrong, doer, state = "advise", "accepted", "registered", "office", "accepted"
    paper = "P19"

    def typed(self, county, petition):
        return {"kind": "1", "unit_id": county.units["land"].id, "facts": "今年同类五件。", "words": "建立批前现场丈量制度。", "due_on": ""}

    def after(self, county, petition):
        assert Deadline.objects.get(case=petition.pk, key="pet.advice_reply").due_on == petition.advices.get().due_on


@pytest.mark.django_db
def test_a_commendation_is_proposed_too_and_is_none_of_the_three(county, sign_in):
    """HALL-18: the centre's power to propose rewards; its paper claims no article of the Regulation, the annual report counts the three kinds."""
    case = petitions.accepted(county).case
    typed = {"kind": "4", "unit_id": county.units["land"].id, "facts": "王海涛三次上门，当月化解。", "words": "建议通报表扬。", "due_on": ""}
    sign_in("office").post(f"/petitions/{case.number}/advise/", {"version": case.version, **typed})
    row = Advice.objects.get(petition=case.pk)
    paper = documents.html(row.document)
    assert "表彰奖励建议书" in paper
    assert "成绩突出" in paper
    assert "第四十条" not in paper
    three = next(table for table in annual.tables(row.at.year) if "三项建议" in table.title)
    assert [line[:2] for line in three.rows] == [("改进工作建议", "0件"), ("完善政策建议", "0件"), ("追究责任建议", "0件")]
    owed = Deadline.objects.filter(case=row.petition_id, key="pet.advice_reply")
    assert owed.get().met_on is None
    advising.answer_advice(case.number, no=row.pk, is_adopted=True, text="已通报表扬。", by=county.scope("handler"))
    assert owed.get().met_on == clock.today()
