"""The worklist, search, home and inbox in Chromium: keyboard, instant filters, bulk acts, and no barrier for axe."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from casework.models import Case
from tests.browser.looking import barriers, beyond_the_edge
from tests.factories import county as factory
from tests.factories import petitions

Open = Callable[[str, str], Page]
TITLES = ("水渠不通要求修复", "工地拖欠工资", "学区划分调整")


@pytest.fixture
def house(transactional_db) -> factory.County:
    house = factory.build()
    for title in TITLES:
        petitions.registered(house, title=title, story="信访人称如题。")
    return house


@pytest.fixture
def opened(house, live_server, browser: Browser, browser_context_args) -> Open:
    """A page opened by a signed-in person; an error in the console fails the test."""

    def open_(person: str, path: str) -> Page:
        client = Client()
        client.force_login(house.people[person], backend="django.contrib.auth.backends.ModelBackend")
        context = browser.new_context(**browser_context_args)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto(live_server.url + path)
        return page

    return open_


def test_rows_are_walked_ticked_and_routed_by_keyboard(house, opened):
    page = opened("office", "/cases/?status=open")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk] [data-count]")).to_have_text("2")
    page.keyboard.press("r")
    expect(page.locator("h1")).to_contain_text("2 件可以办")
    page.locator("input[role=combobox]").fill("zrzyj")
    page.locator(".typeahead__o").first.wait_for()
    page.keyboard.press("Enter")
    page.locator("select[name=mode]").select_option("LJB")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text("批量分流：办成 2 件")
    assert Case.objects.filter(state="routed").count() == 2


def test_typing_narrows_the_list_at_once_and_the_address_follows(opened):
    page = opened("office", "/cases/?status=open")
    expect(page.locator("[data-list] tbody tr")).to_have_count(3)
    page.locator("#q").press_sequentially("水渠")
    expect(page.locator("[data-list] tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"q=%E6%B0%B4%E6%B8%A0"))
    assert page.evaluate("document.activeElement.id") == "q"
    page.get_by_label("移除 “水渠”").click()
    expect(page.locator("[data-list] tbody tr")).to_have_count(3)


def test_what_is_saved_as_a_view_is_what_the_screen_shows(opened):
    """The list comes anew without the page: what stands around it follows the filter. And nobody walks thirty links to the one field."""
    page = opened("office", "/cases/?status=open")
    page.locator("#q").press_sequentially("水渠")
    expect(page.locator("[data-list] tbody tr")).to_have_count(1)
    page.get_by_role("link", name="存为视图").press("Enter")
    expect(page.get_by_label("视图名称")).to_be_focused()
    page.keyboard.type("水渠的事")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-list] tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"q=%E6%B0%B4%E6%B8%A0"))


def test_the_way_of_showing_and_the_columns_keep_the_filter_that_was_typed(opened):
    page = opened("office", "/cases/?status=open")
    page.locator("#q").press_sequentially("水渠")
    expect(page.locator("[data-list] tbody tr")).to_have_count(1)
    page.get_by_role("button", name="列", exact=True).click()
    with page.expect_navigation():
        page.get_by_role("button", name="确定").click()
    expect(page.locator("[data-list] tbody tr")).to_have_count(1)
    page.locator("#q").fill("")
    expect(page.locator("[data-list] tbody tr")).to_have_count(3)
    page.locator("#q").press_sequentially("工地")
    expect(page.locator("[data-list] tbody tr")).to_have_count(1)
    page.get_by_role("link", name="按到期日分组").click()
    expect(page.locator("[data-list] .tbl__group")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"q=%E5%B7%A5%E5%9C%B0"))


def test_a_bulk_act_begins_in_its_first_field(opened):
    page = opened("office", "/cases/?status=open")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("u")
    expect(page.locator("textarea[name=words]")).to_be_focused()


def test_all_matching_is_chosen_and_frozen(house, opened):
    page = opened("office", "/cases/?status=open")
    page.locator("[data-all]").check()
    page.get_by_role("button", name="选择全部 3 件").click()
    expect(page.locator("#frozen")).to_contain_text("已选全部 3 件")
    petitions.registered(house, title="后来的一件")
    page.get_by_role("button", name="关注").click()
    expect(page.locator("h1")).to_contain_text("3 件可以办")
    expect(page.locator("body")).not_to_contain_text("后来的一件")


def test_columns_are_chosen_in_the_dialog(opened):
    page = opened("office", "/cases/?status=open")
    expect(page.locator("th.w-topic")).to_have_count(1)
    page.get_by_role("button", name="列", exact=True).click()
    page.locator("#columns label", has_text="分类").click()
    page.get_by_role("button", name="确定").click()
    expect(page.locator("th.w-topic")).to_have_count(0)
    expect(page.locator("th.w-unit")).to_have_count(1)


def test_the_top_bar_suggests_while_typing(opened):
    page = opened("office", "/")
    page.keyboard.press("/")
    page.keyboard.type("水渠")
    hit = page.locator("#suggest a").first
    expect(hit).to_contain_text("水渠不通")
    expect(hit.locator("mark")).to_have_text("水渠")
    page.keyboard.press("Enter")
    expect(page.locator(".hits li")).to_have_count(1)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/cases/?status=open",
        "/cases/?status=open&mode=due",
        "/cases/?status=open&q=%E6%97%A0%E6%AD%A4",
        "/search/?q=%E6%B0%B4%E6%B8%A0",
        "/inbox/?show=all",
        "/cases/views/?list=status%3Dopen",
    ],
)
def test_no_barrier_is_found(house, opened, path):
    petitions.routed(house, title="已转办的一件")
    page = opened("office", path)
    assert barriers(page) == []
    assert beyond_the_edge(page) == 0
