"""批准延期 (approve_extension): the five questions; in time, by another person, once, with its paper (条例§34, L-PET-21, L-PET-22)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from casework.models import Case, Deadline, DeadlineEvent, Document, Notice
from casework.rules import NotAllowed
from casework.templatetags.components import short_date
from organisations import clock
from organisations.models import Absence
from organisations.roles import Role
from petitions.actions import terms
from petitions.models import Extension
from tests.factories import petitions
from tests.factories import terms as made
from tests.factories.county import make_post
from tests.factories.five import FiveQuestions
from tests.petitions.test_concurrency import at_once

pytestmark = pytest.mark.django_db


def refused(code: str):
    return pytest.raises(NotAllowed, check=lambda refusal: refusal.code == code)


class TestApproveExtension(FiveQuestions):
    code, made, wrong, doer, state = "approve_extension", "extension_asked", "signed", "head", "accepted"
    paper = "P10"

    def typed(self, county, petition):
        return {"words": "同意。"}

    def after(self, county, petition):
        held = Extension.objects.get(petition=petition)
        assert held.is_approved is True
        assert held.decided_by == county.people["head"]
        assert held.new_due_on == held.was_due_on + timedelta(days=30) == held.deadline.due_on
        assert held.deadline.first_due_on == held.was_due_on
        assert held.document is not None
        assert petition.case.marks == ["extended"]
        assert Notice.objects.filter(case=petition.case, kind="petition.approve_extension", to_user=county.people["handler"]).count() == 1


@pytest.mark.parametrize(("late", "is_in_time"), [(-1, True), (0, True), (1, False)])
def test_on_the_last_day_still_and_never_after_it(county, late, is_in_time):
    with clock.at(clock.now() - timedelta(days=60 + late)):
        number = made.extension_asked(county).case.number
    if is_in_time:
        terms.approve_extension(number, by=county.scope("head"))
        assert Deadline.objects.get(case__number=number, key="pet.handle").due_on == clock.today() + timedelta(days=30 - late)
        return
    with pytest.raises(NotAllowed, match="届满以后不能再批准延期") as refusal:
        terms.approve_extension(number, by=county.scope("head"))
    assert refusal.value.code == "extended_late"
    assert not DeadlineEvent.objects.exists()
    terms.refuse_extension(number, words="已超期，请尽快办结。", by=county.scope("head"))


def test_a_late_request_says_so_on_the_page_and_has_no_button(county, sign_in):
    with clock.at(clock.now() - timedelta(days=61)):
        number = made.extension_asked(county).case.number
    page = sign_in("head").get(f"/petitions/{number}/").content.decode()
    assert "不能再批准延期" in page
    assert "?act=approve_extension#act" not in page
    assert "?act=refuse_extension#act" in page


def test_nobody_approves_what_they_asked_for(county):
    make_post(county.people["handler"], county.units["land"], Role.HEAD, by=county.people["system_admin"])
    number = made.extension_asked(county).case.number
    with refused("same_person"):
        terms.approve_extension(number, by=county.scope("handler"))


def test_nobody_approves_in_the_name_of_the_one_who_asked(county):
    asked = petitions.accepted(county).case.number
    terms.ask_extension(asked, days=10, reason="需等待鉴定结论", by=county.scope("head"))
    today = clock.today()
    Absence.objects.create(
        user=county.people["head"], substitute=county.people["handler2"], from_on=today, until_on=today, entered_by=county.people["head"]
    )
    with refused("same_person"):
        terms.approve_extension(asked, by=county.scope("handler2"))


def test_the_original_date_stays_beside_the_new_one(county, sign_in):
    number = made.extended(county).case.number
    held = Extension.objects.get()
    assert held.new_due_on
    page = sign_in("auditor").get(f"/petitions/{number}/").content.decode()
    assert f"原期限 {short_date(held.was_due_on)}，现期限 <b>{short_date(held.new_due_on)}</b>" in page
    assert Case.objects.get(number=number).due_on == min(
        Deadline.objects.filter(case__number=number, is_duty=True, met_on=None, dropped_on=None).values_list("due_on", flat=True)
    )


def test_the_head_finds_what_waits_for_approval(county, sign_in):
    number = made.extension_asked(county).case.number
    listed = sign_in("head").get("/cases/?awaiting=1").content.decode()
    assert number in listed
    assert "延期待批" in listed
    assert number in sign_in("head").get("/cases/?mark=extend_asked").content.decode()


def test_the_letter_holds_what_the_law_asks(county):
    """L-PET-70 and appendix F4: original date, reason, days, new date, who approved."""
    number = made.extended(county).case.number
    document = Document.objects.get(case__number=number, paper="P10")
    held, context = Extension.objects.get(), document.context
    was, now = held.was_due_on, held.new_due_on
    assert now
    assert context["was_due_on"] == f"{was.year}年{was.month}月{was.day}日"
    assert context["due_on"] == f"{now.year}年{now.month}月{now.day}日"
    assert (context["days"], context["approver"], context["addressee"]) == (30, "负责人", "陈桂兰")
    assert context["law"] == "《信访工作条例》第三十四条"
    assert context["acceptance_number"] == Document.objects.get(case__number=number, paper="P05").number
    text = render_to_string(context["template"], {**context, "number": document.number, "name": document.name})
    assert "因需委托测绘鉴定，结论尚未作出，依据《信访工作条例》第三十四条规定，经我单位负责人批准，延长办理期限30日" in text
    assert "招远市自然资源和规划局" in text
    assert "期限计算说明" in text
    assert len(context["why"]) >= 3
    assert any("延" in line and "30" in line for line in context["why"])


@pytest.mark.parametrize(
    ("point", "person", "code", "typed"),
    [
        ("extension_asked", "head", "approve_extension", {}),
        ("suspended", "handler", "resume", {"words": "鉴定结论已收到。"}),
        ("simple", "head", "convert", {"words": "情况复杂。", "way": "phone", "number": "13800132046", "person": "陈桂兰"}),
    ],
)
def test_the_letter_can_be_read_before_it_goes_out(county, sign_in, point, person, code, typed):
    petition = getattr(made, point)(county)
    before = Document.objects.count()
    answer = sign_in(person).post(f"/petitions/{petition.case.number}/{code}/preview/", {"version": petition.case.version, **typed})
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
    assert Document.objects.count() == before
    assert Case.objects.get(pk=petition.pk).version == petition.case.version


def test_who_gave_no_name_is_owed_no_letter(county):
    number = made.extended(county, is_anonymous=True, people=[]).case.number
    assert Extension.objects.get().document is None
    assert not Document.objects.filter(case__number=number, paper="P10").exists()


@pytest.mark.django_db(transaction=True)
def test_two_heads_at_once_make_one_extension(county):
    make_post(county.people["handler2"], county.units["land"], Role.HEAD, by=county.people["system_admin"])
    number = made.extension_asked(county).case.number
    scopes = [county.scope("head"), county.scope("handler2")]
    results = at_once([lambda by=by: terms.approve_extension(number, by=by) for by in scopes])
    assert sum(isinstance(result, NotAllowed) for result in results) == 1
    assert DeadlineEvent.objects.count() == 1
    assert Document.objects.filter(paper="P10").count() == 1
    held = Extension.objects.get()
    assert held.deadline.due_on == held.was_due_on + timedelta(days=30)
