"""Every list of disputes, sweeps, the corps, pay, court and room leaves as its page shows it: rows, columns, filter, scope (issue 5 §5)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from mediation.pay import actions as pay
from mediation.pay import assessing
from mediation.screening import actions as sweeps
from organisations import clock
from organisations.models import AccessEntry
from tests.factories import disputes_chamber, disputes_corps, disputes_joint, disputes_pay, disputes_people
from tests.factories import disputes_screening as screening
from tests.factories.county import County

SignIn = Callable[[str], Client]
CASES = "since=2025-01-01&until=2025-12-31&by=town&figure=agreed"


def swept(county: County) -> str:
    screening.found(county)
    return "status=open&since=2026-11-01&until=2026-11-30"


def found(county: County) -> str:
    screening.found(county)
    return "status=open&since=2026-11-01&until=2026-11-30"


def lying(county: County) -> str:
    screening.found(county)
    return "open=1"


def called(county: County) -> str:
    units = tuple(county.units[name].id for name in ("jiuqu", "laochi"))
    days = {"from_on": date(2026, 11, 23), "until_on": date(2026, 11, 30), "due_on": date(2026, 12, 1)}
    call = sweeps.Call(name="欠薪专项排查", occasion="group", focus="在建工地", unit_ids=units, submission=uuid4(), **days)
    sweeps.open_campaign(call, by=county.scope("town_head"))
    return ""


def drafted(county: County) -> str:
    disputes_pay.mediator(county, "田和", unit="fushan", user="mediator", grade="1")
    pay.draft(county.units["fushan"].pk, clock.today().replace(day=1), by=county.scope("town_handler"))
    return ""


def fixed(county: County) -> str:
    disputes_pay.mediator(county, "田和", unit="fushan", user="mediator", grade="1")
    sheet = pay.draft(county.units["fushan"].pk, (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1), by=county.scope("town_handler"))
    pay.check(sheet.pk, by=county.scope("town_head"))
    pay.fix(sheet.pk, by=county.scope("centre_head"))
    return ""


def assessed(county: County) -> str:
    person = disputes_pay.mediator(county, "田和", unit="fushan", user="mediator", grade="1")
    assessing.assess(person.pk, year=2026, verdict="competent", words="=履职尽责", from_on=None, by=county.scope("town_head"))
    return ""


def withheld(county: County) -> str:
    person = disputes_pay.mediator(county, "田和", unit="fushan", user="mediator", grade="1")
    pay.withhold(person.pk, year=2025, from_on=date(2026, 11, 1), words="培训不足", by=county.scope("town_head"))
    return ""


def trained(county: County) -> str:
    disputes_corps.training(county, disputes_corps.member(county), days="0.5")
    return "year=2026"


def before_the_court(county: County) -> str:
    disputes_joint.in_court(county)
    return ""


def every_town(county: County) -> str:
    return ""


def one_town(county: County) -> str:
    return f"town={county.units['fushan'].id}"


def talking(county: County) -> str:
    disputes_chamber.asked(county, disputes_chamber.shown(county))
    return "show=waiting"


def tied(county: County) -> str:
    dispute = disputes_people.proposed(county)
    disputes_people.tie(county, dispute, disputes_corps.member(county, "钱多", "jiuqu"), "陈德旺", "debt")
    return "q=钱多"


def teamed(county: County) -> str:
    disputes_people.team(county)
    return ""


def counted(county: County) -> str:
    disputes_pay.ledger(county, 5, 3, since=date(2025, 1, 1))
    disputes_pay.ledger(county, 4, 2, town="xinzhuang", since=date(2025, 1, 1))
    return CASES


@dataclass(frozen=True)
class Leaving:
    """A list: what fills it (and the filter looked at), who takes it, the columns of page and file, and who must not have its rows.

    `words` are in the file of the one and not in the other's; without words the other one is refused.
    """

    code: str
    page: str
    fill: Callable[[County], str]
    person: str
    shown: str
    head: str
    other: str
    words: str = ""


LEAVING = [
    Leaving(
        "screening_rounds",
        "mediation:screening-rounds",
        swept,
        "town_handler",
        "单位 轮次 截止 结果 走访户数 上报",
        "单位 所属 轮次 截止 结果 走访户数 上报人 上报时间",
        "other_handler",
        "老翅村",
    ),
    *(
        Leaving(
            "screening_findings",
            "mediation:screening-findings",
            fill,
            "town_handler",
            "什么事 单位 类型 风险苗头 处置 上报",
            "什么事 单位 类型 风险苗头 处置 编号 上报时间",
            "other_handler",
            "陈桂兰",
        )
        for fill in (found, lying)
    ),
    Leaving(
        "screening_special",
        "mediation:screening-special",
        called,
        "town_head",
        "名称 上报截止 已上报 布置 状态",
        "名称 类别 上报截止 已上报 应上报 布置人 布置日期 状态 撤回理由",
        "handler",
    ),
    Leaving(
        "pay_sheets",
        "mediation:pay",
        drafted,
        "town_handler",
        "月份 单位 状态 合计（元） 编制 初审 审定",
        "月份 单位 状态 合计（元） 编制 初审 审定",
        "other_handler",
        "张磊",
    ),
    Leaving(
        "pay_own",
        "mediation:pay",
        fixed,
        "mediator",
        "月份 项目 实发（元） 计算说明",
        "月份 项目 实发（元） 计算说明 不发或待核实的原因",
        "town_handler",
        "固定补贴",
    ),
    Leaving(
        "pay_assessments",
        "mediation:pay-assessments",
        assessed,
        "town_head",
        "调解员 单位 年度 结果 办案 调成 培训（天） 履职（次） 意见",
        "调解员 单位 年度 结果 办案 调成 培训（天） 履职（次） 意见 考核人 考核日期",
        "other_handler",
        "'=履职尽责",
    ),
    Leaving(
        "pay_stops",
        "mediation:pay-stops",
        withheld,
        "town_head",
        "调解员 单位 考核年度 停发之日 考核情况 决定",
        "调解员 单位 考核年度 停发之日 考核情况 登记人 登记日期 决定 恢复之日 恢复理由 决定人",
        "other_handler",
        "培训不足",
    ),
    Leaving(
        "corps_learners",
        "mediation:corps-training",
        trained,
        "town_handler",
        "姓名 所在单位 培训天数 差额 月例会 观摩调解 旁听庭审",
        "姓名 所在单位 培训天数 差额 月例会 观摩调解 旁听庭审",
        "other_handler",
        "陈德福",
    ),
    Leaving(
        "court",
        "mediation:court",
        before_the_court,
        "judge",
        "纠纷 移送单位 移送 阶段 最近办理 案号 免收诉讼费（元）",
        "纠纷 编号 类型 移送单位 移送时间 已经天数 阶段 最近办理 案号 结果 办结 免收诉讼费（元）",
        "other_handler",
        "待接访",
    ),
    Leaving(
        "corps_gaps",
        "mediation:corps-gaps",
        every_town,
        "office",
        "镇（街） 达标 不足 缺人 户数未知 调委会不全",
        "镇（街） 达标 不足 缺人 户数未知 调委会不全",
        "other_handler",
        "阜山镇",
    ),
    Leaving(
        "corps_gap_places",
        "mediation:corps-gaps",
        one_town,
        "office",
        "单位 类型 户数 应配 在任 缺口 调委会",
        "单位 类型 户数 应配 在任 缺口 调委会",
        "other_handler",
        "九曲村",
    ),
    Leaving(
        "room",
        "mediation:room",
        talking,
        "mediator",
        "什么事 谁 方式 调解员 状态 期限 最近",
        "什么事 未读 编号 谁 属地 方式 调解员 状态 期限 最近",
        "auditor",
    ),
    Leaving(
        "ties",
        "mediation:ties",
        tied,
        "village_cadre",
        "调解员 当事人 关系 来源 有效期至 登记",
        "调解员 所在单位 当事人 证件号码（脱敏） 关系 说明 来源 有效期至 登记单位 登记人 登记日期 状态",
        "auditor",
    ),
    Leaving(
        "teams",
        "mediation:teams",
        teamed,
        "town_handler",
        "村（社区） 团队成员 还缺",
        "村（社区） 团队成员 还缺",
        "other_handler",
        "九曲村",
    ),
    Leaving(
        "mediation_behind",
        "mediation:figures-cases",
        counted,
        "town_handler",
        "纠纷 属地 类型 责任单位 状态",
        "纠纷 编号 属地 类型 责任单位 状态",
        "other_handler",
        "九曲村",
    ),
]


def taken(client: Client, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]


def button(html: str, code: str) -> str:
    """The address of the page's own CSV button."""
    made = re.search(rf'href="({reverse("casework:export-list", args=[code])}[^"]*form=csv)"', html)
    assert made, f"no export of {code}"
    return unescape(made[1])


