"""简易受理 (accept_simple): the five questions, and each exclusion of the rules on the simple procedure (L-SIM-1…5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework import deadlines
from casework.models import Deadline, Document
from casework.rules import NotAllowed
from organisations import cipher, clock
from petitions import actions
from petitions.actions import terms
from petitions.models import Petition, Telling
from tests.factories import five, petitions
from tests.factories import terms as made
from tests.factories.five import FiveQuestions

pytestmark = pytest.mark.django_db


def refused(code: str):
    return pytest.raises(NotAllowed, check=lambda refusal: refusal.code == code)


def accept(county, number: str, *, by: str = "handler", **changes):
    say = {"ground": "1", "is_supportable": True, "is_outside_procedures": True, "words": "按简易程序受理。", "told": made.told(), **changes}
    return terms.accept_simple(number, **say, by=county.scope(by))


class TestAcceptSimple(FiveQuestions):
    code, made, wrong, doer, state = "accept_simple", "signed", "accepted", "handler", "simple"

    def typed(self, county, petition):
        return {
            "ground": "1",
            "is_supportable": "on",
            "is_outside_procedures": "on",
            "words": "按简易程序受理，10个工作日内答复。",
            "way": "phone",
            "number": "13800132046",
            "person": "陈桂兰",
        }

    def after(self, county, petition):
        assert (petition.simple_ground, petition.accepted_on) == ("1", clock.today())
        assert petition.case.marks == ["simple"]
        handle = Deadline.objects.get(case=petition.case, key="pet.simple_handle")
        assert handle.due_on == deadlines.preview("pet.simple_handle", clock.today()).due_on
        assert not Deadline.objects.filter(case=petition.case, key="pet.handle").exists()
        assert not Document.objects.filter(case=petition.case, paper="P05").exists()
        told = Telling.objects.get(petition=petition)
        assert (told.about, told.way, told.person, told.number) == ("accepted", "phone", "陈桂兰", "138****2046")
        assert cipher.decrypt(told.number_token) == "13800132046"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        ({"repeat": True}, "初次信访"),
        ({"duty": "assign"}, "交办"),
        ({"flags": ["sfssbz"]}, "第五条第三项"),
        ({"flags": ["lmbz"]}, "第五条第四项"),
        ({"flags": ["zdjjbz"]}, "重大复杂疑难"),
        ({"headcount": 5}, "集体联名"),
        ({"mode": "LDB"}, "多个责任主体"),
    ],
)
def test_each_exclusion_the_rows_know_has_its_own_sentence(county, sign_in, make, words):
    facts = {key: make[key] for key in ("flags", "headcount") if key in make}
    if make.get("repeat"):
        facts.update(repeat_of=petitions.registered(county).case.number, repeat_reason="同一事项")
    number = petitions.registered(county, **facts).case.number
    more: dict = {}
    if make.get("mode") == "LDB":
        more["tasks"] = [actions.TaskFacts(county.units["water"].id, "配合核查", clock.today() + timedelta(days=5))]
    if "duty" in make:
        more.update(duty="assign", report_due_on=clock.today() + timedelta(days=20))
    actions.route(number, mode=make.get("mode", "LJB"), to_unit_id=county.units["land"].id, words="请办理。", by=county.scope("office"), **more)
    actions.sign(number, by=county.scope("handler"))
    with pytest.raises(NotAllowed, match=words) as refusal:
        accept(county, number)
    assert refusal.value.code == "not_simple"
    assert not Deadline.objects.filter(case__number=number, key="pet.simple_accept").exists()
    page = sign_in("handler").get(f"/petitions/{number}/").content.decode()
    assert "?act=accept_simple" not in page
    assert words in page


def test_a_report_on_an_official_is_never_simple(county):
    number = petitions.registered(county, purpose="03", respondent_name="某甲").case.number
    actions.route(number, mode="LJB", to_unit_id=county.units["discipline_unit"].id, words="请处理", by=county.scope("discipline"))
    actions.sign(number, by=county.scope("discipline_handler"))
    with pytest.raises(NotAllowed, match="检举控告"):
        accept(county, number, by="discipline_handler")


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"is_supportable": False}, "not_simple_disputed"), ({"is_outside_procedures": False}, "not_simple_procedure")],
)
def test_what_the_clerk_must_state(county, changes, code):
    number = petitions.signed(county).case.number
    with refused(code):
        accept(county, number, **changes)


def test_within_three_working_days_of_receipt_by_the_unit(county):
    with clock.at(clock.now() - timedelta(days=21)):
        number = petitions.signed(county).case.number
    limit = Deadline.objects.get(case__number=number, key="pet.simple_accept")
    assert limit.is_duty is False
    last = clock.now() + (limit.due_on - clock.today())
    with clock.at(last + timedelta(days=1)), refused("simple_too_late"):
        accept(county, number, told=made.told(at=last))
    with clock.at(last):
        assert accept(county, number).case.state == "simple"


def test_a_case_routed_before_the_limit_was_kept_is_counted_from_its_dispatch(county):
    number = petitions.signed(county).case.number
    Deadline.objects.filter(key="pet.simple_accept").delete()
    assert accept(county, number).case.state == "simple"


@pytest.mark.parametrize(
    ("told", "code"),
    [({"number": ""}, "number_needed"), ({"person": " "}, "person_needed"), ({"late": 1}, "future"), ({"late": -30}, "told_before")],
)
def test_how_the_person_was_told_is_kept_whole(county, told, code):
    number = petitions.signed(county).case.number
    late = told.pop("late", None) if (told := dict(told)) else None
    how = made.told(**told) if late is None else made.told(at=clock.now() + timedelta(days=late))
    with refused(code):
        accept(county, number, told=how)


def test_somebody_without_a_name_cannot_be_told_and_need_not_be(county):
    number = petitions.signed(county, is_anonymous=True, people=[]).case.number
    accept(county, number, told=made.told(person="", number=""))
    assert Telling.objects.get().person == "匿名"


def test_the_normal_way_drops_the_simple_one(county):
    petitions.accepted(county)
    assert Deadline.objects.get(key="pet.simple_accept").dropped_on == clock.today()
    assert not Petition.objects.exclude(simple_ground="").exists()


def test_a_return_drops_it_and_the_next_unit_has_its_own_three_days(county):
    with clock.at(clock.now() - timedelta(days=9)):
        number = five.returned(county).case.number
    actions.route(number, mode="LJB", to_unit_id=county.units["labour"].id, words="请办理。", by=county.scope("office"))
    running = Deadline.objects.get(case__number=number, key="pet.simple_accept", met_on=None, dropped_on=None)
    assert (running.unit, running.base_on) == (county.units["labour"], clock.today())
