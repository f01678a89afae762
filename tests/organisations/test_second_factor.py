"""The second factor (L-SEC-3): bound by the person, demanded by the role, asked at every sign-in."""

import base64
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from types import SimpleNamespace

import pytest
import time_machine
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp

from organisations import cipher
from organisations.actions import accounts, posts, signing_in
from organisations.models import AccessEntry, SecondFactor
from tests.factories.county import PASSWORD, County


def code_of(device: SecondFactor, shift: int = 0) -> str:
    return f"{totp(device.bin_key, step=device.step, t0=device.t0, digits=device.digits, drift=shift):06d}"


@pytest.fixture
def bound(county: County) -> SecondFactor:
    return SecondFactor.objects.create(user=county.people["clerk"], name="手机", confirmed=True, key=SecondFactor.new_key())


def password(client: Client, name: str = "clerk", **more: str):
    return client.post("/sign-in/", {"username": name, "password": PASSWORD, **more})


def test_the_code_is_asked_for_and_leads_back(county, bound, client: Client) -> None:
    first = password(client, next="/contacts/")
    assert first.headers["Location"] == "/sign-in/code/"
    assert client.get("/profile/").status_code == 302
    done = client.post("/sign-in/code/", {"code": code_of(bound)})
    assert done.headers["Location"] == "/contacts/"
    assert AccessEntry.objects.get(event="sign_in").ground == "密码加动态口令"


def test_a_password_reset_between_the_two_steps_ends_the_first(county, bound, client: Client) -> None:
    password(client)
    accounts.reset_password(county.people["clerk"].id, by=county.scope("system_admin"))
    assert client.post("/sign-in/code/", {"code": code_of(bound)}).headers["Location"] == "/sign-in/"
    assert client.get("/profile/").status_code == 302
    assert not AccessEntry.objects.filter(event="sign_in").exists()


def test_a_code_works_once(county, bound) -> None:
    code = code_of(bound)
    for expected in (302, 422):
        client = Client()
        password(client)
        assert client.post("/sign-in/code/", {"code": code}).status_code == expected


def test_wrong_codes_lock_and_the_password_does_not_reset_the_count(county, bound) -> None:
    for _ in range(5):
        client = Client()
        password(client)
        answer = client.post("/sign-in/code/", {"code": "000000"})
    assert "已锁定到" in answer.content.decode()
    assert "已锁定到" in password(Client()).content.decode()


def test_the_second_step_lapses_after_five_minutes(county, bound, client: Client) -> None:
    password(client)
    with time_machine.travel(time.time() + 301, tick=False):
        assert client.post("/sign-in/code/", {"code": code_of(bound)}).headers["Location"] == "/sign-in/"


def test_the_second_step_needs_the_first(county, bound, client: Client) -> None:
    assert client.get("/sign-in/code/").headers["Location"] == "/sign-in/"


def test_the_overlay_asks_for_the_code_too(county, bound, client: Client) -> None:
    given = {"username": "clerk", "password": PASSWORD}
    asked = client.post("/sign-in/?overlay=1", given)
    assert (asked.json()["ok"], asked.json()["needs_otp"]) == (False, True)
    assert "_auth_user_id" not in client.session
    assert client.post("/sign-in/?overlay=1", {**given, "otp_token": "000000"}).json()["needs_otp"] is True
    assert client.post("/sign-in/?overlay=1", {**given, "otp_token": code_of(bound)}).json()["ok"] is True


def test_a_role_demands_enrolment_at_the_next_sign_in(county: County, client: Client) -> None:
    posts.set_policy("window_clerk", second_factor=True, idle_minutes=None, by=county.scope("security_admin"))
    password(client)
    assert client.get("/contacts/").headers["Location"] == "/profile/second-factor/"
    page = client.get("/profile/second-factor/")
    assert "no-store" in page.headers["Cache-Control"]
    picture = client.get("/profile/second-factor/code.svg")
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/svg+xml")
    device = SecondFactor.objects.get(user=county.people["clerk"])
    assert client.post("/profile/second-factor/", {"code": "000000"}).status_code == 422
    assert client.get("/contacts/").status_code == 302
    assert client.post("/profile/second-factor/", {"code": code_of(device)}).status_code == 302
    assert client.get("/contacts/").status_code == 200


