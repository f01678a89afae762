"""Norms of staffing, committees and training; periods of the four at-leasts; duties and positions."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation.corps import queries, rules
from mediation.corps.actions import committees, consents, county_rules, duty_log, lessons
from mediation.corps.forms import MEASURES
from mediation.models import CorpsRules, Duty
from organisations import clock
from organisations.models import AccessEntry
from organisations.rules import NotAllowed
from tests.factories import disputes_corps as corps

NORMS = CorpsRules(valid_from=date(2000, 1, 1))


# -- pure ----------------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "households", "people"),
    [
        ("room", 1, 1),
        ("room", 300, 1),
        ("room", 301, 2),
        ("room", None, None),
        ("area_station", None, 2),
        ("station", None, 3),
        ("department", None, 0),
    ],
)
def test_how_many_a_place_needs(kind, households, people):
    """MED-11: ≤ 300 households 1, above 2; area station ≥ 2; town ≥ 3. Unknown stays unknown."""
    assert rules.needed(NORMS, kind, households) == people


@given(st.integers(1, 10_000), st.integers(0, 20))
def test_a_gap_is_never_negative_and_met_means_nobody_missing(households, present):
    gap = rules.Gap(1, rules.needed(NORMS, "room", households), present, households)
    assert gap.missing >= 0
    assert gap.is_met == (gap.missing == 0)
    assert gap.present + gap.missing >= (gap.needed or 0)


@pytest.mark.parametrize(
    ("members", "women", "chairs", "faults"),
    [(3, 1, 1, 0), (9, 1, 1, 0), (2, 1, 1, 1), (10, 1, 1, 1), (5, 0, 1, 1), (5, 1, 0, 1), (0, 0, 0, 2)],
)
def test_a_committee_is_three_to_nine_with_a_chair_and_women(members, women, chairs, faults):
    """调解法§8 (L-MED-1)."""
    assert len(rules.faults(NORMS, members=members, women=women, chairs=chairs)) == faults


@given(st.integers(2020, 2040))
def test_every_week_of_a_year_belongs_to_exactly_one_month(year):
    weeks = [week for month in range(1, 13) for week in rules.periods("worthy", year, month)]
    assert len(weeks) in (52, 53)
    assert all((week.last - week.first).days == 6 and week.first.weekday() == 0 for week in weeks)
    assert all(later.first - earlier.first == timedelta(days=7) for earlier, later in itertools.pairwise(weeks))


def test_an_adviser_owes_a_month_and_a_mediator_nothing():
    (month,) = rules.periods("adviser", 2026, 2)
    assert (month.first, month.last) == (date(2026, 2, 1), date(2026, 2, 28))
    assert rules.periods("peoples", 2026, 2) == []


def test_consultation_or_mediation_meets_the_second():
    assert rules.unmet({"screening", "mediation", "publicity", "lecture"}) == []
    assert rules.unmet({"screening", "consultation"}) == ["宣传", "讲座"]
    assert rules.unmet(set()) == ["排查", "咨询或调解", "宣传", "讲座"]


def test_a_version_holds_from_its_day():
    later = CorpsRules(valid_from=date(2026, 6, 1), town_people=5)
    assert rules.county_rules([later], date(2026, 5, 31)).town_people == 3
    assert rules.county_rules([later], date(2026, 6, 1)).town_people == 5


# -- staffing -------------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_gaps_count_only_serving_mediators_in_scope(county):
    corps.member(county)
    corps.worthy(county)  # no mediator in the sense of the norm
    corps.member(county, "旧人", appointed=corps.term(clock.today() - timedelta(days=1200)))
    committees.count_households(county.areas["jiuqu"].id, 301, on=clock.today(), by=county.scope("village_cadre"))
    (town,) = queries.gaps(county.scope("town_handler"))
    by_unit = {place.unit.id: place for place in town.places}
    assert by_unit[county.units["jiuqu"].id].gap == rules.Gap(county.units["jiuqu"].id, 2, 1, 301)
    assert by_unit[county.units["laochi"].id].gap.needed is None
    assert by_unit[county.units["fushan"].id].gap.missing == 3
    assert by_unit[county.units["fushan_area"].id].gap.missing == 2
    assert (town.missing, town.unknown) == (1 + 3 + 2, 1)
    assert len(queries.gaps(county.scope("office"))) == 2
    assert queries.gaps(county.scope("handler")) == []


@pytest.mark.django_db
def test_the_newest_count_of_households_holds(county):
    area, by = county.areas["jiuqu"].id, county.scope("village_cadre")
    committees.count_households(area, 310, on=clock.today(), by=by)
    committees.count_households(area, 290, on=clock.today() - timedelta(days=100), by=by)
    assert queries.households([area]) == {area: 310}
    with pytest.raises(NotAllowed):
        committees.count_households(area, 310, on=clock.today(), by=county.scope("other_handler"))
    assert AccessEntry.objects.filter(object_type="households").count() == 2


@pytest.mark.django_db
def test_a_committee_holds_nine_and_one_chair(county):
    by, today = county.scope("town_head"), clock.today()
    board = committees.set_up_committee(county.units["fushan"].id, name="阜山镇人民调解委员会", on=today, by=by)
    people = [corps.member(county, f"张{n}", "fushan", sex="2") for n in "一二三四五六七八九十"]
    for person in people[:9]:
        committees.seat(board.pk, person.pk, post="member", on=today, by=by)
    with pytest.raises(NotAllowed, match="最多 9 人"):
        committees.seat(board.pk, people[9].pk, post="member", on=today, by=by)
    committees.seat(board.pk, people[0].pk, post="chair", on=today, by=by)  # a member becomes chair: still nine
    committees.seat(board.pk, people[1].pk, post="chair", on=today, by=by)  # the next chair follows; the former stays a member
    sitting = board.seats.filter(until_on=None)
    assert sitting.count() == 9
    assert sitting.get(is_chair=True).mediator == people[1]
    assert sitting.get(mediator=people[0]).is_chair is False


# -- training -----------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_four_days_a_year_count_courses_only(county):
    made = corps.member(county)
    corps.training(county, made, days="2.5")
    corps.training(county, made, kind="meeting", days="0.5")
    corps.training(county, made, kind="hearing", days="1")
    (row,) = queries.learners(county.scope("town_handler"), clock.today().year)
    assert (row.days, row.short_by, row.meetings, row.hearings) == (Decimal("2.5"), Decimal("1.5"), 1, 1)
    assert queries.learners(county.scope("other_handler"), clock.today().year) == []


@pytest.mark.django_db
def test_nobody_attends_longer_than_it_lasted_or_from_outside(county):
    made, outsider = corps.member(county), corps.member(county, "外镇人", "dongliang")
    lesson = {"kind": "course", "name": "x", "on": clock.today(), "days": Decimal(1), "place": "镇", "unit_id": county.units["fushan"].id}
    with pytest.raises(NotAllowed, match="不超过 1 天"):
        lessons.hold_training(lessons.Lesson(**lesson, attended={made.pk: Decimal(2)}), by=county.scope("town_handler"))
    with pytest.raises(NotAllowed, match="管理范围"):
        lessons.hold_training(lessons.Lesson(**lesson, attended={outsider.pk: Decimal(1)}), by=county.scope("town_handler"))
    with pytest.raises(NotAllowed, match="不能晚于今天"):
        lessons.hold_training(lessons.Lesson(**{**lesson, "on": clock.today() + timedelta(days=1)}), by=county.scope("town_handler"))


# -- duties -------------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_week_is_fulfilled_by_four_duties_and_a_voided_one_does_not_count(county):
    made = corps.worthy(county)
    monday = clock.today() - timedelta(days=clock.today().weekday() + 7)
    written = [corps.duty(county, made, kind, monday) for kind in ("screening", "consultation", "publicity", "lecture")]
    thursday = monday + timedelta(days=3)

    def cell():
        (row,) = queries.fulfilment(county.scope("town_handler"), thursday.year, thursday.month)
        return next(cell for cell in row.cells if cell.period.first == monday)

    assert (cell().missing, cell().words) == ([], "已完成")
    duty_log.void_duty(written[0].pk, reason="填错了", by=county.scope("village_cadre"))
    assert (cell().missing, cell().words) == (["排查"], "缺排查")
    assert queries.fulfilment(county.scope("other_handler"), thursday.year, thursday.month) == []


@pytest.mark.django_db
def test_nobody_owes_a_period_that_was_not_wholly_theirs(county):
    corps.worthy(county, appointed=corps.term(clock.today()))
    last = clock.today().replace(day=1) - timedelta(days=20)
    assert queries.fulfilment(county.scope("town_handler"), last.year, last.month) == []


@pytest.mark.django_db
def test_a_duty_for_another_is_marked(county):
    made = corps.worthy(county)
    duty = corps.duty(county, made, "screening", clock.today() - timedelta(days=1), by="village_cadre")
    assert duty.is_for_another
    assert duty.by == county.people["village_cadre"]
    with pytest.raises(NotAllowed, match="所在单位"):
        corps.duty(county, made, "screening", clock.today() - timedelta(days=1), by="overseer")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ago", "words"),
    [(-1, "不能晚于今天"), (32, "31 天以内")],
)
def test_a_log_is_written_in_time(county, ago, words):
    made = corps.worthy(county)
    with pytest.raises(NotAllowed, match=words):
        corps.duty(county, made, "screening", clock.today() - timedelta(days=ago))


@pytest.mark.django_db
def test_the_county_may_switch_the_log_off(county):
    made = corps.worthy(county)
    set_measures(county, keeps_duties=False)
    with pytest.raises(NotAllowed, match="没有启用"):
        corps.duty(county, made, "screening", clock.today() - timedelta(days=1))


@pytest.mark.django_db
def test_a_position_needs_the_county_and_the_person(county):
    """Default off; then the person's own consent; never for another (beyond.md)."""
    made = corps.worthy(county, "田和", "fushan", user_id=county.people["mediator"].id)
    here = duty_log.Position(Decimal("37.36"), Decimal("120.41"), 15)

    def log(by: str) -> Duty:
        return corps.duty(county, made, "screening", clock.today() - timedelta(days=1), by=by, position=here)

    with pytest.raises(NotAllowed, match="本县没有开启定位"):
        log("mediator")
    with pytest.raises(NotAllowed, match="本县没有开启定位"):
        consents.consent_position(made.pk, by=county.scope("mediator"))
    set_measures(county, takes_positions=True)
    with pytest.raises(NotAllowed, match="本人没有同意"):
        log("mediator")
    with pytest.raises(NotAllowed, match="只能由本人"):
        consents.consent_position(made.pk, by=county.scope("town_handler"))
    consents.consent_position(made.pk, by=county.scope("mediator"))
    assert log("mediator").accuracy == 15
    with pytest.raises(NotAllowed, match="代填不能"):
        log("town_handler")
    consents.withdraw_position(made.pk, by=county.scope("mediator"))
    with pytest.raises(NotAllowed, match="本人没有同意"):
        log("mediator")


def set_measures(county, **changes):
    measures = {name: getattr(NORMS, name) for name in MEASURES} | changes
    county_rules.set_rules(measures, valid_from=clock.today(), reason="县里规定", by=county.scope("system_admin"))
