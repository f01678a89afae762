"""Playwright over Debian's Chromium: nothing is downloaded. The sandbox is given up only where it cannot work, as root."""

import os
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.desks import People, sign_in
from tests.factories import county as factory

CHROMIUM = "/usr/bin/chromium"
# Two browsers share two cores with two servers: what is expected to come is waited for longer, what must not come is not.
expect.set_options(timeout=15_000)
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": [*as_root, *QUIET]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """The smallest screen of a clerk."""
    return {**browser_context_args, "viewport": {"width": 1366, "height": 768}, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture
def house(transactional_db) -> factory.County:
    return factory.build()


@pytest.fixture
def people(house, live_server, browser: Browser, browser_context_args) -> People:
    """Each person at their own desk, in a browser of their own that stays open."""
    desks: dict[str, Page] = {}

    def desk(person: str) -> Page:
        if person not in desks:
            context = browser.new_context(**browser_context_args, base_url=live_server.url)
            sign_in(context, house, person, live_server.url)
            desks[person] = context.new_page()
        return desks[person]

    return desk
