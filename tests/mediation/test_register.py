"""登记纠纷 (register) over HTTP: from the empty form to the page; what is missing is said and nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest

from casework.models import Case, Draft, Party
from mediation.models import Dispute
from organisations import clock
from organisations.models import Post
from tests.factories.county import County


def typed(county: County, **changes: Any) -> dict[str, Any]:
    data = {
        "title": "陈桂兰与陈德旺宅基地纠纷",
        "type_code": "03",
        "source": "1",
        "area": str(county.areas["jiuqu"].id),
        "received_on": clock.today().isoformat(),
        "difficulty": "2",
        "scale": "01",
        "people_count": "2",
        "story": "翻建院墙堵住排水沟。",
        "submission": "0b0c8f0e-6d6f-4d1c-9a59-1f5d5f3f2a10",
        "people-TOTAL_FORMS": "6",
        "people-INITIAL_FORMS": "0",
        "people-0-letter": "a",
        "people-0-name": "陈桂兰",
        "people-0-id_number": "11010519491231002X",
        "people-0-phone": "13800132046",
        "people-1-letter": "b",
        "people-1-name": "陈德旺",
        **{f"people-{no}-letter": "a" for no in range(2, 6)},
    }
    return {**data, **changes}


@pytest.mark.django_db
def test_a_village_cadre_writes_a_dispute_down(county, sign_in):
    client = sign_in("village_cadre")
    assert client.get("/mediation/register/").status_code == 200
    answer = client.post("/mediation/register/", typed(county))
    assert answer.status_code == 303
    dispute = Dispute.objects.select_related("case").get()
    case = dispute.case
    assert case.number == f"TJ370685-{clock.today().year}-000001"
    assert (case.kind, case.state, case.topic_code, case.unit) == ("dispute", "dispute_applied", "TJ03", county.units["jiuqu"])
    assert case.subject == "陈桂兰 与 陈德旺"
    assert [(side.letter, side.party.name) for side in dispute.sides.order_by("letter")] == [("a", "陈桂兰"), ("b", "陈德旺")]
    assert "11010519491231002X" not in str(Party.objects.filter(case=case).values_list())
    page = client.get(answer["Location"]).content.decode()
    assert "三级六步" in page
    assert "陈德旺" in page
    assert "110105********002X" in page


@pytest.mark.django_db
def test_the_village_of_ones_own_room_stands_there_already(county, sign_in):
    field = re.compile(r'<input[^>]*name="area"[^>]*value="(\d*)"')
    page = sign_in("village_cadre").get("/mediation/register/").content.decode()
    assert field.search(page).group(1) == str(county.areas["jiuqu"].id)
    assert county.areas["jiuqu"].name in page
    page = sign_in("town_handler").get("/mediation/register/").content.decode()
    assert not field.search(page) or not field.search(page).group(1)


def test_where_the_room_has_nobody_the_next_level_receives(county, sign_in):
    """A body without people can neither take a dispute nor hand it on: it begins one level up, and the history says why."""
    assert sign_in("town_handler").post("/mediation/register/", typed(county, area=str(county.areas["laochi"].id))).status_code == 303
    dispute = Dispute.objects.select_related("case").get()
    assert (dispute.step, dispute.case.unit) == (3, county.units["fushan"])
    page = sign_in("town_handler").get(f"/mediation/{dispute.case.number}/").content.decode()
    assert "老翅村群众工作室没有工作人员，由上一级组织受理。" in page
    assert "act=accept" in page
    assert not Post.objects.filter(unit=county.units["laochi"]).exists()


@pytest.mark.django_db
def test_sent_twice_it_makes_one(county, sign_in):
    client = sign_in("village_cadre")
    first = client.post("/mediation/register/", typed(county))
    again = client.post("/mediation/register/", typed(county))
    assert (first.status_code, again.status_code) == (303, 303)
    assert first["Location"] == again["Location"]
    assert Case.objects.filter(kind="dispute").count() == 1


@pytest.mark.django_db
def test_what_is_missing_is_said_and_what_was_typed_stays(county, sign_in):
    answer = sign_in("village_cadre").post("/mediation/register/", typed(county, type_code="", **{"people-1-name": ""}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请选择纠纷类型" in page
    assert "翻建院墙堵住排水沟。" in page
    answer = sign_in("village_cadre").post("/mediation/register/", typed(county, **{"people-1-name": ""}))
    assert answer.status_code == 422
    assert "双方当事人" in answer.content.decode()
    assert Dispute.objects.count() == 0


@pytest.mark.django_db
def test_who_sits_higher_registers_for_the_village_or_for_their_own_body(county, sign_in):
    client = sign_in("town_handler")
    client.post("/mediation/register/", typed(county))
    client.post("/mediation/register/", typed(county, submission="", at_own_level="on"))
    first, second = Dispute.objects.select_related("case").order_by("pk")
    assert (first.step, first.case.unit) == (1, county.units["jiuqu"])
    assert (second.step, second.case.unit) == (3, county.units["fushan"])


@pytest.mark.django_db
def test_a_reader_without_such_a_post_may_not(county, sign_in):
    assert sign_in("auditor").get("/mediation/register/").status_code == 403
    assert sign_in("auditor").post("/mediation/register/", typed(county)).status_code == 403


# -- the draft on the server ---------------------------------------------------------------------------------------------------------------

KEY = "0b0c8f0e-6d6f-4d1c-9a59-1f5d5f3f2a10"
SAVE = f"/drafts/dispute.register/{KEY}/"


def kept(county: County, **changes: Any) -> dict[str, Any]:
    """Half typed, as the page's autosave sends it."""
    half = {"type_code": "", "amount": "12三", "area": "", "area_text": "九曲", "begun_at": "/mediation/register/"}
    return typed(county, **{**half, **changes})


