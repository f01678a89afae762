"""Two clocks: the matter's own never restarts, the units' add up to it (beyond.md 14); the lamp is one rule in Python and SQL."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework import deadlines, lamps, limits
from casework.models import Case, Deadline
from organisations import clock, directory
from organisations.roles import Role
from petitions import actions
from petitions.models import Dispatch
from petitions.queries import clocks
from tests.factories import petitions

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time().replace(hour=12)))


hand_overs = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 40), st.integers(0, 3)), max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.dates(date(2024, 1, 1), date(2026, 3, 1)), steps=hand_overs, length=st.integers(0, 200), is_last_open=st.booleans())
def test_the_parts_sum_to_the_whole(county, start, steps, length, is_last_open):
    units = [county.units[name].id for name in ("land", "labour", "water", "fushan")]
    rows, day = [], start
    for wait, stay, unit in steps:
        sent = day + wait * DAY
        day = sent + stay * DAY
        rows.append(Dispatch(to_unit_id=units[unit], sent_at=noon(sent), ended_at=noon(day)))
    if rows and is_last_open:
        rows[-1].ended_at = None
    end = start + length * DAY
    calendar = limits.current().calendar
    parts = list(clocks.stays(rows, start, end, is_open=True))
    found = clocks.add_up(parts, calendar, directory.current().centre_id, is_open=True)
    assert found.days == sum(share.days for share in found.shares) == length
    assert found.working_days == calendar.working_days_between(start, end)
    assert sum(share.width for share in found.shares) == pytest.approx(100 if length else 0, abs=0.01)
    assert all(a.until_on == b.from_on for a, b in itertools.pairwise(parts))
    assert sum(share.is_now for share in found.shares) == 1


def test_a_return_gives_the_unit_its_days_and_the_matter_keeps_all(county, sign_in):
    today = clock.today()
    with clock.at(noon(today - 20 * DAY)):
        number = petitions.registered(county).case.number
    with clock.at(noon(today - 17 * DAY)):
        actions.route(number, mode="LJB", to_unit_id=county.units["land"].id, words="请办理", by=county.scope("office"))
    with clock.at(noon(today - 14 * DAY)):
        actions.object_to(number, reason="不属本单位职权", by=county.scope("handler"))
    with clock.at(noon(today - 12 * DAY)):
        actions.agree_return(number, words="同意", by=county.scope("office"))
    with clock.at(noon(today - 5 * DAY)):
        actions.route(number, mode="LJB", to_unit_id=county.units["water"].id, words="请办理", by=county.scope("office"))
    page = sign_in("office").get(reverse("petitions:detail", args=[number]))
    shares = page.context["shares"]
    assert [(share.unit, share.days) for share in shares.shares] == [("县中心", 10), ("自然资源局", 5), ("水务局", 5)]
    assert shares.days == 20
    assert "各单位用时" in page.content.decode()
    assert "style=" not in page.content.decode()


def test_the_lamp_of_a_list_leads_to_the_account_of_its_date(county, sign_in):
    petition = petitions.accepted(county)
    client = sign_in("handler")
    listed = client.get(reverse("casework:list")).content.decode()
    address = reverse("petitions:due", args=[petition.case.number])
    assert f'href="{address}"' in listed
    shown = client.get(address, follow=True).content.decode()
    assert "为什么是" in shown
    assert "24时届满" in shown
    assert sign_in("other_handler").get(address).status_code == 404
    Deadline.objects.filter(case=petition.case).update(dropped_on=clock.today())
    assert "没有正在计算的期限" in client.get(address, follow=True).content.decode()


def test_a_right_whose_time_is_over_is_nobodys_lateness(county, sign_in):
    with clock.at(noon(clock.today() - 90 * DAY)):
        petition = petitions.delivered(county)
    rights = [
        item
        for item in sign_in("handler").get(reverse("petitions:detail", args=[petition.case.number])).context["clocks"]
        if item.is_running and not item.deadline.is_duty
    ]
    assert rights
    assert {(item.words, item.kind) for item in rights if item.deadline.due_on < clock.today()} == {("期限已过", "off")}


def test_a_case_that_stands_still_says_so_everywhere(county, sign_in):
    petition = petitions.accepted(county)
    case = Case.objects.get(pk=petition.pk)
    deadlines.suspend(case, on=clock.today(), reason="等待司法鉴定", cites="", by=county.scope("head").holds({Role.HEAD}), at=clock.now())
    case.save()
    client = sign_in("handler")
    page = client.get(reverse("petitions:detail", args=[case.number])).content.decode()
    assert "lamp--hold" in page
    assert "起中止" in page
    listed = client.get(reverse("casework:list"), {"mark": "suspended"}).content.decode()
    assert case.number in listed
    assert "lamp--hold" in listed
    account = client.get(reverse("petitions:due", args=[case.number]), follow=True).content.decode()
    assert "起中止计算（等待司法鉴定）" in account


@pytest.mark.parametrize("marks", [[], ["suspended"], ["provisional"], ["group"], ["by16:05"], ["group", "by16:06"]])
@pytest.mark.parametrize("left", [None, -400, -1, 0, 1, 5, 6, 60])
@pytest.mark.parametrize("is_closed", [False, True])
def test_the_lamp_is_one_rule_in_python_and_in_sql(county, marks, left, is_closed):
    case, today = petitions.registered(county).case, clock.today()
    due = None if left is None or is_closed else today + left * DAY
    closed = noon(today) if is_closed else None
    Case.objects.filter(pk=case.pk).update(due_on=due, marks=marks, closed_at=closed, outcome="solved" if is_closed else "")
    with connection.cursor() as cursor:
        rule = lamps.WORDS_SQL.format(today="%(today)s::date", now="%(now)s::text")
        cursor.execute(f"SELECT {rule} FROM casework_case c WHERE c.id = %(id)s", {"today": today, "now": "16:05", "id": case.pk})
        words = cursor.fetchone()[0]
    assert words == lamps.lamp(due, None, closed, today, marks, "16:05").text
