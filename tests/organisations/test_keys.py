"""One's own keyboard map (DESIGN.md §7.1): what may be chosen, what is refused with which sentence, and the way back to the standard."""

from __future__ import annotations

import pytest

from organisations import shortcuts
from organisations.actions import accounts
from organisations.models import User
from organisations.rules import NotAllowed
from tests.factories.county import County

STANDARD = shortcuts.keys_of({})


def test_the_standard_map_is_free_of_problems():
    assert shortcuts.problems(STANDARD) == {}
    assert shortcuts.translation({}) == ""


@pytest.mark.parametrize(
    ("typed", "key"), [("alt s", "Alt+S"), ("ALT+S", "Alt+S"), ("ctrl enter", "Ctrl+Enter"), (" f8 ", "F8"), ("j", "J"), ("？", "?")]
)
def test_a_key_is_read_however_it_is_written(typed, key):
    assert shortcuts.spelled(typed) == key


@pytest.mark.parametrize("key", ["F1", "F3", "F5", "F6", "F7", "F10", "F11", "F12", "Ctrl+W", "Ctrl+T", "Alt+D", "Alt+E", "Alt+F", "Esc", "1"])
def test_what_belongs_to_the_browser_is_refused(key):
    assert shortcuts.problems({**STANDARD, "draft": key})["draft"].startswith(f"不能用“{key.replace('+', ' ')}”")


def test_a_clash_is_refused_on_both_lines_and_names_the_other():
    found = shortcuts.problems({**STANDARD, "draft": "F9"})
    assert found == {"draft": "“F9”与“保存并打印”相同，请换一个键。", "save": "“F9”与“暂存”相同，请换一个键。"}


def test_a_single_letter_will_not_do_where_one_types():
    assert "打字时也要用" in shortcuts.problems({**STANDARD, "save": "S"})["save"]


def test_two_may_change_places():
    swapped = {**STANDARD, "draft": "F9", "save": "F8"}
    assert shortcuts.problems(swapped) == {}
    assert shortcuts.changes(swapped) == {"draft": "F9", "save": "F8"}
    assert shortcuts.translation(shortcuts.changes(swapped)) == "F8=F9 F9=F8"


def test_the_person_saves_and_every_page_carries_the_map(county: County, sign_in) -> None:
    client = sign_in("clerk")
    assert client.post("/profile/keys/", {"save": "alt g", "next": "l"}).status_code == 302
    assert User.objects.get(username="clerk").keys == {"save": "Alt+G", "next": "L"}
    for address in ("/", "/cases/", "/petitions/register/"):
        assert 'data-keys="F9=Alt+G J=L"' in client.get(address).content.decode()
    assert "data-keys=" not in sign_in("office").get("/").content.decode()
    assert client.post("/profile/keys/standard/", {"save": "alt g"}).status_code == 302
    assert User.objects.get(username="clerk").keys == {}


def test_what_was_typed_stays_when_refused(county: County, sign_in) -> None:
    client = sign_in("clerk")
    answer = client.post("/profile/keys/", {"save": "F5", "next": "K"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="F5"' in page
    assert "有 3 处按键不能用，没有保存" in page
    assert "不能用“F5”" in page
    assert User.objects.get(username="clerk").keys == {}


def test_the_act_itself_refuses_too(county: County) -> None:
    with pytest.raises(NotAllowed):
        accounts.move_keys(county.people["clerk"], {**STANDARD, "save": "F8"})
    assert User.objects.get(username="clerk").keys == {}


def test_nobody_signed_in_moves_nothing(county: County, client) -> None:
    assert client.post("/profile/keys/", {"save": "Alt+G"}).status_code == 302
    assert not User.objects.exclude(keys={}).exists()
