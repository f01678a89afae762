"""Whose figures somebody sees, and what no figure may tell: protected matters (L-PET-86), small cells of others (L-SEC-41)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from casework.models import Case
from organisations import clock
from organisations.rules import NotAllowed
from reports.actions import refresh
from reports.models import Fact
from reports.queries import behind, figures, ground, guard
from reports.queries.figures import Selection
from reports.rules.measures import MEASURES
from reports.rules.periods import Basis, Period, Span, month_of, period_of
from reports.rules.suppression import BESIDE, FEW
from tests.factories import petitions

pytestmark = pytest.mark.django_db


def seen(county, person: str, **changes) -> Selection:
    refresh.refresh()
    today = clock.today()
    period = Period(today - timedelta(days=90), today + timedelta(days=90))
    return Selection(period, today, ground.of(county.scope(person))).within(**changes)


def last_month() -> Period:
    return month_of(clock.today().replace(day=1) - timedelta(days=1))


def of_month(county, person: str, **changes) -> Selection:
    """The month that is over: the one stretch of days of which a place is told about other units."""
    return seen(county, person, period=last_month(), **changes)


def whole(county, person: str, code: str = "cases", **changes) -> int:
    return figures.read(code, seen(county, person, **changes)).denominator


def test_the_county_a_town_and_a_department_have_their_own_ground(county):
    petitions.routed(county)  # of 九曲村, at the land bureau
    petitions.routed(county, to="labour", area_id=county.areas["dongliang"].id)
    assert [whole(county, person) for person in ("leader", "town_head", "head", "labour_head", "auditor")] == [2, 1, 1, 1, 2]


@pytest.mark.parametrize("person", ["clerk", "handler", "mediator", "system_admin", "audit_admin"])
def test_who_has_no_figures_is_told_so(county, person):
    with pytest.raises(NotAllowed) as refused:
        ground.of(county.scope(person))
    assert refused.value.status == 403


@pytest.mark.parametrize("person", ["town_head", "head", "labour_head"])
def test_a_protected_matter_moves_no_number_of_a_unit(county, person):
    petitions.routed(county)
    before = figures.read_many(MEASURES, seen(county, person))
    tables = {by: figures.split(["cases", "open"], seen(county, person), by).rows for by in ("unit", "village", "category", "channel", "day")}
    protected = petitions.registered(county, purpose="03", respondent_name="某某")
    assert Case.objects.get(pk=protected.pk).confidential
    assert whole(county, "leader") == 2
    assert figures.read_many(MEASURES, seen(county, person)) == before
    assert {by: figures.split(["cases", "open"], seen(county, person), by).rows for by in tables} == tables
    ids = figures.case_ids("cases", seen(county, person))
    assert protected.pk not in set(ids)


def test_a_protected_matter_is_one_line_without_words_in_the_countys_list(county):
    petitions.registered(county, purpose="03", respondent_name="某某")
    rows, count = behind.rows("cases", "counted", seen(county, "leader"), county.scope("leader"), 1)
    assert (count, rows[0].is_hidden, rows[0].url, rows[0].unit) == (1, True, "", "")


def five_and_two(county) -> None:
    """Last month in 阜山镇: seven at the land bureau, six at the water bureau, two at labour."""
    with clock.at(timezone.make_aware(datetime.combine(last_month().since, time(10)))):
        for to, count in (("land", 7), ("water", 6), ("labour", 2)):
            for _ in range(count):
                petitions.routed(county, to=to)


def test_a_town_is_not_told_the_few_of_another_unit_nor_what_they_are_computed_from(county):
    five_and_two(county)
    where = of_month(county, "town_head")
    table = guard.table(figures.split(["cases"], where, "unit"), where)
    hidden = {key for key, cells in table.rows.items() if cells["cases"].is_hidden}
    assert hidden == {county.units["labour"].id, county.units["water"].id}
    # Two are «不足5»; six are hidden only because two could be computed from them, and are called otherwise, narrowed too.
    signs = {"labour": FEW, "water": BESIDE}
    assert {unit: table.rows[county.units[unit].id]["cases"].text for unit in signs} == signs
    assert figures.read("cases", where).denominator == 15
    for unit in ("labour", "water"):
        narrowed = where.within(unit_ids=(county.units[unit].id,))
        assert guard.figure(figures.read("cases", narrowed), narrowed).text == signs[unit]
        with pytest.raises(NotAllowed):
            behind.rows("cases", "counted", narrowed, county.scope("town_head"), 1)
    told = where.within(unit_ids=(county.units["land"].id,))
    assert guard.figure(figures.read("cases", told), told).denominator == 7


def test_a_second_filter_opens_no_way_around(county):
    five_and_two(county)
    where = of_month(county, "town_head", unit_ids=(county.units["land"].id,), channel="100")
    petitions.routed(county, to="land", channel="100")
    refresh.refresh()
    assert guard.figure(figures.read("cases", where), where).is_hidden
    other = of_month(county, "town_head", handler_id=county.people["handler"].id)
    petitions.signed(county)
    refresh.refresh()
    assert guard.figure(figures.read("cases", other), other).is_hidden


@pytest.mark.parametrize(
    "changes", [{"channel": "200"}, {"topic": "01"}, {"topic": "010301"}, {"outcome": "solved"}, {"level": 0}, {"town_code": "370685104"}]
)
def test_two_large_numbers_whose_difference_is_small_are_not_both_told(county, changes):
    """Seven at the land bureau, six of them by visit: the one by letter must not be their difference."""
    five_and_two(county)
    land = county.units["land"].id
    plain = of_month(county, "town_head", unit_ids=(land,))
    assert guard.figure(figures.read("cases", plain), plain).denominator == 7
    narrowed = plain.within(**changes)
    assert guard.figure(figures.read("cases", narrowed), narrowed).is_hidden
    with pytest.raises(NotAllowed):
        behind.rows("cases", "counted", narrowed, county.scope("town_head"), 1)
    beside = guard.table(figures.split(["cases"], plain.within(unit_ids=(), **changes), "unit"), plain.within(unit_ids=(), **changes))
    assert all(cells["cases"].is_hidden for cells in beside.rows.values())


def test_days_taken_away_one_by_one_do_not_tell_of_the_last_one(county):
    five_and_two(county)
    land, whole_month = county.units["land"].id, last_month()
    since, until = whole_month.since, whole_month.until
    month = of_month(county, "town_head", unit_ids=(land,))
    told = {guard.figure(figures.read("cases", where), where).is_hidden for where in (month,)}
    others = [
        month.within(period=Period(since, until - timedelta(days=1))),
        month.within(period=Period(since - timedelta(days=400), until)),
        month.within(period=Period(until, until)),
        month.within(period=Period(since, until + timedelta(days=1))),
    ]
    assert told == {False}
    assert all(guard.figure(figures.read("cases", where), where).is_hidden for where in others)


@pytest.mark.parametrize("basis", [Basis.REGISTERED, Basis.CLOSED])
def test_by_one_date_for_all_a_place_is_told_nothing_of_others(county, basis):
    """The table by each measure's own date and the one by day of registration overlap: told both, their difference would be told."""
    five_and_two(county)
    month = of_month(county, "town_head")
    other, land = month.within(basis=basis), county.units["land"].id
    assert guard.tells_of_others(month)
    assert not guard.tells_of_others(other)
    found = guard.table(figures.split(["cases", "open"], other, "unit"), other)
    assert {cells[code].text for unit, cells in found.rows.items() if unit != county.units["fushan"].id for code in cells} == {BESIDE}
    assert guard.hidden({land: 7}, other) == {land}
    narrowed = other.within(unit_ids=(land,))
    assert guard.figure(figures.read("open", narrowed), narrowed).text == BESIDE
    with pytest.raises(NotAllowed):
        guard.check(narrowed)


