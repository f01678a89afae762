"""移交: nobody leaves with open items; who may hand over what, and what an administrator gets to know (opening 29, HALL-14)."""

import csv
import io

import pytest
from django.urls import reverse

from casework.models import Case, Entry
from organisations import clock, handover
from organisations.models import AccessEntry, Post
from petitions import actions
from petitions.models import Petition
from tests.factories.county import County
from tests.factories.petitions import signed


@pytest.fixture
def petition(county: County) -> Petition:
    """自然资源局, in the hands of 王海涛."""
    petition = signed(county)
    return actions.designate(petition.case.number, person_id=county.people["handler"].id, by=county.scope("head"))


def url(county: County, person: str = "handler") -> str:
    return f"/hand-over/{county.people[person].id}/"


def form(county: County, petition: Petition, to: str = "handler2") -> dict[str, object]:
    return {"items": [f"petition:{petition.case.number}"], "successor": county.people[to].id, "words": "调离岗位"}


@pytest.mark.parametrize("person", ["handler", "head", "office"])
def test_the_person_the_head_and_the_office_hand_over(county: County, petition: Petition, sign_in, person: str) -> None:
    client = sign_in(person)
    assert petition.case.number in client.get(url(county)).content.decode()
    answer = client.post(url(county), form(county, petition))
    assert "已移交给宋涛" in answer.content.decode()
    case = Case.objects.get(pk=petition.pk)
    assert case.handler_id == county.people["handler2"].id
    entry = Entry.objects.get(case=case, act="petition.hand_over")
    assert (entry.by_id, entry.text) == (county.people[person].id, "调离岗位")
    row = AccessEntry.objects.get(event="hand_over")
    assert row.detail == {"numbers": [case.number], "failed": 0}
    assert handover.open_by_unit(county.people["handler"].id) == {}


def test_a_second_click_changes_nothing(county: County, petition: Petition, sign_in) -> None:
    client = sign_in("head")
    client.post(url(county), form(county, petition))
    again = client.post(url(county), form(county, petition))
    assert again.status_code in (404, 422)
    assert Entry.objects.filter(act="petition.hand_over").count() == 1


@pytest.mark.parametrize("person", ["labour_head", "water_handler", "handler2", "town_head"])
def test_others_see_nothing_of_it_and_move_nothing(county: County, petition: Petition, sign_in, person: str) -> None:
    client = sign_in(person)
    assert client.get(url(county)).status_code == 404
    assert client.post(url(county), form(county, petition)).status_code == 404
    assert Case.objects.get(pk=petition.pk).handler_id == county.people["handler"].id


@pytest.mark.parametrize("person", ["system_admin", "security_admin", "audit_admin"])
def test_an_administrator_has_counts_and_no_page(county: County, petition: Petition, sign_in, person: str) -> None:
    client = sign_in(person)
    assert client.get(url(county)).status_code == 404
    assert client.post(url(county), form(county, petition)).status_code == 404
    assert handover.open_by_unit(county.people["handler"].id) == {county.units["land"].id: 1}


@pytest.mark.parametrize("person", ["leader", "auditor"])
def test_neither_a_leader_nor_the_auditor_takes_over(county: County, petition: Petition, sign_in, person: str) -> None:
    client = sign_in("head")
    choices = client.get(url(county)).content.decode().split('name="successor"')[1].split("</select>")[0]
    assert county.people["clerk"].name in choices
    assert county.people[person].name not in choices
    assert client.post(url(county), form(county, petition, to=person)).status_code == 422
    assert Case.objects.get(pk=petition.pk).handler_id == county.people["handler"].id


def test_not_to_somebody_of_another_unit(county: County, petition: Petition, sign_in) -> None:
    answer = sign_in("head").post(url(county), form(county, petition, to="water_handler"))
    assert answer.status_code == 422
    assert Case.objects.get(pk=petition.pk).handler_id == county.people["handler"].id


def test_what_fails_says_why_and_the_rest_goes_on(county: County, petition: Petition, sign_in) -> None:
    other = signed(county, respondent_name="宋涛")
    actions.designate(other.case.number, person_id=county.people["handler"].id, by=county.scope("head"))
    given = form(county, petition)
    given["items"] = [f"petition:{petition.case.number}", f"petition:{other.case.number}"]
    page = sign_in("head").post(url(county), given).content.decode()
    assert "已移交给宋涛" in page
    assert "不可承办本件" in page
    assert AccessEntry.objects.get(event="hand_over").succeeded is False


def test_after_the_hand_over_the_post_may_end(county: County, petition: Petition, sign_in) -> None:
    security, post = sign_in("security_admin"), Post.objects.get(user=county.people["handler"])
    given = {"until_on": str(clock.today()), "ground": "调走"}
    assert security.post(f"/posts/{post.id}/end/", given).status_code == 422
    sign_in("head").post(url(county), form(county, petition))
    assert security.post(f"/posts/{post.id}/end/", given).status_code == 302
    post.refresh_from_db()
    assert post.until_on == clock.today()


def test_the_contact_book_leads_there_for_those_who_may(county: County, sign_in) -> None:
    page = f"/contacts/?unit={county.units['land'].id}"
    for person, may in (("head", True), ("office", True), ("clerk", False), ("labour_head", False)):
        assert (url(county) in sign_in(person).get(page).content.decode()) is may, person


@pytest.mark.parametrize("person", ["handler", "head", "office"])
def test_what_somebody_leaves_behind_is_taken_out_by_who_hands_it_over(county: County, petition: Petition, sign_in, person: str) -> None:
    client = sign_in(person)
    address = reverse("casework:export-list", args=["hand_over"])
    assert f"{address}?person={county.people['handler'].id}&amp;form=xlsx" in client.get(url(county)).content.decode()
    answer = client.get(address, {"person": county.people["handler"].id, "form": "csv"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert "王海涛" in rows[0][0]
    assert rows[1] == ["编号", "标题", "责任单位", "状态"]
    assert [row[:3] for row in rows[2:]] == [[petition.case.number, petition.case.title, "自然资源局"]]


@pytest.mark.parametrize("person", ["handler2", "town_head", "leader", "auditor", "system_admin"])
def test_and_by_nobody_else(county: County, petition: Petition, sign_in, person: str) -> None:
    client = sign_in(person)
    for whose in (county.people["handler"].id, 10**9, "x", ""):
        answer = client.get(reverse("casework:export-list", args=["hand_over"]), {"person": whose, "form": "csv"})
        assert answer.status_code in (403, 404), whose
    assert client.get(url(county)).status_code == 404
