"""登录: the password, the lock, the way back, the overlay over a page whose session died (L-SEC-3, beyond.md 1)."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from organisations.actions import signing_in
from organisations.models import AccessEntry, SignInCount
from tests.factories.county import PASSWORD

URL = "/sign-in/"
WRONG = {"username": "clerk", "password": "not-this-one"}
RIGHT = {"username": "clerk", "password": PASSWORD}


def events() -> list[str]:
    return list(AccessEntry.objects.order_by("id").values_list("event", flat=True))


def test_it_signs_in_and_returns_to_the_page(county, client: Client) -> None:
    closed = client.get("/profile/")
    assert closed.headers["Location"] == "/sign-in/?next=/profile/"
    page = client.get(closed.headers["Location"])
    assert 'name="next" value="/profile/"' in page.content.decode()
    answer = client.post(URL, {**RIGHT, "next": "/profile/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/profile/")
    assert client.get("/profile/").status_code == 200
    assert events() == ["sign_in"]


def test_the_name_is_not_case_sensitive(county, client: Client) -> None:
    assert client.post(URL, {**RIGHT, "username": "CLERK"}).status_code == 302


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/x", "javascript:alert(1)", "/sign-out/"])
def test_it_goes_only_to_pages_of_ours(county, client: Client, wanted: str) -> None:
    assert client.post(URL, {**RIGHT, "next": wanted}).headers["Location"] == "/"


def test_known_and_unknown_names_are_answered_alike(county, client: Client) -> None:
    known = client.post(URL, WRONG).content.decode()
    unknown = client.post(URL, {**WRONG, "username": "nobody"}).content.decode()
    words = "登录名或密码不正确，还可以再试 4 次。"
    assert words in known
    assert words in unknown
    row = AccessEntry.objects.get(user=None)
    assert (row.event, row.succeeded, row.user_label) == ("sign_in_failed", False, "未知登录名 no…")


@pytest.mark.parametrize("name", ["clerk", "nobody"])
def test_five_failures_lock_for_half_an_hour(county, client: Client, name: str) -> None:
    for _ in range(5):
        answer = client.post(URL, {"username": name, "password": "wrong"})
    assert "已锁定到" in answer.content.decode()
    assert events()[-1] == "locked"
    locked = client.post(URL, {"username": name, "password": PASSWORD})
    assert "已锁定到" in locked.content.decode()
    assert "_auth_user_id" not in client.session


def test_the_lock_ends_by_itself(county, client: Client) -> None:
    for _ in range(5):
        client.post(URL, WRONG)
    with time_machine.travel(timezone.now() + timedelta(minutes=29), tick=False):
        assert client.post(URL, RIGHT).status_code == 422
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        assert client.post(URL, RIGHT).status_code == 302
    assert not SignInCount.objects.exists()


def test_the_lock_hits_one_name_only(county, client: Client) -> None:
    for _ in range(5):
        client.post(URL, WRONG)
    assert client.post(URL, {**RIGHT, "username": "office"}).status_code == 302


def test_success_forgets_the_failures(county, client: Client) -> None:
    for _ in range(4):
        client.post(URL, WRONG)
    client.post(URL, RIGHT)
    client.post("/sign-out/")
    assert "还可以再试 4 次" in client.post(URL, WRONG).content.decode()


def test_an_inactive_person_and_the_clock_cannot_sign_in(county, client: Client) -> None:
    county.people["clerk"].is_active = False
    county.people["clerk"].save()
    assert "登录名或密码不正确" in client.post(URL, RIGHT).content.decode()
    assert "登录名或密码不正确" in client.post(URL, {**RIGHT, "username": "xitong"}).content.decode()


def test_no_typed_word_is_kept_in_clear(county, client: Client) -> None:
    client.post(URL, {"username": "MyPassw0rd-typed-here", "password": "x"})
    row = SignInCount.objects.get()
    assert "passw0rd" not in row.key
    assert "Passw0rd" not in AccessEntry.objects.get().user_label


def test_signing_out_is_a_post_and_is_logged(county, sign_in) -> None:
    client = sign_in("clerk")
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert client.get("/profile/").status_code == 302
    assert events() == ["sign_out"]


def test_a_form_without_a_token_is_refused(county) -> None:
    assert Client(enforce_csrf_checks=True).post(URL, RIGHT).status_code == 403


def test_a_session_that_dies_between_get_and_post_keeps_the_page(county) -> None:
    """Open the form, let the session die, send it: 401; sign in on top; send the same again with the fresh token."""
    client = Client(enforce_csrf_checks=True)
    page = client.get(URL)
    token = page.context["csrf_token"]
    client.post(URL, {**RIGHT, "csrfmiddlewaretoken": str(token)})
    form_token = str(client.get("/profile/").context["csrf_token"])
    typed = {"theme": "dark", "density": "cozy", "csrfmiddlewaretoken": form_token}
    fetch = {"X-Requested-With": "fetch"}
    with time_machine.travel(timezone.now() + timedelta(minutes=32), tick=False):
        dead = client.get("/session/keep/", headers=fetch)
        assert (dead.status_code, dead.headers["X-Session-Expired"]) == (401, "1")
        refused = client.post("/profile/appearance/", typed, headers=fetch)
        assert refused.status_code in (401, 403)
        over = client.post("/sign-in/?overlay=1", RIGHT, headers={**fetch, "X-CSRFToken": form_token})
        answer = over.json()
        assert answer == {"ok": True, "csrf": answer["csrf"], "needs_otp": False, "message": ""}
        sent = client.post("/profile/appearance/", {**typed, "csrfmiddlewaretoken": answer["csrf"]}, headers=fetch)
        assert sent.status_code == 204
    county.people["clerk"].refresh_from_db()
    assert (county.people["clerk"].theme, county.people["clerk"].density) == ("dark", "cozy")
    assert "sign_out" in events()


def test_the_overlay_says_what_is_wrong(county, client: Client) -> None:
    answer = client.post("/sign-in/?overlay=1", WRONG)
    assert answer.status_code == 422
    assert answer.json()["ok"] is False
    assert "还可以再试 4 次" in answer.json()["message"]


def test_htmx_gets_401_and_a_browser_is_sent_to_sign_in(county, client: Client) -> None:
    assert client.get("/profile/", headers={"HX-Request": "true"}).status_code == 401
    assert client.get("/profile/", headers={"Sec-Fetch-Mode": "cors"}).status_code == 401
    form = client.post("/profile/appearance/", {"theme": "dark"}, headers={"Referer": "http://testserver/profile/"})
    assert form.headers["Location"] == "/sign-in/?next=/profile/&expired=1"


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_do_not_exceed_the_limit(county) -> None:
    judged: list[bool] = []

    def guess() -> None:
        judged.append("还可以再试" in signing_in.sign_in("clerk", "wrong").message)
        connection.close()

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(judged) == 12
    assert AccessEntry.objects.filter(event="locked").count() >= 1
    assert sum(judged) <= 4
