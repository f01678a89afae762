"""An act that commits while the calendar changes: its dates are counted anew, whatever it held in memory (L-CAL-4)."""

from __future__ import annotations

from datetime import date, datetime
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from casework import almanac, deadlines, limits, proof
from casework.models import CalendarChange, Case, Deadline, DeadlineEvent
from casework.tasks import catch_up_calendar
from organisations import clock, snapshots
from organisations.roles import Role
from tests.factories import petitions

pytestmark = pytest.mark.django_db(transaction=True)

START, CLOSED = date(2026, 11, 2), date(2026, 11, 10)
BEFORE, AFTER = date(2026, 11, 16), date(2026, 11, 17)


def simple(case: Case, on: date = START) -> None:
    deadlines.turn(case, on=on, drop=deadlines.running_keys(case), start=[deadlines.Start("pet.simple_handle", on, "受理之日")])
    case.save()


def row(case: Case) -> Deadline:
    return Deadline.objects.get(case=case, key="pet.simple_handle", dropped_on=None)


def close_the_day(county) -> None:
    almanac.set_own(CLOSED, is_off=True, name="停电检修", reason="县府办通知", by=county.scope("system_admin"))


def test_an_act_that_commits_after_the_change_is_counted_by_the_new_table(county):
    """Two connections: the act has written and not committed, the calendar changes and commits, then the act commits."""
    case = petitions.registered(county).case
    written, changed, broken = Event(), Event(), []

    def act() -> None:
        try:
            with snapshots.pinned(), transaction.atomic():
                simple(Case.objects.select_for_update().get(pk=case.pk))
                written.set()
                assert changed.wait(20)
        except BaseException as error:
            broken.append(error)
        finally:
            written.set()
            connection.close()

    thread = Thread(target=act)
    thread.start()
    assert written.wait(20)
    close_the_day(county)
    changed.set()
    thread.join(20)
    assert broken == []
    assert row(case).due_on == BEFORE, "the race is there: the act's row was not seen by the change"
    assert list(proof.check()) != []

    assert catch_up_calendar() is None
    assert row(case).due_on == AFTER
    assert Case.objects.get(pk=case.pk).due_on == AFTER
    assert DeadlineEvent.objects.get().reason == "放假安排变更，到期日由2026-11-16变为2026-11-17。"
    assert list(proof.check()) == []
    assert almanac.catch_up() == 0, "once"


def test_an_act_that_held_the_old_table_and_writes_after_the_change(county):
    """A request that asked for the calendar before the change keeps it to its end."""
    case = petitions.registered(county).case
    with snapshots.pinned():
        limits.current()
        changing = Thread(target=lambda: (close_the_day(county), connection.close()))
        changing.start()
        changing.join(20)
        simple(case)
    assert row(case).due_on == BEFORE
    assert almanac.catch_up() == 1
    assert row(case).due_on == AFTER
    assert list(proof.check()) == []


def test_a_suspended_limit_lengthened_in_the_race_is_found_too(county):
    """The row was there before; what the act moved onto the changed day was not among those the change counted."""
    case = petitions.registered(county).case
    simple(case, date(2026, 10, 19))
    assert row(case).due_on < CLOSED
    by = county.scope("head").holds({Role.HEAD})
    with snapshots.pinned():
        limits.current()
        changing = Thread(target=lambda: (close_the_day(county), connection.close()))
        changing.start()
        changing.join(20)
        moment = datetime(2026, 10, 28, 9, tzinfo=clock.now().tzinfo)
        deadlines.suspend(case, on=date(2026, 10, 28), reason="等鉴定", cites="", by=by, at=moment)
        deadlines.resume(case, on=date(2026, 11, 9), by=by, at=datetime(2026, 11, 9, 9, tzinfo=moment.tzinfo), reason="鉴定已出")
        case.save()
    assert list(proof.check()) != []
    assert almanac.catch_up() == 1
    assert list(proof.check()) == []


def test_what_the_change_itself_counted_is_not_counted_twice(county):
    case = petitions.registered(county).case
    simple(case)
    close_the_day(county)
    assert (row(case).due_on, row(case).counted_by) == (AFTER, CalendarChange.objects.get().pk)
    assert almanac.catch_up() == 0


def test_without_a_change_the_limits_are_not_asked(county, django_assert_num_queries):
    petitions.registered(county)
    with django_assert_num_queries(1):
        assert almanac.catch_up() == 0


def test_a_change_nobody_told_the_others_of_is_told(county, monkeypatch):
    """Killed between commit and the word to the other processes: they would hold the old table for ever."""
    limits.current()
    with monkeypatch.context() as dying:
        dying.setattr(limits, "changed", lambda: None)
        close_the_day(county)
    assert CLOSED not in limits.current().calendar.off
    almanac.catch_up()
    assert CLOSED in limits.current().calendar.off
