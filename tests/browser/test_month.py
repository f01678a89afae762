"""A month in the browser: the office asks and checks, the head closes, the worker makes it, the auditor downloads and verifies."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from organisations import clock
from reports.models import Report
from reports.month import actions, papers
from tests.browser.looking import barriers, beyond_the_edge
from tests.factories import months
from tests.factories.months import at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def november():
    """The whole process, server threads too, stands on 3 November 2026."""
    clock.run_by(lambda: timezone.make_aware(datetime(2026, 11, 3, 10)))
    yield
    clock.run_by(timezone.now)


def test_from_the_draft_to_the_verified_package(house, people, live_server, november, tmp_path: Path):
    months.a_month(house)
    office = people("office")
    office.goto(f"{live_server.url}/reports/months/")
    assert barriers(office) == []
    expect(office.get_by_text("尚未封存：2026年10月")).to_be_visible()
    office.get_by_role("button", name="生成 PDF 和 Excel").click()
    expect(office.get_by_role("status").get_by_text("排队中")).to_be_visible()
    with at(11, 3):
        assert actions.make_next()
    expect(office.get_by_role("button", name="已核对，报请封存")).to_be_visible(timeout=20_000)  # the page has asked by itself
    office.get_by_role("button", name="已核对，报请封存").click()
    expect(office.get_by_role("button", name="已核对，报请封存")).to_have_count(0)
    head = people("centre_head")
    head.goto(office.url)
    head.get_by_role("button", name="审核封存 2026年10月").click()
    head.get_by_role("dialog").get_by_role("button", name="封存 2026年10月", exact=True).click()
    expect(head.get_by_role("status").get_by_text("排队中")).to_be_visible()
    with at(11, 3):
        assert actions.make_next()
    expect(head.get_by_text("已封存", exact=True).first).to_be_visible(timeout=20_000)
    auditor = people("auditor")
    auditor.goto(head.url)
    assert barriers(auditor) == []
    auditor.get_by_role("link", name="核验", exact=True).click()
    expect(auditor.get_by_role("heading", name="核验结果：全部一致")).to_be_visible()
    assert barriers(auditor) == []
    with auditor.expect_download() as started:
        auditor.get_by_role("link", name="核验包（ZIP）").click()
    started.value.save_as(tmp_path / "p.zip")
    expected = Report.objects.get(origin="closed").manifest_sha256
    command = [sys.executable, str(papers.VERIFIER), "p.zip", "--expect", expected]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    auditor.set_viewport_size({"width": 390, "height": 844})
    assert beyond_the_edge(auditor) == 0
