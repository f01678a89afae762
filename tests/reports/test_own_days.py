"""What is given to several units, or taken up by several bodies, counts with each on its own day, not in the first one's month (issue 5 §1)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from casework.models import Card, Case
from mediation.models import Dispute
from organisations import clock
from petitions import actions
from petitions.actions import supervision
from reports.actions import refresh
from reports.models import Fact
from reports.month import queries
from reports.queries import figures, ground, proof
from reports.queries.figures import Selection
from reports.rules.measures import MEASURES
from reports.rules.periods import Basis, Period
from tests.factories import disputes, petitions, supervised

pytestmark = pytest.mark.django_db

SQL = (Path(__file__).parent / "recount_units.sql").read_text(encoding="utf-8")
CODES = ("yellow", "red", "urged", "supervised")
OF_DISPUTES = ("disputes", "settled", "settled_rate")
#: Days ago the first unit got it, and the second: two periods of ten days around them.
FIRST, SECOND = 40, 10


def ago(days: int):
    return clock.at(clock.now() - timedelta(days=days))


def around(county, days: int, unit: str = "centre") -> Selection:
    """Ten days that end a few days after that day, by the definitions of today."""
    refresh.refresh()
    until = clock.today() - timedelta(days=days - 4)
    newest = tuple((code, MEASURES[code].version) for code in (*CODES, *OF_DISPUTES))
    return Selection(Period(until - timedelta(days=9), until), clock.today(), ground.of_unit(county.units[unit].id), versions=newest)


def counts(county, days: int, unit: str) -> dict[str, int]:
    """What stands in the table by unit, checked against the list, the day's table, the unit narrowed to and the unit's own page."""
    where = around(county, days)
    unit_id = county.units[unit].id
    cells = figures.split(CODES, where, "unit").rows.get(unit_id, {})
    found = {code: cells[code].numerator if code in cells else 0 for code in CODES}
    for asked in (where.within(unit_ids=(unit_id,)), around(county, days, unit)):
        assert {code: figure.numerator for code, figure in figures.read_many(CODES, asked).items()} == found
        by_day = figures.split(CODES, asked, "day").rows
        for code in CODES:
            assert figures.case_ids(code, asked).count() == found[code]
            assert sum(row[code].numerator for row in by_day.values()) == found[code]
            assert all(asked.period.since <= day <= asked.period.until for day in by_day)
    return found


def card(number: str, unit: str, county, level: int, days: int) -> None:
    """As a sweep of that day gave it."""
    case = Case.objects.get(number=number)
    given = {"unit": county.units[unit], "level": level, "reason": "未在期限内签收", "rule": "sign", "given_on": clock.today() - timedelta(days=days)}
    taken = Card.objects.filter(level=level).values("deadline")
    Card.objects.create(case=case, deadline=case.deadlines.exclude(pk__in=taken).order_by("pk")[0], entered_at=clock.now(), **given)


def supervise(number: str, county) -> None:
    said = {"reasons": ["01"], "method": "02", "words": "未按规定办理。"}
    held = supervision.propose_supervision(number, **said, by=county.scope("office"))
    no = held.supervisions.get(state="proposed").pk
    supervision.confirm_supervision(number, no=no, **said, requirement="依法办理", by=county.scope("centre_head"))


def given_twice(county) -> str:
    """Urged, carded and supervised with one unit; then, in other days, with the one it was sent on to."""
    with ago(FIRST):
        number = petitions.routed(county).case.number
        supervision.urge(number, words="请抓紧办理。", by=county.scope("office"))
        supervise(number, county)
        actions.object_to(number, reason="不属本单位职权。", by=county.scope("handler"))
    with ago(SECOND):
        actions.agree_return(number, words="同意。", by=county.scope("office"))
        actions.route(number, mode="LJB", to_unit_id=county.units["labour"].id, words="请办理。", by=county.scope("office"))
        supervision.urge(number, words="请抓紧办理。", by=county.scope("office"))
        supervise(number, county)
    for unit, days in (("land", FIRST), ("labour", SECOND)):
        card(number, unit, county, 2, days)
        card(number, unit, county, 3, days - 1)
    return number


def test_what_was_given_to_a_second_unit_counts_with_it_on_its_own_day(county):
    given_twice(county)
    one, none = dict.fromkeys(CODES, 1), dict.fromkeys(CODES, 0)
    assert counts(county, FIRST, "land") == one
    assert counts(county, FIRST, "labour") == none  # it did not have the matter then
    assert counts(county, SECOND, "labour") == one
    assert counts(county, SECOND, "land") == none
    # In all the matter counts once, in its first days.
    for days, expected in ((FIRST, 1), (SECOND, 0)):
        assert {figure.numerator for figure in figures.read_many(CODES, around(county, days)).values()} == {expected}
    assert list(proof.differences()) == []


def test_by_another_date_of_the_matter_all_its_units_are_asked(county):
    given_twice(county)
    where = around(county, FIRST).within(basis=Basis.REGISTERED)
    rows = figures.split(CODES, where, "unit").rows
    assert {key: row["urged"].numerator for key, row in rows.items()} == {county.units["land"].id: 1, county.units["labour"].id: 1}
    assert figures.read("urged", where.within(unit_ids=(county.units["labour"].id,))).numerator == 1


def handed_on(county) -> tuple[str, int, int]:
    """Taken up in the village and failed there; taken by the town's station a month later."""
    with ago(FIRST):
        number = disputes.offered(county).case.number
    with ago(SECOND):
        disputes.ladder.take(number, by=county.scope("town_handler"))
    refresh.refresh()
    fact = Fact.objects.get(case__number=number)
    (room,) = set(fact.carried_unit_ids) - {fact.unit_id}
    return number, room, fact.unit_id


