"""The home page: each role finds its own lists; an administrator finds consoles and no case."""

import re
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from casework.queries import home
from organisations import clock
from petitions import actions
from tests.factories import petitions

pytestmark = pytest.mark.django_db


def labels(scope):
    return [section.label for section in home.of(scope).sections]


@pytest.mark.parametrize(
    ("person", "wanted"),
    [
        ("clerk", ["今天登记", "待回访", "今日到期"]),
        ("office", ["待分流", "退回待分流", "已提异议", "权责待协调", "待回访"]),
        ("handler", ["待我办理", "今日到期", "临期", "超期"]),
        ("head", ["待我办理", "今日到期", "临期", "超期"]),
        ("village_cadre", ["待我办理", "今日到期", "临期", "超期"]),
        ("grid_worker", ["待我办理", "今日到期", "临期", "超期"]),
        ("leader", ["待批示", "超期", "督办中", "多次催办", "包案"]),
        ("auditor", ["超期", "今日到期", "近 7 天登记"]),
        ("system_admin", []),
        ("security_admin", []),
        ("audit_admin", []),
    ],
)
def test_sections_by_role(county, person, wanted):
    assert labels(county.scope(person)) == wanted


@pytest.mark.parametrize("person", ["clerk", "office", "handler", "head", "leader", "auditor", "overseer", "village_cadre", "mediator"])
def test_every_number_of_a_home_is_the_count_of_the_list_it_opens(county, sign_in, person):
    """beyond.md habit 29; one number has one meaning (request 26)."""
    due = petitions.signed(county).case
    due.refresh_from_db()
    petitions.registered(county, headcount=5)
    petitions.routed(county)
    client = sign_in(person)
    promised = set()
    for day in (clock.today(), due.due_on):
        with clock.at(datetime.combine(day, time(15), ZoneInfo("Asia/Shanghai"))):
            page = home.of(county.scope(person))
            for shown in [*page.sections, *page.figures, *page.pinned]:
                if shown.count is not None:
                    promised.add(shown.label)
                    opened = client.get(reverse("casework:list") + "?" + shown.query).content.decode()
                    listed = re.search(r'共 <b class="num">(\d+)</b> 件', opened)
                    assert int(listed[1] if listed else 0) == shown.count, shown.label
    assert "今日到期" in promised


def test_the_day_at_the_counter_is_counted_with_what_is_closed(county):
    petitions.registered(county)
    figures = {s.label: s.count for s in home.of(county.scope("clerk")).figures}
    assert figures["今天登记"] == 1
    assert list(figures) == ["今天登记", "超期", "今日到期", "临期"]


def test_counts_and_rows_agree(county):
    case = petitions.registered(county).case
    office = {s.label: s for s in home.of(county.scope("office")).sections}
    assert office["待分流"].count == 1
    assert [row.case.number for row in office["待分流"].rows] == [case.number]
    assert office["待回访"].rows == []
    clerk = {s.label: s for s in home.of(county.scope("clerk")).sections}
    assert [row.case.number for row in clerk["今天登记"].rows] == [case.number]


def test_a_leader_sees_what_awaits_an_instruction(county):
    case = petitions.registered(county).case
    actions.propose(case.number, leader_id=county.people["leader"].id, words="请批示", by=county.scope("office"))
    first = home.of(county.scope("leader")).sections[0]
    assert (first.label, first.count, [row.case.number for row in first.rows]) == ("待批示", 1, [case.number])


@pytest.mark.parametrize(
    "person", ["clerk", "office", "handler", "head", "leader", "auditor", "discipline", "village_cadre", "mediator", "system_admin", "audit_admin"]
)
def test_the_page_opens_for_everybody_with_few_queries(county, sign_in, person, django_assert_max_num_queries):
    petitions.registered(county)
    client = sign_in(person)
    client.get(reverse("casework:home"))
    with django_assert_max_num_queries(14):  # two of them for the rounds of 排查 that wait
        assert client.get(reverse("casework:home")).status_code == 200


def test_an_administrators_home_names_no_case(county, sign_in):
    petitions.registered(county)
    page = sign_in("system_admin").get(reverse("casework:home")).content.decode()
    assert "邻居砌墙" not in page
    assert "/people/" in page


def test_a_protected_case_is_on_nobody_elses_home(county, sign_in):
    petitions.registered(county, purpose="03", title="检举某某", respondent_unit_id=county.units["fushan"].id)
    for person in ("office", "leader", "auditor", "town_head"):
        assert "检举某某" not in sign_in(person).get(reverse("casework:home")).content.decode()
    assert "检举某某" in sign_in("discipline").get(reverse("casework:home")).content.decode()
