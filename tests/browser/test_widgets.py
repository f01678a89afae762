"""The widgets of static/js in a real Chromium, under the real policy, on pages of the real base template; the network is answered here."""

import json
import re
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.test import RequestFactory
from playwright.sync_api import Page, Route, expect

from config.styleguide import styleguide
from organisations.models import User
from tests.browser.looking import barriers

HOST = "http://yimen.test"
POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'"
STATIC = Path(settings.BASE_DIR) / "static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
CARD = "370685194901010010"


class Site:
    """Serves one page, the static files and the answers a test sets; keeps what was sent and what the policy refused."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.html = ""
        self.sent: list[tuple[str, str, str]] = []
        self.answers: dict[str, tuple[int, str]] = {"/session/keep/": (204, "")}
        self.refused: list[str] = []
        page.route(f"{HOST}/**", self.answer)
        page.on("console", lambda m: self.refused.append(m.text) if "Content Security Policy" in m.text else None)
        page.on("pageerror", lambda e: self.refused.append(str(e)))

    def answer(self, route: Route) -> None:
        path = re.sub(r"^https?://[^/]+|\?.*$", "", route.request.url)
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            route.fulfill(status=200, content_type=TYPES[file.suffix], body=file.read_bytes())
        elif path == "/page/" and route.request.method == "GET":
            route.fulfill(status=200, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY}, body=self.html)
        else:
            self.sent.append((route.request.method, route.request.url.removeprefix(HOST), route.request.post_data or ""))
            status, body = self.answers.get(path, (200, "<p id=done>done</p>"))
            route.fulfill(status=status, content_type="application/json" if body.startswith(("{", "[")) else "text/html", body=body)

    def show(self, body: str, user: object = None) -> None:
        request = RequestFactory().get("/page/")
        request.user = user or AnonymousUser()
        template = engines["django"].from_string('{% extends "base.html" %}{% load components %}{% block body %}' + body + "{% endblock %}")
        self.html = template.render({}, request)
        self.page.goto(f"{HOST}/page/")

    def posts(self, path: str) -> list[str]:
        return [data for method, url, data in self.sent if method == "POST" and url.startswith(path)]


@pytest.fixture
def site(page):
    made = Site(page)
    yield made
    assert made.refused == []


FORM = """<form method="post" action="/save/" id="f" data-primary data-no-session-check>
<input id="a" name="a" value="甲"><input id="b" name="b"><button type="submit" data-submit data-key="F9">保存</button></form>"""


def burst(page, text, gap=0.005):
    """A reader's keys, struck `gap` seconds apart whatever the load of this machine, then Enter."""
    struck = time.time()
    with_times = page.context.new_cdp_session(page)
    for n, c in enumerate([*text, "Enter"]):
        named = {"key": "Enter", "code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13}
        keys = named if c == "Enter" else {"key": c, "code": f"Digit{c}" if c.isdigit() else "KeyX", "text": c}
        with_times.send("Input.dispatchKeyEvent", {"type": "keyDown", "timestamp": struck + n * gap, **keys})
        with_times.send(
            "Input.dispatchKeyEvent", {"type": "keyUp", "timestamp": struck + n * gap + 0.001, **{k: v for k, v in keys.items() if k != "text"}}
        )


def listen(page):
    page.evaluate("document.addEventListener('card:read', (e) => { document.body.dataset.card = e.detail.number; })")


def test_a_card_burst_reaches_no_field_and_sends_nothing(site, page):
    site.show(FORM + '<div data-idread role="status" hidden><span data-idread-text></span></div>')
    listen(page)
    page.focus("#a")
    burst(page, CARD)
    expect(page.locator("body")).to_have_attribute("data-card", CARD)
    expect(page.locator("#a")).to_have_value("甲")
    expect(page.locator("[data-idread-text]")).to_contain_text("已读卡")
    assert site.posts("/save/") == []
    burst(page, CARD[:-1] + ("1" if CARD[-1] != "1" else "2"))
    expect(page.locator("[data-idread-text]")).to_have_text("未读到卡，请重放")
    expect(page.locator("#a")).to_have_value("甲")
    assert site.posts("/save/") == []


SEARCH = '<form role="search" action="/search/"><input id="global" type="search" name="q"></form>'
TWO = """<form method="post" action="/save/" data-primary data-no-session-check><textarea id="story">写了一半</textarea>
<section><input id="one" name="people-0-id_number"></section>
<section><input id="name" name="people-1-name"><input id="two" name="people-1-id_number"></section>
<button type="submit" data-submit>保存</button></form>"""


def test_a_card_read_where_nobody_asks_for_one_looks_for_the_person(site, page):
    site.show(SEARCH + FORM)
    page.focus("#a")
    burst(page, CARD)
    expect(page.locator("#global")).to_have_value(CARD)
    expect(page.locator("#global")).to_be_focused()
    expect(page.locator("#a")).to_have_value("甲")
    assert site.posts("/save/") == []
    page.focus("#b")
    burst(page, CARD[:-1] + ("1" if CARD[-1] != "1" else "2"))
    expect(page.locator(".toast")).to_contain_text("未读到卡，请重放")


def test_a_card_read_on_a_form_with_fields_for_numbers_fills_the_next(site, page):
    other = "110101190001011009"
    site.show(SEARCH + TWO)
    page.focus("#name")
    burst(page, CARD)
    expect(page.locator("#two")).to_have_value(CARD)
    page.focus("#story")
    burst(page, CARD)
    expect(page.locator("#two")).to_be_focused()
    expect(page.locator("#one")).to_have_value("")
    burst(page, other)
    expect(page.locator("#one")).to_have_value(other)
    expect(page.locator("#two")).to_have_value(CARD)
    expect(page.locator("#global")).to_have_value("")
    expect(page.locator("#story")).to_have_value("写了一半")


def test_fast_typing_that_is_no_card_is_kept(site, page):
    site.show(FORM)
    page.focus("#b")
    for c in "abcdefghij":
        page.keyboard.press(c)
    expect(page.locator("#b")).to_have_value("abcdefghij")


def test_slow_digits_are_typed_and_enter_sends(site, page):
    site.show(FORM)
    page.focus("#b")
    burst(page, "138001380001234567", gap=0.045)
    page.wait_for_selector("#done")
    assert len(site.posts("/save/")) == 1
    assert "138001380001234567" in site.posts("/save/")[0]


AREAS = json.dumps([{"value": "7", "label": "王家坪村", "hint": "370685001002"}, {"value": "8", "label": "王家沟村", "hint": "370685001003"}])
TYPEAHEAD = """<form method="post" action="/save/" data-enter-next data-no-session-check><label for="v">村</label>
<div data-typeahead data-src="/lookups/areas/"><input type="hidden" name="area">
<input class="input" id="v" name="area_typed"></div><input id="after" name="after"><button type="submit">保存</button></form>"""


def test_typeahead_enter_picks_and_stays(site, page):
    site.answers["/lookups/areas/"] = (200, AREAS)
    site.show(TYPEAHEAD)
    page.focus("#v")
    page.keyboard.type("wj", delay=60)
    expect(page.locator("[role=option]")).to_have_count(2)
    expect(page.locator("#v")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#v")).to_have_value("王家沟村")
    assert page.input_value("[name=area]") == "8"
    expect(page.locator("#v")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#after")).to_be_focused()
    assert site.posts("/save/") == []
    assert any("q=wj" in url for _, url, _ in site.sent)


@pytest.mark.parametrize("key", ["Enter", "Tab"])
def test_a_late_answer_does_not_undo_what_the_arrows_chose(site, page, key):
    """The first character's list stands, the second one's answer is under way: whoever goes down and picks gets that row, not the first."""
    site.answers["/lookups/areas/"] = (200, AREAS)
    site.show(TYPEAHEAD)
    late: list[Route] = []
    page.route(re.compile(r"/lookups/areas/\?q=wj"), lambda route: late.append(route))  # noqa: PLW0108 (playwright marks the handler; a built-in bears no mark)
    page.focus("#v")
    page.keyboard.type("w")
    expect(page.locator("[role=option]")).to_have_count(2)
    page.keyboard.type("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press(key)
    page.wait_for_timeout(200)
    for answer in late:
        answer.fallback()
    expect(page.locator("#v")).to_have_value("王家沟村")
    assert page.input_value("[name=area]") == "8"


def test_typeahead_tab_picks_and_moves_on(site, page):
    site.answers["/lookups/areas/"] = (200, AREAS)
    site.show(TYPEAHEAD)
    page.focus("#v")
    page.keyboard.type("wjp", delay=60)
    page.wait_for_selector("[role=option]")
    page.keyboard.press("Tab")
    expect(page.locator("[name=area]")).to_have_value("7")
    expect(page.locator("#after")).to_be_focused()
    page.fill("#v", "别处")
    assert page.input_value("[name=area]") == "", "changed words are no longer the picked place"


def test_keys_leave_the_input_method_and_fields_alone(site, page):
    site.show(FORM + '<button type="button" data-key="N" data-open="x">新</button><dialog id="x"><button data-close>关</button></dialog>')
    page.focus("#b")
    page.keyboard.press("n")
    expect(page.locator("#x")).to_be_hidden()
    expect(page.locator("#b")).to_have_value("n")
    page.evaluate("document.activeElement.blur()")
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {code: 'KeyN', key: 'n', isComposing: true, bubbles: true}))")
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {code: 'F9', key: 'F9', keyCode: 229, bubbles: true}))")
    expect(page.locator("#x")).to_be_hidden()
    assert site.posts("/save/") == []
    page.keyboard.press("n")
    expect(page.locator("#x")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#x")).to_be_hidden()
    page.evaluate("document.documentElement.dataset.singleKeys = 'off'")
    page.keyboard.press("n")
    expect(page.locator("#x")).to_be_hidden()
    page.keyboard.press("F9")
    page.wait_for_selector("#done")
    assert len(site.posts("/save/")) == 1


def test_ctrl_enter_sends_the_form_one_is_in(site, page):
    site.show(FORM)
    page.focus("#b")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#done")
    assert len(site.posts("/save/")) == 1


def test_a_double_click_sends_once(site, page):
    site.answers["/save/"] = (204, "")  # the page stays, as while an answer is on its way
    site.show(FORM)
    with page.expect_request("**/save/"):
        page.evaluate("const b = document.querySelector('[data-submit]'); b.click(); b.click(); b.click();")
    page.wait_for_timeout(300)
    assert len(site.posts("/save/")) == 1
    expect(page.locator("[data-submit]")).to_have_class(re.compile("is-busy"))


def signed_in() -> User:
    return User(username="liuxiaoyan", name="刘晓燕")


SESSION = '{% include "components/session.html" %}'


def test_a_double_click_sends_once_behind_the_session_check(site, page):
    site.answers["/save/"] = (204, "")
    site.show(FORM.replace(" data-no-session-check", "") + SESSION, signed_in())
    with page.expect_request("**/save/"):
        page.evaluate("const b = document.querySelector('[data-submit]'); b.click(); b.click();")
    page.wait_for_timeout(300)
    assert len(site.posts("/save/")) == 1


def test_a_dead_session_asks_on_top_of_the_page_and_sends_again(site, page):
    site.answers["/session/keep/"] = (401, "")
    site.show(FORM.replace(" data-no-session-check", "") + SESSION, signed_in())
    page.fill("#b", "没有丢")
    page.click("[data-submit]")
    expect(page.locator("#session-expired")).to_be_visible()
    site.answers["/sign-in/"] = (200, '{"ok": false, "csrf": "n0", "message": "密码不正确，还可以再试 3 次"}')
    page.fill("#ov-password", "wrong")
    page.keyboard.press("Enter")
    expect(page.locator("[data-overlay-error]")).to_have_text("密码不正确，还可以再试 3 次")
    site.answers |= {"/sign-in/": (200, '{"ok": true, "csrf": "n1"}'), "/session/keep/": (204, "")}
    page.keyboard.type("right")
    expect(page.locator("#ov-password")).to_have_value("right")
    page.keyboard.press("Enter")
    page.wait_for_selector("#done")
    assert len(site.posts("/save/")) == 1
    assert "%E6%B2%A1%E6%9C%89%E4%B8%A2" in site.posts("/save/")[0]


def test_a_draft_waits_for_the_new_session(site, page):
    site.answers["/draft/"] = (401, "")
    site.show(
        '<form method="post" action="/save/" data-draft-url="/draft/"><input id="a" name="a"></form><input id="z"><span data-draft-note></span>'
        + SESSION,
        signed_in(),
    )
    page.fill("#a", "草稿")
    page.focus("#z")
    expect(page.locator("#session-expired")).to_be_visible()
    site.answers |= {"/sign-in/": (200, '{"ok": true, "csrf": "n1"}'), "/draft/": (204, "")}
    page.fill("#ov-password", "right")
    page.keyboard.press("Enter")
    expect(page.locator("[data-draft-note]")).to_contain_text("已暂存")
    assert "草稿" in site.posts("/draft/")[-1]


def test_a_draft_says_when_it_could_not_be_kept(site, page):
    site.answers["/draft/"] = (503, "")
    site.show('<form data-draft-url="/draft/"><input id="a" name="a"></form><input id="z"><span data-draft-note></span>')
    page.fill("#a", "草稿")
    page.focus("#z")
    expect(page.locator("[data-draft-note]")).to_have_text("未能暂存，正在重试")
    site.answers["/draft/"] = (204, "")
    expect(page.locator("[data-draft-note]")).to_contain_text("已暂存", timeout=8000)


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("20260315", "2026-03-15"),
        ("2026-3-5", "2026-03-05"),
        ("0315", r"\d{4}-03-15"),
        ("+7", r"\d{4}-\d\d-\d\d"),
        ("今天", r"\d{4}-\d\d-\d\d"),
        ("0230", "0230"),
    ],
)
def test_dates_typed_short(site, page, typed, iso):
    site.show('<form><input id="d" data-date></form><input id="z">')
    page.fill("#d", typed)
    page.focus("#z")
    expect(page.locator("#d")).to_have_value(re.compile(f"^{iso}$" if iso != typed else re.escape(iso)))


