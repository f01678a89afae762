"""The machines' door: the same acts, the same scope, plain problems, and writes that may be sent twice."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from casework.models import Case, Submission
from petitions import rules
from petitions.api.acts import ACTS
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
