"""中止办理 (suspend): the five questions; ground, evidence and a date to look again; the limits stand still (beyond.md 11)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from casework.models import Case, Deadline, Document, Notice
from casework.rules import NotAllowed
from organisations import clock
from petitions import actions
from petitions.actions import terms
from petitions.models import Suspension
from tests.factories import petitions
from tests.factories import terms as made
from tests.factories.five import FiveQuestions, soon
from tests.factories.petitions import allowed_acts

pytestmark = pytest.mark.django_db


def refused(code: str):
    return pytest.raises(NotAllowed, check=lambda refusal: refusal.code == code)


class TestSuspend(FiveQuestions):
    code, made, wrong, doer, state = "suspend", "accepted", "signed", "head", "suspended"
    paper = "P29"

    def typed(self, county, petition):
        return {"ground": "2", "words": "已委托测绘机构鉴定四至。", "evidence": "鉴定委托书", "expected_until_on": soon(20)}

    def after(self, county, petition):
        held = Suspension.objects.get(petition=petition)
        assert (held.ground, held.evidence, held.resumed_on) == ("2", "鉴定委托书", None)
        assert held.document is not None
        assert petition.case.due_key == "pet.suspended"
        assert petition.case.due_on == held.expected_until_on
        still = set(Deadline.objects.filter(case=petition.case, suspended_on=clock.today()).values_list("key", flat=True))
        assert still == {"pet.handle", "pet.promised"}
        assert Notice.objects.filter(case=petition.case, kind="petition.suspend", to_user=county.people["handler"]).count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"words": "等"}, "ground_needed"),
        ({"evidence": " "}, "evidence_needed"),
        ({"expected_until_on": 0}, "expected_past"),
        ({"words": "等待{写明等待什么}"}, "blank_left"),
    ],
)
def test_ground_evidence_and_a_date_to_look_again(county, changes, code):
    number = petitions.accepted(county).case.number
    say = {"ground": "1", "words": "等待法院判决。", "evidence": "受理通知书", "expected_until_on": 30, **changes}
    say["expected_until_on"] = clock.today() + timedelta(days=say["expected_until_on"])
    with refused(code):
        terms.suspend(number, **say, by=county.scope("head"))
    assert Case.objects.get(number=number).state == "accepted"


def test_while_it_waits_only_four_things_move(county):
    """Note, urge, resume, withdraw; what keeps the file in order (hand over, link, taking an import back) moves nothing."""
    case = made.suspended(county).case
    found = {code for person in ("handler", "head", "office", "clerk") for code in allowed_acts(case, county.scope(person))}
    assert {"note", "resume", "withdraw"} <= found
    assert not found & {
        *("route", "accept", "hear", "investigate", "answer_point", "prepare", "reply", "deliver", "suspend", "designate"),
        *("ask_extension", "approve_extension", "refuse_extension", "amend", "merge", "unmerge", "decline", "guide", "sign_task", "report_task"),
    }


def test_what_was_asked_for_before_waits_too(county):
    number = made.extension_asked(county).case.number
    terms.suspend(
        number, ground="2", words="已委托鉴定。", evidence="委托书", expected_until_on=clock.today() + timedelta(days=9), by=county.scope("head")
    )
    with refused("wrong_moment"):
        terms.approve_extension(number, by=county.scope("head"))


def test_a_matter_taken_back_waits_no_longer(county):
    number = made.suspended(county).case.number
    actions.withdraw(number, words="本人自愿撤回。", by=county.scope("handler"))
    assert Suspension.objects.get().resumed_on == clock.today()
    case = Case.objects.get(number=number)
    assert (case.state, case.due_on) == ("reported", None)
    assert "suspended" not in case.marks


def test_office_and_head_have_them_on_a_desk_and_see_which_wait_too_long(county, sign_in):
    with clock.at(clock.now() - timedelta(days=25)):
        number = made.suspended(county).case.number
    for person in ("office", "head"):
        page = sign_in(person).get("/cases/?state=suspended").content.decode()
        assert number in page
        assert "中止" in page
    page = sign_in("head").get(f"/petitions/{number}/").content.decode()
    assert "中止办理 25 天" in page
    assert "已过预计日期" in page
    assert Case.objects.get(number=number).due_on < clock.today()


def test_the_letter_says_why_and_how_it_goes_on(county):
    number = made.suspended(county).case.number
    document = Document.objects.get(case__number=number, paper="P29")
    context = document.context
    until = clock.today() + timedelta(days=20)
    assert context["ground"] == "等待鉴定、检测、评估结论"
    assert context["evidence"] == "鉴定委托书"
    assert context["expected_until_on"] == f"{until.year}年{until.month}月{until.day}日"
    text = render_to_string(context["template"], {**context, "number": document.number, "name": document.name})
    assert "中止期间不计入办理期限" in text
    assert "已委托测绘机构鉴定四至。" in text
    assert "陈桂兰" in text
