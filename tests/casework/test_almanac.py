"""The county's calendar in the administrator's browser (L-CAL-1…6): files, own days, what it does to running limits."""

from __future__ import annotations

import json
from datetime import date, datetime, time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from casework import almanac, deadlines, explain, holiday_files, limits, proof
from casework.models import CalendarChange, Case, Deadline, DeadlineEvent, Holiday, Notice
from casework.rules import NotAllowed
from organisations import clock
from organisations.models import AccessEntry
from organisations.roles import Role
from tests.factories import petitions

pytestmark = pytest.mark.django_db

OFF_2027 = ["2027-01-01", "2027-02-05", "2027-02-08", "2027-02-09", "2027-10-01", "2027-10-04"]
WORKED_2027 = ["2027-02-14"]


def json_2027() -> bytes:
    days = [{"name": "节日", "date": day, "isOffDay": True} for day in OFF_2027]
    days += [{"name": "春节", "date": day, "isOffDay": False} for day in WORKED_2027]
    return json.dumps({"year": 2027, "days": days}, ensure_ascii=False).encode()


def csv_2027() -> bytes:
    lines = ["date,kind,name_en,name_zh", *(f"{day},holiday,x,节日" for day in OFF_2027), *(f"{day},makeup_workday,x,春节" for day in WORKED_2027)]
    return "\n".join(lines).encode("utf-8-sig")


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time().replace(hour=12)))


def refused(code: str):
    return pytest.raises(NotAllowed, check=lambda refusal: refusal.code == code)


# -- files ----------------------------------------------------------------------------------------------------------------------------------


def test_both_kinds_of_file_say_the_same():
    one, two = holiday_files.read(json_2027()), holiday_files.read(csv_2027())
    assert one.errors == two.errors == ()
    assert one == two
    assert one.years == {2027}
    assert holiday_files.read(one.text().encode()) == one


def test_our_own_file_reads_whole():
    with open("casework/data/holidays.csv", "rb") as file:
        table = holiday_files.read(file.read())
    assert table.errors == ()
    assert (len(table.days), min(table.years), max(table.years)) == (771, 2004, 2026)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "文件是空的"),
        (b"a,b\n1,2\n", "第 1 行：缺少列 date（日期）、kind（类型）、name_zh（名称）"),
        ("date,kind,name_zh\n2027-10-01,holiday,国庆节\n2027-13-01,holiday,元旦\n".encode(), "第 3 行：日期“2027-13-01”不对"),
        ("date,kind,name_zh\n2027-10-01,vacation,国庆节\n".encode(), "第 2 行：类型“vacation”不对"),
        (b"date,kind,name_zh\n2027-10-01,holiday,\n", "第 2 行：缺少节日名称"),
        ("date,kind,name_zh\n2027-10-01,holiday,国庆节\n2027-10-01,holiday,国庆节\n".encode(), "第 3 行：2027-10-01 与第 2 行重复"),
        ("date,kind,name_zh\n2027-10-01,holiday,国庆节\n2027-10-08,makeup_workday,国庆节\n".encode(), "第 3 行：2027-10-08 是星期五，本来就上班"),
        ("date,kind,name_zh\n2027-10-01,holiday,国庆节\n2028-05-01,holiday,劳动节\n".encode(), "第 3 行：2028-05-01 所在的 2028 年不完整"),
        (b"{not json", "不是规范的 JSON（第 1 行第 2 个字符）"),
        (b"[" * 100_000, "不是规范的 JSON"),
        (b'{"days": []}', "JSON 里应有 year"),
        ('{"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}'.encode(), "2027 年没有国庆节"),
        ('{"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": "yes"}]}'.encode(), "第 1 条：类型“yes”不对"),
    ],
)
def test_a_bad_file_is_told_row_by_row(content, sentence):
    assert any(sentence in error for error in holiday_files.read(content).errors), holiday_files.read(content).errors


# -- what a change does ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def admin(county):
    return county.scope("system_admin")


def simple(county, base: date) -> Case:
    """A case whose only limit counts ten working days."""
    held = petitions.registered(county).case
    deadlines.turn(held, on=base, drop=deadlines.running_keys(held), start=[deadlines.Start("pet.simple_handle", base, "受理之日")])
    held.save()
    return held


def row(case: Case) -> Deadline:
    return Deadline.objects.get(case=case, key="pet.simple_handle")