def test_the_running_month_read_day_after_day_tells_a_place_nothing_of_others(county):
    """L-SEC-41: what is read today and what is read tomorrow differ by the cases of one day, and those may be few."""
    five_and_two(county)
    month, land = last_month(), county.units["land"].id
    of_land = of_month(county, "town_head", unit_ids=(land,))
    for day in (month.since + timedelta(days=20), month.until):
        with clock.at(timezone.make_aware(datetime.combine(day, time(11)))):
            for period in (month, period_of(Span.MONTH, clock.today())):
                where = of_land.within(period=period)
                assert figures.read("cases", where).denominator == 7
                with pytest.raises(NotAllowed, match="已结束月份"):
                    guard.check(where)
                plain = where.within(unit_ids=())
                cells = guard.table(figures.split(["cases"], plain, "unit"), plain).rows
                assert all(row["cases"].is_hidden for unit, row in cells.items() if unit != county.units["fushan"].id)
    with clock.at(timezone.make_aware(datetime.combine(month.until + timedelta(days=1), time(0, 1)))):
        assert guard.figure(figures.read("cases", of_land), of_land).denominator == 7


@pytest.mark.parametrize("by", ["day", "village", "topic", "category", "subcategory", "channel", "outcome", "handler", "level", "town"])
def test_no_split_of_another_units_number_is_told(county, by):
    five_and_two(county)
    where = of_month(county, "town_head", unit_ids=(county.units["land"].id,))
    table = guard.table(figures.split(["cases"], where, by), where)
    assert table.rows
    assert all(figure.is_hidden and not figure.denominator for cells in table.rows.values() for figure in cells.values())
    # Where nothing of others is told, it is not told either which of their numbers are small.
    assert {figure.text for cells in table.rows.values() for figure in cells.values()} == {BESIDE}


