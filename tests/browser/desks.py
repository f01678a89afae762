"""People at their desks in Chromium, and how they do an act on a case."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from tests.factories import county as factory

People = Callable[[str], Page]


def sign_in(context: BrowserContext, house: factory.County, person: str, url: str) -> None:
    client = Client()
    client.force_login(house.people[person], backend="django.contrib.auth.backends.ModelBackend")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}])


def act(page: Page, number: str, code: str, query: str = "", *, address: str = "/petitions/", **fields: str | bool) -> None:
    """Open the act from the case page, fill it in, send with Ctrl+Enter, wait for the word that it is done."""
    page.goto(f"{address}{number}/?act={code}{query}")
    form = page.locator("#act-form")
    form.wait_for()
    for name, value in fields.items():
        field = form.locator(f"#act_{name}")
        if not field.count():  # rows of their own and tick boxes go by their name
            field = form.locator(f"[name={name}]").first
        if isinstance(value, bool):
            field.set_checked(value)
        elif field.evaluate("e => e.tagName") == "SELECT":
            label = field.locator("option").filter(has_text=value).first.inner_text()
            field.select_option(label=label.strip())
        else:
            field.fill(value)
            if field.get_attribute("role") == "combobox":
                field.press("Enter")
                expect(form.locator(".is-picked").first).to_be_visible()
    form.locator("[data-submit]").first.focus()
    page.keyboard.press("Control+Enter")
    page.locator(".toast, dialog#confirm-act[open], .errsum").first.wait_for()
    if page.locator("dialog#confirm-act[open]").count():
        page.locator("dialog#confirm-act .btn--danger").click()
        page.locator(".toast").first.wait_for()
    refused = page.locator(".errsum")
    assert refused.count() == 0, f"{code}: {refused.first.inner_text()}"
