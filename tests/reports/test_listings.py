"""What a number, a doubt, a question, a sample and the reports list can be taken out, as it is shown (issue 5 §5)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from organisations import clock
from organisations.models import AccessEntry
from reports.actions import refresh
from tests.factories import petitions
from tests.factories.county import County

SignIn = Callable[[str], Client]
NOW = datetime(2026, 3, 27, 10, 45, tzinfo=ZoneInfo("Asia/Shanghai"))


def taken(client: Client, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]


def button(html: str, code: str) -> str:
    """The address of the page's own CSV button."""
    found = re.search(rf'href="({reverse("casework:export-list", args=[code])}[^"]*form=csv)"', html)
    assert found, f"no export of {code}"
    return unescape(found[1])


@pytest.mark.parametrize("person", ["leader", "town_head", "head"])
def test_the_list_behind_a_number_leaves_as_it_is_shown(county: County, sign_in: SignIn, person: str) -> None:
    with clock.at(NOW):
        for title in ("=水渠不通", "道路积水"):
            petitions.routed(county, title=title)
        petitions.registered(county, purpose="03", respondent_name="某某", title="检举某某")
        cache.clear()
        refresh.refresh()
        client = sign_in(person)
        address = reverse("reports:behind") + "?m=cases&since=2026-03-01&until=2026-03-27"
        html = client.get(address).content.decode()
        count = int(re.search(r'共 <b class="num">(\d+)</b> 件', html)[1])  # type: ignore[index]
        rows = taken(client, button(html, "behind"))
        assert rows[1] == ["事项", "编号", "属地", "分类", "责任单位", "承办人", "状态"]
        assert len(rows) == count + 2
        assert "登记件数" in rows[0][0]
        shown = re.findall(r'<div class="muted num small">([^<]+)</div>', html)
        assert [row[1] for row in rows[2:] if row[1]] == shown
        assert not any(cell.startswith("=") for row in rows for cell in row)
        assert "检举某某" not in str(rows)
        entry = AccessEntry.objects.filter(event=AccessEntry.Event.EXPORT).latest("id")
        assert (entry.object_type, entry.detail["rows"]) == ("behind", count)


def test_who_has_no_figures_takes_no_list_of_them(county: County, sign_in: SignIn) -> None:
    address = reverse("casework:export-list", args=["behind"])
    assert sign_in("clerk").get(address, {"m": "cases", "span": "month"}).status_code == 403
    assert sign_in("leader").get(address, {"m": "nothing"}).status_code == 422
    assert sign_in("leader").get(address, {"m": "cases", "since": "x"}).status_code == 422
    assert sign_in("system_admin").get(address, {"m": "cases"}).status_code == 403


def test_doubts_questions_samples_and_reports_leave_from_their_pages(county: County, sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    heads = {
        "doubt": ["案件", "编号", "发现", "日期", "单位"],
        "audit_questions": ["事由", "提出人", "提出日期", "单位", "案件", "期限", "状态"],
        "audit_samples": ["名称", "抽样人", "抽样时间", "总体", "总体件数", "样本", "已填", "有问题", "状态"],
        "reports": ["期间", "种类", "范围", "状态", "来源", "提出人", "提出时间", "数据截止"],
    }
    from_page = {"doubt": "doubt=late_entry&", "audit_questions": "", "audit_samples": "", "reports": ""}
    for code, head in heads.items():
        rows = taken(auditor, f"{reverse('casework:export-list', args=[code])}?{from_page[code]}form=csv")
        assert rows[1] == head
        assert "导出编号" in rows[0][0]
    for code in ("doubt", "audit_samples"):
        assert sign_in("head").get(reverse("casework:export-list", args=[code]), {"doubt": "late_entry"}).status_code == 403
