"""What a day that is over says is read once: an act of today leaves it, what is entered late or put right for it is seen at once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.facts import COLUMNS
from casework.models import Deadline
from organisations import clock
from petitions import actions
from reports.actions import refresh
from reports.models import STOOD, Fact, Restated
from reports.queries import figures, ground, stood
from reports.queries.figures import Selection
from reports.rules.measures import MEASURES
from reports.rules.periods import Period
from tests.factories import petitions

pytestmark = pytest.mark.django_db

AS_STOOD = [code for code, measure in MEASURES.items() if measure.is_as_stood]


def on(day: date, hour: int = 10):
    return clock.at(timezone.make_aware(datetime.combine(day, time(hour))))


def selection(county, day: date) -> Selection:
    return Selection(Period(day - timedelta(days=60), day), day, ground.of_unit(county.units["centre"].id))


def told(where: Selection) -> dict[str, tuple[int, int]]:
    """As a page is told; whenever asked, the same as without anything kept."""
    found = {code: (one.numerator, one.denominator) for code, one in figures.read_many(AS_STOOD, where).items()}
    again = figures.read_many(AS_STOOD, where, Fact.objects.all())
    assert found == {code: (one.numerator, one.denominator) for code, one in again.items()}
    for code in ("open", "reply_on_time"):
        for by in ("unit", "town"):
            kept = {key: (cells[code].numerator, cells[code].denominator) for key, cells in figures.split([code], where, by).rows.items()}
            read = figures.split([code], where, by, Fact.objects.all()).rows
            assert kept == {key: (cells[code].numerator, cells[code].denominator) for key, cells in read.items()}
    return found


def reads_facts(work) -> bool:
    with CaptureQueriesContext(
        connection,
    ) as said:
        work()
    return any("reports_stoodfact" in row["sql"] or 'FROM "reports_fact"' in row["sql"] for row in said)


@pytest.fixture
def passed(county):
    """Two matters of last month, one of them closed, and yesterday as it was."""
    with on(clock.today() - timedelta(days=40)):
        running = petitions.accepted(county).case.number
        petitions.closed(county)
    refresh.refresh()
    return running


def test_an_act_of_today_leaves_what_was_read_of_yesterday(county, passed):
    where = selection(county, clock.today() - timedelta(days=1))
    before = told(where)
    petitions.registered(county)
    actions.note(passed, text="电话联系", by=county.scope("clerk"))
    actions.amend(passed, {"title": "改过的标题"}, reason="写错了", by=county.scope("office"))
    refresh.refresh()
    assert not reads_facts(lambda: figures.read_many(AS_STOOD, where))
    assert told(where) == before


def test_what_is_entered_late_is_seen_in_the_days_since_and_not_before(county, passed):
    day = clock.today()
    since, before = selection(county, day - timedelta(days=3)), selection(county, day - timedelta(days=9))
    late, early = told(since), told(before)
    with clock.from_ledger(), on(day - timedelta(days=5)):
        petitions.registered(county)
    refresh.refresh()
    assert told(since)["open"] == (late["open"][0] + 1, late["open"][1] + 1)
    assert not reads_facts(lambda: figures.read_many(AS_STOOD, before))
    assert told(before) == early


@pytest.mark.parametrize("how", ["void", "protected"])
def test_what_is_put_right_is_so_on_every_day_of_the_case(county, passed, how):
    where = selection(county, clock.today() - timedelta(days=9))
    before, units = told(where), figures.split(["open"], where, "unit").rows
    if how == "void":
        with clock.from_ledger(), on(clock.today() - timedelta(days=20)):
            number = petitions.registered(county).case.number
        refresh.refresh()
        assert told(where)["open"][0] == before["open"][0] + 1
        actions.void(number, reason="登记错误", by=county.scope("office"))
        refresh.refresh()
        assert told(where) == before
    else:
        actions.amend(passed, {"purpose": "03"}, reason="实为检举控告", by=county.scope("office"))
        refresh.refresh()
        assert told(where) == before
        assert sum(cells["open"].numerator for cells in units.values()) == 1
        assert not any(cells["open"].numerator for cells in figures.split(["open"], where, "unit").rows.values())


def test_only_the_earliest_of_the_newest_days_is_held(county, passed):
    day = clock.today()
    for back in (9, 3, 5):
        with clock.from_ledger(), on(day - timedelta(days=back)):
            petitions.registered(county)
        refresh.refresh()
    days = dict(Restated.objects.order_by("since").values_list("since", "version"))
    assert {day - timedelta(days=9), day - timedelta(days=5)} <= set(days)
    assert day - timedelta(days=3) not in days
    # The later the day, the newer what restated it last: else an earlier one would have said it already.
    assert list(days.values()) == sorted(days.values())


def test_a_limit_moved_by_nothing_but_the_calendar_changes_today_alone(county, passed):
    where = selection(county, clock.today() - timedelta(days=1))
    before = told(where)
    Deadline.objects.filter(case__number=passed, met_on=None).update(due_on=clock.today() + timedelta(days=90))
    refresh.refresh()
    assert not reads_facts(lambda: figures.read_many(AS_STOOD, where))
    assert told(where) == before


def test_every_column_without_a_past_that_a_past_figure_asks_restates_its_days():
    asked = set(stood.put_right())
    assert {"is_counted", "confidential", "town_code", "area_id", "topic_code", "channel", "received_on", "registered_on"} <= asked
    assert asked.isdisjoint(STOOD)
    assert asked <= set(COLUMNS)
    # Found by condition, wherever in it a column stands.
    sql = " ".join(str(Fact.objects.filter(MEASURES[code].belongs(selection_of_nobody().moment)).query.where) for code in AS_STOOD)
    assert {column for column in COLUMNS if column not in STOOD and f"Col(reports_fact, reports.Fact.{column})" in sql} <= asked


def selection_of_nobody() -> Selection:
    day = date(2026, 3, 1)
    return Selection(Period(day, day), day, ground.Ground(0, "", is_county=True))


def test_what_lies_in_the_county_is_read_once_for_all_pages_until_a_fact_changes(county, passed):
    where = selection(county, clock.today())
    year = where.within(period=Period(date(clock.today().year, 1, 1), clock.today()))
    stock = [code for code, measure in MEASURES.items() if measure.is_stock]
    first = figures.read_many(stock, where)
    assert not reads_facts(lambda: (figures.read_many(stock, year), figures.split(["open", "overdue"], year, "unit")))
    assert first == figures.read_many(stock, where, Fact.objects.all())
    assert figures.split(stock, where, "unit").rows == figures.split(stock, where, "unit", Fact.objects.all()).rows
    petitions.registered(county)
    refresh.refresh()
    assert figures.read("open", where).numerator == first["open"].numerator + 1
