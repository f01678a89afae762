"""驾驶舱 in Chromium: from a number to its list to a case, by mouse and by keyboard alone; charts under the strict policy; nothing axe finds."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from organisations import clock
from reports.actions import refresh
from tests.browser.looking import barriers, beyond_the_edge
from tests.factories import petitions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def told(house):
    """Four cases of today, three of one kind in one village, and more late ones than the board has lines."""
    with clock.at(clock.now() - timedelta(days=120)):
        for _ in range(9):
            petitions.registered(house)
    for _ in range(3):
        petitions.routed(house)
    petitions.registered(house, area_id=house.areas["dongliang"].id, topic_code="030101")
    refresh.refresh()
    return house


def board(page: Page, address: str = "/reports/?span=month") -> list[str]:
    """Open the board, wait until its charts are drawn; what the browser complained of."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    expect(page.locator(".chart.is-live canvas")).to_have_count(2)
    return complaints


def test_a_leader_goes_from_a_number_to_its_list_to_a_case(told, people):
    page = people("leader")
    assert board(page) == []
    assert barriers(page) == []
    page.get_by_role("link", name=re.compile("^登记件数 4件")).click()
    expect(page.get_by_text("共 4 件").first).to_be_visible()
    page.locator("a.title").first.click()
    expect(page).to_have_url(re.compile(r"/petitions/370685-"))


def test_the_board_is_walked_by_keyboard_alone(told, people):
    page = people("leader")
    board(page)
    page.get_by_role("link", name="跳到主要内容").focus()
    page.keyboard.press("Enter")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.datatable > summary')"):
            break
    page.keyboard.press("Enter")
    table = page.get_by_role("region", name=re.compile("登记与办结数据表"))
    expect(table).to_be_visible()
    page.keyboard.press("Tab")  # the table itself scrolls
    page.keyboard.press("Tab")
    page.wait_for_function("document.activeElement.matches('.datatable a')")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("登记件数|办结件数"))).to_be_visible()


def test_a_click_on_a_category_opens_its_parts(told, people):
    page = people("leader")
    board(page)
    tree = page.locator("[data-chart]", has=page.locator("#data-tree")).locator("canvas")
    box = tree.bounding_box()
    assert box
    tree.click(position={"x": 20, "y": 11})
    expect(page.get_by_role("navigation", name="分类层级")).to_be_visible()


def test_the_wall_is_dark_asks_again_and_has_no_barrier(told, people):
    page = people("leader")
    page.set_viewport_size({"width": 1920, "height": 1080})
    assert board(page, "/reports/wall/?span=month") == []
    assert beyond_the_edge(page) == 0
    assert barriers(page) == []
    # A number that hangs out of its tile, or a last row cut off, nobody can read from across the room.
    cut = "e => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1"
    assert [tile.inner_text() for tile in page.locator(".tile").all() if tile.evaluate(cut)] == []
    assert not page.get_by_role("region", name=re.compile("超期与临期表格")).evaluate(cut)
    # With as many rows of towns as a county has, the words below the map stand below it.
    page.locator(".tile").last.evaluate(
        "e => { e.style.gridRow = 4; e.parentElement.insertAdjacentHTML('afterend', '<p class=small>连它们一共</p>') }"
    )
    lowest, words = page.locator(".tile").last.bounding_box(), page.locator(".tiles + p").first.bounding_box()
    assert lowest
    assert words
    assert lowest["y"] + lowest["height"] <= words["y"] + 1
    petitions.registered(told)
    refresh.refresh()
    page.evaluate("htmx.ajax('GET', document.getElementById('board').getAttribute('hx-get'), {target: '#board', swap: 'outerHTML'})")
    expect(page.get_by_role("link", name=re.compile("^登记件数 5件"))).to_be_visible()
    expect(page.locator(".chart.is-live canvas")).to_have_count(2)


def test_a_town_of_five_signs_is_read_whole_on_the_smallest_screen(told, people):
    """Five columns of squares beside each other is what the model county has, and 大秦家街道 is one of them."""
    page = people("leader")
    board(page)
    page.locator(".tiles").evaluate("e => { e.className = 'tiles tiles--5'; e.querySelector('b').textContent = '大秦家街道'; }")
    name = page.locator(".tile b").first
    assert name.evaluate("e => e.scrollWidth <= e.clientWidth")
    expect(name).to_have_attribute("title", re.compile("."))


def test_on_a_phone_nothing_is_cut_off_and_on_paper_the_drawings_stand(told, people):
    page = people("leader")
    page.set_viewport_size({"width": 390, "height": 844})
    board(page)
    assert beyond_the_edge(page) == 0
    assert barriers(page) == []
    title = page.locator(".late__title .title").first
    assert title.evaluate("e => e.clientWidth") > 60
    page.emulate_media(media="print")
    assert page.locator(".chart__drawing svg").first.evaluate("e => getComputedStyle(e).visibility") == "visible"
    assert page.locator(".chart__canvas").first.evaluate("e => getComputedStyle(e).display") == "none"


def test_without_scripts_the_drawings_and_tables_are_there(told, people, browser, live_server):
    signed_in = people("leader").context.storage_state()
    page = browser.new_context(java_script_enabled=False, storage_state=signed_in, locale="zh-CN").new_page()
    page.goto(f"{live_server.url}/reports/?span=month")
    expect(page.locator(".chart__drawing svg").first).to_be_visible()
    page.locator(".datatable > summary").first.click()
    expect(page.get_by_role("region", name=re.compile("数据表")).first).to_be_visible()