def rows_on(html: str, heads: list[str]) -> int:
    """Rows of the page's table that has these columns; those of buttons alone have no words."""
    for table in re.findall(r"<table.*?</table>", html, re.S):
        head, _, body = table.partition("</thead>")
        named = [re.sub(r'<span class="sr">.*?</span>|<[^>]+>', "", cell) for cell in re.findall(r"<th\b[^>]*>.*?</th>", head, re.S)]
        if [name for name in named if name] == heads:
            return body.count("<tr")
    raise AssertionError(f"no table of {heads}")


@pytest.mark.parametrize("leaving", LEAVING, ids=lambda leaving: f"{leaving.code}-{leaving.fill.__name__}")
def test_it_leaves_as_it_is_shown(county: County, sign_in: SignIn, leaving: Leaving) -> None:
    with screening.on(23):
        query = leaving.fill(county)
        client = sign_in(leaving.person)
        html = client.get(f"{reverse(leaving.page)}?{query}").content.decode()
        address = button(html, leaving.code)
        rows = taken(client, address)
        assert rows[1] == leaving.head.split()
        assert len(rows) - 2 == rows_on(html, leaving.shown.split()) > 0
        assert all(len(row) == len(rows[1]) for row in rows[1:])
        assert leaving.words in str(rows)
        entry = AccessEntry.objects.filter(event=AccessEntry.Event.EXPORT).latest("id")
        assert (entry.object_type, entry.detail["rows"]) == (leaving.code, len(rows) - 2)
        assert b"".join(client.get(address.replace("form=csv", "form=xlsx")).streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
        theirs = sign_in(leaving.other).get(address)
        if not leaving.words:
            assert theirs.status_code == 403
        elif theirs.status_code == 200:
            assert leaving.words not in b"".join(theirs.streaming_content).decode("utf-8-sig").partition("\r\n")[2]  # type: ignore[attr-defined]
        assert sign_in("system_admin").get(address).status_code == 403


def test_the_places_of_no_town_are_asked_for_in_words(county: County, sign_in: SignIn) -> None:
    answer = sign_in("office").get(reverse("casework:export-list", args=["corps_gap_places"]))
    assert answer.status_code == 422
    assert "请先选择一个镇（街）" in answer.content.decode()


def test_whom_a_keeper_looked_for_stays_out_of_the_log(county: County, sign_in: SignIn) -> None:
    with screening.on(23):
        tied(county)
        rows = taken(sign_in("village_cadre"), reverse("casework:export-list", args=["ties"]) + "?q=钱多&form=csv")
        assert [(row[0], row[2]) for row in rows[2:]] == [("钱多", "陈德旺")]
        assert "*" in rows[2][3]
        entry = AccessEntry.objects.filter(event=AccessEntry.Event.EXPORT).latest("id")
        assert "钱多" not in str(entry.detail) + entry.object_label


def test_the_trainings_held_leave_beside_who_came(county: County, sign_in: SignIn) -> None:
    with screening.on(23):
        made = disputes_corps.training(county, disputes_corps.member(county), days="0.5")
        client = sign_in("town_handler")
        html = client.get(reverse("mediation:corps-training")).content.decode()
        rows = taken(client, button(html, "corps_trainings"))
        assert rows[1] == ["名称", "日期", "种类", "天数", "单位", "地点", "主讲", "参加人数"]
        assert [(row[0], row[3], row[7]) for row in rows[2:]] == [(made.name, "0.5", "1")]
        assert taken(client, reverse("casework:export-list", args=["corps_trainings"]) + "?year=2025&form=csv")[2:] == []
        assert taken(sign_in("other_handler"), button(html, "corps_trainings"))[2:] == []
