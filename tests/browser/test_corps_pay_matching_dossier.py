"""The rooms beside a dispute in Chromium, by keyboard, without an axe finding: the corps, the pay, the proposals, the dossier."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from mediation.actions import closing
from mediation.models import Dossier, Mediator, PaySheet, YearAssessment
from organisations import clock
from tests.browser import desks
from tests.browser.looking import barriers, beyond_the_edge
from tests.factories import disputes, disputes_closing, disputes_corps, disputes_pay
from tests.factories.county import County

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = ((1440, 900), (1366, 768), (390, 844))
At = Callable[[str, str], Page]


@pytest.fixture
def at(browser: Browser, live_server, county: County) -> Iterator[At]:
    """A person at an address, signed in."""
    contexts = []

    def open_for(person: str, address: str) -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai")
        contexts.append(context)
        desks.sign_in(context, county, person, live_server.url)
        page = context.new_page()
        page.goto(f"{live_server.url}{address}")
        return page

    yield open_for
    for context in contexts:
        context.close()


def is_sound(page: Page) -> None:
    """No finding of axe, nothing wider than the window at any of the three sizes."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert beyond_the_edge(page) == 0, width
        assert barriers(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})


def press_to(page: Page, locator: str) -> None:
    """Tab to the control as somebody without a mouse does, and press it."""
    wanted = page.locator(locator).first
    for _ in range(120):
        if wanted.evaluate("e => e === document.activeElement"):
            page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{locator} cannot be reached by keyboard")


def test_the_corps_is_read_and_a_person_opened_by_keyboard(county, at):
    person = disputes_corps.member(county)
    page = at("town_handler", "/mediation/corps/")
    is_sound(page)
    press_to(page, f"a[href$='/mediation/corps/{person.pk}/']")
    expect(page.get_by_role("heading", level=1)).to_contain_text(person.name)
    is_sound(page)
    page.goto(f"{page.url.split('/mediation/')[0]}/mediation/teams/")
    is_sound(page)


def test_a_sheet_of_pay_is_drafted_and_checked_and_a_year_assessed(county, at):
    over = clock.today().replace(day=1) - timedelta(days=1)
    disputes_pay.archived(county, disputes_pay.mediator(county, "田和", unit="fushan", user="mediator", grade="1"), on=over)
    page = at("town_handler", "/mediation/pay/")
    is_sound(page)
    page.get_by_label("单位").select_option(label=page.get_by_label("单位").locator("option").last.inner_text())
    page.get_by_label("月份").fill(f"{over:%Y-%m}")
    press_to(page, "button[data-submit]")
    expect(page.get_by_role("heading", level=1)).to_contain_text("发放表")
    is_sound(page)
    head = at("town_head", "/" + page.url.split("/", 3)[3])
    head.get_by_role("button", name="初审通过").click()
    expect(head.get_by_text("已初审").first).to_be_visible()
    assert PaySheet.objects.get().state == PaySheet.State.CHECKED
    chief = at("centre_head", "/" + page.url.split("/", 3)[3])
    chief.get_by_role("button", name="审定", exact=True).click()
    expect(chief.get_by_role("dialog", name="发放表？")).to_contain_text("不再改动")
    assert PaySheet.objects.get().state == PaySheet.State.CHECKED
    chief.get_by_role("dialog").get_by_role("button", name="审定").click()
    expect(chief.get_by_text("已审定").first).to_be_visible()
    assert PaySheet.objects.get().state == PaySheet.State.FIXED
    head.goto(f"{head.url.split('/mediation/')[0]}/mediation/pay/assessments/")
    head.get_by_label("考核意见").fill("办案认真，群众满意。")
    press_to(head, "button[data-submit]")
    expect(head.get_by_text("办案认真，群众满意。")).to_be_visible()
    is_sound(head)
    assert YearAssessment.objects.count() == 1


def test_proposals_are_shown_with_their_reasons(county, at):
    disputes_corps.member(county)
    number = disputes.accepted(county).case.number
    page = at("village_cadre", f"/mediation/{number}/proposals/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    is_sound(page)
    assert Mediator.objects.exists()


def test_a_dossier_is_completed_and_the_dispute_archived(county, at):
    dispute = disputes_closing.with_file(disputes_closing.followed(county), county)
    number = dispute.case.number
    page = at("village_cadre", f"/mediation/{number}/dossier/")
    expect(page.get_by_text("还缺 1 项必备材料")).to_be_visible()
    is_sound(page)
    closing.file_material(number, file_ids=[dispute.case.attachments.get().pk], item="3", by=county.scope("village_cadre"))
    page.reload()
    press_to(page, "a.btn--primary[href*='act=archive']")
    page.locator("#act-form").wait_for()
    desks.act(page, number, "archive", address=f"{page.url.split('/mediation/')[0]}/mediation/", name="陈桂兰与陈德旺宅基地纠纷")
    assert Dossier.objects.get().dispute_id == dispute.pk
