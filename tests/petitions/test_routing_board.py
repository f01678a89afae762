"""The routing desk: what is where, whom to send it to and why, and the act done from there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.models import Case
from organisations import clock
from petitions import actions
from petitions.models import Petition
from petitions.queries import routing
from tests.factories import petitions

pytestmark = pytest.mark.django_db
BOARD = "/petitions/routing/"


def returned_twice(county) -> str:
    """A case that two units gave back: the coordination desk has it."""
    number = petitions.routed(county, to="land").case.number
    actions.object_to(number, reason="权属纠纷归镇里", by=county.scope("handler"))
    actions.agree_return(number, words="同意", by=county.scope("office"))
    actions.route(number, mode="LJB", to_unit_id=county.units["water"].id, words="请办", by=county.scope("office"))
    actions.object_to(number, reason="不属水务职权", by=county.scope("water_handler"))
    return number


def post(client, number, code, **data):
    version = Case.objects.get(number=number).version
    return client.post(f"{BOARD}{number}/{code}/", {"version": version, **data})


def test_cases_stand_in_the_column_of_their_state(county, sign_in):
    made = {
        "待分流": petitions.registered(county).case.number,
        "待签收": petitions.routed(county).case.number,
        "办理中": petitions.accepted(county).case.number,
        "退回与异议": returned_twice(county),
    }
    columns = {c.label: [case.number for case in c.cases] for c in routing.board(county.scope("office"))}
    assert columns == {label: [number] for label, number in made.items()}
    page = sign_in("office").get(BOARD).content.decode()
    assert all(number in page for number in made.values())


def test_who_has_handled_such_matters_is_suggested_with_the_reason(county):
    for _ in range(3):
        petitions.closed(county)
    petition = Petition.objects.get(pk=petitions.registered(county).pk)
    best, *rest = routing.suggestions(petition, county.scope("office"))
    assert (best.name, best.is_best) == ("自然资源局", True)
    assert "办过同类 3 件，其中本镇 3 件" in best.reasons[0]
    assert any(s.name == "阜山镇" and "属地" in s.reasons[0] for s in rest)


def test_a_unit_that_returned_the_case_is_not_suggested_again(county):
    petitions.closed(county)
    number = petitions.routed(county).case.number
    actions.object_to(number, reason="不属本局", by=county.scope("handler"))
    actions.agree_return(number, words="同意", by=county.scope("office"))
    names = [s.name for s in routing.suggestions(Petition.objects.get(case__number=number), county.scope("office"))]
    assert "自然资源局" not in names


def test_a_quarrel_between_parties_goes_to_mediation_from_the_desk(county, sign_in):
    """转调解 stands at the routing board as on the petition's page; the petition's own limits run on (条例§33)."""
    number, client = petitions.registered(county).case.number, sign_in("office")
    page = client.get(BOARD, {"number": number}).content.decode()
    assert f"{BOARD}{number}/refer/" in page
    assert "转调解不停止本件的期限" in page
    due_on = Case.objects.get(number=number).due_on
    typed = {"sort": "02", "opponent": "", "is_agreed": "", "reason": "邻居之间的排水纠纷。"}
    refused = post(client, number, "refer", **typed)
    assert refused.status_code == 422
    assert "邻居之间的排水纠纷。" in refused.content.decode()
    answer = post(client, number, "refer", **{**typed, "opponent": "陈德旺", "is_agreed": "on"})
    assert answer.status_code == 303
    case = Case.objects.get(number=number)
    assert (case.due_on, "referred" in case.marks) == (due_on, True)
    assert Case.objects.filter(kind="dispute", links_in__source=case).exists()
    assert f"{BOARD}{number}/refer/" not in client.get(BOARD, {"number": number}).content.decode()
    assert post(sign_in("handler"), number, "refer", **typed).status_code == 403


def test_the_desk_decides_for_good_and_the_precedent_is_offered_next_time(county, sign_in):
    number = returned_twice(county)
    page = sign_in("centre_head").get(BOARD, {"number": number}).content.decode()
    assert "作出裁定" in page
    answer = post(sign_in("centre_head"), number, "coordinate", to_unit_id=county.units["fushan"].id, words="由镇里办理")
    assert answer.status_code == 303
    assert Case.objects.get(number=number).unit == county.units["fushan"]
    nxt = Petition.objects.get(pk=petitions.registered(county).pk)
    best = routing.suggestions(nxt, county.scope("office"))[0]
    assert (best.name, best.reasons[0]) == ("阜山镇", "协调裁定先例（同镇）")


def test_it_routes_and_goes_on_to_the_next_case(county, sign_in):
    first, second = (petitions.registered(county).case.number for _ in range(2))
    client = sign_in("office")
    answer = post(client, first, "route", mode="LJB", to_unit_id=county.units["land"].id, words="请办理", duty="forward")
    assert answer.status_code == 303, answer.content.decode()[-3000:]
    assert Case.objects.get(number=first).state == "routed"
    assert client.get(BOARD).context["number"] == second


def test_a_joint_handling_gives_each_unit_its_task(county, sign_in):
    number = petitions.registered(county).case.number
    due = (clock.today() + timedelta(days=7)).isoformat()
    tasks = {
        "tasks-TOTAL_FORMS": 1,
        "tasks-INITIAL_FORMS": 0,
        "tasks-0-unit_id": county.units["water"].id,
        "tasks-0-text": "查明排水沟",
        "tasks-0-due_on": due,
    }
    answer = post(sign_in("office"), number, "route", mode="LDB", to_unit_id=county.units["land"].id, words="请牵头", duty="forward", **tasks)
    assert answer.status_code == 303, answer.content.decode()[-3000:]
    assert Petition.objects.get(case__number=number).tasks.get().unit == county.units["water"]


def test_missing_input_keeps_what_was_typed(county, sign_in):
    number = petitions.registered(county).case.number
    answer = post(sign_in("office"), number, "route", mode="CNB", to_unit_id="", words="写了很久的意见", duty="forward")
    assert answer.status_code == 422
    assert "写了很久的意见" in answer.content.decode()
    assert Case.objects.get(number=number).state == "registered"


def test_two_at_once_the_second_is_told_and_keeps_the_text(county, sign_in):
    case = petitions.registered(county).case
    data = {"version": case.version, "mode": "LJB", "to_unit_id": county.units["land"].id, "words": "我的意见", "duty": "forward"}
    sign_in("office").post(f"{BOARD}{case.number}/route/", data)
    late = sign_in("office2").post(f"{BOARD}{case.number}/route/", data)
    assert late.status_code == 409
    assert "可能已有同事办理" in late.content.decode()


@pytest.mark.parametrize("person", ["clerk", "handler", "leader", "auditor", "town_head", "security_admin"])
def test_nobody_else_sees_the_desk(county, sign_in, person):
    number = petitions.registered(county).case.number
    assert sign_in(person).get(BOARD).status_code == 403
    assert sign_in(person).post(f"{BOARD}{number}/route/", {}).status_code == 403
    assert f'href="{BOARD}"' not in sign_in(person).get("/").content.decode(), "a side bar that leads to a refusal"


def test_the_desk_stands_in_the_side_bar_of_those_it_opens_for(county, sign_in):
    for person in ("office", "centre_head"):
        assert f'href="{BOARD}"' in sign_in(person).get("/").content.decode()


def test_a_protected_case_does_not_stand_on_the_board(county, sign_in):
    number = petitions.registered(county, purpose="03").case.number
    client = sign_in("office")
    assert number not in client.get(BOARD).content.decode()
    assert client.get(BOARD, {"number": number}).status_code == 404


def test_queries_do_not_grow_with_the_board(county, sign_in):
    client = sign_in("office")
    petitions.registered(county)
    client.get(BOARD)
    with CaptureQueriesContext(connection) as few:
        client.get(BOARD)
    for _ in range(4):
        petitions.registered(county)
        petitions.routed(county)
    with CaptureQueriesContext(connection) as many:
        client.get(BOARD)
    assert len(many) <= len(few) + 4


def test_two_at_the_desk_see_each_others_side(county, sign_in):
    """A form that came too late stands beside what the colleague did (habit 17), on the board as on the case page."""
    number, client = petitions.registered(county).case.number, sign_in("office")
    page = client.get(BOARD, {"number": number}).content.decode()
    assert "data-presence=" in page
    version = Case.objects.get(number=number).version
    actions.note(number, text="信访人来电补充四至。", by=county.scope("clerk"))
    mine = {"mode": "LJB", "to_unit_id": county.units["land"].id, "duty": "forward", "words": "请三日内核查四至。"}
    answer = client.post(f"{BOARD}{number}/route/", {"version": version, **mine})
    assert answer.status_code == 409
    there = answer.content.decode()
    assert "您填写期间，本件已被更新" in there
    assert "信访人来电补充四至。" in there, "theirs"
    assert there.count("请三日内核查四至。") >= 2, "mine, beside it and still in the form"
    assert 'form="route-form">照我写的提交' in there
    again = client.post(f"{BOARD}{number}/route/", {"version": Case.objects.get(number=number).version, **mine})
    assert again.status_code == 303


def test_what_somebody_else_routed_meanwhile_keeps_my_words_to_copy(county, sign_in):
    number, client = petitions.registered(county).case.number, sign_in("office")
    version = Case.objects.get(number=number).version
    actions.route(number, mode="LJB", to_unit_id=county.units["water"].id, words="请水务局办理。", by=county.scope("office"))
    mine = {"mode": "LJB", "to_unit_id": county.units["land"].id, "duty": "forward", "words": "请三日内核查四至。"}
    there = client.post(f"{BOARD}{number}/route/", {"version": version, **mine}).content.decode()
    assert "请水务局办理。" in there
    assert "请三日内核查四至。" in there