def test_a_dispute_counts_with_each_body_on_the_day_it_took_it_up(county):
    number, room, station = handed_on(county)
    Dispute.objects.filter(case__number=number).update(result="1", agreed_on=clock.today())
    with connection.cursor() as db:
        db.execute("INSERT INTO reports_stale (case_id) SELECT id FROM casework_case WHERE number = %s", [number])
    for days, by_unit, by_step, whole in (
        (FIRST, {room: (0, 1)}, {1: (0, 1), 2: (0, 1)}, (1, 1)),
        (SECOND, {station: (1, 1)}, {3: (1, 1)}, (0, 0)),
    ):
        where = around(county, days)
        for by, expected, narrow in (
            ("unit", by_unit, lambda key, at=where: at.within(unit_ids=(key,))),
            ("level", by_step, lambda key, at=where: at.within(level=key)),
        ):
            rows = figures.split(OF_DISPUTES, where, by).rows
            assert {key: (row["settled_rate"].numerator, row["settled_rate"].denominator) for key, row in rows.items()} == expected
            for key, (met, counted) in expected.items():
                asked = narrow(key)
                found = figures.read_many(OF_DISPUTES, asked)
                assert (rows[key]["disputes"].numerator, rows[key]["settled"].numerator) == (counted, met)
                assert (found["disputes"].numerator, found["settled"].numerator) == (counted, met)
                assert (found["settled_rate"].numerator, found["settled_rate"].denominator) == (met, counted)
                assert [figures.case_ids("settled_rate", asked, part).count() for part in ("counted", "met", "missed")] == [
                    counted,
                    met,
                    counted - met,
                ]
        total = figures.read("settled_rate", where)
        assert (total.numerator, total.denominator) == whole
    assert list(proof.differences()) == []


def test_a_closing_freezes_what_any_unit_of_its_days_is_counted_by(county):
    given_twice(county)
    handed_on(county)
    where = around(county, SECOND)
    frozen = Fact.objects.filter(queries.cohorts(where.period, on=(where.period.since,)))
    codes = (*CODES, *OF_DISPUTES)
    rows = figures.split(codes, where, "unit").rows
    assert {county.units["labour"].id}.issubset(rows)
    assert figures.split(codes, where, "unit", frozen).rows == rows


def recount(where: Selection) -> dict[tuple[str, int], tuple[int, int]]:
    with connection.cursor() as db:
        db.execute(SQL, {"since": where.period.since, "until": where.period.until})
        return {(code, unit_id): (int(met), int(counted)) for code, unit_id, met, counted in db.fetchall()}


def test_plain_sql_equals_the_table_by_unit(county):
    given_twice(county)
    number, *_ = handed_on(county)
    with ago(FIRST - 5):
        disputes.accepted(county)
        supervised.running_supervision(county)
    Dispute.objects.filter(case__number=number).update(result="1", agreed_on=clock.today())
    with connection.cursor() as db:
        db.execute("INSERT INTO reports_stale (case_id) SELECT id FROM casework_case")
    codes, told = (*CODES, *OF_DISPUTES), 0
    for days in (FIRST, FIRST - 8, SECOND, SECOND - 9):
        where = around(county, days)
        rows = figures.split(codes, where, "unit").rows
        found = {(code, key): (cell.numerator, cell.denominator) for key, row in rows.items() for code, cell in row.items() if cell.denominator}
        assert found == recount(where)
        told += len(found)
    assert told >= 16