def test_a_provisional_limit_is_settled_when_the_table_arrives(county, admin):
    running, finished = simple(county, date(2026, 12, 25)), simple(county, date(2026, 12, 25))
    deadlines.turn(finished, on=date(2026, 12, 28), meet=["pet.simple_handle"])
    finished.save()
    assert row(running).is_provisional
    assert "provisional" in Case.objects.get(pk=running.pk).marks
    assert row(running).due_on == date(2027, 1, 8)
    with clock.at(noon(date(2026, 12, 30))):
        done = almanac.bring_in(holiday_files.read(json_2027()), reason="国办通知", by=admin)
    assert (done.days, done.limits) == (7, 1)
    settled = row(running)
    assert (settled.due_on, settled.is_provisional) == (date(2027, 1, 11), False)
    assert Case.objects.get(pk=running.pk).due_on == date(2027, 1, 11)
    assert "provisional" not in Case.objects.get(pk=running.pk).marks
    trace = DeadlineEvent.objects.get()
    assert trace.kind == "recounted"
    assert "到期日由2027-01-08变为2027-01-11" in trace.reason
    told = "".join(explain.explain(settled).moves)
    assert "放假安排，到期日由2027年1月8日变为2027年1月11日。" in told
    assert (row(finished).due_on, row(finished).is_provisional) == (date(2027, 1, 8), True), "what is finished keeps its dates"
    limits.forget()
    assert list(proof.check()) == []
    logged = AccessEntry.objects.get(object_type="calendar")
    assert logged.detail["重算期限"] == 1
    with refused("no_change"):
        almanac.bring_in(holiday_files.read(csv_2027()), reason="再次", by=admin)


def test_an_own_closing_day_moves_working_days_and_is_taken_back(county, admin):
    case = simple(county, date(2026, 11, 2))
    assert row(case).due_on == date(2026, 11, 16)
    assert almanac.set_own(date(2026, 11, 10), is_off=True, name="停电检修", reason="县府办通知", by=admin).limits == 1
    assert row(case).due_on == date(2026, 11, 17)
    assert 2027 not in limits.read_calendar().years
    limits.forget()
    assert list(proof.check()) == []
    assert almanac.remove_own(date(2026, 11, 10), reason="取消检修", by=admin).limits == 1
    assert row(case).due_on == date(2026, 11, 16)
    assert list(CalendarChange.objects.values_list("was_off", "is_off")) == [(True, None), (None, True)]


def test_an_own_day_in_an_unpublished_year_publishes_nothing(county, admin):
    almanac.set_own(date(2027, 3, 3), is_off=True, name="民族节日", reason="条例", by=admin)
    assert 2027 not in limits.read_calendar().years
    assert almanac.compare(holiday_files.read(json_2027()))[0].day == date(2027, 1, 1)
    almanac.bring_in(holiday_files.read(json_2027()), reason="国办通知", by=admin)
    assert Holiday.objects.get(day=date(2027, 3, 3)).source == "county", "an own day outlives the published table"


def test_what_cannot_be_is_refused(county, admin):
    with refused("published"):
        almanac.set_own(date(2026, 10, 1), is_off=False, name="x", reason="x", by=admin)
    with refused("no_change"):
        almanac.set_own(date(2026, 11, 28), is_off=True, name="x", reason="x", by=admin)
    with refused("not_own"):
        almanac.remove_own(date(2026, 10, 1), reason="x", by=admin)
    with refused("bad_file"):
        almanac.bring_in(holiday_files.read(b"x"), reason="x", by=admin)
    with refused("wrong_role"):
        almanac.set_own(date(2026, 11, 10), is_off=True, name="x", reason="x", by=county.scope("office"))
    hours = {"morning": (time(9), time(12)), "afternoon": (time(13), time(17))}
    with refused("past"):
        almanac.set_hours(valid_from=date(2020, 1, 1), **hours, by=admin)
    with refused("order"):
        almanac.set_hours(valid_from=clock.today(), morning=hours["afternoon"], afternoon=hours["morning"], by=admin)
    almanac.set_hours(valid_from=clock.today(), **hours, by=admin)
    limits.forget()
    assert limits.current().hours_on(clock.today()).afternoon_until.hour == 17


@pytest.mark.parametrize(
    ("today", "year"), [(date(2026, 12, 14), None), (date(2026, 12, 15), 2027), (date(2027, 1, 2), 2027), (date(2026, 6, 1), None)]
)
def test_a_missing_year_is_announced_from_mid_december_once_a_day(county, today, year):
    with clock.at(noon(today)):
        for _ in range(2):
            almanac.announce_missing()
        told = list(Notice.objects.filter(kind="calendar"))
        assert [notice.to_user for notice in told] == ([county.people["system_admin"]] if year else [])
        assert all(str(year) in notice.text and notice.case_id is None and notice.is_statutory for notice in told)
    with clock.at(noon(date(2026, 12, 20))):
        almanac.announce_missing()
    assert Notice.objects.filter(kind="calendar").count() == len(told) + 1


