"""/healthz for load balancers, and the address behind a proxy."""

import pytest
from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings

from config.proxy import TrueAddress


@pytest.mark.django_db
def test_everything_answers(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"ok": True, "database": True, "cache": True}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_a_dead_cache_is_said_without_details(client: Client) -> None:
    dead = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/1"}}
    with override_settings(CACHES=dead):
        caches.close_all()
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"ok": False, "database": True, "cache": False}


@pytest.mark.django_db
def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_no_redirect_to_https_for_the_machine_itself(client: Client) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True):
        assert client.get("/healthz").status_code == 200
        assert client.get("/nowhere").status_code == 301


@pytest.mark.django_db
def test_the_answer_carries_the_strict_policy(client: Client) -> None:
    answer = client.get("/healthz")
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


def test_behind_our_proxy_the_address_is_the_persons() -> None:
    seen = TrueAddress(lambda request: HttpResponse(request.META["REMOTE_ADDR"]))
    assert seen(RequestFactory().get("/", headers={"X-Real-IP": "10.1.2.3"})).content == b"10.1.2.3"
    assert seen(RequestFactory().get("/")).content == b"127.0.0.1"


@pytest.mark.django_db
def test_a_monitor_reads_ages_and_counts_and_nothing_else(client: Client) -> None:
    answer = client.get("/healthz?details=1").json()
    assert answer["ok"] is True
    details = answer["details"]
    assert details["well"] is False  # nothing has ever run here
    assert details["sweeps"]["casework.remind"] == {"age_s": None, "late": True, "failed": False}
    assert details["outbox"]["sms"] == {"configured": False, "waiting": 0, "oldest_s": None, "dead": 0}
    assert details["papers"] == {"waiting": 0, "failed": 0, "oldest_s": None}
    assert set(details) == {"well", "sweeps", "outbox", "papers", "sealed_until", "calendar_missing"}
