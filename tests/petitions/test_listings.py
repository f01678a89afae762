"""The desk of supervision, the yearly reports, the imports and the absences leave as their pages show them (issue 5 §5)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from organisations import clock
from organisations.models import AccessEntry
from petitions.actions import annual
from tests.factories import petitions, supervised
from tests.factories.county import County

SignIn = Callable[[str], Client]


def taken(client: Client, code: str, page: str) -> list[list[str]]:
    """The file behind the page's own CSV button."""
    html = client.get(reverse(page)).content.decode()
    made = re.search(rf'href="({reverse("casework:export-list", args=[code])}[^"]*form=csv)"', html)
    assert made, f"no export of {code}"
    answer = client.get(unescape(made[1]))
    assert answer.status_code == 200, answer.content.decode()
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    entry = AccessEntry.objects.filter(event=AccessEntry.Event.EXPORT).latest("id")
    assert (entry.object_type, entry.detail["rows"]) == (code, len(rows) - 2)
    return rows


def refused(client: Client, code: str) -> int:
    status: int = client.get(reverse("casework:export-list", args=[code])).status_code
    return status


def test_the_desk_of_supervision_leaves_list_by_list(county: County, sign_in: SignIn) -> None:
    waiting = supervised.proposed_supervision(county, title="=水渠不通")
    late = supervised.running_supervision(county)
    judged = supervised.replied_supervision(county)
    with clock.at(clock.now() + timedelta(days=40)):
        client = sign_in("office")
        rows = taken(client, "supervision_desk", "petitions:supervision-desk")
        assert rows[1] == ["清单", "事项", "编号", "单位", "问题和要求", "方式", "期限", "提出日期", "提出人"]
        assert [(row[0], row[2]) for row in rows[2:]] == [
            ("待确认", waiting.case.number),
            ("已反馈待审核", judged.case.number),
            ("逾期未反馈", late.case.number),
        ]
        assert rows[2][1] == "'=水渠不通"
        html = client.get(reverse("petitions:supervision-desk")).content.decode()
        assert re.findall(r'<div class="muted num small">([^<]+)</div>', html) == [row[2] for row in rows[2:]]
        assert [refused(sign_in(person), "supervision_desk") for person in ("handler", "auditor", "system_admin")] == [403] * 3


def test_the_yearly_reports_issued_leave_newest_first(county: County, sign_in: SignIn) -> None:
    petitions.registered(county)
    made = [annual.issue(clock.today().year, to="县委", words="", signer="马国强", by=county.scope("centre_head")).number for _ in range(2)]
    rows = taken(sign_in("office"), "annual_reports", "petitions:annual")
    assert rows[1] == ["编号", "名称", "出具时间"]
    assert [row[0] for row in rows[2:]] == made[::-1]
    assert refused(sign_in("handler"), "annual_reports") == 403


def test_the_imports_leave_with_their_counts(county: County, sign_in: SignIn) -> None:
    client = sign_in("office")
    for name in ("一月.csv", "二月.csv"):
        client.post(reverse("petitions:imports"), {"file": SimpleUploadedFile(name, f"标题,诉求内容\n路灯不亮,{name}\n".encode())})
    rows = taken(client, "imports", "petitions:imports")
    assert rows[1] == ["文件", "状态", "行数", "有问题", "已导入", "导入人", "时间"]
    assert [(row[0], row[1], row[5]) for row in rows[2:]] == [("二月.csv", "待核对", "孙志远"), ("一月.csv", "待核对", "孙志远")]
    assert refused(sign_in("clerk"), "imports") == 403


def test_absences_leave_for_the_security_administrator_alone(county: County, sign_in: SignIn) -> None:
    today = clock.today()
    form = {
        "person": county.people["handler"].id,
        "substitute": county.people["handler2"].id,
        "from_on": str(today),
        "until_on": str(today + timedelta(days=5)),
        "authority": "公休假审批单，局长批准",
    }
    assert sign_in("handler").post(reverse("organisations:absence"), form).status_code == 302
    rows = taken(sign_in("security_admin"), "absences", "organisations:absences")
    assert rows[1] == ["谁", "代办人", "从", "至", "授权依据", "登记人"]
    until = str(today + timedelta(days=5))
    assert rows[2:] == [["王海涛", "宋涛", str(today), until, "公休假审批单，局长批准", "王海涛"]]
    assert [refused(sign_in(person), "absences") for person in ("office", "system_admin", "handler")] == [404] * 3