# -- the pages ------------------------------------------------------------------------------------------------------------------------------


def test_the_year_is_shown_and_a_file_is_compared_before_it_changes_anything(county, sign_in):
    client = sign_in("system_admin")
    page = client.get(reverse("casework:calendar"), {"year": 2026}).content.decode()
    assert "国庆节" in page
    assert 'yd--worked" title="国庆节调休上班"' in page
    assert "尚未公布" in client.get(reverse("casework:calendar"), {"year": 2027}).content.decode()
    address = reverse("casework:calendar-import")
    answer = client.post(address, {"file": SimpleUploadedFile("2027.json", json_2027())})
    compared = answer.content.decode()
    assert "将要改动 7 天" in compared
    assert not Holiday.objects.filter(day__year=2027).exists()
    text = holiday_files.read(json_2027()).text()
    assert client.post(address, {"text": text, "reason": ""}).status_code == 422
    done = client.post(address, {"text": text, "reason": "国办发明电〔2026〕9号"})
    assert done.status_code == 302
    assert Holiday.objects.filter(day__year=2027).count() == 7
    bad = client.post(address, {"file": SimpleUploadedFile("x.csv", b"date,kind,name_zh\n2027-99-01,holiday,x\n")})
    assert bad.status_code == 422
    assert "第 2 行" in bad.content.decode()


def test_before_and_after_a_change_the_page_counts_the_same_limits_and_says_how_many_moved(county, sign_in):
    moving, staying = simple(county, date(2026, 12, 25)), petitions.registered(county).case
    deadlines.turn(
        staying,
        on=date(2026, 12, 25),
        drop=deadlines.running_keys(staying),
        start=[deadlines.Start("pet.review_apply", date(2026, 12, 20), "送达之日")],
    )
    staying.save()
    due = Deadline.objects.get(case=staying, met_on=None, dropped_on=None).due_on
    client, address = sign_in("system_admin"), reverse("casework:calendar-import")
    compared = client.post(address, {"file": SimpleUploadedFile("2027.json", json_2027())}).content.decode()
    assert "导入时重新计算在办期限 2 个" in compared
    done = client.post(address, {"text": holiday_files.read(json_2027()).text(), "reason": "国办发明电〔2026〕9号"}, follow=True).content.decode()
    assert Deadline.objects.get(case=staying, met_on=None, dropped_on=None).due_on == due
    assert row(moving).due_on != date(2027, 1, 8)
    assert "已重新计算在办期限 2 个，2 个到期日有变动或转为确定。" in done
    own = {"day": "2026-12-22", "is_off": "1", "name": "停电检修", "reason": "县府办通知"}
    again = client.post(reverse("casework:calendar-day"), own, follow=True).content.decode()
    assert "已重新计算在办期限 1 个，到期日都没有变动。" in again
    own["day"] = "2027-07-05"
    assert "没有在办期限受影响。" in client.post(reverse("casework:calendar-day"), own, follow=True).content.decode()


def test_own_days_and_hours_in_the_browser(county, sign_in):
    client = sign_in("system_admin")
    own = {"day": "2026-11-30", "is_off": "1", "name": "停电检修", "reason": "县府办通知"}
    assert client.post(reverse("casework:calendar-day"), own).status_code == 302
    assert client.post(reverse("casework:calendar-day"), {**own, "day": "2026-10-01"}).status_code == 422
    held = Holiday.objects.get(source="county")
    remove = reverse("casework:calendar-day-remove", args=[held.pk])
    client.post(remove, {"reason": ""})
    assert Holiday.objects.filter(pk=held.pk).exists()
    client.post(remove, {"reason": "检修取消"})
    assert not Holiday.objects.filter(pk=held.pk).exists()
    hours = {
        "valid_from": f"{clock.today()}",
        "morning_from": "09:00",
        "morning_until": "12:00",
        "afternoon_from": "13:30",
        "afternoon_until": "17:00",
    }
    assert client.post(reverse("casework:calendar-hours"), hours).status_code == 302
    assert client.post(reverse("casework:calendar-hours"), {**hours, "morning_until": "08:00"}).status_code == 422


def test_the_administrators_home_says_that_a_year_is_missing(county, sign_in):
    Holiday.objects.filter(day__year__gte=clock.today().year).delete()
    limits.forget()
    assert "放假安排还没有导入" in sign_in("system_admin").get("/").content.decode()
    assert "放假安排还没有导入" not in sign_in("security_admin").get("/").content.decode()


def test_nobody_else_finds_these_pages(county, sign_in):
    assert sign_in("office").get(reverse("casework:calendar")).status_code == 404
    assert Role.SYSTEM_ADMIN not in county.scope("office").roles
