"""转为普通程序 (convert): the five questions; 60 days from the original acceptance, offered when the simple way is late (L-SIM-4, L-SIM-6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from casework import chain
from casework.models import Case, Deadline, Document, Entry, Notice
from casework.rules import NotAllowed
from organisations import clock
from petitions.actions import terms
from petitions.models import Telling
from tests.factories import terms as made
from tests.factories.five import FiveQuestions
from tests.factories.petitions import allowed_acts

pytestmark = pytest.mark.django_db


class TestConvert(FiveQuestions):
    code, made, wrong, doer, state = "convert", "simple", "accepted", "head", "accepted"
    paper = "P31"

    def typed(self, county, petition):
        return {"words": "情况较为复杂。", "way": "phone", "number": "13800132046", "person": "陈桂兰"}

    def after(self, county, petition):
        assert petition.converted_on == clock.today()
        assert petition.case.marks == []
        handle = Deadline.objects.get(case=petition.case, key="pet.handle")
        assert (handle.base_on, handle.due_on) == (clock.today(), clock.today() + timedelta(days=60))
        assert Deadline.objects.get(case=petition.case, key="pet.simple_handle").dropped_on == clock.today()
        assert Telling.objects.get(petition=petition, about="converted").document is not None


@pytest.mark.parametrize(("purpose", "key"), [("02", "pet.handle"), ("04", "pet.suggest")])
def test_no_fresh_start(county, purpose, key):
    with clock.at(clock.now() - timedelta(days=25)):
        number = made.simple(county, purpose=purpose).case.number
        accepted_on = clock.today()
    terms.convert(number, words="情况较为复杂。", told=made.told(), by=county.scope("head"))
    assert Deadline.objects.get(case__number=number, key=key).due_on == accepted_on + timedelta(days=60)
    assert "ask_extension" in allowed_acts(Case.objects.get(number=number), county.scope("handler"))


def test_a_simple_matter_is_never_lengthened(county):
    number = made.simple(county).case.number
    with pytest.raises(NotAllowed) as refusal:
        terms.ask_extension(number, days=5, reason="来不及", by=county.scope("handler"))
    assert refusal.value.code == "wrong_moment"


def test_when_it_is_late_the_house_offers_the_normal_procedure_once(county, sign_in):
    with clock.at(clock.now() - timedelta(days=40)):
        number = made.simple(county).case.number
    assert terms.offer_conversions() == 1
    assert terms.offer_conversions() == 0
    case = Case.objects.get(number=number)
    assert "simple_late" in case.marks
    line = Entry.objects.get(case=case, act="petition.offer_conversion")
    assert line.by.is_clock
    assert "转为普通程序" in line.text
    assert Notice.objects.filter(case=case, kind="petition.offer_conversion").count() == 1
    assert list(chain.verify_cases()) == []
    page = sign_in("head").get(f"/petitions/{number}/").content.decode()
    assert "简易答复已超期" in page
    assert "?act=convert#act" in page
    assert "简易超期" in sign_in("head").get("/cases/?mark=simple_late").content.decode()


def test_nothing_is_offered_on_the_last_day_nor_after_the_answer(county):
    number = made.simple(county).case.number
    last = Deadline.objects.get(case__number=number, key="pet.simple_handle").due_on
    with clock.at(clock.now() + (last - clock.today())):
        assert terms.offer_conversions() == 0
    terms.answer_simple(number, results=made.RESULTS, text="已答复。", outcome="solved", told=made.told(), by=county.scope("handler"))
    with clock.at(clock.now() + timedelta(days=60)):
        assert terms.offer_conversions() == 0


def test_the_letter_says_from_when_the_days_count(county):
    with clock.at(clock.now() - timedelta(days=20)):
        number = made.simple(county).case.number
        accepted_on = clock.today()
    terms.convert(number, words="情况较为复杂", told=made.told(), by=county.scope("head"))
    document = Document.objects.get(case__number=number, paper="P31")
    due_on = accepted_on + timedelta(days=60)
    assert document.context["due_on"] == f"{due_on.year}年{due_on.month}月{due_on.day}日"
    text = render_to_string(document.context["template"], {**document.context, "number": document.number, "name": document.name})
    assert "办理期限不重新计算" in text
    assert "情况较为复杂。" in text
