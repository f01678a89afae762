"""What a number, a doubt, a question, a sample and the reports list can be taken out, as it is shown (issue 5 §5)."""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Callable
from datetime import datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from casework import drafts
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
    for person, code in (("clerk", "return"), ("handler", "return"), ("handler", "record"), ("system_admin", "texts"), ("system_admin", "drafts")):
        answer = sign_in(person).get(reverse("casework:export-list", args=[code]), {"form": "csv"})
        assert answer.status_code in (403, 404), (person, code)


def test_ones_own_drafts_leave_from_their_page(county: County, sign_in: SignIn) -> None:
    for person, words in (("clerk", "李某 水渠不通"), ("clerk2", "张某 别人的草稿")):
        drafts.keep(uuid.uuid4(), form="petition.register", fields={}, by=county.scope(person), label=words)
    client = sign_in("clerk")
    found = taken(client, button(client.get(reverse("casework:drafts")).content.decode(), "drafts"))
    assert [row[:2] for row in found[1:]] == [["写的是什么", "内容"], ["新登记（信访事项）", "李某 水渠不通"]]


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


def test_the_dictionary_leaves_as_it_is_read(county: County, sign_in: SignIn) -> None:
    client = sign_in("leader")
    html = client.get(reverse("reports:measures")).content.decode()
    rows = taken(client, button(html, "measures"))
    assert rows[1] == ["组别", "指标", "怎样计算", "不计入", "单位", "好坏", "依据", "版本"]
    in_force = [row[1] for row in rows[2:] if "止" not in row[7]]
    shown = re.findall(r'<th scope="row">([^<]+)', html)
    assert in_force == [unescape(name) for name in shown]
    for row in rows[2:]:
        assert row[2].lstrip("'") in unescape(html)
        assert row[5] in html
        assert row[6] in unescape(html)
    assert sign_in("system_admin").get(reverse("casework:export-list", args=["measures"])).status_code == 403


def test_the_return_and_the_record_leave_as_csv_too(county: County, sign_in: SignIn) -> None:
    with clock.at(NOW):
        held = petitions.routed(county, title="=水渠不通").case
        cache.clear()
        refresh.refresh()
        client = sign_in("auditor")
        period = "?since=2026-03-01&until=2026-03-27"
        html = client.get(reverse("reports:return") + period).content.decode()
        rows = taken(client, button(html, "return"))
        assert rows[1] == [unescape(head) for head in re.findall(r"<th(?: class=\"[^\"]*\")?>([^<]+)</th>", html)]
        assert [row[1] for row in rows[2:]] == re.findall(r'<th scope="row"[^>]*>(?:<b>)?([^<]+)<', html)
        assert rows[-1][1] == "合计"

        html = client.get(reverse("reports:record") + period).content.decode()
        rows = taken(client, button(html, "record"))
        assert rows[1] == [unescape(head) for head in re.findall(r'<td class="r num">\d+</td><td class="nowrap">([^<]+)</td>', html)]
        assert [row[2] for row in rows[2:]] == [held.number]
        assert "'=水渠不通" in rows[2]
    assert sign_in("head").get(reverse("casework:export-list", args=["record"])).status_code == 403


def test_checks_and_series_of_numbers_leave_from_their_page(county: County, sign_in: SignIn) -> None:
    petitions.registered(county)
    client = sign_in("auditor")
    client.post(reverse("reports:integrity"), {"since": clock.today().replace(day=1), "until": clock.today()})
    html = client.get(reverse("reports:integrity")).content.decode()
    rows = taken(client, button(html, "checks"))
    assert rows[1] == ["核验时间", "核验人", "期间起", "期间止", "案件", "记录", "日封", "结果"]
    assert [row[7] for row in rows[2:]] == ["全部相符"]
    rows = taken(client, button(html, "series"))
    assert [row[0] for row in rows[2:]] == re.findall(r'<td class="num nowrap">([^<]+-)</td>', html)
    for code in ("checks", "series"):
        assert sign_in("head").get(reverse("casework:export-list", args=[code])).status_code == 403


def test_the_table_of_doubts_leaves_as_it_stands_in_the_room(county: County, sign_in: SignIn) -> None:
    with clock.at(NOW):
        petitions.routed(county)
        client = sign_in("auditor")
        page = client.get(reverse("reports:audit"), {"since": "2026-03-01", "until": "2026-03-27"})
        rows = taken(client, button(page.content.decode(), "doubts"))
        assert rows[1] == ["疑点", "指什么", "条数", "案件", "依据"]
        shown = [[row.doubt.name, row.doubt.words, str(row.findings), str(row.cases)] for row in page.context["tallies"]]
        assert [row[:4] for row in rows[2:]] == shown
        assert "2026年3月1日至3月27日" in rows[0][0]
        assert sign_in("head").get(reverse("casework:export-list", args=["doubts"])).status_code == 403
