"""A proposal to hold somebody to account (追究责任建议) is read by the head of the unit, not by whom it may be about (条例§40③)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from casework import reminding
from casework.models import Case, Deadline, Document, Entry, Notice, SearchText
from casework.queries import inbox
from organisations import clock
from organisations.models import User
from petitions.actions import advising, letters
from petitions.models import Advice
from petitions.queries import blame
from petitions.queries.supervision import home
from tests.factories import petitions, supervised
from tests.factories.supervised import first

pytestmark = pytest.mark.django_db
FACTS, WORDS, REPLY = "超期四十日未答复。", "建议对王海涛诫勉谈话。", "已对其诫勉谈话一次。"
#: The man himself, his colleague, the clerk who entered the matter.
KEPT_OUT = ("handler", "handler2", "clerk")
READERS = ("head", "office", "centre_head", "leader", "auditor")


@pytest.fixture
def blamed(county):
    number = petitions.accepted(county).case.number
    return advising.advise(number, kind="3", unit_id=county.units["land"].id, facts=FACTS, words=WORDS, by=county.scope("office"))


@pytest.fixture
def answered(county, blamed):
    row = first(blamed.advices)
    return advising.answer_advice(blamed.case.number, no=row, is_adopted=True, text=REPLY, by=county.scope("head"))


@pytest.mark.parametrize("name", KEPT_OUT)
def test_neither_the_man_nor_his_desk_sees_paper_answer_or_line(county, sign_in, answered, name):
    browser = sign_in(name)
    page = browser.get(f"/petitions/{answered.case.number}/").content.decode()
    for words in ("追究责任", WORDS, REPLY, "诫勉"):
        assert words not in page
    for paper in Document.objects.filter(case=answered.case, paper__in=["P19", "P20"]):
        assert paper.number not in page
        assert browser.get(f"/papers/{paper.pk}/").status_code == 404
        assert browser.get(f"/papers/{paper.pk}/proof/").status_code == 404
        assert browser.get(f"/papers/{paper.pk}/identity/").status_code == 404


@pytest.mark.parametrize("name", READERS)
def test_head_discipline_and_the_centre_read_it(county, sign_in, answered, name):
    browser = sign_in(name)
    page = browser.get(f"/petitions/{answered.case.number}/").content.decode()
    assert WORDS in page
    assert REPLY in page
    for paper in Document.objects.filter(case=answered.case, paper__in=["P19", "P20"]):
        assert paper.number in page
        assert browser.get(f"/papers/{paper.pk}/").status_code == 200


def test_the_discipline_side_is_kept_from_none(county, answered):
    kept = Advice.objects.filter(blame.kept_from(county.scope("handler")))
    assert kept.get().petition_id == answered.pk
    assert not Advice.objects.filter(blame.kept_from(county.scope("discipline"))).exists()


@pytest.mark.parametrize("name", ["handler", "handler2", "head"])
def test_the_ledger_and_the_home_page_keep_it_too(county, sign_in, blamed, name):
    """The ledger goes through the reader's scope, and out of the house as a sheet."""
    ledger = sign_in(name).get("/petitions/supervision/?book=advice&status=all").content.decode()
    owed = [row.number for panel in home.panels(county.scope(name)) if panel.label == "须书面反馈" for row in panel.rows]
    assert (WORDS in ledger) is (name == "head")
    assert (blamed.case.number in owed) is (name == "head")


def test_a_head_who_handled_the_matter_is_kept_out_too(county, sign_in, blamed):
    Case.objects.filter(pk=blamed.pk).update(handler=county.people["head"])
    page = sign_in("head").get(f"/petitions/{blamed.case.number}/").content.decode()
    assert WORDS not in page
    paper = Document.objects.get(case=blamed.case, paper="P19")
    assert sign_in("head").get(f"/papers/{paper.pk}/").status_code == 404
    assert sign_in("centre_head").get(f"/papers/{paper.pk}/").status_code == 200


def test_the_history_and_the_search_do_not_say_it(county, answered):
    for line in Entry.objects.filter(case=answered.case):
        assert "诫勉" not in line.text
        assert "追究" not in line.text + str(line.detail)
    assert "诫勉" not in SearchText.objects.get(case=answered.case).text


