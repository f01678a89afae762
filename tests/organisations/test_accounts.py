"""账号: the system administrator creates, resets, unlocks, closes; the password is shown once (L-SEC-4, L-SEC-9)."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from rest_framework.authtoken.models import Token

from organisations.models import AccessEntry, User
from tests.factories.county import PASSWORD, County
from tests.factories.petitions import signed

NEW = {"username": "zhaoyun", "name": "赵云", "staff_number": "0107", "phone": "13800132046"}


@pytest.fixture
def admin(sign_in) -> Client:
    return sign_in("system_admin")


def shown(page: str) -> str:
    found = re.search(r'id="word">([^<]+)<', page)
    assert found
    return found.group(1)


def test_it_creates_an_account_whose_password_is_shown_once(county: County, admin: Client) -> None:
    answer = admin.post("/people/new/", NEW)
    word = shown(answer.content.decode())
    assert "no-store" in answer.headers["Cache-Control"]
    user = User.objects.get(username="zhaoyun")
    assert user.must_change_password
    assert user.initials
    assert word not in admin.get(f"/people/{user.id}/").content.decode()
    client = Client()
    assert client.post("/sign-in/", {"username": "zhaoyun", "password": word}).status_code == 302
    assert client.get("/contacts/").headers["Location"] == "/profile/password/"
    row = AccessEntry.objects.get(event="account")
    assert (row.user_id, row.object_id, row.ground) == (county.people["system_admin"].id, str(user.id), "新建账号")
    assert word not in str(row.detail)


def test_a_second_click_makes_no_second_account(county: County, admin: Client) -> None:
    admin.post("/people/new/", NEW)
    again = admin.post("/people/new/", {**NEW, "username": "ZhaoYun"})
    assert again.status_code == 422
    assert "已有人使用" in again.content.decode()
    assert User.objects.filter(username__iexact="zhaoyun").count() == 1


@pytest.mark.parametrize("wrong", [{"username": "赵云"}, {"username": "ab"}, {"name": "赵"}, {"phone": "12345"}])
def test_bad_input_keeps_what_was_typed(county: County, admin: Client, wrong: dict[str, str]) -> None:
    answer = admin.post("/people/new/", {**NEW, **wrong})
    assert answer.status_code == 422
    assert 'value="0107"' in answer.content.decode()


@pytest.mark.parametrize("person", ["clerk", "head", "leader", "auditor", "security_admin", "audit_admin"])
def test_nobody_else_has_this_console(county: County, sign_in, person: str) -> None:
    client, clerk = sign_in(person), county.people["clerk2"]
    for url in ("/people/", "/people/new/", f"/people/{clerk.id}/"):
        assert client.get(url).status_code == 404
    for verb in ("reset", "deactivate", "unlock", "second-factor", "activate"):
        assert client.post(f"/people/{clerk.id}/{verb}/", {"ground": "x"}).status_code == 404
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)


def test_a_reset_ends_the_sessions_and_the_token(county: County, admin: Client, sign_in) -> None:
    clerk = sign_in("clerk")
    Token.objects.create(user=county.people["clerk"])
    word = shown(admin.post(f"/people/{county.people['clerk'].id}/reset/").content.decode())
    assert clerk.get("/contacts/").status_code == 302
    assert not Token.objects.exists()
    assert Client().post("/sign-in/", {"username": "clerk", "password": word}).status_code == 302
    assert AccessEntry.objects.filter(event="password_reset").count() == 1


def test_nobody_resets_himself(county: County, admin: Client) -> None:
    own = county.people["system_admin"].id
    assert admin.post(f"/people/{own}/reset/").status_code == 403
    assert admin.post(f"/people/{own}/deactivate/", {"ground": "x"}).status_code == 403


def test_it_unlocks(county: County, admin: Client) -> None:
    client, url = Client(), f"/people/{county.people['clerk'].id}/"
    for _ in range(5):
        client.post("/sign-in/", {"username": "clerk", "password": "wrong"})
    assert "锁定到" in admin.get(url).content.decode()
    assert "clerk" in admin.get("/people/?show=locked").content.decode()
    admin.post(f"{url}unlock/")
    assert client.post("/sign-in/", {"username": "clerk", "password": PASSWORD}).status_code == 302
    assert AccessEntry.objects.filter(event="unlocked").count() == 1


def test_closing_is_refused_while_cases_name_the_person(county: County, admin: Client) -> None:
    petition = signed(county)
    handler = petition.case.handler
    url = f"/people/{handler.id}/"
    answer = admin.post(f"{url}deactivate/", {"ground": "调走"})
    assert answer.status_code == 409
    assert "未办结" in answer.content.decode()
    assert petition.case.number not in answer.content.decode()
    assert petition.case.title not in answer.content.decode()
    handler.refresh_from_db()
    assert handler.is_active


def test_closing_ends_everything_and_can_be_undone(county: County, admin: Client, sign_in) -> None:
    person, client = county.people["water_handler"], sign_in("water_handler")
    url = f"/people/{person.id}/"
    assert admin.post(f"{url}deactivate/", {"ground": "调走"}).status_code == 302
    assert client.get("/contacts/").status_code == 302
    assert admin.post(f"{url}deactivate/", {"ground": "调走"}).status_code == 409
    shown(admin.post(f"{url}activate/").content.decode())
    assert admin.post(f"{url}activate/").status_code == 409


def test_search_by_initials_and_paging(county: County, admin: Client) -> None:
    page = admin.get("/people/?q=lxy").content.decode()
    assert "刘晓燕" in page
    assert "孙志远" not in page


def test_the_clock_user_is_made_once_and_cannot_be_seen(county: County, admin: Client, capsys) -> None:
    call_command("ensure_clock_user")
    call_command("ensure_clock_user")
    clock = User.objects.get(is_clock=True)
    assert admin.get(f"/people/{clock.id}/").status_code == 404


def test_unlock_on_the_command_line(county: County, capsys) -> None:
    for _ in range(5):
        Client().post("/sign-in/", {"username": "clerk", "password": "wrong"})
    call_command("unlock", "clerk")
    assert AccessEntry.objects.get(event="unlocked").user_label == "命令行"
    with pytest.raises(CommandError):
        call_command("unlock", "clerk")