def test_a_date_typed_short_is_written_out_before_ctrl_enter_sends_it(site, page):
    site.show('<form method="get"><input id="d" name="due" data-date><button type="submit" data-submit>办理</button></form>')
    page.focus("#d")
    page.keyboard.type("+7")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"due=\d{4}-\d\d-\d\d"))


def test_what_comes_in_place_of_a_pressed_button_holds_the_focus(site, page):
    """A number shown by Enter took the keyboard back to the top of the page: the button is gone, and its form has no id."""
    site.answers["/reveal/"] = (200, '<span class="num">13800132046</span>')
    site.show('<form hx-post="/reveal/" hx-target="this" hx-swap="outerHTML"><button type="submit">显示</button></form>')
    page.focus("button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("13800132046")).to_be_focused()


@pytest.mark.parametrize("status", [200, 409, 422])
def test_htmx_shows_the_form_again_with_its_refusal(site, page, status):
    site.answers["/act/"] = (status, '<form id="act"><p role="alert">您填写期间，本件已被其他同事更新</p></form>')
    site.show('<form id="act" hx-post="/act/" hx-swap="outerHTML"><input name="x"><button type="submit">办理</button></form>')
    with page.expect_request("**/act/") as asked:
        page.click("button")
    expect(page.get_by_role("alert")).to_have_text("您填写期间，本件已被其他同事更新")
    assert asked.value.headers["x-csrftoken"] == page.get_attribute('meta[name="csrf-token"]', "content")


def test_htmx_says_what_failed_and_keeps_the_page(site, page):
    site.answers["/act/"] = (500, "<p>no</p>")
    site.show('<form id="act" hx-post="/act/"><input name="x" value="还在"><button type="submit">办理</button></form>')
    page.click("button")
    expect(page.locator(".toast--bad")).to_contain_text("没有办成")
    expect(page.locator("[name=x]")).to_have_value("还在")
    expect(page.locator("#act button")).not_to_have_class(re.compile("is-busy"))


@pytest.fixture
def guide(site, page):
    request = RequestFactory().get("/styleguide/")
    request.user = AnonymousUser()
    site.html = styleguide(request).content.decode()
    page.goto(f"{HOST}/page/")
    return page


def test_rows_are_numbered_for_the_formset(guide):
    guide.click("[data-rows-add]")
    expect(guide.locator('[name="points-1-text"]')).to_be_focused()
    assert guide.input_value('[name="points-TOTAL_FORMS"]') == "2"
    guide.keyboard.type("第二项", delay=40)
    guide.keyboard.press("Enter")
    expect(guide.locator('[name="points-2-text"]')).to_be_focused()
    guide.click("[data-rows-add]")
    expect(guide.locator(".toast--warn", has_text="最多 3 行")).to_be_visible()
    guide.click('[data-rows-row]:has([name="points-1-text"]) [data-rows-remove]')
    assert guide.locator("[data-rows-no]:visible").all_text_contents() == ["1", "2"]


def test_the_list_is_walked_ticked_and_cleared(guide):
    guide.evaluate("document.activeElement.blur()")
    guide.keyboard.press("j")
    guide.keyboard.press("j")
    guide.keyboard.press("x")
    expect(guide.locator("tr.is-cur.is-sel")).to_have_count(1)
    expect(guide.locator("[data-count]")).to_have_text("1")
    expect(guide.locator("[data-all-matching-offer]")).to_be_hidden()
    guide.check("[data-all]")
    expect(guide.locator("[data-count]")).to_have_text("5")
    expect(guide.locator("[data-all-matching-offer]")).to_be_visible()
    guide.check("[data-all-matching-offer] input")
    guide.locator("tbody input[type=checkbox]").first.uncheck()
    expect(guide.locator("[data-all-matching-offer] input")).to_be_disabled()
    expect(guide.locator("[data-all-matching-offer] input")).not_to_be_checked()
    guide.keyboard.press("Escape")
    expect(guide.locator("[data-bulk]")).to_be_hidden()


def test_missing_fields_are_counted_and_found(guide):
    link = guide.locator("[data-missing]")
    expect(link).to_have_text(re.compile("还差 1 项必填：诉求标题"))
    link.click()
    expect(guide.locator("#id_title")).to_be_focused()
    guide.keyboard.insert_text("邻居砌墙")
    expect(link).to_be_hidden()


def test_choices_are_mirrored_and_shortcuts_listed(guide):
    guide.check("#id_urgency_2")
    expect(guide.locator("label.is-on", has=guide.locator("#id_urgency_2"))).to_have_count(1)
    expect(guide.locator(".seg label.is-on")).to_have_count(1)
    guide.evaluate("document.activeElement.blur()")
    guide.keyboard.press("?")
    expect(guide.locator("#keys")).to_be_visible()
    guide.keyboard.press("Escape")
    guide.keyboard.press("/")
    expect(guide.locator("#global-search")).to_be_focused()


def test_the_theme_and_density_are_told_to_the_server(guide, site):
    guide.locator(".toast--bad [data-dismiss]").click()
    expect(guide.locator(".toast--bad")).to_have_count(0)
    guide.locator(".toast [data-dismiss]").click()
    with guide.expect_request("**/profile/appearance/"):
        guide.click("[data-theme-toggle]")
    expect(guide.locator("html")).to_have_attribute("data-theme", "dark")
    guide.click("[data-set-density=cozy]")
    expect(guide.locator("html")).to_have_attribute("data-density", "cozy")
    guide.wait_for_timeout(100)
    assert site.posts("/profile/appearance/") == ["theme=dark"]


def test_the_guide_has_no_violation(guide):
    assert barriers(guide, rules=["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]) == []


def test_the_browsers_own_word_for_an_empty_field_is_chinese(site):
    page = site.page
    fields = '<input id="who" required><input id="day" type="date" max="2026-01-01"><button>签收</button>'
    site.show(f'<form action="/save/" method="post" data-no-session-check>{fields}</form>')
    page.get_by_role("button", name="签收").click()
    assert page.locator("#who").evaluate("n => n.validationMessage") == "请填写这一项。"
    page.locator("#who").fill("韩雪梅")
    assert page.locator("#who").evaluate("n => n.validity.valid")
    page.locator("#day").fill("2026-02-01")
    page.get_by_role("button", name="签收").click()
    assert page.locator("#day").evaluate("n => n.validationMessage") == "填写的内容不对，请检查。"
    assert site.sent == []


def test_signs_of_an_input_method_between_fast_digits_stay(site):
    """The guard of the card reader holds fast keys back; what came in without a key was lost under the text of before."""
    page, words = site.page, "核算58.9万元，差额8.7万元于2026年12月10日前"
    site.show('<form action="/save/" method="post"><textarea id="words"></textarea></form>')
    page.locator("#words").focus()
    page.keyboard.type(words)
    page.wait_for_timeout(1500)
    expect(page.locator("#words")).to_have_value(words)
