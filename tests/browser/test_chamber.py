"""掌上调解室 on a telephone and at a desk in Chromium: find a mediator, ask, book, read the answer; answer and offer; no barrier for axe."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from mediation.models import Conversation
from organisations import sessions
from tests.browser.looking import barriers
from tests.browser.test_citizen import fits
from tests.factories import county as factory
from tests.factories import disputes_chamber as chamber

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def house(transactional_db) -> factory.County:
    county = factory.build()
    chamber.shown(county, specialities=["03", "05"])
    return county


@pytest.fixture
def phone(house, live_server, browser: Browser, browser_context_args) -> Page:
    context = browser.new_context(**{**browser_context_args, "viewport": PHONE, "has_touch": True}, base_url=live_server.url)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script: {error}"))
    page.on("console", lambda message: pytest.fail(message.text) if "Content Security Policy" in message.text else None)
    return page


@pytest.fixture
def desk(house, live_server, browser: Browser, browser_context_args) -> Page:
    """The mediator's browser, signed in."""
    client = Client()
    client.force_login(house.people["mediator"], backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    sessions.begin(session, idle_minutes=30, must_enrol=False)
    session.save()
    context = browser.new_context(**browser_context_args, base_url=live_server.url)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value, "url": live_server.url}])
    return context.new_page()


def test_a_phone_asks_a_mediator_who_answers_and_offers_an_hour(phone: Page, desk: Page, house):
    phone.goto("/mediators/")
    fits(phone)
    assert barriers(phone) == []
    phone.get_by_role("link", name="田和").click()
    expect(phone.get_by_role("heading", name="还能约的时间")).to_be_visible()
    fits(phone)
    phone.get_by_role("link", name="请田和调解").click()
    phone.get_by_label("您的姓名").fill("陈桂兰")
    phone.get_by_label("手机号").fill("13800132046")
    phone.get_by_label("事情发生在").select_option(str(house.areas["jiuqu"].id))
    phone.get_by_label("是什么事").fill(chamber.WHAT)
    phone.get_by_label("我已经看过").check()
    fits(phone)
    assert barriers(phone) == []
    phone.get_by_role("button", name="提交", exact=True).click()
    expect(phone.get_by_role("heading", name="请保存编号和查询码")).to_be_visible(timeout=30_000)
    fits(phone)
    row = Conversation.objects.get()
    phone.get_by_role("link", name="看我的事").click()
    phone.get_by_label("想说的话").fill("您什么时候方便？")
    phone.get_by_role("button", name="发出").click()
    expect(phone.get_by_role("status")).to_contain_text("已经发出")

    desk.goto("/mediation/room/")
    expect(desk.get_by_text("1 条未读")).to_be_visible()
    assert barriers(desk) == []
    desk.get_by_role("link", name=chamber.WHAT[:10]).click()
    expect(desk.get_by_label("回复")).to_be_visible()
    assert barriers(desk) == []
    desk.get_by_label("回复").fill("请到站里来，咱们当面说。")
    desk.get_by_role("button", name="回复").click()
    desk.get_by_role("button", name="请群众确认").click()
    expect(desk.get_by_text("待群众确认").first).to_be_visible()

    phone.goto("/mediators/matter/")
    expect(phone.get_by_text("请到站里来")).to_be_visible()
    fits(phone)
    assert barriers(phone) == []
    phone.get_by_role("link", name="改时间").click()
    expect(phone.get_by_role("button", name="就约这个时间")).to_be_visible()
    fits(phone)
    assert barriers(phone) == []
    phone.locator("main label").last.click()
    phone.get_by_role("button", name="就约这个时间").click()
    expect(phone.get_by_role("status")).to_contain_text("已经约好")
    assert row.bookings.get(state="booked")
    phone.get_by_role("button", name="退出").click()
    expect(phone.get_by_label("查询码")).to_be_visible()
