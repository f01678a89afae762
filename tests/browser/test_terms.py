"""Limits in Chromium, by keyboard: more days asked for and approved, standing still and going on, the simple way. And axe on what they show."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from casework.models import Case, Deadline, Document
from organisations import clock
from petitions.models import Extension
from tests.browser.desks import People
from tests.browser.looking import barriers, beyond_the_edge
from tests.browser.test_walk import act, tab_to, type_in
from tests.factories import county as factory
from tests.factories import petitions
from tests.factories import terms as made


def test_more_days_are_asked_for_at_one_desk_and_approved_at_another(house: factory.County, people: People):
    with clock.at(clock.now() - timedelta(days=50)):
        number = petitions.accepted(house).case.number
    handler, head = people("handler"), people("head")
    act(handler, number, "ask_extension", days="20", reason="需委托测绘鉴定")
    expect(handler.locator("main")).to_contain_text("待负责人批准")

    head.goto("/cases/?awaiting=1")
    head.keyboard.press("j")
    head.keyboard.press("Enter")
    head.wait_for_url(f"**/petitions/{number}/**")
    head.get_by_role("link", name="去审批").click()
    expect(head.locator("#act-form")).to_contain_text("申请延长 20 日")
    expect(head.locator("[data-preview]")).to_be_visible()
    act(head, number, "approve_extension", words="同意")
    expect(head.locator("main")).to_contain_text("已延期 20 日")
    held = Extension.objects.get()
    assert held.new_due_on == held.was_due_on + timedelta(days=20)
    assert Document.objects.filter(case__number=number, paper="P10").count() == 1


def test_a_matter_stands_still_and_goes_on(house: factory.County, people: People):
    number = petitions.accepted(house).case.number
    handler, head = people("handler"), people("head")
    until = (clock.today() + timedelta(days=20)).isoformat()
    act(head, number, "suspend", ground="等待鉴定", words="已委托测绘机构鉴定", evidence="鉴定委托书", expected_until_on=until)
    expect(head.locator("main")).to_contain_text("中止办理 0 天")
    act(handler, number, "resume", words="鉴定结论已收到")
    assert Case.objects.get(number=number).state == "accepted"
    assert {"P29", "P30"} <= set(Document.objects.filter(case__number=number).values_list("paper", flat=True))


def test_the_simple_way_by_keyboard(house: factory.County, people: People):
    number = petitions.signed(house).case.number
    page = people("handler")
    page.goto(f"/petitions/{number}/?act=accept_simple")
    page.locator("#act_ground").select_option(index=1)
    for box in ("act_is_supportable", "act_is_outside_procedures"):
        tab_to(page, box)
        page.keyboard.press("Space")
    tab_to(page, "act_number")
    page.keyboard.press("Control+a")
    type_in(page, "13800132046")
    page.keyboard.press("Control+Enter")
    page.locator(".toast").first.wait_for()
    fields = {}
    for no in (1, 2):
        fields.update({f"support-{no}": "予以支持", f"result-{no}": "已经协调拆除越界部分", f"ground-{no}": "民法典"})
    act(page, number, "answer_simple", **fields, text="已电话答复", outcome="已解决")
    assert Case.objects.get(number=number).state == "delivered"
    assert Deadline.objects.get(case__number=number, key="pet.simple_handle").met_on == clock.today()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_where_limits_move(house: factory.County, people: People, theme: str):
    house.people["head"].__class__.objects.update(theme=theme)
    with clock.at(clock.now() - timedelta(days=40)):
        late = made.simple(house).case.number
    asked, waiting, new = made.extension_asked(house).case.number, made.suspended(house).case.number, petitions.signed(house).case.number
    page, found = people("head"), []
    for path in (
        f"/petitions/{asked}/?act=approve_extension",
        f"/petitions/{waiting}/",
        f"/petitions/{late}/?act=convert",
        f"/petitions/{new}/?act=accept_simple",
        f"/petitions/{late}/?act=answer_simple",
    ):
        page.goto(path)
        found += [f"{path}: {barrier}" for barrier in barriers(page)]
        assert beyond_the_edge(page) == 0, path
    assert not found, "\n".join(found)
