"""The auditor's walk: a doubt, a sample, a working paper kept while typed, a question the unit answers, the conclusion signed."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from reports.actions import refresh
from reports.models import AuditQuestion, Sample
from tests.browser.looking import barriers
from tests.factories import petitions
from tests.factories.county import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _desk(browser: Browser, live_server, person: str) -> Page:
    page = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN", timezone_id="Asia/Shanghai").new_page()
    page.goto(f"{live_server.url}/sign-in/")
    page.fill("input[name=username]", person)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit], form button[type=submit]")
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def test_doubt_sample_paper_question_answer_signature(county, live_server, browser):
    for no in range(2):
        petitions.closed(county, title=f"第{no}件邻里纠纷")
    refresh.refresh()
    page = _desk(browser, live_server, "auditor")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="审计").click()
    page.wait_for_url("**/reports/audit/")
    assert barriers(page) == []
    page.get_by_role("link", name="负责人从未查看", exact=True).click()
    expect(page.get_by_role("link", name="从这些案件抽样")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("link", name="从这些案件抽样").click()
    page.get_by_label("样本数").fill("2")
    page.get_by_label("种子来源").select_option("given")
    page.get_by_label("种子", exact=True).fill("公证 07 13")
    assert barriers(page) == []
    page.get_by_role("button", name="抽取样本").click()
    expect(page.get_by_text("已抽取2件")).to_be_visible()
    sample = Sample.objects.get()
    # The paper is kept while it is typed, without a click.
    page.get_by_role("link", name=sample.papers.get(place=1).number).click()
    page.get_by_label("结论").select_option("problem")
    page.get_by_role("textbox", name="情况").fill("送达回证由他人代签。")
    page.get_by_role("textbox", name="依据的历史记录").focus()
    expect(page.locator("[data-draft-note]")).to_contain_text("已暂存")
    assert sample.papers.get(place=1).words == "送达回证由他人代签。"
    assert barriers(page) == []
    page.get_by_role("link", name="询问单位").click()
    page.get_by_role("textbox", name="询问内容").fill("请说明代签人身份。")
    page.get_by_role("button", name="发出询问").click()
    expect(page.get_by_text("待答复").first).to_be_visible()
    question = AuditQuestion.objects.get()

    head = _desk(browser, live_server, "head")
    head.get_by_role("navigation", name="主导航").get_by_role("link", name="审计询问").click()
    head.get_by_role("link", name=question.subject).click()
    head.get_by_role("textbox", name="答复").fill("由其子代签，户口簿附后。")
    head.get_by_role("button", name="提交答复").click()
    expect(head.get_by_text("待审计确认").first).to_be_visible()
    assert barriers(head) == []

    page.reload()
    expect(page.get_by_text("由其子代签，户口簿附后。")).to_be_visible()
    page.get_by_role("button", name="确认，询问了结").click()
    expect(page.get_by_text("已确认").first).to_be_visible()
    page.goto(f"{live_server.url}/reports/audit/samples/{sample.pk}/papers/2/")
    page.get_by_label("结论").select_option("fine")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("textbox", name="总的结论").fill("抽查2件，1件送达不规范。")
    page.get_by_role("button", name="签字").click()
    expect(page.get_by_text("已签字").first).to_be_visible()
    page.get_by_role("link", name="重新抽取").click()
    expect(page.get_by_text("与原样本一致")).to_be_visible()
    assert barriers(page) == []


def _paper(county, live_server, browser) -> tuple[Page, Sample]:
    """The auditor's first working paper, open."""
    for no in range(2):
        petitions.registered(county, title=f"第{no}件")
    refresh.refresh()
    page = _desk(browser, live_server, "auditor")
    page.goto(f"{live_server.url}/reports/audit/samples/draw/?from=measure&m=cases&span=year")
    page.get_by_label("样本数").fill("2")
    page.get_by_label("种子来源").select_option("given")
    page.get_by_label("种子", exact=True).fill("公证 07 13")
    page.get_by_role("button", name="抽取样本").click()
    expect(page.get_by_text("已抽取2件")).to_be_visible()
    sample = Sample.objects.get()
    page.goto(f"{live_server.url}/reports/audit/samples/{sample.pk}/papers/1/")
    return page, sample


