"""撤销上一步 (take_back): the five questions, and everything is as it was — clock, readers, notices, papers, tasks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework import cases, chain
from casework.models import Case, Deadline, Document, Entry, Notice, Reach, SearchText
from casework.rules import NotAllowed
from organisations import clock
from organisations.roles import Role
from petitions import actions
from petitions.models import Dispatch, Petition, Task
from tests.factories import petitions
from tests.factories.county import make_person, make_post
from tests.factories.five import FiveQuestions, returned


class TestTakeBack(FiveQuestions):
    code, made, wrong, doer, state = "take_back", "routed", "closed", "office", "registered"


pytestmark = pytest.mark.django_db


def running(case) -> set:
    return set(Deadline.objects.filter(case=case, met_on=None, dropped_on=None).values_list("pk", "key", "unit", "due_on", "remind_on", "warn_on"))


def facts(petition) -> dict:
    """What the act may change, as it stands."""
    held = Petition.objects.select_related("case").get(pk=petition.pk)
    case = cases.columns(held.case)
    for name in ("version", "entries", "head_hash"):
        del case[name]
    return {
        "petition": cases.columns(held),
        "case": case,
        "running": running(held.case),
        "readers": set(Reach.objects.filter(case=held.case).values_list("reader", flat=True)),
        "search": set(SearchText.objects.get(case=held.case).readers),
        "notices": set(Notice.objects.filter(case=held.case).values_list("key", flat=True)),
        "dispatches": set(Dispatch.objects.filter(petition=held, ended_at=None).values_list("pk", flat=True)),
        "tasks": set(Task.objects.filter(petition=held).values_list("no", "state")),
    }


@pytest.mark.parametrize("mode", ["LJB", "CNB", "DLB", "LDB"])
@pytest.mark.parametrize("begun", ["registered", "returned"])
def test_a_routing_taken_back_leaves_everything_as_it_was(county, mode, begun):
    petition = returned(county) if begun == "returned" else petitions.registered(county)
    number, by = petition.case.number, county.scope("office")
    before = facts(petition)
    tasks = [actions.TaskFacts(county.units["water"].id, "核查排水沟", clock.today() + timedelta(days=5))] if mode == "LDB" else []
    routed = actions.route(
        number,
        mode=mode,
        to_unit_id=county.units["labour"].id,
        words="请办理。",
        promised_on=clock.today() + timedelta(days=9) if mode in ("CNB", "DLB") else None,
        agent_id=county.people["village_cadre"].id if mode == "DLB" else None,
        consent="本人同意代办。" if mode == "DLB" else "",
        tasks=tasks,
        by=by,
    )
    assert facts(petition) != before
    actions.take_back(number, version=routed.case.version, by=by)
    assert facts(petition) == before
    case = Case.objects.get(pk=petition.pk)
    duties = Deadline.objects.filter(case=case, is_duty=True, met_on=None, dropped_on=None).values_list("due_on", flat=True)
    assert case.due_on == min(duties)
    lines = list(Entry.objects.filter(case=case).order_by("-no").values_list("act", flat=True)[:2])
    assert lines == ["petition.take_back", "petition.route"]
    assert list(chain.verify_cases()) == []
    assert not Document.objects.filter(case=case, issued_at=Entry.objects.get(case=case, no=case.entries - 1).at, withdrawn_at=None).exists()
    again = actions.route(number, mode="LJB", to_unit_id=county.units["land"].id, words="请办理。", by=by)
    assert again.case.state == "routed"


def test_a_protected_case_taken_back_hides_it_from_the_contacts_again(county):
    make_post(make_person("land_discipline", "冯纪"), county.units["land"], Role.DISCIPLINE, by=county.people["security_admin"])
    petition = petitions.registered(county, purpose="03")
    before = facts(petition)
    actions.route(petition.case.number, mode="LJB", to_unit_id=county.units["land"].id, words="请核查。", by=county.scope("discipline"))
    assert facts(petition)["readers"] != before["readers"]
    actions.take_back(petition.case.number, by=county.scope("discipline"))
    assert facts(petition) == before


def test_the_unit_no_longer_sees_it_and_who_read_the_notice_is_told(county, sign_in):
    petition = petitions.registered(county, area_id=county.areas["dongliang"].id)
    number = petition.case.number
    actions.route(number, mode="LJB", to_unit_id=county.units["land"].id, words="请办理。", by=county.scope("office"))
    handler = sign_in("handler")
    assert handler.get(f"/petitions/{number}/").status_code == 200
    Notice.objects.filter(kind="petition.route").update(read_at=clock.now(), read_by=county.people["handler"])
    actions.take_back(number, by=county.scope("office"))
    assert handler.get(f"/petitions/{number}/").status_code == 404
    assert "已撤销，不用办理" in Notice.objects.get(kind="petition.take_back").text


def test_not_when_the_unit_signed_nor_by_a_colleague_nor_later(county):
    signed = petitions.signed(county)
    with pytest.raises(NotAllowed, match="签收"):
        actions.take_back(signed.case.number, by=county.scope("office"))
    routed = petitions.routed(county)
    with pytest.raises(NotAllowed, match="只能由本人撤销"):
        actions.take_back(routed.case.number, by=county.scope("centre_head"))
    with pytest.raises(NotAllowed, match="被其他同事更新"):
        actions.take_back(routed.case.number, version=routed.case.version - 1, by=county.scope("office"))
    with clock.at(clock.now() + timedelta(minutes=3)), pytest.raises(NotAllowed, match="超过2分钟"):
        actions.take_back(routed.case.number, by=county.scope("office"))


def test_a_designation_and_a_note_can_be_taken_back(county):
    petition = petitions.signed(county)
    number, by = petition.case.number, county.scope("head")
    before = facts(petition)
    actions.designate(number, person_id=county.people["handler2"].id, by=by)
    actions.take_back(number, by=by)
    assert facts(petition) == before
    actions.note(number, text="写错了件", by=by)
    actions.take_back(number, by=by)
    case = Case.objects.get(pk=petition.pk)
    assert Entry.objects.get(case=case, no=case.entries).detail["undone"] == case.entries - 1


def test_the_toast_offers_it_for_ten_seconds_and_the_history_shows_both_lines(county, sign_in):
    petition = petitions.registered(county)
    client = sign_in("office")
    number = petition.case.number
    typed = {"version": petition.case.version, "mode": "LJB", "to_unit_id": county.units["land"].id, "words": "请办理。", "duty": "forward"}
    page = client.post(f"/petitions/routing/{number}/route/", typed, follow=True).content.decode()
    assert 'data-toast="10000"' in page
    assert f'action="/petitions/{number}/take_back/"' in page
    version = Case.objects.get(pk=petition.pk).version
    assert f'name="version" value="{version}"' in page
    assert client.post(f"/petitions/{number}/take_back/", {"version": version}).status_code == 303
    page = client.get(f"/petitions/{number}/").content.decode()
    assert "tl__i--undone" in page
    assert "已撤销" in page
    assert Case.objects.get(pk=petition.pk).state == "registered"


def test_many_are_taken_back_with_a_result_per_row(county, sign_in):
    first, second = petitions.registered(county), petitions.registered(county)
    client = sign_in("office")
    numbers = [first.case.number, second.case.number]
    frozen = client.post("/petitions/bulk/route/", {"number": numbers}).context["frozen"]
    typed = {"frozen": frozen, "confirm": "1", "to_unit_id": county.units["land"].id, "mode": "LJB", "words": "请办理。"}
    done = client.post("/petitions/bulk/route/", typed)
    assert done.context["done"] == 2
    actions.sign(numbers[1], by=county.scope("handler"))
    undone = client.post("/petitions/bulk/undo/", {"frozen": done.context["undo"]})
    page = undone.content.decode()
    assert (undone.context["done"], undone.context["failed"]) == (1, 1)
    assert "更新" in page or "签收" in page
    assert Case.objects.get(number=numbers[0]).state == "registered"
    assert Case.objects.get(number=numbers[1]).state == "signed"
    assert sign_in("handler").post("/petitions/bulk/undo/", {"frozen": done.context["undo"]}).status_code == 422
