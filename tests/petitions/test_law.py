"""What the law says beyond a state and a role: protected cases, delivery, second persons, what hangs on a unit's hold."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from casework.models import Case, Deadline, Notice
from casework.rules import NotAllowed
from organisations import clock
from organisations.models import Absence
from organisations.roles import Role
from petitions import actions, rules
from petitions.models import Feedback, Point, Precedent, Task
from tests.factories import five, petitions
from tests.factories.county import make_person, make_post

pytestmark = pytest.mark.django_db


def protected(county, **changes):
    facts = {"purpose": "03", "respondent_unit_id": county.units["land"].id, "respondent_name": "王海涛", **changes}
    return petitions.registered(county, **facts)


def refused(code: str):
    return pytest.raises(NotAllowed, check=lambda refusal: refusal.code == code)


def test_a_report_never_goes_to_the_unit_complained_about_nor_its_inbox(county):
    number = protected(county).case.number
    with refused("accused_unit"):
        actions.route(number, mode="LJB", to_unit_id=county.units["land"].id, words="请办理", by=county.scope("discipline"))
    actions.route(number, mode="LJB", to_unit_id=county.units["discipline_unit"].id, words="请办理", by=county.scope("discipline"))
    told = Notice.objects.filter(case__number=number)
    assert {notice.to_user for notice in told} == {county.people["discipline_handler"]}
    assert not told.exclude(to_unit=None).exists()


def test_nobody_of_the_unit_complained_about_is_named_on_a_report(county):
    make_post(county.people["discipline_handler"], county.units["land"], Role.HANDLER, by=county.people["system_admin"])
    number = protected(county).case.number
    with refused("no_discipline"):
        actions.route(number, mode="LJB", to_unit_id=county.units["discipline_unit"].id, words="请办理", by=county.scope("discipline"))
    with refused("may_not_know"):
        actions.hand_over(number, to_user_id=county.people["centre_head"].id, words="移交", by=county.scope("clerk"))
    actions.hand_over(number, to_user_id=county.people["office"].id, words="移交", by=county.scope("clerk"))


def test_a_report_is_named_in_no_other_history(county):
    number, other = protected(county).case.number, petitions.registered(county).case.number
    with refused("protected"):
        actions.link(number, other=other, kind="related", reason="有关", by=county.scope("clerk"))


def test_a_leader_is_asked_only_if_he_is_one(county):
    with refused("not_a_leader"):
        actions.propose(petitions.registered(county).case.number, leader_id=county.people["head"].id, words="请批示", by=county.scope("office"))


def test_the_centre_decides_nothing(county):
    with refused("centre_decides_nothing"):
        actions.route(
            petitions.registered(county).case.number, mode="LJB", to_unit_id=county.units["centre"].id, words="办", by=county.scope("office")
        )


def test_who_is_complained_about_does_not_sign_for_it(county):
    number = petitions.routed(county, respondent_name="王海涛").case.number
    with refused("recused"):
        actions.sign(number, by=county.scope("handler"))
    actions.sign(number, by=county.scope("handler2"))


def test_the_second_return_goes_to_the_desk_and_becomes_a_precedent(county):
    petition = five.disputed(county)
    assert petition.case.state == rules.State.DISPUTED
    number = petition.case.number
    actions.coordinate(number, to_unit_id=county.units["land"].id, words="依职责办理", by=county.scope("centre_head"))
    precedent = Precedent.objects.get(petition__case__number=number)
    assert precedent.unit == county.units["land"]
    assert set(precedent.not_units.all()) == {county.units["labour"]}
    with refused("final"):
        actions.object_to(number, reason="还是不属于", by=county.scope("handler"))


def test_an_objection_after_five_working_days_is_too_late(county):
    with clock.at(clock.now() - timedelta(days=30)):
        number = petitions.routed(county).case.number
    with refused("too_late"):
        actions.object_to(number, reason="不属本单位职权", by=county.scope("handler"))


def test_who_prepared_does_not_sign_nor_does_a_substitute_in_the_preparers_name(county):
    number = petitions.investigated(county).case.number
    say = {"text": "答复", "outcome": "solved", "support": "1", "remedy_unit": "市政府"}
    actions.prepare(number, **say, by=county.scope("head"))
    with refused("same_person"):
        actions.reply(number, by=county.scope("head"))
    substitute = make_person("substitute", "代班人")
    make_post(substitute, county.units["water"], Role.HEAD, by=county.people["system_admin"])
    Absence.objects.create(
        user=county.people["head"],
        substitute=substitute,
        from_on=date(2020, 1, 1),
        until_on=date(2099, 1, 1),
        authority="请假",
        entered_by=county.people["system_admin"],
    )
    county.people["substitute"] = substitute
    with refused("same_person"):
        actions.reply(number, by=county.scope("substitute"))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"delivery": "4"}, "posted_needed"),
        ({"delivery": "6", "posted_on": 0}, "announcement"),
        ({"delivery": "1", "delivered_on": 1}, "delivery_date"),
        ({"delivery": "4", "posted_on": -5}, "posted_date"),
    ],
)
def test_delivery_dates_follow_the_way_of_delivery(county, changes, code):
    number = petitions.replied(county).case.number
    days = {name: clock.today() + timedelta(days=n) for name, n in changes.items() if name != "delivery"}
    facts = {"delivered_on": clock.today(), "receiver": "本人", "proof": "回执", "delivery": changes["delivery"], **days}
    with refused(code):
        actions.deliver(number, **facts, by=county.scope("handler"))


def test_a_joint_case_is_not_answered_before_every_task_is_confirmed(county):
    number = five.joint_reported(county).case.number
    actions.sign(number, by=county.scope("handler"))
    actions.accept(number, words="受理", by=county.scope("handler"))
    for does in (actions.hear, actions.investigate):
        more = {"evidence": "照片"} if does is actions.investigate else {}
        does(number, on=clock.today(), officers=["甲", "乙"], place="", words="记录", **more, by=county.scope("handler"))
    for no in (1, 2):
        actions.answer_point(number, no=no, support="1", result="已按规定办理。", ground="条例", by=county.scope("handler"))
    say = {"text": "答复", "outcome": "solved", "support": "1", "remedy_unit": "市政府", "by": county.scope("handler")}
    with refused("tasks_open"):
        actions.prepare(number, **say)
    actions.confirm_task(number, no=1, by=county.scope("handler"))
    actions.prepare(number, **say)


def test_withdrawing_lets_the_tasks_fall_so_that_the_case_can_close(county):
    number = five.joint(county).case.number
    actions.withdraw(number, words="来电撤回", by=county.scope("handler"))
    assert not Task.objects.exclude(state=Task.State.CANCELLED).exists()
    actions.feedback(number, way="phone", on=clock.today(), words="属实", is_reached=True, by=county.scope("office"))
    assert actions.close(number, by=county.scope("office")).case.outcome == "withdrawn"


def test_what_is_reopened_is_decided_anew_point_by_point(county):
    number = petitions.closed(county).case.number
    petition = actions.reopen(number, reason="不满意", due_on=clock.today() + timedelta(days=10), by=county.scope("office"))
    assert not any(point.is_answered for point in Point.objects.filter(petition=petition))
    assert all(point.result for point in Point.objects.filter(petition=petition))
    with refused("points_open"):
        actions.prepare(number, text="同前", outcome="solved", support="1", remedy_unit="市政府", by=county.scope("handler"))


def test_what_the_centre_answered_itself_is_reopened_at_its_routing_desk(county):
    number = petitions.registered(county).case.number
    results = dict.fromkeys((1, 2), ("2", "已说明", "条例"))
    actions.answer(number, results=results, text="已说明", outcome="explained", by=county.scope("clerk"))
    actions.feedback(
        number, way="phone", on=clock.today(), words="不满意", is_reached=True, unit_rating="3", reason="没解决", by=county.scope("office")
    )
    petition = actions.reopen(number, reason="不满意", due_on=clock.today() + timedelta(days=10), by=county.scope("office"))
    assert petition.case.state == rules.State.RETURNED


def test_both_are_rated_apart_and_nobody_reached_is_no_rating(county):
    number = petitions.reported(county).case.number
    say = {"way": "phone", "on": clock.today(), "words": "无人接听", "office_rating": "3", "unit_rating": "3"}
    actions.feedback(number, **say, is_reached=False, by=county.scope("office"))
    case = Case.objects.get(number=number)
    assert case.state == rules.State.REPORTED
    assert "dissatisfied" not in case.marks
    say.update(words="说明原因", office_rating="0", reason="拖得太久")
    actions.feedback(number, **say, is_reached=True, by=county.scope("office"))
    rated = Feedback.objects.filter(petition__case=case).first()
    assert rated is not None
    assert (rated.office_rating, rated.unit_rating) == ("0", "3")


def test_the_sixty_days_count_at_the_latest_from_the_day_the_notice_was_due(county):
    with clock.at(clock.now() - timedelta(days=40)):
        number = petitions.signed(county).case.number
        notice = Deadline.objects.get(case__number=number, key="pet.notify_forwarded")
    actions.accept(number, words="受理", by=county.scope("handler"))
    handle = Deadline.objects.get(case__number=number, key="pet.handle")
    assert handle.base_on == notice.due_on
    assert handle.due_on == notice.due_on + timedelta(days=60)
