"""Who else is at a case: shown to those who see the case, soft, never on a protected one, gone without the cache."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework import presence
from organisations import clock
from petitions.rules import STEPS
from tests.factories import petitions

pytestmark = pytest.mark.django_db


def beat(client, petition, writing=""):
    return client.post(f"/cases/{petition.case.number}/presence/", {"writing": writing}, headers={"x-background": "1"})


def test_two_at_one_case_see_each_other_and_not_themselves(county, sign_in):
    petition = petitions.accepted(county)
    first, second = sign_in("handler"), sign_in("handler2")
    assert beat(first, petition).content.decode().strip() == ""
    assert f"{county.people['handler'].name}正在看" in beat(second, petition).content.decode()
    assert "正在填写“提交答复审签”" in _after(first, second, petition)
    page = first.get(f"/petitions/{petition.case.number}/").content.decode()
    assert f"{county.people['handler2'].name}正在填写" in page


def _after(first, second, petition) -> str:
    beat(second, petition, STEPS["prepare"].label)
    return beat(first, petition).content.decode()


def test_it_fades_after_a_minute(county):
    petition = petitions.accepted(county)
    now = clock.now()
    presence.beat(petition.case, county.people["handler"], writing="", at=now)
    assert presence.others(petition.case, county.people["head"], now + timedelta(seconds=60))
    assert not presence.others(petition.case, county.people["head"], now + timedelta(seconds=71))


def test_out_of_scope_is_no_case_and_a_protected_one_notes_nobody(county, sign_in):
    petition = petitions.accepted(county)
    assert beat(sign_in("other_handler"), petition).status_code == 404
    hidden = petitions.registered(county, purpose="03")
    assert beat(sign_in("clerk"), hidden).content.decode().strip() == ""
    assert presence.others(hidden.case, county.people["discipline"], clock.now()) == []
    assert 'id="presence"' not in sign_in("clerk").get(f"/petitions/{hidden.case.number}/").content.decode()


def test_the_list_says_so_without_one_statement_more(county, sign_in):
    petition = petitions.accepted(county)
    client = sign_in("handler")
    client.get("/cases/")
    with CaptureQueriesContext(connection) as alone:
        client.get("/cases/")
    beat(sign_in("handler2"), petition)
    with CaptureQueriesContext(connection) as together:
        page = client.get("/cases/").content.decode()
    assert "有人在看" in page
    assert len(together) == len(alone)
    assert "有人在看" not in sign_in("handler2").get("/cases/").content.decode()
    cache.clear()
    assert "有人在看" not in client.get("/cases/").content.decode()