@pytest.mark.django_db
def test_what_was_typed_survives_a_session_that_died(county, sign_in):
    client = sign_in("village_cadre")
    page = client.get("/mediation/register/").content.decode()
    assert "/drafts/dispute.register/" in page
    assert client.post(SAVE, kept(county)).status_code == 204
    client.post("/sign-out/")
    later = sign_in("village_cadre")
    assert "继续上一份" in later.get("/mediation/register/").content.decode()
    listed = later.get("/drafts/").content.decode()
    assert "陈桂兰 陈桂兰与陈德旺宅基地纠纷" in listed
    assert f"/mediation/register/?draft={KEY}" in listed
    page = later.get(f"/mediation/register/?draft={KEY}").content.decode()
    for words in ("已恢复您上次没有登记完的内容", "翻建院墙堵住排水沟。", "陈德旺", "11010519491231002X", "12三", "九曲"):
        assert words in page


@pytest.mark.django_db
def test_the_draft_becomes_the_dispute_and_a_late_autosave_does_not_bring_it_back(county, sign_in):
    client = sign_in("village_cadre")
    client.post(SAVE, kept(county))
    answer = client.post("/mediation/register/", typed(county))
    assert not Draft.objects.exists()
    assert client.post(SAVE, kept(county)).status_code == 409
    assert client.get(f"/mediation/register/?draft={KEY}")["Location"] == answer["Location"]


@pytest.mark.django_db
def test_nobody_elses_draft_opens(county, sign_in):
    sign_in("village_cadre").post(SAVE, kept(county))
    page = sign_in("town_handler").get(f"/mediation/register/?draft={KEY}").content.decode()
    assert "翻建院墙" not in page


@pytest.mark.django_db
def test_a_draft_begun_from_a_finding_opens_there(county, sign_in):
    client = sign_in("village_cadre")
    client.post(SAVE, kept(county, begun_at="/mediation/screening/findings/7/dispute/"))
    assert client.get(f"/mediation/register/?draft={KEY}")["Location"] == f"/mediation/screening/findings/7/dispute/?draft={KEY}"
    client.post(SAVE, kept(county, begun_at="https://elsewhere.example/"))
    assert client.get(f"/mediation/register/?draft={KEY}").status_code == 200
