"""One petition across four people in Chromium, by keyboard only: clerk, office, handler, head. And axe on the main screens."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from casework import chain
from casework.models import Case
from organisations import clock
from tests.browser.desks import People
from tests.browser.looking import barriers, beyond_the_edge
from tests.factories import petitions


def tab_to(page: Page, element_id: str) -> None:
    """Tab until the element has the focus, as a hand would; start from the act's form to keep the way short."""
    for _ in range(120):
        if page.evaluate("document.activeElement.id") == element_id:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {element_id}")


def choose(page: Page, label: str) -> None:
    """Arrow down in a select until it says so."""
    for _ in range(30):
        if page.evaluate("document.activeElement.selectedOptions[0].textContent.trim()").startswith(label):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no choice {label}")


def type_in(page: Page, text: str) -> None:
    """Type into the focused field; Enter at once takes the best match of a type-ahead, however slow the answer."""
    page.keyboard.type(text)
    if page.evaluate("document.activeElement.getAttribute('role')") == "combobox":
        page.keyboard.press("Enter")
        expect(page.locator(".is-picked input:focus")).to_have_count(1)


def act(page: Page, number: str, code: str, **fields: str) -> None:
    """Open the act by its address, fill the fields by keyboard, send with Ctrl+Enter, wait for the toast."""
    query = f"&no={fields.pop('no')}" if "no" in fields else ""
    page.goto(f"/petitions/{number}/?act={code}{query}")
    page.locator("#act-form").wait_for()
    for name, value in fields.items():
        tab_to(page, f"act_{name}")
        if page.evaluate("document.activeElement.tagName") == "SELECT":
            choose(page, value)
        else:
            page.keyboard.press("Control+a")
            type_in(page, value)
    if not fields:
        page.locator("#act-form [data-submit]").focus()
    page.keyboard.press("Control+Enter")
    confirm = page.locator("dialog#confirm-act[open]")
    page.locator(".toast, dialog#confirm-act[open], .errsum").first.wait_for()
    if confirm.count():
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.locator(".toast").first.wait_for()
    expect(page.locator(".errsum")).to_have_count(0)


def test_a_petition_walks_across_four_desks_without_a_mouse(house, people: People):
    clerk, office, handler, head = (people(p) for p in ("clerk", "office", "handler", "head"))
    clerk.goto("/petitions/register/")
    expect(clerk.locator("#id_people-0-name")).to_be_focused()
    clerk.keyboard.type("陈桂兰")
    for field, value in (
        ("id_people-0-phone", "13800132046"),
        ("id_people-0-area", "jqc"),
        ("id_topic", "010303"),
        ("id_title", "邻居砌墙占用宅基地"),
        ("id_story", "邻居翻建院墙占地，请求重新丈量。"),
        ("id_points-0-text", "重新丈量"),
        ("id_area", "jqc"),
    ):
        tab_to(clerk, field)
        type_in(clerk, value)
    clerk.keyboard.press("Control+Enter")
    clerk.wait_for_url("**/petitions/register/?done=*")
    case = Case.objects.get()
    number, today = case.number, clock.today().isoformat()

    # The office finds it in its list, opens it with J and Enter, and routes it.
    office.goto("/cases/")
    office.keyboard.press("j")
    office.keyboard.press("Enter")
    office.wait_for_url(f"**/petitions/{number}/**")
    act(office, number, "route", to_unit_id="zrzyj", promised_on=today)

    act(handler, number, "sign")
    act(handler, number, "accept", words="予以受理")
    act(handler, number, "hear", officers="王海涛、宋涛", words="听取了陈述")
    act(handler, number, "investigate", officers="王海涛、宋涛", words="现场丈量", evidence="丈量记录")
    act(handler, number, "answer_point", no="1", support="予以支持", result="确认越界，限期拆除", ground="民法典")
    act(handler, number, "prepare", outcome="已解决", support="予以支持", text="支持请求", remedy_unit="市政府")
    act(head, number, "reply", words="同意")
    act(handler, number, "deliver", receiver="陈桂兰", proof="送达回证")
    act(handler, number, "report", words="已办结")
    act(office, number, "feedback", office_rating="满意", unit_rating="满意", words="满意")
    act(office, number, "close")

    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "solved")
    assert list(chain.verify_cases()) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_main_screens(house, people: People, theme):
    number = petitions.accepted(house).case.number
    petitions.registered(house)
    house.people["office"].__class__.objects.update(theme=theme)
    found = []
    for person, paths in {
        "office": [
            "/",
            "/cases/",
            f"/petitions/{number}/",
            "/petitions/routing/",
            "/search/?q=邻居",
            "/inbox/",
            "/petitions/imports/",
            "/profile/",
            "/contacts/",
        ],
        "clerk": ["/petitions/register/", f"/petitions/{number}/receipt/"],
        "system_admin": ["/people/", "/units/"],
        "security_admin": ["/posts/", "/policies/"],
        "audit_admin": ["/access-log/"],
    }.items():
        page = people(person)
        for path in paths:
            page.goto(path)
            found += [f"{path}: {barrier}" for barrier in barriers(page)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_no_screen_scrolls_sideways(house, people: People, size):
    number = petitions.accepted(house).case.number
    page = people("office")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    wide = []
    for path in ("/", "/cases/", f"/petitions/{number}/", "/petitions/routing/", "/search/?q=邻居", "/inbox/", "/petitions/imports/"):
        page.goto(path)
        if beyond_the_edge(page):
            wide.append(path)
    assert not wide
