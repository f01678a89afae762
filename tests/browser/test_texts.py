"""常用语 by keyboard: initials find it, Tab walks the blanks; and a routing taken back with one key."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from casework import texts
from casework.models import Case, TextUse
from organisations import clock
from petitions.phrases import shipped
from tests.factories import county as factory
from tests.factories import petitions


@pytest.fixture
def house(transactional_db) -> factory.County:
    return factory.build()


def desk(person: str, house, live_server, browser: Browser, browser_context_args) -> Page:
    context = browser.new_context(**browser_context_args, base_url=live_server.url)
    client = Client()
    client.force_login(house.people[person], backend="django.contrib.auth.backends.ModelBackend")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    return context.new_page()


def test_a_text_is_picked_by_initials_and_its_blanks_are_walked(house, live_server, browser, browser_context_args):
    texts.load(shipped(), by=house.people["office"], at=clock.now())
    petition = petitions.accepted(house)
    page = desk("handler", house, live_server, browser, browser_context_args)
    page.goto(f"/petitions/{petition.case.number}/?act=answer_point")
    page.locator("#act_result").focus()
    page.keyboard.press("Alt+t")
    expect(page.locator("#texts-q")).to_be_focused()
    expect(page.locator(".texts__o").first).to_be_visible()
    page.keyboard.type("jssm")
    expect(page.locator(".texts__o")).to_have_count(1)
    page.keyboard.press("Enter")
    box = page.locator("#act_result")
    expect(box).to_be_focused()
    chosen = "() => { const t = document.activeElement; return t.value.slice(t.selectionStart, t.selectionEnd); }"
    assert page.evaluate(chosen) == "{查明的事实}"
    expect(page.locator(".blanks")).to_contain_text("还有 4 处要填")
    page.keyboard.type("经现场丈量没有越界")
    for words in ("土地管理法第十四条", "先协商后处理", "请先调解"):
        page.keyboard.press("Tab")
        page.keyboard.type(words)
    assert "{" not in box.input_value()
    expect(page.locator(".blanks")).to_be_hidden()
    page.keyboard.press("Tab")
    expect(box).not_to_be_focused()
    assert TextUse.objects.get().template.name.startswith("解释说明")


def test_a_routing_is_taken_back_with_one_key(house, live_server, browser, browser_context_args):
    petition = petitions.registered(house)
    page = desk("office", house, live_server, browser, browser_context_args)
    page.goto(f"/petitions/routing/?number={petition.case.number}&unit={house.units['land'].id}")
    page.get_by_text("立即办").first.click()
    page.get_by_role("button", name="确认分流").click()
    expect(page.locator(".toast")).to_contain_text("撤销")
    assert Case.objects.get(pk=petition.pk).state == "routed"
    page.keyboard.press("z")
    expect(page.locator(".toast")).to_contain_text("已撤销")
    assert Case.objects.get(pk=petition.pk).state == "registered"
