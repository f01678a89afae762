"""Every error a browser can be shown is a page in the house's words: what failed, its number and time, a way back (DESIGN.md §8)."""

from __future__ import annotations

import re

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client

from casework.views import lists
from config import failures
from petitions.citizen.rules import REQUEST_BYTES

TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"


def is_page(answer, status: int, words: str) -> bool:
    page = answer.content.decode()
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")
    assert '<html lang="zh-CN"' in page
    assert words in page
    assert re.search(rf'错误(代码)? [\w-]+，<span class="num">{TIME}</span>', page)
    return "data-back" in page


@pytest.mark.django_db
def test_what_makes_no_sense(county, sign_in, settings):
    assert is_page(sign_in("clerk").get("/cases/?q=a%00b"), 400, "没有收下")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    long = {"story": "长" * 200}
    assert is_page(sign_in("clerk").post("/petitions/register/", long, content_type="application/x-www-form-urlencoded"), 400, "没有收下")


@pytest.mark.django_db
def test_files_too_large_for_a_public_page(county):
    answer = Client().generic("POST", "/submit/", b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(REQUEST_BYTES + 1))
    assert is_page(answer, 413, "文件太大，没有收下")


@pytest.mark.django_db
def test_not_yours_not_there_and_an_old_page(county, sign_in):
    assert is_page(sign_in("handler").get("/petitions/routing/"), 403, "没有权限")
    assert is_page(sign_in("handler").get("/petitions/370685-2026-999999/"), 404, "没有找到")
    stranger = Client().get("/progres/")
    assert is_page(stranger, 404, "没有找到")
    assert "/inbox/" not in stranger.content.decode(), "an empty shell of the staff's is nothing to a citizen who mistyped"
    assert 'href="/progress/"' in stranger.content.decode()
    assert is_page(Client(enforce_csrf_checks=True).post("/sign-in/"), 403, "页面已过期")


@pytest.mark.django_db
def test_an_act_refused_outside_its_page(county, sign_in):
    assert is_page(sign_in("system_admin").post("/profile/token/"), 403, "没有办成")


@pytest.mark.django_db
def test_what_broke(county, sign_in, monkeypatch):
    client = sign_in("clerk")
    client.raise_request_exception = False
    monkeypatch.setattr(lists, "clock", None)
    assert is_page(client.get("/cases/"), 500, "系统出错了")


@pytest.mark.django_db
def test_a_database_that_is_away_is_said_as_that(county, sign_in):
    """Every statement meets a real refusal: a port where no PostgreSQL listens."""
    client = sign_in("clerk")
    client.raise_request_exception = False

    def unreachable(*_words: object) -> None:
        with connection.wrap_database_errors:
            psycopg.connect("host=127.0.0.1 port=1 dbname=x connect_timeout=2")

    with connection.execute_wrapper(unreachable):
        page, machine = client.get("/cases/"), client.get("/api/v1/cases/")
    assert is_page(page, 503, "系统正在维护")
    assert page.headers["Retry-After"] == "60"
    assert (machine.status_code, machine.json()["code"]) == (503, "away")


@pytest.mark.django_db
def test_a_statement_that_was_refused_is_not_a_database_that_is_away():
    with pytest.raises(OperationalError) as waited, connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)")
    assert not failures.is_away(waited.value)
    assert not failures.is_away(ValueError())
