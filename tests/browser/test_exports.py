"""A list becomes a file in Chromium: a short one at once, a long one in the background with a notice, then fetched (issue 5 §5)."""

from __future__ import annotations

import io

import openpyxl
import pytest
from playwright.sync_api import expect

from casework import exports_jobs
from casework.models import Export
from tests.browser.looking import barriers
from tests.factories import petitions


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path)


def test_a_short_list_comes_at_once(house, people):
    petitions.registered(house, title="水渠不通要求修复")
    page = people("office")
    page.goto("/cases/?status=open")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="导出 Excel").click()
    rows = list(openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes())).active.iter_rows(values_only=True))
    assert rows[2][2] == "水渠不通要求修复"
    page.goto("/exports/")
    expect(page.locator("tbody tr")).to_contain_text("已下载")


def test_a_long_list_is_made_in_the_background_told_and_fetched(house, people, monkeypatch):
    monkeypatch.setattr(exports_jobs, "AT_ONCE", 1)
    for title in ("水渠不通要求修复", "工地拖欠工资"):
        petitions.registered(house, title=title)
    page = people("office")
    page.goto("/cases/?status=open")
    page.get_by_role("link", name="导出 Excel").click()
    expect(page.get_by_role("heading", name="共 2 件")).to_be_visible()
    assert barriers(page) == []
    page.keyboard.press("Control+Enter")
    row = page.locator("tbody tr")
    expect(row).to_contain_text("排队中")
    assert exports_jobs.run_next()
    expect(row).to_contain_text("可下载", timeout=8_000)
    assert barriers(page) == []
    page.goto("/inbox/")
    page.get_by_text("导出已完成，可下载").click()
    page.wait_for_url("**/exports/")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载").click()
    book = openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
    export = Export.objects.get()
    assert export.number in book.active["A1"].value
    assert book.active.max_row == 4
    other = people("auditor")
    assert other.goto(f"/exports/{export.pk}/file/").status == 404


def test_a_job_is_cancelled_and_tried_again(house, people, monkeypatch):
    monkeypatch.setattr(exports_jobs, "AT_ONCE", 0)
    petitions.registered(house)
    page = people("office")
    page.goto("/cases/?status=open")
    page.get_by_role("link", name="导出 Excel").click()
    page.get_by_role("button", name="开始导出").click()
    page.get_by_role("button", name="取消").click()
    expect(page.locator("tbody tr")).to_contain_text("已取消")
    page.get_by_role("button", name="重试").click()
    expect(page.locator("tbody tr")).to_contain_text("排队中")
