"""The person's page on a telephone in Chromium: ask, read, rate, add material, leave; bring a matter; by keyboard; and no barrier for axe."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from casework import documents
from casework.models import Attachment, Attempt, Case, Document
from petitions.models import Petition, Rating, Visit
from tests.browser.looking import barriers, beyond_the_edge, too_small_for_a_thumb
from tests.factories import county as factory
from tests.factories import petitions as walk

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def house(transactional_db) -> factory.County:
    return factory.build()


@pytest.fixture
def phone(house, live_server, browser: Browser, browser_context_args) -> Page:
    context = browser.new_context(**{**browser_context_args, "viewport": PHONE, "has_touch": True}, base_url=live_server.url)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script: {error}"))
    page.on("console", lambda message: pytest.fail(message.text) if "Content Security Policy" in message.text else None)
    return page


def ask(page: Page, petition: Petition) -> None:
    page.goto(f"/progress/?number={petition.case.number}")
    page.get_by_label("查询码").fill(petition.query_code)
    page.get_by_label("手机号后四位").fill("2046")
    page.get_by_role("button", name="查询", exact=True).click()
    expect(page.get_by_role("heading", name=petition.case.title)).to_be_visible()


def fits(page: Page) -> None:
    """Nothing scrolls sideways, and what a thumb must hit is large enough (DESIGN §13)."""
    assert beyond_the_edge(page) == 0, page.url
    assert too_small_for_a_thumb(page) == []


def test_a_phone_walks_from_the_question_to_the_rating_and_adds_material(phone: Page, house, tmp_path: Path):
    petition = walk.delivered(house)
    ask(phone, petition)
    fits(phone)
    phone.get_by_text("为什么是这一天").is_visible()
    phone.get_by_role("link", name="评价").click()
    office, unit = phone.get_by_role("group", name="对信访部门"), phone.get_by_role("group", name="对责任单位")
    office.get_by_text("满意", exact=True).click()
    unit.get_by_text("不满意", exact=True).click()
    phone.get_by_label("想说的话").fill("墙还没有拆")
    phone.get_by_role("button", name="提交评价").click()
    expect(phone.get_by_role("alert")).to_contain_text("请选一个原因")
    expect(phone.get_by_label("想说的话")).to_have_value("墙还没有拆")
    phone.get_by_label("不满意的，主要是").select_option("5")
    fits(phone)
    phone.get_by_role("button", name="提交评价").click()
    expect(phone.get_by_role("status").first).to_contain_text("已收到您的评价")
    assert dict(Rating.objects.values_list("target", "value")) == {"office": "0", "unit": "3"}
    photo = tmp_path / "院墙.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + b"w" * 64)
    phone.get_by_role("link", name="补充材料").click()
    phone.get_by_label("说明").fill("今天拍的照片")
    phone.get_by_label("文件").set_input_files(photo)
    fits(phone)
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_text("院墙.png")).to_be_visible()
    assert Attachment.objects.filter(case_id=petition.pk, label="信访人补充").count() == 1
    phone.get_by_role("button", name="退出").click()
    expect(phone.get_by_label("查询码")).to_be_visible()
    assert not Visit.objects.exists()
    assert not phone.evaluate("Object.keys(sessionStorage).filter((k) => k.startsWith('draft:')).length")
    phone.go_back()
    expect(phone.get_by_text(petition.case.title)).to_have_count(0)


def test_back_after_a_wrong_code_leads_to_a_page_and_not_to_the_browsers_error(phone: Page, house):
    petition = walk.delivered(house)
    phone.goto(f"/progress/?number={petition.case.number}")
    phone.get_by_label("查询码").fill("ZZZZ-ZZZZ")
    phone.get_by_label("手机号后四位").fill("2046")
    phone.get_by_role("button", name="查询", exact=True).click()
    expect(phone.get_by_role("alert")).to_be_visible()
    phone.get_by_label("查询码").fill(petition.query_code)
    phone.get_by_role("button", name="查询", exact=True).click()
    heading = phone.get_by_role("heading", name=petition.case.title)
    expect(heading).to_be_visible()
    phone.get_by_role("link", name="评价").click()
    phone.get_by_role("button", name="提交评价").click()
    expect(phone.get_by_role("alert")).to_be_visible()
    phone.get_by_role("link", name="返回").first.click()
    expect(heading).to_be_visible()
    phone.go_back()
    expect(phone.get_by_role("button", name="提交评价")).to_be_visible()


def test_the_file_of_a_paper_is_compared_on_its_public_page(phone: Page, house, tmp_path: Path):
    """A browser sends the form with an Origin; that of «no-referrer» is null, and the form was refused with 403."""
    petition = walk.delivered(house)
    letter = Document.objects.get(case_id=petition.pk, paper="P11")
    issued, changed = tmp_path / "issued.pdf", tmp_path / "changed.pdf"
    issued.write_bytes(documents.render(letter))
    changed.write_bytes(issued.read_bytes() + b" ")
    phone.goto(f"/verify/{letter.verify_code}/")
    expect(phone.get_by_text("有这份文书")).to_be_visible()
    for file, words in ((issued, "与出具时的文件完全相同"), (changed, "不是本机关出具的这份文书的原始文件")):
        phone.get_by_label("文书的PDF文件").set_input_files(file)
        phone.get_by_role("button", name="核对").click()
        expect(phone.get_by_text(words)).to_be_visible()


def test_everything_goes_by_keyboard(phone: Page, house):
    petition = walk.delivered(house)
    phone.goto(f"/progress/?number={petition.case.number}")
    for _ in range(30):
        if phone.evaluate("document.activeElement.id") == "id_code":
            break
        phone.keyboard.press("Tab")
    phone.keyboard.type(petition.query_code)
    phone.keyboard.press("Tab")
    phone.keyboard.type("2046")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name=petition.case.title)).to_be_visible()
    phone.get_by_role("link", name="评价").focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("button", name="提交评价")).to_be_visible()
    for _ in range(30):
        if phone.evaluate("document.activeElement.name") == "office":
            break
        phone.keyboard.press("Tab")
    phone.keyboard.press("Space")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Space")
    phone.get_by_role("button", name="提交评价").focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("status").first).to_contain_text("已收到您的评价")


def test_large_print_reading_aloud_and_contrast_work_and_fall_away(phone: Page, house, browser: Browser, live_server):
    petition = walk.accepted(house)
    ask(phone, petition)
    large = phone.get_by_role("button", name="大字")
    before = phone.get_by_role("heading", name=petition.case.title).bounding_box()
    large.click()
    expect(large).to_have_attribute("aria-pressed", "true")
    after = phone.get_by_role("heading", name=petition.case.title).bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] > before["height"]
    assert beyond_the_edge(phone) == 0
    phone.reload()
    expect(phone.get_by_role("button", name="大字")).to_have_attribute("aria-pressed", "true")
    phone.get_by_role("button", name="高对比度").click()
    assert barriers(phone) == []
    read = phone.get_by_role("button", name="读给我听")
    expect(read).to_be_visible()
    assert "正在办理" in phone.locator("#spoken").text_content()
    dumb = browser.new_context(viewport=PHONE, base_url=live_server.url)
    dumb.add_init_script("delete window.speechSynthesis; Object.defineProperty(window, 'speechSynthesis', { value: undefined });")
    page = dumb.new_page()
    ask(page, petition)
    expect(page.get_by_role("button", name="读给我听")).to_have_count(0)
    expect(page.get_by_role("heading", name="办到哪一步了")).to_be_visible()


def fill(page: Page) -> None:
    page.get_by_text("请求解决问题").click()
    page.get_by_label("姓名").fill("陈桂兰")
    page.get_by_label("手机号").fill("13800132046")
    page.get_by_label("现住址").fill("阜山镇九曲村12号")
    page.get_by_label("一句话说是什么事").fill("邻居砌墙占用宅基地")
    page.get_by_label("找村（社区）").fill("九曲")
    page.get_by_label("事情发生在").select_option(label="九曲村")
    page.get_by_label("事情经过").fill("去年十月邻居翻建院墙时向东移了约0.6米。")
    page.get_by_label("第 1 项诉求").fill("重新丈量")
    page.get_by_role("button", name="再加一项").click()
    page.get_by_label("第 4 项诉求").fill("拆除越界部分")


def test_a_matter_is_brought_from_a_phone_with_a_draft_that_survives_a_reload_and_a_proof_nobody_notices(phone: Page, house):
    phone.goto("/submit/")
    fits(phone)
    fill(phone)
    phone.wait_for_timeout(600)
    phone.reload()
    expect(phone.get_by_text("您上次没写完的内容已经恢复")).to_be_visible()
    expect(phone.get_by_label("第 4 项诉求")).to_have_value("拆除越界部分")
    expect(phone.get_by_label("姓名")).to_have_value("陈桂兰")
    assert not phone.evaluate("localStorage.length")
    phone.get_by_label("我已经看过").check()
    phone.get_by_label("真实性负责").check()
    phone.get_by_role("button", name="提交", exact=True).click()
    expect(phone.get_by_role("heading", name="请保存编号和查询码")).to_be_visible(timeout=30_000)
    petition = Petition.objects.select_related("case").get()
    expect(phone.get_by_text(petition.case.number)).to_be_visible()
    assert Attempt.objects.count() == 2  # the proof that was used, and the form it let in
    assert Case.objects.get().state == "registered"
    assert not phone.evaluate("Object.keys(sessionStorage).filter((k) => k.startsWith('draft:')).length")
    fits(phone)
    assert barriers(phone) == []


def test_without_scripts_a_matter_is_brought_all_the_same(house, browser: Browser, live_server):
    context = browser.new_context(viewport=PHONE, base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/submit/")
    page.locator("input[name=purpose][value='02']").check()
    for name, value in {"name": "陈桂兰", "phone": "13800132046", "address": "九曲村12号", "title": "占地", "story": "院墙占了宅基地。"}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=area]").select_option(label="九曲村")
    page.locator("[name=points]").first.fill("重新丈量")
    page.locator("[name=has_read]").check()
    page.locator("[name=is_true]").check()
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name="请保存编号和查询码")).to_be_visible()
    page.get_by_role("link", name="看办理进度").click()
    expect(page.get_by_role("heading", name="办到哪一步了")).to_be_visible()


def test_axe_finds_nothing_on_the_public_pages(phone: Page, house):
    for address in ("/progress/", "/progress/sms/", "/submit/", "/public/"):
        phone.goto(address)
        assert barriers(phone) == []
        fits(phone)
    phone.goto("/submit/")
    phone.get_by_role("button", name="提交", exact=True).click()
    expect(phone.get_by_role("alert")).to_be_visible(timeout=30_000)
    assert barriers(phone) == []
    ask(phone, walk.delivered(house))
    for address in ("/progress/", "/progress/rate/", "/progress/material/", "/progress/urge/", "/progress/review/"):
        phone.goto(address)
        assert barriers(phone) == []
    phone.set_viewport_size({"width": 1366, "height": 768})
    for address in ("/progress/", "/submit/", "/public/"):
        phone.goto(address)
        assert barriers(phone) == []
