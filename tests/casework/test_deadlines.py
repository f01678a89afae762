"""What moves a due date, and that the stored dates always follow from the events (L-PET-21…23, L-TIME-7, L-CAL-4, L-CUR-7)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework import deadlines, limits, proof, reckoning
from casework.models import Case, Deadline, DeadlineEvent, Limit
from casework.rules import NotAllowed
from organisations import clock
from organisations.roles import Role
from tests.factories import petitions

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WORDS = {"reason": "需要补充鉴定", "cites": "条例§34"}


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time().replace(hour=12)))


def refused(code: str):
    return pytest.raises(NotAllowed, check=lambda refusal: refusal.code == code)


@pytest.fixture
def case(county) -> Case:
    """A case whose only running limit is the sixty days, since 2026-03-02."""
    held = petitions.registered(county).case
    deadlines.turn(held, on=date(2026, 3, 2), drop=deadlines.running_keys(held), start=[deadlines.Start("pet.handle", date(2026, 3, 2), "受理之日")])
    held.save()
    return held


def by(county):
    return county.scope("head").holds({Role.HEAD})


def handle(case: Case) -> Deadline:
    return Deadline.objects.select_related("limit").get(case=case, key="pet.handle", dropped_on=None)


def extend(case, county, days=30, on=date(2026, 4, 20)):
    return deadlines.extend(case, handle(case), days=days, **WORDS, by=by(county), at=noon(on))


def test_an_extension_moves_everything_that_hangs_on_the_date(case, county):
    extend(case, county)
    row = handle(case)
    assert (row.first_due_on, row.due_on) == (date(2026, 5, 1), date(2026, 5, 31))
    assert (row.warn_on, row.rolled_on, row.remind_on) == (date(2026, 5, 16), date(2026, 6, 1), date(2026, 5, 16))
    assert (case.due_on, case.warn_on) == (row.due_on, row.warn_on)
    event = DeadlineEvent.objects.get(deadline=row)
    assert (event.kind, event.days, event.reason, event.cites) == ("extended", 30, "需要补充鉴定", "条例§34")


def test_a_second_extension_does_not_exist(case, county):  # L-PET-21
    extend(case, county, days=10)
    with refused("extended_before"):
        extend(case, county, days=10)


def test_an_extension_has_its_longest(case, county):  # L-PET-21
    for days in (0, 31):
        with refused("too_long"):
            extend(case, county, days=days)


def test_an_extension_comes_before_the_due_date(case, county):  # L-PET-22
    with refused("extended_late"):
        extend(case, county, on=date(2026, 5, 2))
    extend(case, county, on=date(2026, 5, 1))


@pytest.mark.parametrize("key", ["pet.forward", "pet.notify_forwarded", "pet.object", "pet.review", "pet.rereview"])
def test_what_knows_no_extension_has_none(key, county):  # L-PET-23
    held = petitions.registered(county).case
    today = clock.today()
    found = deadlines.turn(held, on=today, start=[deadlines.Start(key, today, "起算", county.units["land"].id)])
    with refused("no_extension"):
        deadlines.extend(
            held, next(d for d in found if d.key == key and d.unit_id == county.units["land"].id), days=5, **WORDS, by=by(county), at=clock.now()
        )


def test_suspension_stops_the_lamp_and_resumption_gives_the_days_back(case, county):
    deadlines.suspend(case, on=date(2026, 4, 1), **WORDS, by=by(county), at=noon(date(2026, 4, 1)))
    row = handle(case)
    assert (row.suspended_on, row.due_on, row.remind_on, row.card_on) == (date(2026, 4, 1), date(2026, 5, 1), None, None)
    assert (case.due_on, "suspended" in case.marks) == (None, True)
    deadlines.resume(case, on=date(2026, 4, 21), by=by(county), at=noon(date(2026, 4, 21)), reason="鉴定意见已到")
    row = handle(case)
    assert (row.suspended_on, row.due_on, row.first_due_on) == (None, date(2026, 5, 21), date(2026, 5, 1))
    assert (case.due_on, "suspended" in case.marks) == (date(2026, 5, 21), False)
    assert row.remind_on == date(2026, 5, 6)


def test_what_is_late_stays_late(case, county):
    with refused("over_due"):
        deadlines.suspend(case, on=date(2026, 5, 2), **WORDS, by=by(county), at=noon(date(2026, 5, 2)))


def test_wrong_moments_are_refused(case, county):
    with refused("not_suspended"):
        deadlines.resume(case, on=date(2026, 4, 1), by=by(county), at=noon(date(2026, 4, 1)), reason="x")
    with refused("future"):
        deadlines.suspend(case, on=date(2026, 4, 2), **WORDS, by=by(county), at=noon(date(2026, 4, 1)))
    with refused("before_start"):
        deadlines.suspend(case, on=date(2026, 3, 1), **WORDS, by=by(county), at=noon(date(2026, 4, 1)))
    deadlines.suspend(case, on=date(2026, 4, 1), **WORDS, by=by(county), at=noon(date(2026, 4, 1)))
    with refused("nothing_runs"):
        deadlines.suspend(case, on=date(2026, 4, 2), **WORDS, by=by(county), at=noon(date(2026, 4, 2)))
    with refused("suspended"):
        extend(case, county, on=date(2026, 4, 2))
    with refused("before_event"):
        deadlines.resume(case, on=date(2026, 3, 31), by=by(county), at=noon(date(2026, 4, 2)), reason="x")


def test_hearing_time_of_a_re_review_does_not_count(case, county):  # L-TIME-7, 条例§36②
    deadlines.turn(case, on=date(2026, 3, 2), start=[deadlines.Start("pet.rereview", date(2026, 3, 2), "收到复核请求")])
    excluded = {"from_on": date(2026, 3, 20), "until_on": date(2026, 3, 24), "reason": "复核听证", "cites": "条例§36②"}
    (row,) = deadlines.exclude(case, "pet.rereview", **excluded, by=by(county), at=noon(date(2026, 3, 25)))
    assert (row.first_due_on, row.due_on) == (date(2026, 4, 1), date(2026, 4, 6))
    with refused("not_running"):
        deadlines.exclude(case, "pet.review", **excluded, by=by(county), at=noon(date(2026, 3, 25)))
    with refused("period"):
        deadlines.exclude(case, "pet.rereview", **{**excluded, "until_on": date(2026, 3, 19)}, by=by(county), at=noon(date(2026, 3, 25)))


steps = st.lists(
    st.tuples(st.sampled_from(["extend", "suspend", "resume", "exclude"]), st.integers(0, 25), st.integers(1, 30), st.integers(0, 6)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.sampled_from(["pet.handle", "pet.simple_handle", "pet.rereview", "pet.review_apply"]), sequence=steps)
def test_stored_dates_follow_from_the_events_after_any_sequence(county, key, sequence):
    """Whatever people did, in whatever order, and whatever was refused: recomputing gives what is stored."""
    held = petitions.registered(county).case
    base = date(2026, 3, 2)
    deadlines.turn(held, on=base, drop=deadlines.running_keys(held), start=[deadlines.Start(key, base, "起算")])
    day = base
    for act, wait, days, length in sequence:
        day += wait * DAY
        row = Deadline.objects.get(case=held, key=key, dropped_on=None)
        try:
            match act:
                case "extend":
                    deadlines.extend(held, row, days=days, **WORDS, by=by(county), at=noon(day))
                case "suspend":
                    deadlines.suspend(held, on=day, **WORDS, by=by(county), at=noon(day))
                case "resume":
                    deadlines.resume(held, on=day, by=by(county), at=noon(day), reason="恢复")
                case "exclude":
                    first = day - 3 * DAY
                    deadlines.exclude(held, key, from_on=first, until_on=first + length * DAY, **WORDS, by=by(county), at=noon(day))
        except NotAllowed:
            continue
    held.save()
    row = Deadline.objects.select_related("limit").prefetch_related("events").get(case=held, key=key, dropped_on=None)
    found = reckoning.reckon(limits.current().calendar, row.limit, base, None, list(row.events.all()))
    assert (row.due_on, row.first_due_on, row.suspended_on) == (found.due_on, found.first_due_on, found.suspended_on)
    assert (row.rolled_on, row.is_provisional) == (found.rolled_on, found.provisional)
    assert [d for d in proof.check() if held.number in d.where] == []


def test_the_command_names_the_row_that_differs(case, county):
    extend(case, county)
    case.save()
    out = StringIO()
    call_command("check_deadlines", stdout=out)
    assert "与其事件一致" in out.getvalue()
    Deadline.objects.filter(pk=handle(case).pk).update(due_on=date(2026, 6, 15))
    err = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check_deadlines", stderr=err)
    assert ended.value.code == 1
    assert f"{case.number} pet.handle" in err.getvalue()
    assert "应为 到期 2026-05-31" in err.getvalue()


def test_the_command_names_a_case_row_that_differs(case):
    Case.objects.filter(pk=case.pk).update(due_on=date(2026, 6, 15))
    err = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_deadlines", stderr=err)
    assert f"{case.number}：案件上应为" in err.getvalue()


def test_a_running_limit_keeps_the_version_it_started_under(case, county):  # L-CUR-7
    admin = county.scope("system_admin")
    terms = limits.Terms(45, "calendar", "none", (10, 5, 0), 20, "本省信访条例§20", is_verified=True)
    with clock.at(noon(date(2026, 4, 1))):
        limits.amend("pet.handle", terms, valid_from=date(2026, 4, 10), reason="省条例收紧", by=admin)
    limits.forget()
    extend(case, county, days=30)
    case.save()
    row = handle(case)
    assert (row.limit.n, row.due_on) == (60, date(2026, 5, 31))
    assert deadlines.preview("pet.handle", date(2026, 4, 9)).due_on == date(2026, 6, 8)
    assert deadlines.preview("pet.handle", date(2026, 4, 10)).due_on == date(2026, 5, 25)
    assert list(Limit.objects.filter(key="pet.handle").order_by("valid_from").values_list("n", "valid_until")) == [
        (60, date(2026, 4, 9)),
        (45, None),
    ]
    assert list(proof.check()) == []
