"""The documents' own figures come out of the data, and every number is the count of its list (MED-16, MED-3)."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from mediation.figures import queries, rules
from mediation.figures.rules import Period
from mediation.models import Dispute
from mediation.rules import State
from organisations.models import AccessEntry
from tests.factories import disputes_pay as factory

YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
ADDRESS = "/mediation/figures/"
QUERY = {"since": "2025-01-01", "until": "2025-12-31"}


def _body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_zhaoyuan_752_handled_104_prevented(county):
    factory.ledger(county, 752, 700, 104, 9, since=YEAR.since)
    everything = Dispute.objects.all()
    assert queries.handled(everything, YEAR).numerator == 752
    assert queries.prevented(everything, YEAR).numerator == 104
    assert queries.petitions_prevented(everything, YEAR).numerator == 9


def test_otog_front_banner_1062_to_993(county):
    factory.ledger(county, 1062, 993, since=YEAR.since)
    rate = queries.success_rate(Dispute.objects.all(), YEAR)
    assert (rate.numerator, rate.denominator, rate.percent) == (993, 1062, Decimal("93.5"))
    assert len(set(rate.case_ids)) == 993


def test_liaocheng_8505_to_8279_is_97_3_and_the_documents_98_is_rounded_up(county):
    factory.ledger(county, 8505, 8279, since=YEAR.since)
    rate = queries.success_rate(Dispute.objects.all(), YEAR)
    assert (rate.numerator, rate.denominator) == (8279, 8505)
    assert rate.percent == Decimal("97.3")
    assert rules.rounded_up(8279, 8505) == 98
    assert "97.34%" in rules.ROUNDING
    assert "98%" in rules.ROUNDING
    lines = queries.table(county.scope("leader"), queries.Wanted(YEAR))
    assert [number.text for number in lines[0].numbers][:3] == ["8,505", "8,279", "97.3%"]


@pytest.fixture
def year(county):
    factory.ledger(county, 40, 31, 8, 3, since=YEAR.since)
    factory.ledger(county, 22, 9, 2, 0, town="xinzhuang", since=YEAR.since)
    return county


@pytest.mark.parametrize("split", rules.SPLITS)
def test_every_number_of_every_split_is_the_count_of_its_list(year, split):
    scope = year.scope("leader")
    lines = queries.table(scope, queries.Wanted(YEAR, split))
    for line in lines:
        for number in line.numbers:
            result = queries.behind(scope, queries.read(_params(number.query)))
            assert len(result.case_ids) == result.numerator
            assert number.value in (result.numerator, result.percent)
    for column in range(len(rules.DEFINITIONS)):
        if not list(rules.DEFINITIONS.values())[column].is_share:
            assert sum(line.numbers[column].value for line in lines[1:]) == lines[0].numbers[column].value


def _params(query: str) -> dict[str, str]:
    return dict(pair.split("=") if "=" in pair else (pair, "") for pair in query.split("&"))


def test_page_list_csv_and_excel_say_the_same(year, sign_in):
    client = sign_in("leader")
    page = client.get(ADDRESS, QUERY).content.decode()
    assert ">62<" in page
    links = re.findall(r'href="(/mediation/figures/cases/\?[^"]+)"[^>]*>([\d,]+)<', page)
    assert len(links) > 8
    for link, number in links:
        listed = client.get(link.replace("&amp;", "&")).content.decode()
        assert f'共 <b class="num">{number}</b> 件' in listed
    table = list(csv.reader(io.StringIO(_body(client.get(f"{ADDRESS}export/", {**QUERY, "form": "csv"})).decode("utf-8-sig"))))
    made = openpyxl.load_workbook(io.BytesIO(_body(client.get(f"{ADDRESS}export/", {**QUERY, "form": "xlsx"}))))
    book = made.active
    assert made.properties.creator == "李建国（县中心）", "the file itself says whose copy it is"
    assert made.properties.title.startswith("调解数据_")
    assert table[2] == ["合计", "62", "40", "64.5%", "10", "3"]
    assert [str(cell) for cell in list(book.iter_rows(values_only=True))[2]] == table[2]
    assert AccessEntry.objects.filter(event=AccessEntry.Event.EXPORT).count() == 2


def test_definitions_stand_on_the_page_with_the_rounding(year, sign_in):
    page = sign_in("leader").get(ADDRESS, QUERY).content.decode()
    for row in rules.DEFINITIONS.values():
        assert f'href="#d-{row.code}"' in page
        assert row.words in page
    assert rules.ROUNDING in page


def test_a_station_counts_its_own_and_an_outsider_nothing(year, sign_in):
    wanted = queries.Wanted(YEAR)
    assert queries.table(year.scope("town_handler"), wanted)[0].numbers[0].value == 40
    assert queries.table(year.scope("other_handler"), wanted)[0].numbers[0].value == 22
    assert queries.table(year.scope("handler"), wanted)[0].numbers[0].value == 0
    assert sign_in("system_admin").get(ADDRESS).status_code == 403


def test_what_was_registered_in_error_or_outside_the_days_does_not_count(year):
    case = Dispute.objects.select_related("case").first().case
    case.state = State.VOIDED
    case.save()
    assert queries.handled(Dispute.objects.all(), YEAR).numerator == 61
    assert queries.handled(Dispute.objects.all(), Period(date(2024, 1, 1), date(2024, 12, 31))).numerator == 0


def test_nothing_of_nothing_is_no_share(county, sign_in):
    assert queries.success_rate(Dispute.objects.all(), YEAR).percent is None
    assert "没有受理的纠纷" in sign_in("leader").get(ADDRESS, QUERY).content.decode()


def test_broken_addresses_still_answer(year, sign_in):
    client = sign_in("leader")
    for query in ("since=x&until=9999-99-99&by=nonsense", "figure=..&group=~&by=month&page=99999999", "by=month&group=2025-13"):
        assert client.get(f"{ADDRESS}cases/?{query}").status_code == 200
        assert client.get(f"{ADDRESS}?{query}").status_code == 200


def test_a_fixed_number_of_statements(year, django_assert_max_num_queries):
    scope = year.scope("leader")
    with django_assert_max_num_queries(2):
        queries.table(scope, queries.Wanted(YEAR))
