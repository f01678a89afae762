"""The line is gone: a strip says so and nothing typed is lost; it comes back and the same form goes out (DESIGN.md §8)."""

from __future__ import annotations

from playwright.sync_api import expect

from organisations.models import User


def test_a_form_sent_without_a_line_waits_and_is_sent_later(house, people):
    page = people("clerk")
    page.goto("/profile/")
    expect(page.locator(".offline")).to_have_count(0)
    page.context.set_offline(True)
    expect(page.locator(".offline")).to_contain_text("网络已断开")
    page.locator("#id_save").focus()
    page.keyboard.press("Alt+h")
    page.get_by_role("button", name="保存快捷键").click()
    expect(page.locator(".toast")).to_contain_text("网络中断，没有发出。您填写的内容还在。")
    expect(page.locator("#id_save")).to_have_value("Alt H")
    page.context.set_offline(False)
    expect(page.locator(".offline")).to_have_count(0)
    page.get_by_role("button", name="保存快捷键").click()
    expect(page.locator(".toast", has_text="快捷键已保存")).to_be_visible()
    assert User.objects.get(username="clerk").keys == {"save": "Alt+H"}
