"""Rounds come by the clock: each unit's own rhythm, once a period, made up after an outage, by the setting's versions (MED-1, L-GRID-12)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import limits
from casework.rules import NotAllowed
from mediation.models import Round, ScreeningRhythm
from mediation.screening import actions, rules
from mediation.screening.queries import covering, lists
from mediation.screening.rules import DueUnit, Rhythm, Schedule
from organisations import clock, directory
from organisations.models import AccessEntry
from tests.factories import disputes_screening as screening
from tests.factories.disputes_screening import on
from tests.petitions.test_concurrency import at_once

pytestmark = pytest.mark.django_db

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@given(day=DAYS, rhythm=st.sampled_from([Rhythm.WEEKLY, Rhythm.HALF_MONTHLY, Rhythm.MONTHLY]))
def test_every_day_lies_in_one_period_and_periods_leave_no_gap(day, rhythm):
    period = rules.period(rhythm, day)
    assert period.first <= day <= period.last
    assert rules.period(rhythm, period.first) == rules.period(rhythm, period.last) == period
    following = rules.period(rhythm, date.fromordinal(period.last.toordinal() + 1))
    assert following.first.toordinal() == period.last.toordinal() + 1
    assert following.code != period.code


def test_villages_weekly_towns_and_departments_half_monthly_the_centre_monthly(county):
    with on(18):
        assert actions.open_rounds() > 0
    by_unit = {row.unit_id: row for row in Round.objects.all()}
    village, town, land, centre = (by_unit[county.units[name].id] for name in ("jiuqu", "fushan", "land", "centre"))
    assert (village.rhythm, village.period, village.until_on, village.due_on) == ("weekly", "W2026-47", date(2026, 11, 22), date(2026, 11, 22))
    assert (town.rhythm, town.period, town.until_on) == ("half_monthly", "H2026-11-2", date(2026, 11, 30))
    assert town.due_on == date(2026, 12, 1)  # one working day after the period
    assert (land.rhythm, land.branch_id) == ("half_monthly", land.unit_id)
    assert (centre.rhythm, centre.due_on) == ("monthly", date(2026, 12, 3))
    assert village.branch_id == county.units["fushan"].id
    assert county.units["fushan_area"].id not in by_unit


def test_a_unit_nobody_can_report_for_is_named_until_somebody_is_there(county):
    with on(18):
        actions.open_rounds()
        assert not Round.objects.filter(unit=county.units["laochi"]).exists()
        wanted = lists.read({}, clock.today())
        assert covering.coverage(county.scope("town_head"), wanted).unmanned == ["老翅村"]
        screening.staff(county)
        assert actions.open_rounds() == 1
        assert covering.coverage(county.scope("town_head"), wanted).unmanned == []
    county.people["laochi_cadre"].posts.update(until_on=date(2026, 11, 20))
    with on(25):
        actions.open_rounds()
    # A vacancy later is the unit's own: its rounds go on and are missed.
    assert Round.objects.filter(unit=county.units["laochi"]).count() == 2


def test_due_dates_keep_the_holidays(county):
    """National day 2026: 1 to 7 October off; the half-month that ends on 30 September is due on the first working day after."""
    town = Schedule(Rhythm.HALF_MONTHLY, 1, DueUnit.WORKING)
    assert rules.due_on(town, date(2026, 9, 30), limits.current().calendar) == date(2026, 10, 8)


def test_twice_changes_nothing(county):
    with on(18):
        assert actions.open_rounds() > 0
        before = sorted(Round.objects.values_list("pk", flat=True))
        assert actions.open_rounds() == 0
    with on(20):
        assert actions.open_rounds() == 0
    assert sorted(Round.objects.values_list("pk", flat=True)) == before


def test_an_outage_of_three_weeks_is_made_up_and_leaves_time_to_report(county):
    with on(18):
        screening.opened(county)
    with on(9, month=12):
        actions.open_rounds()
    rows = list(Round.objects.filter(unit=county.units["jiuqu"]).order_by("until_on"))
    assert [row.period for row in rows] == ["W2026-47", "W2026-48", "W2026-49", "W2026-50"]
    # The clock was late, not the village: at least the next working day is left.
    assert [row.due_on for row in rows] == [date(2026, 11, 22), date(2026, 12, 10), date(2026, 12, 10), date(2026, 12, 13)]


def test_a_county_that_begins_owes_nothing_of_the_past(county):
    with on(18):
        actions.open_rounds()
    assert set(Round.objects.filter(rhythm="weekly").values_list("period", flat=True)) == {"W2026-47"}


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_open_each_round_once(county):
    at_once([actions.open_rounds, actions.open_rounds])
    units = list(Round.objects.values_list("unit", "period"))
    assert len(units) == len(set(units)) == 8


def _set(county, **changes):
    facts = {
        "kind": "room",
        "unit_id": None,
        "schedule": Schedule(Rhythm.HALF_MONTHLY, 2, DueUnit.WORKING),
        "valid_from": date(2026, 11, 24),
        "reason": "农忙时节",
    }
    return actions.set_rhythm(**{**facts, **changes}, by=county.scope("system_admin"))


def test_a_new_rhythm_holds_from_its_day_and_open_rounds_keep_theirs(county):
    with on(18):
        screening.opened(county)
        _set(county)
        assert AccessEntry.objects.filter(object_type="screening_rhythm").count() == 1
    with on(23):
        actions.open_rounds()
    with on(2, month=12):
        actions.open_rounds()
    rows = Round.objects.filter(unit=county.units["jiuqu"]).order_by("until_on")
    assert [(row.period, row.from_on.day) for row in rows] == [("W2026-47", 16), ("W2026-48", 23), ("H2026-11-2", 30), ("H2026-12-1", 1)]


def test_one_unit_may_have_a_rhythm_of_its_own(county):
    with on(18):
        labour = county.units["labour"].id
        _set(county, kind="", unit_id=labour, schedule=Schedule(Rhythm.MONTHLY, 0, DueUnit.CALENDAR), valid_from=date(2026, 11, 18))
        actions.open_rounds()
        assert Round.objects.get(unit=labour).rhythm == "monthly"
        assert Round.objects.get(unit=county.units["land"]).rhythm == "half_monthly"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"valid_from": date(2026, 11, 1)}, "past"),
        ({"kind": ""}, "whom"),
    ],
)
def test_what_cannot_be_set_is_refused_with_a_sentence(county, changes, code):
    with on(18), pytest.raises(NotAllowed) as refusal:
        _set(county, **changes)
    assert refusal.value.code == code
    assert not ScreeningRhythm.objects.exists()


def test_the_rhythm_is_the_system_administrators(county, sign_in):
    assert sign_in("office").get("/mediation/screening/rhythm/").status_code == 404
    page = sign_in("system_admin")
    assert page.get("/mediation/screening/rhythm/").status_code == 200
    facts = {"kind": "station", "rhythm": "weekly", "due_days": "1", "due_unit": "working", "valid_from": "2036-01-01", "reason": "重点时期"}
    assert page.post("/mediation/screening/rhythm/", facts).status_code == 302
    assert ScreeningRhythm.objects.get().rhythm == "weekly"
    assert "重点时期" in page.get("/mediation/screening/rhythm/").content.decode()


def test_a_closed_unit_gets_no_rounds(county):
    screening.staff(county)
    county.units["laochi"].active_until = date(2026, 1, 1)
    county.units["laochi"].save()
    directory.forget()
    with on(18):
        actions.open_rounds()
    assert not Round.objects.filter(unit=county.units["laochi"]).exists()
