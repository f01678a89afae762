"""One chain of closed periods: one after the other, none left out, none forked; names and bytes stay; a unit's report restates too."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from threading import Event, Thread

import pytest
from django.db import connection
from django.urls import reverse

from casework.rules import NotAllowed
from organisations.models import User
from reports.actions import refresh
from reports.models import Closing, Report
from reports.month import actions, queries, restating
from reports.rules.periods import Period, Span, filled
from tests.factories import months, petitions
from tests.factories.months import NOVEMBER, OCTOBER, at

pytestmark = pytest.mark.django_db(transaction=True)

AUGUST, SEPTEMBER = filled(Span.MONTH, date(2026, 8, 1)), filled(Span.MONTH, date(2026, 9, 1))


def closing(pk: int, by: object, answers: list[object]) -> Callable[[], None]:
    """Somebody closes on a connection of their own."""

    def act() -> None:
        try:
            with at(11, 3):
                answers.append(actions.close(pk, by=by))
        except NotAllowed as refusal:
            answers.append(refusal)
        finally:
            connection.close()

    return act


def waits_for_a_lock() -> bool:
    with connection.cursor() as db:
        db.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        return bool(db.fetchone()[0])


def race(monkeypatch: pytest.MonkeyPatch, first: int, second: int, by: object) -> tuple[list[object], list[object]]:
    """Both have looked at what is closed before either is done: the first holds the chain until the second stands and waits."""
    whole, entered, go = restating.of_county, Event(), Event()

    def slowly() -> list[object]:
        entered.set()
        assert go.wait(60)
        return whole()

    monkeypatch.setattr(restating, "of_county", slowly)
    one, other = [], []
    threads = [Thread(target=closing(first, by, one)), Thread(target=closing(second, by, other))]
    threads[0].start()
    assert entered.wait(60)
    threads[1].start()
    for _ in range(600):
        if waits_for_a_lock():
            break
        time.sleep(0.1)
    else:
        pytest.fail("the second did not wait")
    go.set()
    for thread in threads:
        thread.join(timeout=60)
    return one, other


def test_the_earlier_month_waits_for_the_later_one_and_is_told(county, monkeypatch):
    with at(11, 3):
        october, september = months.checked(county), months.checked(county, SEPTEMBER)
    one, other = race(monkeypatch, october.pk, september.pk, county.scope("centre_head"))
    assert isinstance(one[0], Report)
    assert isinstance(other[0], NotAllowed)
    assert other[0].code == "later_closed"
    assert "2026年10月已经封存" in str(other[0])
    assert Closing.objects.get().since == OCTOBER.since


def test_the_later_month_waits_for_the_earlier_one_and_stands_on_it(county, monkeypatch):
    with at(11, 3):
        october, september = months.checked(county), months.checked(county, SEPTEMBER)
    one, other = race(monkeypatch, september.pk, october.pk, county.scope("centre_head"))
    assert isinstance(one[0], Report)
    assert isinstance(other[0], Report)
    assert list(Closing.objects.order_by("pk").values_list("since", flat=True)) == [SEPTEMBER.since, OCTOBER.since]
    assert queries.previous_of(other[0]) == one[0]


def test_no_month_is_left_out_and_an_old_one_is_told_for_ever(county, sign_in):
    with at(9, 3):
        months.closed(county, AUGUST)
    with at(11, 3):
        with pytest.raises(NotAllowed) as gap:
            months.checked(county)
        assert gap.value.code == "earlier_open"
        assert "请先封存2026年9月" in str(gap.value)
        page = reverse("reports:month", args=[Report.objects.get(since=OCTOBER.since).pk])
        assert "2026年9月还没有封存，请先封存2026年9月。" in sign_in("office").get(page).content.decode(), "no button, and why"
        assert "请先封存" not in sign_in("auditor").get(page).content.decode()
        months.closed(county, SEPTEMBER)
        assert months.closed(county).closing is not None
    later = date(2027, 6, 2)
    assert [period.since for period in queries.unclosed(later)][-1] == NOVEMBER.since
    assert len(queries.unclosed(later)) == 7


def test_before_the_first_closing_the_oldest_draft_of_the_clock_is_told(county):
    with at(11, 3):
        assert [period.since for period in queries.unclosed(date(2026, 11, 3))] == [OCTOBER.since]
        actions.schedule()
    assert [period.since for period in queries.unclosed(date(2027, 2, 3))][-1] == AUGUST.since
    assert len(queries.unclosed(date(2027, 2, 3))) == 6


def test_a_person_renamed_later_stands_in_the_report_as_on_that_day(county):
    with at(11, 3):
        report = months.sealed(county)
    User.objects.filter(pk__in=[county.people["office"].pk, county.people["centre_head"].pk]).update(name="改名后")
    held = Closing.objects.get()
    assert (held.checked_by_name, held.closed_by_name) == ("孙志远", "马国强")
    assert all(found.is_good for found in actions.rebuild(Report.objects.get(pk=report.pk)))


def test_a_units_report_restates_what_came_later_on_its_ground_and_stays(county):
    months.a_month(county)
    with at(11, 3):
        months.closed(county)
    with at(10, 30):
        late = petitions.registered(county, title="十月份补录").case.number
        petitions.registered(county, area_id=county.areas["dongliang"].id)
        refresh.refresh()
    with at(12, 2):
        months.closed(county, NOVEMBER)
        Report.objects.filter(unit=county.units["centre"]).update(tries=99)  # the county's own are not what is looked at
        made = _made_for_town(county, NOVEMBER)
    assert made.is_sealed
    lines = {line["code"]: line for row in made.restated for line in row["lines"]}
    assert (lines["cases"]["was"], lines["cases"]["now"], lines["cases"]["change"]) == ("2", "3", "+1")
    assert lines["cases"]["cases"] == "其他单位办理1件"  # the window's, not the town's
    assert late not in str(made.restated)
    with at(10, 29):
        petitions.registered(county)
        refresh.refresh()
    with at(12, 20):
        assert all(found.is_good for found in actions.rebuild(made))
        assert all(found.is_good for found in actions.verify(made))


def _made_for_town(county: object, period: Period) -> Report:
    report = actions.ask(county.units["fushan"].id, period, by=county.scope("leader"))
    assert actions.make_next()
    report.refresh_from_db()
    assert report.state == Report.State.READY, report.failure
    return report
