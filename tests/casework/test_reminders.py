"""Reminders: the days of appendix C, the people of L-PET-25, each told once, with true dates."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from casework import reminding
from casework.models import Case, Deadline, Limit, Notice
from casework.queries import inbox
from casework.reminders import days, first_day, is_statutory, words
from organisations import clock
from organisations.models import Absence, Post
from organisations.roles import Role
from petitions import actions
from petitions.models import Sponsorship
from tests.factories import petitions


def limit(key: str, **facts) -> Limit:
    return Limit(key=key, **{"n": 60, "unit": "calendar", "is_duty": True, "warn_days": [15, 7, 3, 1, 0], "cites": "条例§34", **facts})


def on(day: date, hour: int = 9) -> clock.at:
    return clock.at(timezone.make_aware(datetime.combine(day, time(hour))))


# -- the days (appendix C) --------------------------------------------------------------------------------------------------------------


def first(source, count):
    return [offset for offset, _ in zip(source, range(count), strict=False)]


def test_sixty_days_before_after_and_then_weekly():
    assert first(days(limit("pet.handle")), 11) == [-15, -7, -3, -1, 0, 1, 3, 7, 14, 21, 28]


@pytest.mark.parametrize(
    ("key", "facts", "expected"),
    [
        ("pet.forward", {"warn_days": [5, 2, 0]}, [-5, -2, 0, 1, 3]),
        ("pet.object", {"warn_days": [2, 1, 0], "is_duty": False}, [-2, -1, 0]),
        ("pet.review", {"warn_days": [7, 3, 0]}, [-7, -3, 0, 1, 3]),
        ("pet.review_apply", {"warn_days": [10, 3], "is_duty": False}, [-10, -3]),
        ("pet.satisfaction", {"warn_days": [10, 3], "is_duty": False}, [-10, -3]),
        ("pet.review_reject", {"warn_days": []}, [1, 3]),
    ],
)
def test_the_other_lines_of_appendix_c(key, facts, expected):
    assert list(days(limit(key, **facts))) == expected


def test_the_first_day_is_never_before_the_limit_is_known():
    due = date(2026, 6, 30)
    assert first_day(limit("pet.handle"), due, date(2026, 5, 1)) == date(2026, 6, 15)
    assert first_day(limit("pet.handle"), due, date(2026, 6, 15)) == date(2026, 6, 15)
    assert first_day(limit("pet.handle"), due, date(2026, 6, 16)) == date(2026, 6, 23)
    assert first_day(limit("pet.handle"), due, date(2026, 7, 8)) == date(2026, 7, 14)
    assert first_day(limit("pet.handle"), due, date(2026, 7, 14)) == date(2026, 7, 14)
    assert first_day(limit("pet.handle"), due, date(2027, 6, 30)) == date(2027, 7, 6)
    assert first_day(limit("pet.forward", warn_days=[5, 2, 0]), due, date(2026, 7, 4)) is None


def test_the_first_day_agrees_with_the_list_of_days():
    due = date(2026, 6, 30)
    listed = [due + timedelta(days=offset) for offset in first(days(limit("pet.handle")), 40)]
    for shift in range(-20, 200):
        since = due + timedelta(days=shift)
        assert first_day(limit("pet.handle"), due, since) == next(day for day in listed if day >= since)


def test_what_the_county_set_itself_can_be_muted_what_the_law_sets_cannot():
    assert is_statutory(limit("pet.handle"))
    assert not is_statutory(limit("pet.task", cites="本中心规定（四办）"))
    assert not is_statutory(limit("pet.object", is_duty=False))


def test_the_words_carry_true_dates():
    due = date(2026, 6, 30)
    assert words("N1", "办结", "占地", due, -7, date(2026, 6, 23)) == "N1 办结6月30日到期，还有 7 天：占地"
    assert words("N1", "办结", "占地", due, 0, due) == "N1 办结今日（6月30日）到期：占地"
    assert words("N1", "办结", "占地", due, 3, date(2026, 7, 3)) == "N1 办结6月30日到期，已超 3 天：占地"
    assert words("N1", "办结", "占地", due, -7, date(2026, 6, 25)) == "N1 办结6月30日到期（补发 6月23日的提醒）：占地"
    assert words("N1", "办结", "占地", due, 1, date(2026, 7, 5)) == "N1 办结6月30日到期，至 7月1日已超 1 天（补发 7月1日的提醒）：占地"


# -- the sweep --------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def accepted(county):
    """A petition under handling, its 60 days started on 1 April 2026 and nothing else running."""
    with on(date(2026, 4, 1)):
        case = petitions.accepted(county, received_on=date(2026, 4, 1)).case
        actions.designate(case.number, person_id=county.people["handler"].id, by=county.scope("head"))
    Notice.objects.all().delete()
    Deadline.objects.exclude(key="pet.handle").delete()
    return Case.objects.get(pk=case.pk)


def told() -> set[tuple[int, str]]:
    """(offset, addressee) of every reminder there is."""
    found = set()
    for notice in Notice.objects.filter(kind="reminder").select_related("to_user", "to_unit"):
        found.add((notice.offset, notice.to_user.username if notice.to_user else f"{notice.to_unit.short_name}/{notice.to_role}"))
    return found


def sweep_on(day: date) -> None:
    with on(day):
        reminding.sweep()


DUE = date(2026, 5, 31)
HEAD, OFFICE, LEADER = "自然资源局/head", "县中心/office", "县中心/leader"


@pytest.mark.django_db
def test_from_the_handler_to_the_leader_as_the_date_comes_nearer(county, accepted):
    for shift in range(-20, 16):
        sweep_on(DUE + timedelta(days=shift))
    assert told() == {
        *((offset, "handler") for offset in (-15, -7, -3, -1, 0, 1, 3, 7, 14)),
        *((offset, HEAD) for offset in (-3, -1, 0, 1, 3, 7, 14)),
        *((offset, OFFICE) for offset in (0, 1, 3, 7, 14)),
        *((offset, LEADER) for offset in (3, 7, 14)),
    }
    assert Notice.objects.count() == len(told()) == 24


@pytest.mark.django_db
def test_an_outage_is_made_up_once_with_true_dates(county, accepted):
    sweep_on(DUE - timedelta(days=16))
    assert told() == set()
    sweep_on(DUE + timedelta(days=2))
    sweep_on(DUE + timedelta(days=2))
    assert {offset for offset, _ in told()} == {-15, -7, -3, -1, 0, 1}
    line = Notice.objects.get(offset=-15)
    assert "补发 5月16日的提醒" in line.text
    assert "5月31日到期" in line.text
    assert Notice.objects.count() == len(told())


@pytest.mark.django_db
def test_what_is_done_dropped_or_suspended_tells_nothing(county, accepted):
    for column in ("met_on", "dropped_on", "suspended_on"):
        Deadline.objects.update(**{"met_on": None, "dropped_on": None, "suspended_on": None, column: date(2026, 5, 1)})
        sweep_on(DUE)
        assert told() == set()


@pytest.mark.django_db
def test_a_new_due_date_is_spoken_of_anew_but_not_of_the_days_before_it_was_known(county, accepted):
    sweep_on(DUE - timedelta(days=3))
    Deadline.objects.update(
        due_on=DUE + timedelta(days=5), remind_on=first_day(limit("pet.handle"), DUE + timedelta(days=5), DUE - timedelta(days=2))
    )
    Notice.objects.all().delete()
    for shift in range(-2, 6):
        sweep_on(DUE + timedelta(days=shift))
    assert {offset for offset, who in told() if who == "handler"} == {-7, -3, -1, 0}


@pytest.mark.django_db
def test_nobody_named_means_the_unit_and_no_head_means_the_head_above(county, accepted):
    Case.objects.update(handler=None)
    Post.objects.filter(user=county.people["head"]).update(until_on=date(2026, 5, 1))
    sweep_on(DUE - timedelta(days=3))
    assert told() == {(offset, "自然资源局/") for offset in (-15, -7, -3)} | {(-3, "县中心/head")}


@pytest.mark.django_db
def test_a_handler_who_has_left_is_replaced_by_the_unit(county, accepted):
    Post.objects.filter(user=county.people["handler"]).update(until_on=date(2026, 5, 1))
    sweep_on(DUE - timedelta(days=15))
    assert told() == {(-15, "自然资源局/")}


@pytest.mark.django_db
def test_the_substitute_learns_of_it_once(county, accepted):
    away = {"from_on": date(2026, 5, 10), "until_on": date(2026, 5, 20), "authority": "请假单"}
    # handler2 does the same job and reads the absent colleague's inbox; the clerk was sent by the head and gets a line of their own.
    Absence.objects.create(user=county.people["handler"], substitute=county.people["handler2"], entered_by=county.people["head"], **away)
    sweep_on(DUE - timedelta(days=15))
    assert told() == {(-15, "handler")}
    with on(DUE - timedelta(days=15)):
        assert len(inbox.page(county.scope("handler2"), only_new=True)[0]) == 1
    Notice.objects.all().delete()
    Absence.objects.update(substitute=county.people["clerk"])
    Deadline.objects.update(remind_on=DUE - timedelta(days=15))
    sweep_on(DUE - timedelta(days=15))
    assert told() == {(-15, "handler"), (-15, "clerk")}
    with on(DUE - timedelta(days=15)):
        assert len(inbox.page(county.scope("clerk"), only_new=True)[0]) == 1


@pytest.mark.django_db
def test_a_protected_case_tells_only_people_named_on_it(county):
    with on(date(2026, 4, 1)):
        case = petitions.registered(county, purpose="03", received_on=date(2026, 4, 1)).case
    assert case.confidential
    Notice.objects.all().delete()
    named = {-reader for reader in case.reach.values_list("reader", flat=True)}
    sweep_on(date(2026, 4, 20))
    assert Notice.objects.filter(kind="reminder").exists()
    assert not Notice.objects.filter(kind="reminder", to_user=None).exists()
    assert set(Notice.objects.filter(kind="reminder").values_list("to_user", flat=True)) <= named


@pytest.mark.django_db
def test_the_office_is_told_at_its_post_and_the_window_is_not(county, accepted):
    sweep_on(DUE)
    with on(DUE):
        assert {n.offset for n in inbox.page(county.scope("office"), only_new=True)[0]} == {0}
        assert inbox.page(county.scope("clerk"), only_new=True)[0] == []
        assert inbox.page(county.scope("auditor"), only_new=True)[0] == []
    Post.objects.create(
        user=county.people["clerk"], unit=county.units["centre"], role=Role.OFFICE, from_on=DUE, appointed_by=county.people["security_admin"]
    )
    with on(DUE):
        assert len(inbox.page(county.scope("clerk"), only_new=True)[0]) == 1


@pytest.mark.django_db
def test_one_run_is_a_fixed_number_of_statements(county, accepted, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        sweep_on(DUE)
    assert len(told()) > 5


@pytest.mark.django_db
def test_the_sponsor_stands_for_the_countys_leaders(county, accepted):
    Sponsorship.objects.create(
        petition_id=accepted.pk,
        leader=county.people["leader"],
        undertaking_unit=county.units["land"],
        plan="逐项化解",
        from_on=date(2026, 4, 2),
        until_on=DUE,
        by=county.people["office"],
        at=accepted.opened_at,
    )
    sweep_on(DUE + timedelta(days=3))
    assert (3, "leader") in told()
    assert (3, LEADER) not in told()
