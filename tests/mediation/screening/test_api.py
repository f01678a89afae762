"""排查 by machine: the rounds in sight, one's own reported once by its key, nothing of another unit (MED-1)."""

from __future__ import annotations

import pytest
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from mediation.models import Finding, Round
from tests.factories import disputes_screening as screening
from tests.factories.county import County
from tests.factories.disputes_screening import on

pytestmark = pytest.mark.django_db
ROUNDS = "/api/v1/screening/rounds/"


def client_of(county: County, person: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=county.people[person])[0].key}")
    return client


def facts(county: County, *, count: int = 0) -> dict[str, object]:
    one = {"what": "两家因果园浇地争水", "people": "陈桂兰与陈德旺", "area_id": county.areas["jiuqu"].id, "type_code": "07"}
    return {"who": "孙德福", "place": "一组、二组", "households": 12, "visited_on": "2026-11-18", "found": [one] * count}


def test_one_s_own_round_is_reported_once_by_its_key(county):
    with on(18):
        screening.opened(county)
        client, mine = client_of(county, "village_cadre"), Round.objects.get(unit=county.units["jiuqu"])
        rows = client.get(ROUNDS, {"waiting": "true"}).json()
        assert [row["unit"] for row in rows] == ["九曲村"]
        address = f"{ROUNDS}{mine.pk}/report/"
        assert client.post(address, facts(county), format="json").status_code == 422
        for _ in range(2):
            answer = client.post(address, facts(county, count=1), format="json", headers={"Idempotency-Key": "sweep-0001"})
            assert (answer.status_code, answer.json()["is_nothing"]) == (200, False)
        assert Finding.objects.filter(round=mine).count() == 1
        again = client.post(address, facts(county), format="json", headers={"Idempotency-Key": "sweep-0002"})
        assert again.status_code == 409
        assert client.get(ROUNDS, {"waiting": "true"}).json() == []


def test_nothing_of_another_unit(county):
    with on(18):
        screening.opened(county)
        theirs = Round.objects.get(unit=county.units["jiuqu"])
        other = client_of(county, "other_handler")
        assert theirs.pk not in [row["id"] for row in other.get(ROUNDS).json()]
        answer = other.post(f"{ROUNDS}{theirs.pk}/report/", facts(county), format="json", headers={"Idempotency-Key": "sweep-0003"})
        assert answer.status_code == 404
    assert Round.objects.get(pk=theirs.pk).reported_at is None