def test_counts_that_add_up_are_told_together_or_not_at_all(county):
    """Seven closed at the land bureau, five solved and two explained: the two must not be seven less five."""
    five_and_two(county)
    refresh.refresh()
    Fact.objects.update(closed_on=last_month().until, outcome="solved")
    explained = Fact.objects.filter(reply_unit_id=county.units["land"].id).values_list("pk", flat=True)[:2]
    Fact.objects.filter(pk__in=list(explained)).update(outcome="explained")
    where = of_month(county, "town_head", unit_ids=(county.units["land"].id,))
    for code in ("closed", "outcome_solved", "outcome_explained"):
        assert figures.read(code, where).denominator in (7, 5, 2)
        assert guard.figure(figures.read(code, where), where).is_hidden
        plain = where.within(unit_ids=())
        assert guard.table(figures.split([code], plain, "unit"), plain).rows[county.units["land"].id][code].is_hidden


def test_machines_are_told_no_more_than_the_page(county, sign_in):
    five_and_two(county)
    refresh.refresh()
    town, land = sign_in("town_head"), county.units["land"].id
    month = f"since={last_month().since}&until={last_month().until}"
    for query in (f"unit={land}&channel=200&{month}", f"unit={land}&span=year", f"unit={land}&by=day&{month}", f"unit={land}&by=topic&{month}"):
        found = town.get(f"/api/v1/figures/?m=cases&{query}").json()["results"]
        assert found
        assert all(
            cell["is_hidden"] and cell["numerator"] is None and cell["text"] == BESIDE and not cell["list_url"]
            for line in found
            for cell in line["figures"]
        )
        if "by=" not in query:
            assert town.get(f"/reports/cases/?m=cases&{query}").status_code == 403
    (line,) = town.get(f"/api/v1/figures/?m=cases&unit={land}&{month}").json()["results"]
    assert line["figures"][0]["numerator"] == 7


def test_who_owns_the_cases_and_the_county_are_told_everything(county):
    petitions.routed(county, to="labour")
    for person in ("labour_head", "leader"):
        where = seen(county, person)
        table = guard.table(figures.split(["cases"], where, "unit"), where)
        assert [cells["cases"].numerator for cells in table.rows.values()] == [1]
        assert behind.rows("cases", "counted", where, county.scope(person), 1)[1] == 1


def test_the_page_of_definitions_names_everything(county, sign_in):
    page = sign_in("leader").get("/reports/measures/").content.decode()
    for measure in MEASURES.values():
        assert f'id="{measure.code}"' in page
        assert measure.name in page
    assert county.units["centre"].name in page


@pytest.mark.parametrize("by", ["topic", "village", "unit", "handler", "outcome", "channel", "category", "town"])
@pytest.mark.parametrize("is_tallied", [True, False])
def test_a_protected_matter_is_in_the_countys_total_and_in_no_row_or_narrowed_figure(county, by, is_tallied):
    """Else its class, village, unit and end could be read one by one by who may not open it (L-PET-86)."""
    petitions.routed(county)
    protected = petitions.registered(county, purpose="03", respondent_name="某某")
    where = seen(county, "leader")
    facts = None if is_tallied else Fact.objects.all()
    assert figures.read("cases", where, facts).denominator == 2
    table = figures.split(["cases"], where, by, facts)
    assert sum(cells["cases"].denominator for cells in table.rows.values()) == 1
    case = protected.case
    for narrowed in ({"area_id": case.area_id}, {"topic": case.topic_code[:2]}, {"topic": case.topic_code}, {"unit_ids": (case.unit_id,)}):
        assert protected.pk not in set(figures.case_ids("cases", where.within(**narrowed), facts=facts))
        assert figures.read("cases", where.within(**narrowed), facts).denominator == figures.case_ids("cases", where.within(**narrowed)).count()


@pytest.mark.parametrize(
    "query", ["span=any", "since=0001-01-01&until=2026-01-01", "since=2026-01-01&until=9999-12-31", "since=1999-01-01&until=2099-01-01"]
)
@pytest.mark.parametrize(
    "page", ["/reports/", "/reports/wall/", "/reports/cases/", "/reports/audit/", "/reports/audit/return/", "/reports/audit/record/"]
)
def test_days_outside_the_countys_time_are_told_and_not_reckoned_with(county, sign_in, page, query):
    answer = sign_in("auditor").get(f"{page}?m=cases&{query}")
    assert answer.status_code == 422
    assert "2000年至2100年" in answer.content.decode() or "自选期间要写开始日期和结束日期" in answer.content.decode()


def test_a_page_narrowed_to_another_units_few_is_not_shown_to_a_town(county, sign_in):
    five_and_two(county)
    refresh.refresh()
    answer = sign_in("town_head").get(f"/reports/?span=year&unit={county.units['labour'].id}")
    assert answer.status_code == 403
