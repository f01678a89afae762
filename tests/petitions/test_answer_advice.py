"""反馈建议采纳情况 (answer_advice) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

import pytest

from casework.models import Case, Deadline, Document
from casework.rules import NotAllowed
from petitions.actions import advising
from tests.factories import petitions
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


def blamed(county):
    number = petitions.accepted(county).case.number
    held = advising.advise(
        number, kind="3", unit_id=county.units["land"].id, facts="超期未答复。", words="建议追究有关人员责任。", by=county.scope("office")
    )
    return held, {"no": first(held.advices), "is_adopted": True, "text": "已诫勉谈话。"}


@pytest.mark.django_db
def test_whom_a_proposal_may_be_about_does_not_answer_it(county, sign_in):
    """条例§28③ §40③: neither the handler nor a colleague, but the head of the unit."""
    petition, facts = blamed(county)
    number = petition.case.number
    for name in ("handler", "handler2"):
        assert "act=answer_advice" not in sign_in(name).get(f"/petitions/{number}/").content.decode()
        with pytest.raises(NotAllowed) as refused:
            advising.answer_advice(number, by=county.scope(name), **facts)
        assert refused.value.status == 403
    assert "act=answer_advice" in sign_in("head").get(f"/petitions/{number}/").content.decode()
    advising.answer_advice(number, by=county.scope("head"), **facts)
    assert petition.advices.get().replied_by == county.people["head"]


@pytest.mark.django_db
def test_where_the_head_handled_it_the_unit_above_answers(county, sign_in):
    petition, facts = blamed(county)
    number = petition.case.number
    Case.objects.filter(pk=petition.pk).update(handler=county.people["head"])
    form = sign_in("head").get(f"/petitions/{number}/?act=answer_advice").content.decode()
    assert 'name="is_adopted"' not in form
    with pytest.raises(NotAllowed) as refused:
        advising.answer_advice(number, by=county.scope("head"), **facts)
    assert refused.value.status == 403
    assert "act=answer_advice" in sign_in("centre_head").get(f"/petitions/{number}/").content.decode()
    advising.answer_advice(number, by=county.scope("centre_head"), **facts)
    assert petition.advices.get().replied_by == county.people["centre_head"]