def test_administrators_need_it_without_any_setting(county: County, client: Client) -> None:
    password(client, "system_admin")
    assert client.get("/people/").headers["Location"] == "/profile/second-factor/"


def test_a_new_demand_ends_the_sessions_of_those_without_a_device(county: County, bound) -> None:
    bare, with_device = Client(), Client()
    password(bare, "clerk2")
    password(with_device)
    with_device.post("/sign-in/code/", {"code": code_of(bound)})
    posts.set_policy("window_clerk", second_factor=True, idle_minutes=None, by=county.scope("security_admin"))
    assert bare.get("/contacts/").headers["Location"].startswith("/sign-in/")
    assert with_device.get("/contacts/").status_code == 200


def test_the_secret_is_not_shown_again(county: County, bound, sign_in) -> None:
    client = sign_in("clerk")
    assert client.get("/profile/second-factor/").status_code == 302
    assert client.get("/profile/second-factor/code.svg").status_code == 409


def test_one_may_unbind_unless_the_role_demands_it(county: County, bound, sign_in) -> None:
    client = sign_in("clerk")
    assert client.post("/profile/second-factor-removal/", {"password": "wrong"}).status_code == 422
    posts.set_policy("window_clerk", second_factor=True, idle_minutes=None, by=county.scope("security_admin"))
    refused = client.post("/profile/second-factor-removal/", {"password": PASSWORD})
    assert refused.status_code == 403
    posts.set_policy("window_clerk", second_factor=False, idle_minutes=None, by=county.scope("security_admin"))
    assert client.post("/profile/second-factor-removal/", {"password": PASSWORD}).status_code == 302
    assert not SecondFactor.objects.exists()


def test_the_administrator_resets_a_lost_device(county: County, bound, sign_in) -> None:
    clerk, admin = Client(), sign_in("system_admin")
    password(clerk)
    clerk.post("/sign-in/code/", {"code": code_of(bound)})
    url = f"/people/{county.people['clerk'].id}/second-factor/"
    assert admin.post(url).status_code == 302
    assert clerk.get("/profile/").status_code == 302
    assert admin.post(url).status_code == 409
    row = AccessEntry.objects.get(event="second_factor")
    assert (row.user_id, row.object_id) == (county.people["system_admin"].id, str(county.people["clerk"].id))
    assert timezone.localdate(row.at) == timezone.localdate()


def test_the_secret_lies_sealed_in_the_table(county: County, client: Client) -> None:
    """A copy of the database makes no codes: what is stored opens only with the house's key (L-SEC-3)."""
    posts.set_policy("window_clerk", second_factor=True, idle_minutes=None, by=county.scope("security_admin"))
    password(client)
    client.get("/profile/second-factor/")
    device = SecondFactor.objects.get(user=county.people["clerk"])
    stored = SecondFactor.objects.values_list("key", flat=True).get(pk=device.pk)
    assert stored.startswith(f"{cipher.current_key_id()}:")
    assert device.bin_key.hex() not in stored
    assert len(device.bin_key) == SecondFactor.KEY_SIZE
    assert base64.b32encode(device.bin_key).decode() in client.get("/profile/second-factor/").content.decode().replace(" ", "")


def test_secrets_kept_in_clear_before_are_sealed_by_the_migration(county: County) -> None:
    migration = import_module("organisations.migrations.0005_sealed_second_factors")
    plain = SecondFactor.objects.create(user=county.people["clerk"], name="手机", confirmed=True, key="ab" * 20)
    migration.seal(apps, SimpleNamespace(connection=connection))
    plain.refresh_from_db()
    assert plain.bin_key == bytes.fromhex("ab" * 20)
    migration.unseal(apps, SimpleNamespace(connection=connection))
    assert SecondFactor.objects.values_list("key", flat=True).get(pk=plain.pk) == "ab" * 20


@pytest.mark.django_db(transaction=True)
def test_a_code_lets_in_once_however_many_try_it_at_the_same_moment(county, bound) -> None:
    """Both wait for the row of the device: who reads it before the other has written it would find the code unused."""
    person, code = county.people["clerk"], code_of(bound)

    def entered() -> bool:
        try:
            return signing_in.confirm_code(person, code).user is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            SecondFactor.objects.select_for_update().get(pk=bound.pk)
            tries = [pool.submit(entered) for _ in range(2)]
            time.sleep(1)
        assert sorted(each.result(timeout=20) for each in tries) == [False, True]
