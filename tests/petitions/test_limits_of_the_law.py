"""Every petition limit of L-PET-T1: its length, its unit, what it counts from, whom it binds, whether it rolls; and where it starts."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

import casework
from casework import deadlines, limits
from casework.models import Case, Deadline
from organisations import clock
from petitions import actions
from tests.factories import petitions

LIMITS = {row["key"]: row for row in json.loads((Path(casework.__file__).parent / "data" / "limits.json").read_text(encoding="utf-8"))}
BASE = date(2026, 9, 5)

#: key, n, unit, counts from, rolls, law, due from 2026-09-05 (a Saturday; 25–27 September and 1–7 October off, 20 September worked)
T1 = (
    ("pet.forward", 15, "calendar", "收到信访事项", "none", "条例§22", "2026-09-20"),
    ("pet.notify_direct", 15, "calendar", "收到信访事项", "none", "条例§23②", "2026-09-20"),
    ("pet.notify_forwarded", 15, "calendar", "收到转送/交办", "none", "条例§23③", "2026-09-20"),
    ("pet.object", 5, "working", "收到转送/交办", "none", "条例§23③", "2026-09-11"),
    ("pet.handle", 60, "calendar", "受理之日", "none", "条例§34", "2026-11-04"),
    ("pet.extend", 30, "calendar", "原届满日", "none", "条例§34", "2026-10-05"),
    ("pet.review_apply", 30, "calendar", "收到书面答复", "forward", "条例§35", "2026-10-08"),
    ("pet.review", 30, "calendar", "收到复查请求", "none", "条例§35", "2026-10-05"),
    ("pet.rereview_apply", 30, "calendar", "收到复查书面答复", "forward", "条例§36", "2026-10-08"),
    ("pet.rereview", 30, "calendar", "收到复核请求", "none", "条例§36", "2026-10-05"),
    ("pet.review_reject", 15, "calendar", "收到申请", "none", "地方办法", "2026-09-20"),
    ("pet.chain_county", 4, "calendar", "收到上级转送", "none", "国信发", "2026-09-09"),
    ("pet.simple_accept", 3, "working", "收到信访事项", "none", "简易办理办法", "2026-09-09"),
    ("pet.simple_handle", 10, "working", "受理之日", "none", "简易办理办法", "2026-09-18"),
    ("pet.suggest", 60, "calendar", "受理之日", "none", "条例§29", "2026-11-04"),
    ("pet.urgent_report", 0, "hours", "知悉", "none", "条例§25", "2026-09-05"),
)


@pytest.mark.parametrize(("key", "n", "unit", "base", "roll", "law", "due"), T1, ids=[row[0] for row in T1])
@pytest.mark.django_db
def test_l_pet_t1(county, key, n, unit, base, roll, law, due):
    row = LIMITS[key]
    assert (row["n"], row["unit"], row["base"], row["roll"]) == (n, unit, base, roll)
    assert law in row["cites"]
    assert deadlines.preview(key, BASE).due_on == date.fromisoformat(due)


def test_l_pet_t1_has_no_other_extension():  # L-PET-23
    extendable = {key for key, row in LIMITS.items() if row["max_extension"] and key.startswith("pet.")}
    assert extendable <= {"pet.handle", "pet.suggest"}
    assert LIMITS["pet.handle"]["max_extension"] == LIMITS["pet.extend"]["n"] == 30


@pytest.mark.django_db
def test_l_pet_t1_the_report_of_an_assigned_matter_runs_to_the_date_in_the_letter(county):  # 条例§22(三)
    number, due = petitions.registered(county).case.number, clock.today() + timedelta(days=20)
    actions.route(number, mode="LJB", to_unit_id=county.units["land"].id, words="交办", report_due_on=due, duty="assign", by=county.scope("office"))
    row = Deadline.objects.get(case__number=number, key="pet.assign_report")
    assert (row.due_on, row.given_on, row.rolled_on) == (due, due, None)


@pytest.mark.django_db
def test_l_pet_20_the_worst_normal_path_is_120_days(county):
    """15 to forward, 15 to tell, 60 to handle, 30 more: 120 days from receipt."""
    settings, day = limits.current(), BASE
    for key in ("pet.forward", "pet.notify_forwarded", "pet.handle"):
        day = settings.calendar.due_date(day, settings.limit(key, BASE).n or 0, "calendar").due_on
    case = petitions.registered(county).case
    assert Case.objects.filter(pk=case.pk).exists()
    assert (day - BASE).days + (settings.limit("pet.handle", BASE).max_extension or 0) == 120
