"""How long a sign-in lives (L-SEC-8), and what it costs."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from organisations.actions import posts
from organisations.models import AccessEntry
from tests.factories.county import PASSWORD, County


def enter(name: str) -> Client:
    client = Client()
    assert client.post("/sign-in/", {"username": name, "password": PASSWORD}).status_code == 302
    return client


def after(minutes: float):
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False)


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def test_half_an_hour_without_a_touch_ends_it(county: County) -> None:
    client = enter("clerk")
    with after(29):
        assert is_in(client)
    with after(58):
        assert is_in(client)
    with after(90):
        assert not is_in(client)
    assert AccessEntry.objects.get(event="sign_out").ground == "长时间无操作"


def test_a_poll_of_the_page_itself_is_not_a_touch(county: County) -> None:
    client = enter("clerk")
    for minute in (10, 20, 30):
        with after(minute):
            assert client.get("/session/keep/", headers={"X-Background": "1"}).status_code == 204
    with after(32):
        assert not is_in(client)


def test_twelve_hours_end_it_however_busy(county: County) -> None:
    client = enter("clerk")
    for minute in range(25, 12 * 60, 25):
        with after(minute):
            assert is_in(client)
    with after(12 * 60 + 1):
        assert not is_in(client)
    assert AccessEntry.objects.get(event="sign_out").ground == "登录已满最长时间"


def test_a_window_may_have_a_shorter_limit(county: County) -> None:
    posts.set_policy("window_clerk", second_factor=False, idle_minutes=10, by=county.scope("security_admin"))
    client = enter("clerk")
    assert 'data-session-idle="600"' in client.get("/profile/").content.decode()
    with after(12):
        assert not is_in(client)


def test_a_new_post_ends_the_sessions(county: County) -> None:
    client, other = enter("handler"), enter("handler2")
    posts.appoint(
        user_id=county.people["handler"].id,
        unit_id=county.units["land"].id,
        role="head",
        title="",
        from_on=timezone.localdate(),
        until_on=None,
        by=county.scope("security_admin"),
    )
    assert not is_in(client)
    assert is_in(other)
    assert is_in(enter("handler"))


def test_a_changed_password_ends_the_other_sessions(county: County) -> None:
    here, there = enter("clerk"), enter("clerk")
    new = "Xin-Mima-2026-ab"
    answer = here.post("/profile/password/", {"old": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 302
    assert is_in(here)
    assert not is_in(there)


def test_an_ordinary_request_reads_no_session_from_the_database(county: County, django_assert_num_queries) -> None:
    client = enter("clerk")
    client.get("/session/keep/")
    with django_assert_num_queries(1) as asked:
        client.get("/session/keep/")
    assert "organisations_user" in asked.captured_queries[0]["sql"]


def test_a_lost_cache_signs_nobody_out(county: County) -> None:
    client = enter("clerk")
    cache.clear()
    assert is_in(client)


@pytest.mark.parametrize(("age", "must"), [(89, False), (91, True)])
def test_a_password_lasts_ninety_days(county: County, age: int, must: bool) -> None:
    person = county.people["clerk"]
    person.password_changed_at = timezone.now() - timedelta(days=age)
    person.save()
    answer = enter("clerk").get("/profile/")
    assert (answer.status_code == 302) is must
