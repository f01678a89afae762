"""Coverage: every number is the length of its list, on screen and in the CSV; a village that never finds anything is shown (MED-1)."""

from __future__ import annotations

import csv
import re
from html import unescape

import pytest

from mediation.screening import actions
from mediation.screening.queries import covering, lists, tables
from organisations import clock
from organisations.models import AccessEntry
from tests.factories import disputes
from tests.factories import disputes_screening as screening
from tests.factories.disputes_screening import on

pytestmark = pytest.mark.django_db
NOVEMBER = "since=2026-11-01&until=2026-11-30"


@pytest.fixture
def month(county):
    """Four weeks of 阜山镇's villages: 九曲村 late once, found once; 老翅村 misses two; the last week not yet due."""
    for day in (4, 11, 18, 24):
        with on(day):
            actions.open_rounds()
            row = screening.opened(county)
            if day == 4:
                dispute = actions.report(row.pk, screening.something(county), by=county.scope("village_cadre")).findings.get()
                actions.begin_dispute(dispute.pk, disputes.intake(county), by=county.scope("village_cadre"))
            if day == 11:
                late = row
            if day == 18:
                actions.report(row.pk, screening.nothing(), by=county.scope("grid_worker"))
                actions.report(late.pk, screening.nothing(visited_on=late.until_on), by=county.scope("village_cadre"))
    return county


def test_numbers_equal_the_lists_they_lead_to(month, sign_in):
    with on(24):
        page = sign_in("office")
        wanted = lists.read({"since": "2026-11-01", "until": "2026-11-30"}, clock.today())
        for narrowed in (
            wanted,
            lists.read({"since": "2026-11-01", "until": "2026-11-30", "branch": str(month.units["fushan"].id)}, clock.today()),
        ):
            table = tables.table(covering.coverage(month.scope("office"), narrowed), narrowed)
            checked = 0
            for row in table:
                for cell in row.cells:
                    if cell.url:
                        shown = re.search(r"共 <b class=\"num\">(\d+)</b>", page.get(cell.url).content.decode())
                        assert shown is not None, cell.url
                        assert shown[1] == cell.text, (row.name, cell.url)
                        checked += 1
            assert checked >= 30


def test_what_the_numbers_are(month):
    with on(24):
        wanted = lists.read({"since": "2026-11-01", "until": "2026-11-30"}, clock.today())
        lines = {line.unit_id: line for line in covering.coverage(month.scope("office"), wanted).lines}
        town = lines[month.units["fushan"].id]
        assert (town.total, town.reported, town.late, town.nothing, town.missed, town.waiting) == (10, 3, 1, 2, 4, 3)
        assert (town.findings, town.disputes, town.open, town.households) == (1, 1, 0, 36)
        assert (town.coverage, town.nothing_share) == ("42.9%", "66.7%")  # 3 of 7; 2 of 3


def test_a_town_sees_itself_and_a_village_its_own(month):
    with on(24):
        wanted = lists.read({"since": "2026-11-01", "until": "2026-11-30"}, clock.today())
        assert {line.name for line in covering.coverage(month.scope("town_head"), wanted).lines} == {"阜山镇"}
        assert covering.coverage(month.scope("village_cadre"), wanted).total.total == 4
        assert covering.coverage(month.scope("other_handler"), wanted).total.reported == 0


def test_the_export_holds_the_same_numbers_and_is_on_record(month, sign_in):
    with on(24):
        page = sign_in("office")
        shown = page.get(f"/mediation/screening/coverage/?{NOVEMBER}").content.decode()
        answer = page.get(f"/mediation/screening/coverage/export/?{NOVEMBER}")
        rows = list(csv.reader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))
        wanted = lists.read({"since": "2026-11-01", "until": "2026-11-30"}, clock.today())
        found = covering.coverage(month.scope("office"), wanted)
    assert rows[1] == list(tables.HEADINGS)
    assert rows[2:] == [tables.cells(line) for line in [*found.lines, found.total]]
    cells = re.findall(r'<td class="r num">(?:<a[^>]*>)?([^<]*)', unescape(shown))
    assert [cell for row in rows[2:] for cell in row[1:]] == cells
    assert AccessEntry.objects.filter(event=AccessEntry.Event.EXPORT, object_label__startswith="排查覆盖").count() == 1


def _quiet(county):
    for day in (4, 11, 18):
        with on(day):
            actions.report(screening.opened(county).pk, screening.nothing(), by=county.scope("village_cadre"))


def test_a_village_that_never_finds_anything_is_shown_with_the_facts(county, sign_in):
    _quiet(county)
    with on(20):
        dispute = disputes.registered(county)
    with on(24):
        wanted = lists.read({"since": "2026-11-01", "until": "2026-11-30"}, clock.today())
        (silent,) = covering.coverage(county.scope("town_head"), wanted).silent
        assert (silent.name, silent.reports, silent.numbers) == ("九曲村", 3, [dispute.case.number])
        page = sign_in("office").get(f"/mediation/screening/coverage/?{NOVEMBER}").content.decode()
    assert "上报 3 次，全部“未发现”" in page
    assert dispute.case.number in page


def test_no_sign_without_other_disputes_or_with_own_findings(county, month):
    with on(24):
        wanted = lists.read({"since": "2026-11-01", "until": "2026-11-30"}, clock.today())
        assert covering.coverage(county.scope("office"), wanted).silent == []


def test_the_desk_of_those_above_lists_the_missed(month, sign_in):
    with on(24):
        page = sign_in("town_handler").get("/mediation/screening/").content.decode()
    assert "下级单位本月缺报" in page
    assert "老翅村" in page


@pytest.mark.parametrize(
    "text", ["since=2026-13-01", "since=x&until=y", "branch=abc&page=-1", "status=nonsense", "since=2026-11-30&until=2026-11-01"]
)
def test_a_strange_address_is_no_error(county, sign_in, text):
    page = sign_in("office")
    for name in ("coverage", "rounds", "findings"):
        assert page.get(f"/mediation/screening/{name}/?{text}").status_code == 200
