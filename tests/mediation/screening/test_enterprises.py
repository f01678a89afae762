"""Enterprises go round every week like villages (MED-1, 鄂托克前旗: 村社、企业周排查), count teams, and are counted under whom they belong to."""

from __future__ import annotations

import uuid
from datetime import date, time

import pytest

from mediation.corps import queries as corps_queries
from mediation.models import Finding, Round
from mediation.screening import actions
from mediation.screening.actions import Found, Report
from mediation.screening.queries import covering, lists
from organisations import clock, directory
from organisations.models import Unit
from organisations.roles import Role
from tests.factories import disputes
from tests.factories.county import County, make_person, make_post, make_unit
from tests.factories.disputes_screening import on

pytestmark = pytest.mark.django_db


@pytest.fixture
def factory(county: County) -> Unit:
    """示例机械厂 of 阜山镇, in 九曲村, with 厂工会 in its room."""
    unit = make_unit(Unit.Kind.ENTERPRISE, "示例机械厂群众工作室", "示例机械厂", county.units["fushan"], county.areas["jiuqu"])
    county.units["factory"] = unit
    county.people["union"] = make_person("union", "厂工会")
    make_post(county.people["union"], unit, Role.VILLAGE_CADRE, by=county.people["system_admin"])
    directory.changed()
    directory.forget()
    return unit


def visit(**changes: object) -> Report:
    facts = {"who": "厂工会", "place": "一车间", "households": 4, "visited_on": date(2026, 11, 18), "visited_at": time(9), "submission": uuid.uuid4()}
    return Report(**{**facts, **changes})


def test_its_round_is_weekly_counted_under_its_town_and_reported_by_its_own(county, factory, sign_in):
    with on(18):
        actions.open_rounds()
        row = Round.objects.get(unit=factory)
        assert (row.rhythm, row.period, row.branch) == ("weekly", "W2026-47", county.units["fushan"])
        page = sign_in("union").get(f"/mediation/screening/rounds/{row.pk}/").content.decode()
        assert "走访班组（车间）数" in page
        assert sign_in("village_cadre").get(f"/mediation/screening/rounds/{row.pk}/").status_code == 404
        empty = sign_in("union").post(f"/mediation/screening/rounds/{row.pk}/", {"who": "厂工会"})
        assert "请填写走访了多少个班组" in empty.content.decode()
        actions.report(row.pk, visit(), by=county.scope("union"))
        assert "4 个班组" in sign_in("town_head").get(f"/mediation/screening/rounds/{row.pk}/").content.decode()


def test_its_teams_join_no_sum_of_households(county, factory):
    with on(18):
        actions.open_rounds()
        actions.report(Round.objects.get(unit=factory).pk, visit(), by=county.scope("union"))
        village = Round.objects.get(unit=county.units["jiuqu"])
        actions.report(village.pk, visit(who="孙村", households=12), by=county.scope("village_cadre"))
        found = covering.coverage(county.scope("town_head"), lists.read({}, date(2026, 11, 18)))
        town = next(line for line in found.lines if line.unit_id == county.units["fushan"].id)
        assert (town.reported, town.households) == (2, 12)
        assert [one.name for one in found.silent] == []


def test_its_finding_becomes_a_dispute_of_the_place(county, factory, sign_in):
    with on(18):
        actions.open_rounds()
        row = Round.objects.get(unit=factory)
        wages = Found("两名职工为加班费与班组长争吵", "张某、李某", county.areas["jiuqu"].id, "11")
        meal = Found("职工对食堂饭菜有意见", "二车间职工", county.areas["jiuqu"].id, "99")
        actions.report(row.pk, visit(found=(wages, meal)), by=county.scope("union"))
        first, second = Finding.objects.filter(round=row)
        assert sign_in("union").get(f"/mediation/screening/findings/{first.pk}/").status_code == 200
        dispute = actions.begin_dispute(first.pk, disputes.intake(county), by=county.scope("union"))
        assert dispute.case.unit == county.units["jiuqu"]
        assert sign_in("union").get(f"/mediation/{dispute.case.number}/").status_code == 200
        assert sign_in("village_cadre").get(f"/mediation/{dispute.case.number}/").status_code == 200
        actions.settle(second.pk, words="与食堂当面商定改进，职工认可。", by=county.scope("union"))
        assert set(Finding.objects.values_list("ending", flat=True)) == {"dispute", "on_spot"}


def test_an_enterprise_of_a_department_is_counted_under_the_department(county, sign_in):
    unit = make_unit(Unit.Kind.ENTERPRISE, "示例供水公司群众工作室", "示例供水公司", county.units["water"], county.areas["fushan"])
    person = make_person("piping", "管网工")
    make_post(person, unit, Role.VILLAGE_CADRE, by=county.people["system_admin"])
    directory.changed()
    directory.forget()
    with on(18):
        actions.open_rounds()
        assert Round.objects.get(unit=unit).branch == county.units["water"]
        page = sign_in("office").get("/mediation/screening/special/").content.decode()
        assert "全部群众工作室（企业）" in page


def test_an_enterprise_s_committee_is_set_up_in_the_browser_and_no_gap_where_it_has_none(county, sign_in, factory):
    """调解法§8: enterprises have one as they need. The page of gaps leads to it; the norms of staffing do not count it."""
    by, today = county.scope("office"), clock.today()
    page = sign_in("town_handler").get("/mediation/corps/gaps/").content.decode()
    assert "示例机械厂" in page
    assert "不设不算缺口" in page
    assert factory.pk not in {place.unit.id for town in corps_queries.gaps(by) for place in town.places}
    address = f"/mediation/corps/committees/{factory.pk}/"
    assert address in page
    typed = {"name": "示例机械厂人民调解委员会", "on": today.isoformat()}
    assert sign_in("office").post(address, typed).status_code in (302, 303)
    (place,) = corps_queries.enterprises(by)
    assert place.committee == ["成员 0 人，少于 3 人", "没有主任"]
    assert "示例机械厂" not in sign_in("other_handler").get("/mediation/corps/gaps/").content.decode()
