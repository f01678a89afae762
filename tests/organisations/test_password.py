"""What a password must be, and that the last five do not come back (L-SEC-3, L-SEC-9)."""

import itertools

import pytest
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework.templatetags.components import kept
from organisations import passwords
from organisations.models import AccessEntry, User
from tests.factories.county import PASSWORD, County

URL = "/profile/password/"


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Kuai-8xz", "password_short"),
        ("zhongguo-xinfang", "password_classes"),
        ("ALLUPPER12345678", "password_classes"),
        ("Liuxiaoyan-2026", "password_person"),
        ("liuxiaoyan#Ab12", "password_person"),
        ("Ab#13800132046x", "password_number"),
        ("Ab#370685199001011234", "password_number"),
        ("Password1234", "password_too_common"),
    ],
)
def test_what_is_refused(word: str, code: str) -> None:
    user = User(username="liuxy", name="刘晓燕", phone="13800132046")
    with pytest.raises(ValidationError) as refused:
        validate_password(word, user)
    assert code in {error.code for error in refused.value.error_list}


@pytest.mark.parametrize("word", ["Chun-Feng-7788", "bi 12 Qing wa zai tiao", "夏天Hao热呀2026年啊呀呀"])
def test_what_is_accepted(word: str) -> None:
    validate_password(word, User(username="liuxy", name="刘晓燕", phone="13800132046"))


def test_one_time_passwords_pass_their_own_rules_and_differ() -> None:
    made = {passwords.one_time() for _ in range(200)}
    assert len(made) == 200
    for word in made:
        validate_password(word, User(username="liuxy", name="刘晓燕"))


def test_the_first_sign_in_changes_the_password(county: County, client: Client) -> None:
    person = county.people["clerk"]
    person.must_change_password = True
    person.save()
    client.post("/sign-in/", {"username": "clerk", "password": PASSWORD})
    assert client.get("/contacts/").headers["Location"] == URL
    assert client.get("/contacts/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == URL
    assert client.get("/api/v1/cases/").status_code == 403
    assert client.get(URL).status_code == 200
    new = "Chun-Feng-7788"
    assert client.post(URL, {"old": PASSWORD, "new": new, "again": new}).headers["Location"] == "/"
    assert client.get("/contacts/").status_code == 200
    assert AccessEntry.objects.filter(event="password", succeeded=True).count() == 1


def test_the_last_five_do_not_come_back(county: County, sign_in) -> None:
    client = sign_in("clerk")
    words = [PASSWORD, *[f"Chun-Feng-{n}{n}{n}{n}" for n in range(1, 7)]]
    for old, new in itertools.pairwise(words[:6]):
        assert client.post(URL, {"old": old, "new": new, "again": new}).status_code == 302
    for used in (words[5], words[1]):
        answer = client.post(URL, {"old": words[5], "new": used, "again": used})
        assert "不能使用最近 5 次用过的密码" in answer.content.decode()
    assert client.post(URL, {"old": words[5], "new": words[6], "again": words[6]}).status_code == 302


def test_a_wrong_old_password_changes_nothing_and_is_logged(county: County, sign_in) -> None:
    client = sign_in("clerk")
    answer = client.post(URL, {"old": "wrong", "new": "Chun-Feng-7788", "again": "Chun-Feng-7788"})
    assert answer.status_code == 422
    assert "原密码不正确" in answer.content.decode()
    assert "Chun-Feng" not in answer.content.decode()
    county.people["clerk"].refresh_from_db()
    assert county.people["clerk"].check_password(PASSWORD)
    assert AccessEntry.objects.get(event="password").succeeded is False


def test_the_two_new_ones_must_agree(county: County, sign_in) -> None:
    answer = sign_in("clerk").post(URL, {"old": PASSWORD, "new": "Chun-Feng-7788", "again": "Chun-Feng-7789"})
    assert "两次输入的新密码不一致" in answer.content.decode()


def test_a_refused_password_form_does_not_say_that_what_was_typed_is_still_there(county: County, sign_in) -> None:
    page = sign_in("clerk").post("/profile/password/", {"old": "x", "new": "Duan-1", "again": "Duan-2"}).content.decode()
    assert "处需要改正，密码请重新输入" in page
    assert "改正，您填写的内容都还在" not in page


def test_a_file_that_was_sent_must_be_chosen_again() -> None:
    class Given(forms.Form):
        words = forms.CharField()
        paper = forms.FileField()

    with_file = Given({"words": ""}, {"paper": SimpleUploadedFile("a.pdf", b"x")})
    assert kept(with_file) == "文件请重新选择，其他内容都还在"
    assert kept(Given({"words": ""})) == "您填写的内容都还在"