def test_a_session_that_dies_while_a_paper_is_typed_costs_nothing(county, live_server, browser):
    page, sample = _paper(county, live_server, browser)
    words = page.get_by_role("textbox", name="情况")
    words.fill("送达回证由他人代签。")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    words.press("Tab")
    expect(page.locator("#session-expired")).to_be_visible()
    assert sample.papers.get(place=1).words == ""
    page.fill("#ov-password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#session-expired")).to_be_hidden()
    expect(words).to_have_value("送达回证由他人代签。")
    expect(page.locator("[data-draft-note]")).to_contain_text("已暂存", timeout=10_000)
    assert sample.papers.get(place=1).words == "送达回证由他人代签。"
    # Dead again just before the button: the same.
    words.fill("送达回证由他人代签，没有注明关系。")
    page.get_by_label("结论").select_option("problem")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="保存，看下一件").click()
    expect(page.locator("#session-expired")).to_be_visible()
    page.fill("#ov-password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/papers/2/")
    kept = sample.papers.get(place=1)
    assert (kept.verdict, kept.words) == ("problem", "送达回证由他人代签，没有注明关系。")


def test_a_session_found_dead_between_press_and_release_loses_no_click(county, live_server, browser):
    """Pressing the button leaves the field, the draft goes out and finds the session dead before the finger is up again."""
    page, sample = _paper(county, live_server, browser)
    page.get_by_label("结论").select_option("fine")
    page.get_by_role("textbox", name="情况").fill("手续齐全。")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="保存，看下一件").hover()
    with page.expect_response(lambda answer: answer.status == 401):
        page.mouse.down()
    page.wait_for_timeout(200)
    page.mouse.up()
    expect(page.locator("#session-expired")).to_be_visible()
    page.fill("#ov-password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/papers/2/")
    kept = sample.papers.get(place=1)
    assert (kept.verdict, kept.words) == ("fine", "手续齐全。")


def test_two_windows_on_one_paper_lose_neither_text(county, live_server, browser):
    """By keyboard alone: the second window is told, shows both texts, and saves knowingly (beyond.md 9)."""
    first, sample = _paper(county, live_server, browser)
    second = first.context.new_page()
    second.goto(first.url)
    first.get_by_role("textbox", name="情况").focus()
    first.keyboard.type("第一个窗口写的。")
    first.keyboard.press("Tab")
    expect(first.locator("[data-draft-note]")).to_contain_text("已暂存")
    second.get_by_role("textbox", name="情况").focus()
    second.keyboard.type("第二个窗口写的。")
    second.keyboard.press("Tab")
    expect(second.locator("[data-draft-note]")).to_contain_text("另一个窗口改过")
    second.keyboard.press("Tab")
    expect(second.get_by_role("button", name="保存，看下一件")).to_be_focused()
    second.keyboard.press("Enter")
    expect(second.get_by_text("第一个窗口写的。")).to_be_visible()
    expect(second.get_by_role("textbox", name="情况")).to_have_value("第二个窗口写的。")
    assert sample.papers.get(place=1).words == "第一个窗口写的。"
    assert barriers(second) == []
    second.get_by_role("textbox", name="情况").fill("第一个窗口写的。第二个窗口写的。")
    second.get_by_role("button", name="保存，看下一件").click()
    second.wait_for_url("**/papers/2/")
    assert sample.papers.get(place=1).words == "第一个窗口写的。第二个窗口写的。"


def test_what_a_paper_cannot_keep_is_said_while_it_is_typed(county, live_server, browser):
    """It said «retrying» for ever and never what was wrong; what was typed before the mistake only looked kept."""
    page, sample = _paper(county, live_server, browser)
    page.get_by_role("textbox", name="情况").fill("手续齐全。")
    page.get_by_role("textbox", name="依据的历史记录").fill("999")
    page.keyboard.press("Tab")
    expect(page.locator("[data-draft-note]")).to_contain_text("历史记录没有第999条", timeout=8_000)
    page.get_by_role("textbox", name="依据的历史记录").fill("第三条")
    page.keyboard.press("Tab")
    expect(page.locator("[data-draft-note]")).to_contain_text("记录序号只能是数字", timeout=8_000)
    page.get_by_role("textbox", name="依据的历史记录").fill("1")
    page.keyboard.press("Tab")
    expect(page.locator("[data-draft-note]")).to_contain_text("已暂存", timeout=8_000)
    assert (sample.papers.get(place=1).words, sample.papers.get(place=1).evidence) == ("手续齐全。", [1])
