"""A limit in hours: the report of a major, urgent matter runs to a moment, is shown and reminded by it (条例§25, 民法典§201②)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from casework import deadlines, limits, proof, reminding
from casework.limits import Terms
from casework.models import Case, Deadline, Limit, Notice
from casework.queries import lists
from casework.queries.filters import Filters
from organisations import clock
from petitions import actions
from petitions.actions import advising
from tests.factories import petitions
from tests.factories.county import County

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
KEY = "pet.urgent_report"
HOUR = timedelta(hours=1)
REPORT = {
    "happened": "今日下午，镇政府门前",
    "people": 32,
    "demands": "要求支付拆迁款",
    "scene": "聚集在门前，情绪激动",
    "measures": "已到场疏导",
    "phone": "0535-8210000",
    "recipients": "市委、市政府",
}


@pytest.fixture
def four_hours(county: County) -> County:
    terms = replace(Terms.of(Limit.objects.get(key=KEY)), n=4)
    limits.amend(KEY, terms, valid_from=clock.today(), reason="县里规定", by=county.scope("system_admin"))
    return county


def at(hour: int, minute: int = 0) -> datetime:
    today = clock.today()
    return datetime(today.year, today.month, today.day, hour, minute, tzinfo=ZONE)


def urgent(county: County) -> Case:
    return petitions.registered(county, flags=["zdjjbz"]).case


def test_it_runs_to_the_minute_and_the_lamp_says_the_hour(four_hours, sign_in):
    with clock.at(at(13, 30)):
        case = urgent(four_hours)
        row = Deadline.objects.get(case=case, key=KEY)
        assert (row.base_at, row.due_at, row.due_on) == (at(13, 30), at(17, 30), clock.today())
        client = sign_in("office")
        assert "今日 17:30 前" in client.get("/cases/").content.decode()
        page = client.get(f"/petitions/{case.number}/").content.decode()
        assert "今日 17:30 前" in page
        assert "by17:30" not in page, "the mark is the lamp's, no tag"
        why = client.get(f"/petitions/{case.number}/deadlines/{row.pk}/").content.decode()
        assert "13时30分，自该时起计算（《民法典》第201条第二款）" in why
        assert "第4小时届满于" in why
        assert "17时30分届满" in why
    with clock.at(at(17, 30)):
        client = sign_in("office")
        assert "已过 17:30" in client.get(f"/petitions/{case.number}/").content.decode()
        assert "kcard--bad" in client.get("/petitions/routing/").content.decode()
    with clock.at(at(13, 31) + timedelta(days=1)):
        assert "超 1 天" in sign_in("office").get("/cases/").content.decode()
    assert list(proof.check()) == []


def test_it_is_reminded_by_the_hour_each_once(four_hours):
    with clock.at(at(13, 30)):
        case = urgent(four_hours)
    told = []
    for moment in (at(14), at(16, 29), at(16, 30), at(16, 35), at(17, 30), at(18, 29), at(18, 30), at(20)):
        with clock.at(moment):
            told.append(bool(reminding.sweep_hours()))
            assert reminding.sweep_hours() == 0
    assert told == [False, False, True, False, True, False, True, False]
    texts = list(Notice.objects.filter(case=case, deadline__key=KEY).order_by("id").values_list("text", flat=True))
    assert any("还有 60 分钟" in text for text in texts)
    assert any("现已到期" in text for text in texts)
    assert any("已超 60 分钟" in text for text in texts)


def test_a_sweep_that_comes_late_tells_once(four_hours):
    with clock.at(at(8)):
        urgent(four_hours)
    with clock.at(at(15)):
        assert reminding.sweep_hours() > 0
    assert {notice.key.split(":")[2] for notice in Notice.objects.filter(deadline__key=KEY)} == {"60"}


def test_the_report_meets_it_in_time_or_late(four_hours, sign_in):
    with clock.at(at(8)):
        early, late = urgent(four_hours), urgent(four_hours)
    with clock.at(at(9)):
        advising.report_urgent(early.number, known_at=at(8), by=four_hours.scope("office"), **REPORT)
    with clock.at(at(13)):
        assert reminding.sweep_hours() > 0
        assert not Notice.objects.filter(case=early, deadline__key=KEY).exists()
        advising.report_urgent(late.number, known_at=at(8), by=four_hours.scope("office"), **REPORT)
        client = sign_in("office")
        assert "09:00 完成 · 按时" in client.get(f"/petitions/{early.number}/").content.decode()
        assert "13:00 完成，已过时" in client.get(f"/petitions/{late.number}/").content.decode()
    assert not any(mark.startswith("by") for mark in Case.objects.get(pk=early.pk).marks)


def test_a_county_that_has_set_no_hours_has_no_such_clock(county):
    case = urgent(county)
    assert not Deadline.objects.filter(case=case, key=KEY).exists()


def test_a_matter_found_urgent_afterwards_gets_its_clock_and_its_tag(four_hours):
    with clock.at(at(9)):
        number = petitions.registered(four_hours).case.number
    with clock.at(at(10)):
        actions.amend(number, {"flags": ["zdjjbz"]}, reason="现场聚集。", by=four_hours.scope("office"))
    case = Case.objects.get(number=number)
    assert Deadline.objects.get(case=case, key=KEY).due_at == at(14)
    assert "zdjjbz" in case.marks
    with clock.at(at(10, 30)):
        actions.amend(number, {"flags": []}, reason="标错了。", by=four_hours.scope("office"))
    case.refresh_from_db()
    assert "zdjjbz" not in case.marks
    assert not Deadline.objects.filter(case=case, key=KEY, met_on=None, dropped_on=None).exists()
    assert not any(mark.startswith("by") for mark in case.marks)


def test_list_tabs_and_lamp_agree_at_the_minute(four_hours, sign_in):
    """The hour strikes: the lamp is red, and the same minute the case stands under 超期 and no longer under 今日到期."""
    with clock.at(at(13, 30)):
        number = urgent(four_hours).number
        plain = petitions.registered(four_hours, received_on=clock.today() - timedelta(days=15), title="今天到期的普通件").case.number
    scope = four_hours.scope("office")
    for minute, late, due in ((29, set(), {number, plain}), (30, {number}, {plain}), (31, {number}, {plain})):
        with clock.at(at(17, minute)):
            client = sign_in("office")
            for lamp, wanted in (("overdue", late), ("today", due)):
                page = client.get(f"/cases/?lamp={lamp}").content.decode()
                assert {one for one in (number, plain) if f"/petitions/{one}/" in page} == wanted, (minute, lamp)
                assert set(lists.numbers(scope, Filters(lamp=lamp))) == wanted
                assert lists.counts(scope, [Filters(lamp=lamp), Filters(lamp=lamp, mark="zdjjbz")]) == [len(wanted), len(wanted & {number})]
            assert lists.total(scope, Filters(status="all")).overdue == len(late)
            assert lists.tabs_and_total(scope, [], Filters())[1].overdue == len(late)
            (row,) = (row for row in lists.page(scope, Filters(), size=20).rows if row.case.number == number)
            assert row.group == ("超期" if late else "今天")
            assert ("已过 17:30" in client.get("/cases/?lamp=overdue").content.decode()) == bool(late)
            sheet = b"".join(client.get("/cases/export/?form=csv&lamp=overdue").streaming_content).decode("utf-8-sig")
            assert ("已过 17:30" in sheet) == bool(late)
    with clock.at(at(9) + timedelta(days=1)):
        assert set(lists.numbers(scope, Filters(lamp="overdue"))) == {number, plain}


def test_of_two_hours_on_one_day_the_earlier_is_the_lamps(four_hours):
    with clock.at(at(13, 30)):
        case = urgent(four_hours)
    first = Deadline.objects.get(case=case, key=KEY)
    second = Deadline(case=case, key="a.later", due_on=first.due_on, warn_on=first.warn_on, due_at=first.due_at + HOUR)
    deadlines.settle(case, [second, first])
    assert case.due_key == KEY
    assert "by17:30" in case.marks