@pytest.mark.parametrize("name", ["handler", "handler2"])
def test_machines_are_given_no_more_than_the_page(county, answered, name):
    machine = APIClient()
    machine.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=User.objects.get(pk=county.people[name].pk)).key}")
    for path in ("supervision/", "timeline/", ""):
        found = machine.get(f"/api/v1/petitions/{answered.case.number}/{path}")
        assert found.status_code == 200
        assert "诫勉" not in found.content.decode()
        assert "追究" not in found.content.decode()


@pytest.mark.parametrize("name", [*KEPT_OUT, "head"])
def test_the_lines_are_kept_from_machines_whatever_they_say(county, answered, name):
    """Older lines hold the words themselves, and a line is never changed: so they are kept as on the page, whole."""
    machine = APIClient()
    machine.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=User.objects.get(pk=county.people[name].pk)).key}")
    lines = machine.get(f"/api/v1/petitions/{answered.case.number}/timeline/").json()["results"]
    told = {line["act"] for line in lines}
    assert ({"petition.advise", "petition.answer_advice"} <= told) is (name == "head")
    assert "petition.accept" in told


@pytest.mark.parametrize("name", [*KEPT_OUT, "head"])
def test_a_correction_of_the_proposal_is_kept_like_the_proposal(county, sign_in, blamed, name):
    old = Document.objects.get(case=blamed.case, paper="P19")
    change = {"changes": [("四十日", "四十一日")], "reason": "日数写错"}
    letters.correct_paper(blamed.case.number, document_id=old.pk, by=county.scope("centre_head"), **change)
    new = Document.objects.get(corrects=old)
    page = sign_in(name).get(f"/petitions/{blamed.case.number}/").content.decode()
    machine = APIClient()
    machine.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=User.objects.get(pk=county.people[name].pk)).key}")
    lines = machine.get(f"/api/v1/petitions/{blamed.case.number}/timeline/").content.decode()
    for words in ("四十一日", new.number):
        assert (words in page) is (words in lines) is (name == "head")


@pytest.mark.parametrize("name", [*KEPT_OUT, "head", "office"])
def test_the_term_of_the_answer_is_explained_only_to_its_readers(county, sign_in, blamed, name):
    row = Deadline.objects.get(case=blamed.pk, key="pet.advice_reply")
    found = sign_in(name).get(f"/petitions/{blamed.case.number}/deadlines/{row.pk}/")
    assert found.status_code == (404 if name in KEPT_OUT else 200)


@pytest.mark.parametrize("name", [*KEPT_OUT, "head"])
def test_the_lamp_leads_nobody_to_a_term_that_is_kept_from_him(county, sign_in, blamed, name):
    row = Deadline.objects.get(case=blamed.pk, key="pet.advice_reply")
    Deadline.objects.filter(case=blamed.pk).exclude(pk=row.pk).update(dropped_on=clock.today())
    Case.objects.filter(pk=blamed.pk).update(due_on=row.due_on, due_key=row.key)
    led_to = sign_in(name).get(f"/petitions/{blamed.case.number}/due/")["Location"]
    assert led_to == (f"/petitions/{blamed.case.number}/deadlines/{row.pk}/" if name == "head" else f"/petitions/{blamed.case.number}/")


def inbox_of(county, name) -> str:
    return "\n".join(Notice.objects.filter(pk__in=inbox.mine(county.scope(name)).values("pk")).values_list("text", flat=True))


def test_the_notice_goes_to_the_head_and_not_to_the_desk(county, answered):
    for name in ("handler", "handler2"):
        assert "建议" not in inbox_of(county, name)
    assert "追究责任建议" in inbox_of(county, "head")


def test_the_desk_is_not_reminded_of_it_either(county, blamed):
    due = Deadline.objects.get(case=blamed.pk, key="pet.advice_reply")
    for days in range(-7, 16):
        with clock.at(clock.now() + timedelta(days=(due.due_on - clock.today()).days + days)):
            reminding.sweep()
    for name in ("handler", "handler2"):
        assert "建议" not in inbox_of(county, name)
    assert "建议书书面反馈" in inbox_of(county, "head")


def test_another_proposal_stays_in_sight_of_the_desk(county, sign_in):
    number = supervised.advised(county).case.number
    page = sign_in("handler").get(f"/petitions/{number}/").content.decode()
    assert "建立批前现场丈量制度" in page
    assert "改进工作建议" in page
