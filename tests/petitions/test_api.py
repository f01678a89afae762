"""The machines' door: the same acts, the same scope, plain problems, and writes that may be sent twice."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from casework.models import Case, Submission
from casework.queries import feed
from organisations import clock
from organisations.models import User
from petitions import rules
from petitions.api.acts import ACTS
from petitions.queries import case as pages
from tests.factories import petitions

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(county):
    def make(person: str) -> APIClient:
        client = APIClient()
        token, _ = Token.objects.get_or_create(user=county.people[person])
        client.credentials(HTTP_AUTHORIZATION=f"Token {token.key}")
        return client

    return make


def send(client: APIClient, path: str, body: dict, key: str | None = None):
    return client.post(f"/api/v1{path}", body, format="json", headers={"Idempotency-Key": key or str(uuid4())})


def registration(county, **changes) -> dict:
    body = {
        "title": "路灯长期不亮",
        "story": "村口路灯坏了半年，夜里出行不便。",
        "points": ["修复路灯"],
        "channel": "300",
        "purpose": "02",
        "topic_code": "010303",
        "area_id": county.areas["jiuqu"].id,
        "received_on": "2026-01-05",
        "people": [{"position": "petitioner", "name": "陈桂兰", "phone": "13800132046"}],
    }
    body.update(changes)
    return body


def test_every_act_has_an_address():
    assert set(ACTS) == set(rules.STEPS) - {"register"}


def test_it_registers_and_answers_with_the_number_and_the_lawful_acts(county, api):
    answer = send(api("clerk"), "/petitions/", registration(county))
    assert answer.status_code == 201, answer.json()
    body = answer.json()
    assert body["case"]["number"].startswith("370685-")
    assert body["people"][0]["phone_masked"] == "138****2046"
    assert "13800132046" not in json.dumps(body)
    assert "answer" in body["allowed_acts"]
    assert "route" not in body["allowed_acts"]


def test_a_write_sent_twice_happens_once(county, api):
    client, key = api("clerk"), str(uuid4())
    first = send(client, "/petitions/", registration(county), key)
    again = send(client, "/petitions/", registration(county), key)
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replay"] == "true"
    assert Case.objects.count() == 1


def test_a_key_is_good_for_one_request_only(county, api):
    client, key = api("clerk"), str(uuid4())
    send(client, "/petitions/", registration(county), key)
    other = send(client, "/petitions/", registration(county, title="另一件事"), key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_a_refused_write_keeps_no_key(county, api):
    number = petitions.registered(county).case.number
    client, key = api("clerk"), str(uuid4())
    refused = send(client, f"/petitions/{number}/route/", {"mode": "LJB", "to_unit_id": county.units["land"].id, "words": "办"}, key)
    assert (refused.status_code, refused.json()["code"]) == (403, "wrong_role")
    assert "县中心" in refused.json()["detail"]
    assert not Submission.objects.exists()


def test_a_write_without_a_key_is_refused_plainly(county, api):
    answer = api("clerk").post("/api/v1/petitions/", registration(county), format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key")
    assert answer.headers["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ["/api/v1/nothing/", "/api/v1/petitions/1/2/3/", "/api/v1/", "/api/", "/api/v2/petitions/"])
def test_an_address_that_does_not_exist_is_a_problem_not_a_page(api, method, address):
    answer = getattr(api("clerk"), method)(address)
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_address")
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert "没有这个接口地址" in answer.json()["detail"]


def test_a_stranger_is_not_told_which_addresses_exist(county):
    answer = APIClient().get("/api/v1/nothing/")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_an_address_that_lacks_its_slash_is_still_sent_on(api):
    assert api("clerk").get("/api/v1/petitions").headers["Location"] == "/api/v1/petitions/"


def test_a_write_to_an_address_that_lacks_its_slash_goes_on_as_a_write(county, api):
    """A 301 made a reading of it: the program got a list with 200 and took its petition for registered."""
    given = {"format": "json", "headers": {"Idempotency-Key": str(uuid4())}}
    sent_on = api("clerk").post("/api/v1/petitions", registration(county), **given)
    assert (sent_on.status_code, sent_on.headers["Location"]) == (308, "/api/v1/petitions/")
    assert api("clerk").post("/api/v1/petitions", registration(county), follow=True, **given).status_code == 201
    assert APIClient(enforce_csrf_checks=True).post("/api/v1/petitions").status_code == 308


@pytest.mark.parametrize("person", ["clerk", "office", "handler", "head", "centre_head"])
def test_the_acts_it_allows_are_those_the_case_page_offers(county, api, person):
    """Of an accepted matter nobody can close a supervision there is none of, nor confirm a task nobody reported."""
    petition = petitions.accepted(county)
    offered = pages.lawful(pages.page(petition), county.scope(person))
    allowed = api(person).get(f"/api/v1/petitions/{petition.case.number}/").json()["allowed_acts"]
    assert allowed == [code for code in offered if code != "register"]
    assert not {"close_supervision", "confirm_task", "answer_advice", "end_sponsorship", "unmerge"} & set(allowed)


def test_what_cannot_be_kept_is_a_problem_with_the_requests_id(api):
    answer = api("clerk").get("/api/v1/petitions/?q=a%00b")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


def test_who_must_first_change_the_password_is_told_as_a_problem(county, sign_in):
    client = sign_in("clerk")
    User.objects.filter(username="clerk").update(must_change_password=True)
    answer = client.get("/api/v1/petitions/")
    assert (answer.status_code, answer.json()["code"]) == (403, "sign_in_incomplete")
    assert answer.json()["type"] == "urn:yimen:problem:sign_in_incomplete"


def test_what_broke_is_a_problem_too(api, monkeypatch):
    client = api("clerk")
    client.raise_request_exception = False
    monkeypatch.setattr(feed, "newest", None)
    answer = client.get("/api/v1/petitions/")
    assert (answer.status_code, answer.json()["code"]) == (500, "server_error")
    assert "没有保存" in answer.json()["detail"]


def test_it_routes_signs_and_tells_the_wrong_moment(county, api):
    number = petitions.registered(county).case.number
    body = {"mode": "LJB", "to_unit_id": county.units["land"].id, "words": "请办理", "version": 1}
    assert send(api("office"), f"/petitions/{number}/route/", body).json()["case"]["state"] == "routed"
    stale = send(api("office2"), f"/petitions/{number}/route/", body)
    assert (stale.status_code, stale.json()["code"]) == (409, "wrong_moment")
    assert send(api("handler"), f"/petitions/{number}/sign/", {}).json()["case"]["state"] == "signed"


@pytest.mark.parametrize("person", ["other_handler", "system_admin", "audit_admin", "mediator"])
def test_outside_the_scope_it_does_not_exist(county, api, person):
    number = petitions.registered(county).case.number
    real = api(person).get(f"/api/v1/petitions/{number}/")
    nowhere = api(person).get("/api/v1/petitions/370685-2026-999999/")
    assert real.status_code == nowhere.status_code == 404
    assert real.json()["detail"] == nowhere.json()["detail"]
    assert api(person).get("/api/v1/petitions/").json()["results"] == []
    assert send(api(person), f"/petitions/{number}/note/", {"text": "我看看"}).status_code == 404


def test_a_protected_case_is_invisible_to_units_and_the_office(county, api):
    number = petitions.registered(county, purpose="03", respondent_unit_id=county.units["fushan"].id).case.number
    for person in ("office", "town_handler", "leader", "auditor", "village_cadre"):
        assert api(person).get(f"/api/v1/petitions/{number}/").status_code == 404, person
    assert api("discipline").get(f"/api/v1/petitions/{number}/").status_code == 200


@pytest.mark.parametrize("days", [-30, 0, 1, 5])
def test_the_lamp_is_the_one_of_the_list(county, api, sign_in, days):
    """DESIGN §5: machines are told what the list shows, in the list and on the case."""
    case = petitions.routed(county).case
    assert case.due_on is not None
    with clock.at(clock.now() + (case.due_on - clock.today()) + timedelta(days=days)):
        shown = sign_in("office").get("/cases/", {"status": "open"}).content.decode()
        one = api("office").get(f"/api/v1/petitions/{case.number}/").json()["case"]
        row = api("office").get("/api/v1/petitions/").json()["results"][0]
    assert f"lamp--{one['lamp']}" in shown
    assert one["lamp_words"] in shown
    assert (row["lamp"], row["lamp_words"]) == (one["lamp"], one["lamp_words"])


def test_pages_follow_each_other_without_gap_or_twin(county, api):
    numbers = [petitions.registered(county).case.number for _ in range(5)]
    client, seen, cursor = api("office"), [], ""
    while True:
        page = client.get("/api/v1/petitions/", {"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        seen += [row["number"] for row in page["results"]]
        cursor = page["next"]
        if not cursor:
            break
    assert seen == numbers[::-1]


@pytest.mark.parametrize("query", [{"cursor": "x"}, {"cursor": "eHg="}, {"limit": "0"}, {"limit": "9999"}, {"state": "none"}, {"open": "maybe"}])
def test_a_bad_parameter_gets_a_sentence(county, api, query):
    answer = api("office").get("/api/v1/petitions/", query)
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_bad_input_names_the_field_and_saves_nothing(county, api):
    answer = send(
        api("clerk"),
        "/petitions/",
        registration(county, topic_code="123456", people=[{"position": "petitioner", "name": "陈", "id_number": "110105194912310021"}]),
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert {"topic_code", "people"} <= set(answer.json()["errors"])
    assert not Case.objects.exists()


def test_history_is_read_in_order_with_its_hashes(county, api):
    number = petitions.accepted(county).case.number
    lines = api("office").get(f"/api/v1/petitions/{number}/timeline/").json()["results"]
    assert [line["no"] for line in lines] == [1, 2, 3, 4]
    assert lines[1]["prev_hash"] == lines[0]["hash"]


def test_nobody_gets_in_without_signing_in(county):
    answer = APIClient().get("/api/v1/petitions/")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_too_many_writes_are_slowed(county, api, monkeypatch):
    from casework.pace import WriteThrottle

    monkeypatch.setattr(WriteThrottle, "THROTTLE_RATES", {"writes": "2/min"})
    cache.clear()
    client = api("clerk")
    statuses = [send(client, "/petitions/", registration(county)).status_code for _ in range(3)]
    assert statuses == [201, 201, 429]


def test_the_number_of_queries_does_not_grow_with_the_list(county, api):
    client = api("office")
    petitions.registered(county)
    with CaptureQueriesContext(connection) as one:
        client.get("/api/v1/petitions/")
    for _ in range(5):
        petitions.registered(county)
    with CaptureQueriesContext(connection) as six:
        client.get("/api/v1/petitions/")
    assert len(six) == len(one) <= 12


@pytest.mark.django_db
def test_a_way_of_handling_nobody_knows_is_refused(county, api):
    number = petitions.registered(county).case.number
    body = {"mode": "XXX", "to_unit_id": county.units["land"].id, "words": "办"}
    assert send(api("office"), f"/petitions/{number}/route/", body).status_code == 422
