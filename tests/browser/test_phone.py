"""On a phone whatever the main way needs to be hit is 44 px high (DESIGN §13)."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from tests.browser.looking import beyond_the_edge, look
from tests.factories import county as factory
from tests.factories import petitions

TOO_SMALL = """() => Array.from(document.querySelectorAll(
    'main a, main button, main summary, main select, main input:not([type=hidden]):not([type=checkbox]):not([type=radio])'))
  .filter((n) => { const r = n.getBoundingClientRect(); return r.width > 1 && r.height > 1 && r.height < 43.5 && !n.closest('.sr'); })
  .map((n) => `${n.tagName}.${n.className} ${Math.round(n.getBoundingClientRect().height)} ${(n.textContent || '').trim().slice(0, 20)}`)"""


@pytest.fixture
def house(transactional_db) -> factory.County:
    return factory.build()


@pytest.fixture
def phone(house, live_server, browser: Browser, browser_context_args) -> Page:
    context = browser.new_context(**{**browser_context_args, "viewport": {"width": 390, "height": 844}}, base_url=live_server.url)
    client = Client()
    client.force_login(house.people["handler"], backend="django.contrib.auth.backends.ModelBackend")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    return context.new_page()


def test_the_main_way_can_be_hit_with_a_thumb(phone, house):
    petition = petitions.investigated(house)
    petitions.routed(house)
    page_of_case = f"/petitions/{petition.case.number}/"
    for address in ("/", "/cases/", "/inbox/", page_of_case, f"{page_of_case}?act=answer_point", "/drafts/"):
        phone.goto(address)
        if phone.locator("details[data-menu]").count():
            phone.locator("details[data-menu] summary").click()
        assert look(phone, lambda: phone.evaluate(TOO_SMALL)) == [], address
        assert beyond_the_edge(phone) == 0, f"{address} scrolls sideways"
