"""The seed command: the same seed gives the same county, an interrupted seed goes on, a county in use is refused."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from casework import chain, limits
from casework.models import Case, Counter, Entry
from organisations import clock, directory
from organisations.models import AccessEntry, Unit, User
from petitions.demo import units
from petitions.demo.engine import COMPLETE, PROGRESS, Engine
from tests.factories.seeds import one_snapshot, seed

CASES = 60


@pytest.fixture
def in_one_snapshot(db):
    one_snapshot()


def facts_of_cases() -> list[tuple[str, ...]]:
    """Every case and every line of its history, in order."""
    cases = Case.objects.order_by("number").values_list("number", "title", "subject", "state", "opened_at", "due_on", "closed_at", "entries", "marks")
    lines = Entry.objects.order_by("case__number", "no").values_list("case__number", "no", "act", "at", "happened_at", "by__name", "unit__name")
    return [tuple(map(str, row)) for row in (*cases, *lines)]


@pytest.mark.usefixtures("in_one_snapshot")
def test_the_same_seed_gives_the_same_county():
    seen = []
    for _ in range(2):
        with transaction.atomic():
            seed(cases=CASES)
            seen.append((facts_of_cases(), list(User.objects.order_by("username").values_list("username", "name"))))
            transaction.set_rollback(True)
        directory.forget()
        limits.forget()
    assert seen[0] == seen[1]


@pytest.mark.usefixtures("in_one_snapshot")
def test_an_interrupted_seed_goes_on_where_it_was(monkeypatch):
    with transaction.atomic():
        seed(cases=CASES)
        whole = facts_of_cases()
        transaction.set_rollback(True)
    directory.forget()
    limits.forget()

    class Cut(Exception):
        pass

    def cut(day: date, steps: int) -> None:
        if steps > 150:
            raise Cut

    run = Engine.run
    with monkeypatch.context() as patched:
        patched.setattr(Engine, "run", lambda engine, on_day: run(engine, cut))
        with pytest.raises(Cut):
            seed(cases=CASES)
    half = Case.objects.count()
    assert 0 < half < 60
    assert not Counter.objects.filter(series__startswith=COMPLETE).exists()

    assert "接着载入" in seed(cases=CASES)
    assert facts_of_cases() == whole
    assert list(chain.verify_cases()) == []


@pytest.mark.django_db
def test_a_database_in_use_is_refused(county):
    with pytest.raises(CommandError, match="库里已有单位"):
        seed(cases=CASES)
    assert not Counter.objects.filter(series__startswith=PROGRESS).exists()


@pytest.mark.django_db
def test_a_bare_county_has_three_administrators_and_no_demo():
    said = seed(cases=CASES, bare=True)
    directory.forget()
    people = User.objects.filter(is_active=True)
    assert people.count() == 3
    for user in people:
        assert user.must_change_password
        once = next(line.split()[-1] for line in said.splitlines() if f" {user.username} " in line)
        assert user.check_password(once)
    assert Unit.objects.filter(kind="room").count() == 35
    assert Case.objects.count() == 0
    assert list(AccessEntry.objects.values_list("event", flat=True)) == ["appoint"] * 3
    out = StringIO()
    call_command("demo_accounts", stdout=out)
    assert out.getvalue().strip() == "没有演示账号。"


@pytest.mark.django_db
def test_an_unknown_county_and_a_day_to_come_are_refused():
    with pytest.raises(CommandError, match="没有区划代码"):
        seed(cases=CASES, county="000000")
    with pytest.raises(CommandError, match="不能晚于今天"):
        seed(cases=CASES, until=clock.today().replace(year=clock.today().year + 1))


@pytest.mark.parametrize("code", list(units.counties()))
def test_any_of_the_six_counties_can_be_written(db, code):
    with transaction.atomic():
        county = units.write(code)
        assert Unit.objects.filter(kind="room").count() == sum(1 for row in units.divisions(code) if row.level == "village")
        assert len({unit.path for unit in county.units.values()}) == Unit.objects.count()
        assert len({unit.short_name for unit in county.units.values()}) == Unit.objects.count()
        transaction.set_rollback(True)
    directory.forget()
