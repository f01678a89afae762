"""What an eye finds on a page that stands: barriers, words beyond the edge of the screen, controls too small for a thumb.

A click does not wait for the page it leads to, and a page on its way has no element to measure. So each look waits until a document
is complete, and looks again when another one came in between. That the *right* page has come, a test says itself before it looks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page

Found = TypeVar("Found")
LOOKS = 4
STANDS = "document.readyState === 'complete' && document.documentElement !== null && document.body !== null"
THUMB = "main button, main .btn, main select, main textarea, main summary, main input:not([type=hidden]):not([type=checkbox]):not([type=radio])"


def look(page: Page, how: Callable[[], Found]) -> Found:
    """What `how` finds, once nothing takes the page from under it."""
    for turn in range(1, LOOKS + 1):
        page.wait_for_function(STANDS)
        try:
            return how()
        except Error:
            if turn == LOOKS:
                raise
    raise AssertionError("unreachable")


def barriers(page: Page, *, within: str | None = None, rules: list[str] | None = None) -> list[str]:
    """What axe-core finds, each as its rule and the element's own words; within one selector, by some rules only."""
    options: dict[str, Any] = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    found = look(page, lambda: Axe().run(page, context=within, options=options)).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def beyond_the_edge(page: Page) -> int:
    """By how many pixels the page is wider than its window: 0 where nothing scrolls sideways."""
    width: int = look(page, lambda: page.evaluate("Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)"))
    return width


def too_small_for_a_thumb(page: Page, controls: str = THUMB, least: float = 43.5) -> list[str]:
    """Controls lower than a thumb hits (DESIGN §13: 44 px)."""
    low = f"n => n.getClientRects().length && n.getBoundingClientRect().height < {least}"
    code = f"Array.from(document.querySelectorAll({controls!r})).filter({low}).map(n => n.outerHTML.slice(0, 90))"
    found: list[str] = look(page, lambda: page.evaluate(code))
    return found
