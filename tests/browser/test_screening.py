"""排查 on a phone: «本周排查» with a big «未发现» and «发现了»; a finding becomes a dispute; the colleague is told; nothing scrolls sideways."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from mediation.models import Finding, Round
from mediation.screening import actions
from tests.browser.looking import barriers, beyond_the_edge, too_small_for_a_thumb
from tests.factories import disputes_screening as screening
from tests.factories.county import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _phone(browser: Browser, live_server, person: str) -> Page:
    page = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", timezone_id="Asia/Shanghai").new_page()
    page.goto(f"{live_server.url}/sign-in/")
    page.fill("input[name=username]", person)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit], form button[type=submit]")
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto(f"{live_server.url}/mediation/screening/")
    return page


def _is_fit_for_a_thumb(page: Page) -> None:
    assert beyond_the_edge(page) == 0
    assert too_small_for_a_thumb(page, "main .btn, main .input, main select, main textarea, main .pick label, main summary") == []
    assert barriers(page) == []


def test_a_grid_worker_reports_nothing_and_the_cadre_is_told(county, live_server, browser):
    screening.opened(county)
    late = _phone(browser, live_server, "village_cadre")
    late.get_by_role("link", name="未发现").click()
    page = _phone(browser, live_server, "grid_worker")
    expect(page.get_by_role("heading", name="本周排查")).to_be_visible()
    _is_fit_for_a_thumb(page)
    page.get_by_role("link", name="未发现").click()
    expect(page.get_by_label("走访户数")).to_be_visible()
    _is_fit_for_a_thumb(page)
    for sheet, households in ((page, "12"), (late, "8")):
        sheet.get_by_label("走访了哪里").fill("一组、二组")
        sheet.get_by_label("走访户数").fill(households)
    page.get_by_role("button", name="上报：未发现").click()
    expect(page.get_by_text("何建平（九曲村 · 网格员）")).to_be_visible()
    late.get_by_role("button", name="上报：未发现").click()
    expect(late.get_by_text("本轮已由何建平")).to_be_visible()
    assert Round.objects.get(unit=county.units["jiuqu"]).households == 12


def test_what_was_found_becomes_a_dispute(county, live_server, browser):
    screening.opened(county)
    page = _phone(browser, live_server, "village_cadre")
    page.get_by_role("link", name="发现了").click()
    page.get_by_label("走访了哪里").fill("村西果园")
    page.get_by_label("走访户数").fill("9")
    page.get_by_label("什么事").first.fill("两家因果园浇地争水")
    page.get_by_label("涉及的人（大概）").first.fill("陈桂兰与陈德旺（邻居）")
    page.get_by_label("纠纷类型").first.select_option("07")
    page.get_by_text("反复争吵、久拖未决").first.click()
    # What was typed is there again after the page was left.
    page.wait_for_timeout(5_500)
    page.goto(page.url)
    expect(page.get_by_text("已恢复您上次没有报完的内容")).to_be_visible()
    expect(page.get_by_label("什么事").first).to_have_value("两家因果园浇地争水")
    _is_fit_for_a_thumb(page)
    page.get_by_role("button", name="上报发现").click()
    page.get_by_role("link", name="处置").click()
    expect(page.get_by_role("link", name="登记为纠纷")).to_be_visible()
    _is_fit_for_a_thumb(page)
    page.get_by_role("link", name="登记为纠纷").click()
    expect(page.get_by_label("姓名（名称）").first).to_have_value("陈桂兰")
    page.get_by_role("button", name="登记").click()
    expect(page.locator("h1")).to_contain_text("两家因果园浇地争水")
    assert Finding.objects.get().ending == "dispute"


def test_the_coverage_has_no_fault_of_access(county, live_server, browser):
    row = screening.opened(county)
    actions.report(row.pk, screening.something(county), by=county.scope("village_cadre"))
    page = _phone(browser, live_server, "town_handler")
    for address in ("coverage", "rounds", "findings"):
        page.goto(f"{live_server.url}/mediation/screening/{address}/")
        assert beyond_the_edge(page) == 0, address
        assert barriers(page) == [], address
