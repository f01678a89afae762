"""One's own keyboard map, by keyboard alone: a key is moved on the profile page, and every page, cap and sheet obeys (DESIGN.md §7.1)."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from organisations.models import User
from tests.factories import disputes_talks, petitions


def choose(page: Page, command: str, key: str) -> None:
    page.locator(f"#id_{command}").focus()
    page.keyboard.press(key)


def test_a_moved_key_is_obeyed_everywhere_and_goes_back(house, people):
    petitions.registered(house)
    page = people("clerk")
    page.goto("/profile/")
    choose(page, "save", "F5")
    choose(page, "register", "F9")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#errors")).to_contain_text("不能用“F5”")
    expect(page.locator("#id_register")).to_have_value("F9")
    choose(page, "save", "Alt+g")
    choose(page, "register", "Alt+r")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#errors")).to_contain_text("“Alt R”与“继续上一份草稿”相同")
    choose(page, "register", "Alt+j")
    choose(page, "texts", "Alt+y")
    choose(page, "next", "l")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("快捷键已保存")
    page.goto("/cases/?view=all")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Alt G")
    expect(page.locator("#keys")).not_to_contain_text("F9")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator(".is-cur")).to_have_count(0)
    page.keyboard.press("l")
    expect(page.locator(".is-cur")).to_have_count(1)
    page.keyboard.press("Alt+1")
    page.keyboard.press("Alt+j")
    page.wait_for_url("**/petitions/register/")
    expect(page.locator(".regform__print")).to_contain_text("Alt G")
    page.locator("#regform textarea").first.focus()
    page.keyboard.press("Alt+y")
    expect(page.locator("#texts-q")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#texts-pick")).to_be_hidden()
    page.keyboard.press("Alt+g")
    expect(page.locator(".errsum")).to_be_visible()
    page.goto("/profile/")
    page.get_by_role("button", name="恢复标准").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("恢复标准")
    assert User.objects.get(username="clerk").keys == {}
    page.goto("/cases/?view=all")
    page.keyboard.press("j")
    expect(page.locator(".is-cur")).to_have_count(1)


def test_n_opens_the_record_of_a_talk_on_a_dispute(house, people):
    """The map of DESIGN.md §7.1 names it; in a field it stays a letter."""
    dispute = disputes_talks.with_mediator(house)
    page = people("village_cadre")
    page.goto(f"/mediation/{dispute.case.number}/")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("记录调解")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.wait_for_url("**/?act=hold_session*")
    page.locator("#act-form textarea:visible").first.focus()
    page.keyboard.type("nn")
    expect(page.locator("#act-form textarea:visible").first).to_have_value("nn")


def test_tab_to_a_late_field_leaves_the_case_page_in_its_frame(house, people):
    """Boxes hidden for readers aloud lay outside the part that scrolls: the frame itself slid away and left the page blank."""
    dispute = disputes_talks.with_mediator(house)
    page = people("village_cadre")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"/mediation/{dispute.case.number}/?act=hold_session")
    page.locator("#act-form [name=present]").first.focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.locator("#main").evaluate("n => n.scrollTop") == 0
