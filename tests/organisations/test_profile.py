"""个人设置 and 通讯录: one's own comfort and keys; who holds which post."""

import pytest
from rest_framework.authtoken.models import Token

from organisations.models import AccessEntry
from tests.factories.county import County


def test_the_page_shows_own_data_posts_and_sign_ins(county: County, client) -> None:
    client.post("/sign-in/", {"username": "clerk", "password": "Yimen-Ceshi-2026"})
    page = client.get("/profile/").content.decode()
    for words in ("刘晓燕", "窗口登记员", "最近登录", "127.0.0.1"):
        assert words in page


def test_appearance_is_kept(county: County, sign_in) -> None:
    client = sign_in("clerk")
    assert client.post("/profile/appearance/", {"theme": "dark"}).status_code == 204
    given = {"theme": "dark", "density": "cozy", "single_keys": "off", "from_page": "1"}
    assert client.post("/profile/appearance/", given).status_code == 302
    page = client.get("/profile/").content.decode()
    assert 'data-theme="dark" data-density="cozy" data-single-keys="off"' in page
    assert client.post("/profile/appearance/", {"theme": "pink"}).status_code == 422


def test_a_token_is_shown_once_replaced_and_revoked(county: County, sign_in) -> None:
    client = sign_in("clerk")
    first = client.post("/profile/token/")
    key = Token.objects.get().key
    assert key in first.content.decode()
    assert "no-store" in first.headers["Cache-Control"]
    assert key not in client.get("/profile/").content.decode()
    client.post("/profile/token/")
    assert Token.objects.get().key != key
    client.post("/profile/token/revoke/")
    client.post("/profile/token/revoke/")
    assert not Token.objects.exists()
    assert AccessEntry.objects.filter(event="token").count() == 3


def test_an_administrator_gets_no_token(county: County, sign_in) -> None:
    assert sign_in("system_admin").post("/profile/token/").status_code == 403
    assert not Token.objects.exists()


def test_the_contact_book_by_unit_and_by_initials(county: County, sign_in, django_assert_max_num_queries) -> None:
    client = sign_in("clerk")
    assert "王海涛" in client.get(f"/contacts/?unit={county.units['land'].id}").content.decode()
    page = client.get("/contacts/?q=wht").content.decode()
    assert "王海涛" in page
    assert "吴刚" not in page
    client.get("/contacts/")
    with django_assert_max_num_queries(12):
        client.get("/contacts/")


@pytest.mark.parametrize("q", ["", "wht", "王海涛", "handler"])
def test_the_lookup_of_people(county: County, sign_in, q: str) -> None:
    answer = sign_in("clerk").get("/lookups/people/", {"q": q})
    assert answer.status_code == 200
    assert not q or any(row["value"] == county.people["handler"].id for row in answer.json())


def test_nothing_is_open_without_signing_in(county: County, client) -> None:
    for address in ("/profile/", "/contacts/", "/absence/", "/people/", "/units/", "/posts/", "/access-log/", "/lookups/people/", "/session/keep/"):
        assert client.get(address).headers["Location"].startswith("/sign-in/?next="), address
