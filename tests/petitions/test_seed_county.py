"""The demo county once it is seeded: every state stands, every list has something true to show, the histories hold."""

from __future__ import annotations

from collections import Counter as Tally
from datetime import date, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import F, Q
from django.test import Client

from casework import chain, limits
from casework.calendar import Calendar, shipped_rows
from casework.models import Attachment, Case, Deadline, Draft, Entry, Link, Notice, Party, Reach, SavedView, Viewing
from organisations import directory, identity, synthetic
from organisations.models import Area, Post, RolePolicy, Unit, User
from organisations.roles import ADMIN_ROLES, Role
from petitions.demo import citizens, hours, plan, staff, units
from petitions.demo.walk import Walk, World
from petitions.models import Petition, Precedent, Task
from petitions.rules import Mode, State
from tests.factories.seeds import LAST, SMALL, one_snapshot, seed

CASES = 152


@pytest.fixture(scope="module")
def small_county(django_db_setup, django_db_blocker):
    """Seeded once for the module in a transaction that is rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        one_snapshot()
        directory.forget()
        limits.forget()
        said = seed(cases=CASES)
        yield said
        transaction.set_rollback(True)
    directory.forget()
    limits.forget()


@pytest.fixture
def seeded(small_county: str, db: None) -> str:
    return small_county


def facts_of_cases() -> list[tuple]:
    rows = Case.objects.order_by("number").values_list("number", "title", "subject", "state", "opened_at", "due_on", "closed_at", "entries", "marks")
    return [tuple(map(str, row)) for row in rows]


# -- the organisation ------------------------------------------------------------------------------------------------------------


def test_the_county_has_its_places_and_its_network(seeded):
    rows = units.divisions(SMALL)
    assert Area.objects.count() == len(rows) == 43
    kinds = Tally(Unit.objects.values_list("kind", flat=True))
    assert kinds["centre"] == 1
    assert kinds["department"] == len(units.DEPARTMENTS) == 41
    assert Unit.objects.filter(is_resident=True).count() == 15
    assert kinds["station"] == 7
    assert kinds["room"] == 35
    for village in Area.objects.filter(level="village"):
        assert village.area_stations.count() == 1


def test_zhaoyuan_is_cut_into_areas_of_ten_to_twelve_villages():
    rows = units.divisions("370685")
    sizes = []
    for town in (row for row in rows if row.level == "town"):
        sizes += [len(part) for part in units.areas_of([row for row in rows if row.parent_code == town.code and row.level == "village"])]
    assert (sum(sizes), len(sizes)) == (734, 65)
    assert max(sizes) <= 14


def test_every_role_is_held_and_the_administrators_are_apart(seeded):
    assert set(Post.objects.current(LAST).values_list("role", flat=True)) == {role.value for role in Role}
    administrators = Post.objects.filter(role__in=[role.value for role in ADMIN_ROLES])
    assert len({post.user_id for post in administrators}) == 3
    for post in administrators:
        assert Post.objects.filter(user=post.user).count() == 1
    assert Post.objects.filter(until_on__lt=LAST).exists()
    assert set(RolePolicy.objects.filter(second_factor=False).values_list("role", flat=True)) == {role.value for role in ADMIN_ROLES}


def test_the_sign_ins_work_and_the_table_lists_every_role(seeded):
    out = StringIO()
    call_command("demo_accounts", stdout=out)
    table, _, tries = out.getvalue().partition("\n\n")
    lines = table.splitlines()
    assert len(lines) == 21
    # Two matters to try the person's page with, as the last lines say.
    for line in tries.splitlines()[2:]:
        _words, number, code, digits = line.split()
        assert Client().post("/progress/", {"number": number, "code": code, "digits": digits}).status_code == 302
    logins = [line.split()[0] for line in lines[1:]]
    listed = User.objects.filter(username__in=logins)
    assert all(user.check_password(staff.DEMO_PASSWORD) and not user.must_change_password and user.is_active for user in listed)
    assert set(Post.objects.current(LAST).filter(user__in=listed).values_list("role", flat=True)) == {role.value for role in Role}


# -- the cases -------------------------------------------------------------------------------------------------------------------


def test_nothing_the_plan_wanted_was_refused(seeded):
    assert "：" not in "".join(line for line in seeded.splitlines() if line.startswith(SMALL))
    assert Petition.objects.count() == CASES + citizens.ONLINE


def test_every_state_mode_and_task_state_is_there(seeded):
    assert set(Petition.objects.values_list("case__state", flat=True)) == {state.value for state in State}
    assert set(Petition.objects.exclude(mode="").values_list("mode", flat=True)) == {mode.value for mode in Mode}
    assert set(Task.objects.values_list("state", flat=True)) == set(Task.State.values)


def test_each_staged_state_has_as_many_cases_as_the_table_says(seeded):
    wanted: Tally[str] = Tally()
    for row in plan.STAGED:
        wanted[row.state] += row.count
    found = Tally(Case.objects.values_list("state", flat=True))
    assert all(found[state] >= count for state, count in wanted.items())


def test_every_lamp_burns(seeded):
    still = Case.objects.filter(closed_at=None)
    assert still.filter(due_on__lt=LAST).exists()
    assert still.filter(due_on=LAST).exists()
    assert still.filter(due_on__gt=LAST, warn_on__lte=LAST).exists()
    assert still.filter(warn_on__gt=LAST).exists()
    assert still.filter(due_on=None).exists()


def test_what_lists_and_pages_show_is_there(seeded):
    marks = {mark for case in Case.objects.all() for mark in case.marks}
    assert {"group", "repeat", "returned", "anonymous", "dissatisfied", "reopened"} <= marks
    assert Precedent.objects.exists()
    assert Attachment.objects.exists()
    assert Link.objects.filter(kind=Link.Kind.REPEAT).exists()
    assert Entry.objects.exclude(on_behalf_of=None).exists()
    assert Notice.objects.filter(read_at=None).exists()
    assert Notice.objects.exclude(read_at=None).exists()
    assert SavedView.objects.exists()
    assert Draft.objects.exists()


def test_people_have_looked_at_cases_and_the_clock_has_not(seeded):
    assert Viewing.objects.filter(user__is_clock=False).exists()
    assert not Viewing.objects.filter(user__is_clock=True).exists()


def test_protected_cases_are_seen_by_named_people_only(seeded):
    protected = Case.objects.filter(confidential=True)
    assert protected.exists()
    assert not Reach.objects.filter(case__in=protected, reader__gt=0).exists()


def test_the_desks_of_the_sign_ins_have_work(seeded):
    land = Unit.objects.get(name__endswith=staff.DEMO_DEPARTMENT)
    waiting = Tally(Case.objects.filter(unit=land).values_list("state", flat=True))
    for state in (State.ROUTED, State.SIGNED, State.ACCEPTED, State.UNDER_APPROVAL, State.DECLINING, State.REPLIED, State.DELIVERED):
        assert waiting[state] >= 1, state
    assert Case.objects.filter(state=State.REGISTERED, confidential=False).count() >= 8


def test_every_history_holds(seeded):
    assert list(chain.verify_cases()) == []


def test_nobody_acts_outside_working_hours_or_in_the_future(seeded):
    calendar = Calendar.from_rows(shipped_rows())
    moments = list(Entry.objects.values_list("at", flat=True))
    assert len(moments) > 700
    assert [moment for moment in moments if not hours.is_office_time(calendar, moment)] == []
    assert max(moments) <= datetime.combine(LAST, hours.AFTERNOON[1], hours.ZONE)
    assert not Entry.objects.filter(happened_at__gt=F("at")).exists()


def test_each_case_goes_forward_in_time(seeded):
    last: dict[int, datetime] = {}
    for case_id, at in Entry.objects.order_by("case_id", "no").values_list("case_id", "at"):
        assert last.get(case_id, at) <= at
        last[case_id] = at


def test_numbers_belong_to_nobody(seeded):
    for masked, kind in Party.objects.exclude(id_masked="").values_list("id_masked", "id_type"):
        assert kind == "111"
        assert len(masked) == 18
    person = synthetic.person(plan.Random(3), synthetic.Place("411281001001", "义马市", "千秋路街道", "千秋社区"), today=LAST)
    assert identity.parse_id(person.id_number, today=LAST).area.endswith(synthetic.COUNTY_NEVER_ASSIGNED)


def test_most_limits_are_kept_and_some_are_not(seeded):
    ended = Deadline.objects.filter(is_duty=True, dropped_on=None).filter(Q(met_on__isnull=False) | Q(due_on__lt=LAST))
    late = ended.filter(Q(met_on__gt=F("due_on")) | Q(met_on=None, due_on__lt=LAST))
    assert 0.01 < late.count() / ended.count() < 0.2


@pytest.mark.parametrize("last", [date(2026, 10, 5), date(2026, 10, 9), date(2026, 11, 22), date(2026, 11, 23)])
def test_staged_cases_reach_their_state_whatever_the_last_day_is(seeded, last):
    """A holiday, the first day after it, a Sunday, a Monday."""
    calendar = Calendar.from_rows(shipped_rows())
    county = staff.unit_keys(SMALL)
    places = [synthetic.Place(code, county.name, county.areas[code[:9]].name, area.name) for code, area in county.areas.items() if len(code) == 12]
    plans = plan.make(
        1,
        100,
        places,
        start=date(2024, 12, 1),
        until=last,
        calendar=calendar,
        demo_town=staff.demo_town(county),
        demo_department=staff.DEMO_DEPARTMENT,
    )
    world = World(seed=1, until=last, hours=hours.Hours(calendar), roster=staff.Roster(), county=county, plans=plans)
    horizon = datetime.combine(last, hours.AFTERNOON[1], hours.ZONE)
    assert [case for case in plans if case.stop and list(Walk(world, case).steps())[-1].at > horizon] == []


# -- the command -----------------------------------------------------------------------------------------------------------------


def test_a_county_that_is_whole_is_left_alone(seeded):
    before = Case.objects.count(), Entry.objects.count()
    assert "不再重复载入" in seed(cases=CASES)
    assert (Case.objects.count(), Entry.objects.count()) == before


def test_some_matters_were_brought_online_by_the_people_themselves(seeded):
    """The public page's form was used: channel 网信, by the person, with the routing desk (条例§19)."""
    brought = Petition.objects.filter(channel="300", case__registered_by__is_clock=True)
    assert brought.count() == citizens.ONLINE
    assert {petition.case.state for petition in brought.select_related("case")} == {State.REGISTERED}
