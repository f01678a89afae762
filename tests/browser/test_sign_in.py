"""Signing in by keyboard alone, and a session that dies while a form is being filled in (beyond.md 1)."""

import pytest
from playwright.sync_api import Page, expect

from organisations import clock
from organisations.models import Absence
from tests.browser.looking import barriers
from tests.factories.county import PASSWORD, County

pytestmark = pytest.mark.django_db(transaction=True)


def enter(page: Page, server: str, name: str, wanted: str) -> None:
    page.goto(f"{server}{wanted}")
    expect(page.locator("#id_username")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{server}{wanted}")


def test_a_dead_session_costs_nothing_that_was_typed(county: County, live_server, page: Page) -> None:
    enter(page, live_server.url, "clerk", "/absence/")
    page.select_option("#id_substitute", str(county.people["clerk2"].id))
    page.fill("#id_until_on", str(clock.today()))
    page.fill("#id_authority", "公休假审批单")
    page.context.clear_cookies(name="yimen_session")
    page.get_by_role("button", name="登记请假").click()
    expect(page.locator("#session-expired")).to_be_visible()
    page.fill("#ov-password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("王丽丽 代 刘晓燕")
    assert Absence.objects.get().authority == "公休假审批单"


def test_a_wrong_password_leaves_the_name_and_waits_in_the_password(county: County, live_server, page: Page) -> None:
    page.goto(f"{live_server.url}/sign-in/")
    for typed in ("clerk", "Tab", "wrong", "Enter"):
        page.keyboard.press(typed) if typed in ("Tab", "Enter") else page.keyboard.type(typed)
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#id_username")).to_have_value("clerk")
    expect(page.locator("#id_password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(f"{live_server.url}/sign-in/")


def test_back_after_signing_out_shows_nothing_of_who_sat_there(county: County, live_server, playwright, browser_type_launch_args) -> None:
    """Browsers keep whole pages in memory for the Back button; playwright turns that off unless told not to."""
    chromium = playwright.chromium.launch(**browser_type_launch_args, ignore_default_args=["--disable-back-forward-cache"])
    try:
        page = chromium.new_page()
        page.add_init_script("addEventListener('pageshow', (e) => { document.documentElement.dataset.kept = e.persisted; });")
        enter(page, live_server.url, "clerk", "/absence/")
        page.goto(f"{live_server.url}/inbox/")
        page.evaluate("history.back()")
        expect(page.locator("html")).to_have_attribute("data-kept", "true")
        expect(page.locator("#id_authority")).to_be_visible()
        page.evaluate("document.querySelector('form[action*=\"sign-out\"]').requestSubmit()")
        expect(page.locator("#id_username")).to_be_visible()
        page.evaluate("history.back()")
        expect(page).to_have_url(f"{live_server.url}/sign-in/?next=/absence/")
        expect(page.locator("#id_username")).to_be_visible()
    finally:
        chromium.close()


def test_the_warning_comes_though_the_page_asks_for_news_by_itself(county: County, live_server, page: Page) -> None:
    """The bell asks every minute; that is nobody's presence, the server does not count it either."""
    page.clock.install()
    enter(page, live_server.url, "clerk", "/absence/")
    with page.expect_response("**/inbox/bell/"):
        page.clock.fast_forward(65_000)
    page.wait_for_timeout(300)
    expect(page.locator("#session-warning")).to_be_hidden()
    page.clock.fast_forward((28 * 60 - 60) * 1000)
    expect(page.locator("#session-warning")).to_be_visible()
    with page.expect_response("**/session/keep/"):
        page.locator("[data-session-keep]").click()
    expect(page.locator("#session-warning")).to_be_hidden()


@pytest.mark.parametrize("address", ["/profile/", "/contacts/", "/absence/", "/profile/password/"])
def test_axe_finds_nothing(county: County, live_server, page: Page, address: str) -> None:
    enter(page, live_server.url, "clerk", address)
    assert barriers(page) == []
