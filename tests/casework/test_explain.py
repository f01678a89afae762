"""A due date explains itself: start, rule with article, each day, what moved it, result (beyond.md 12, opening 1)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework import deadlines, explain, limits, reckoning
from casework.models import Case, Deadline, DeadlineEvent, Limit
from organisations.roles import Role
from tests.factories import petitions

pytestmark = pytest.mark.django_db


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time().replace(hour=12)))


@pytest.fixture
def case(county) -> Case:
    held = petitions.registered(county).case
    deadlines.turn(held, on=date(2026, 3, 2), drop=deadlines.running_keys(held))
    return held


def started(case: Case, key: str, base: date, event: str, **more) -> Deadline:
    deadlines.turn(case, on=base, start=[deadlines.Start(key, base, event, **more)])
    return told(case, key)


def told(case: Case, key: str) -> Deadline:
    return Deadline.objects.select_related("limit").prefetch_related("events").get(case=case, key=key, dropped_on=None)


def test_sixty_days(case):
    found = explain.explain(started(case, "pet.handle", date(2026, 8, 3), "受理之日"))
    assert found.lines() == [
        "“受理之日”为2026年8月3日，当日不计入，自次日起计算（《民法典》第201条）。",
        "适用规则：申诉求决事项办结60日，依据《信访工作条例》第三十四条。",
        "按自然日连续计算，节假日、休息日不扣除，第60日为2026年10月2日。",
        "末日是国庆节放假；这是办理机关的期限，不因此顺延（其后第一个工作日为2026年10月8日，仅供参考）。",
        "因此，期限于2026年10月2日24时届满；到窗口办理的，以当日17:30下班为止（《民法典》第203条）。",
    ]
    assert [(run.dates, run.count) for run in found.runs] == [("8月3日", "不计 1 天"), ("8月4日至10月2日", "第 1 至 60 日")]
    assert sum(len(run.days) for run in found.runs) == 61


def test_working_days_skip_with_their_reasons(case, county):
    found = explain.explain(started(case, "pet.object", date(2026, 4, 29), "收到转送、交办", unit_id=county.units["land"].id))
    assert [(run.dates, run.count, run.why) for run in found.runs] == [
        ("4月29日", "不计 1 天", "起算当日，不计入"),
        ("4月30日", "第 1 日", "工作日"),
        ("5月1日至5月5日", "不计 5 天", "劳动节放假"),
        ("5月6日至5月9日", "第 2 至 5 日", "工作日（5月9日调休上班）"),
    ]
    assert found.skipped == 5
    assert "只数工作日，扣除休息日、放假和不计入的日子共5天，第5个工作日为2026年5月9日。" in found.lines()


def test_a_right_rolls_to_the_next_working_day(case):
    found = explain.explain(started(case, "pet.review_apply", date(2026, 9, 5), "收到书面答复"))
    assert found.lines()[-2] == "末日10月5日是国庆节放假，顺延至2026年10月8日（《民法典》第203条）。"
    assert found.runs[-1].why == "末日逢休息日，顺延"
    assert found.runs[-1].last == date(2026, 10, 8)


def test_what_moved_it_is_told_in_order(case, county):
    by = county.scope("head").holds({Role.HEAD})
    row = started(case, "pet.handle", date(2026, 3, 2), "受理之日")
    deadlines.suspend(case, on=date(2026, 4, 1), reason="等待司法鉴定", cites="", by=by, at=noon(date(2026, 4, 1)))
    standing = explain.explain(told(case, "pet.handle"))
    assert standing.lines()[-2:] == ["2026年4月1日起中止计算（等待司法鉴定）。", "2026年4月1日起中止，此前已计29日，恢复以后接着计算。"]
    deadlines.resume(case, on=date(2026, 4, 21), by=by, at=noon(date(2026, 4, 21)), reason="鉴定意见已到")
    deadlines.extend(case, row, days=30, reason="案情复杂", cites="条例§34", by=by, at=noon(date(2026, 5, 10)))
    found = explain.explain(told(case, "pet.handle"))
    assert found.moves == (
        "2026年4月1日起中止计算（等待司法鉴定）。",
        "2026年4月21日恢复计算，中止的20天不计入。",
        "2026年5月10日批准延长30日（案情复杂；依据《信访工作条例》第三十四条）。",
    )
    assert found.due_on == date(2026, 6, 20)
    assert "2026年6月20日24时届满（原为2026年5月1日）" in found.lines()[-1]
    assert [(run.dates, run.count) for run in found.runs] == [
        ("3月2日", "不计 1 天"),
        ("3月3日至3月31日", "第 1 至 29 日"),
        ("4月1日至4月20日", "不计 20 天"),
        ("4月21日至5月21日", "第 30 至 60 日"),
        ("5月22日至6月20日", "第 61 至 90 日"),
    ]
    assert found.runs[2].why == "中止期间：等待司法鉴定"


def test_suspended_on_the_day_it_starts_the_same_number_is_told_twice(case, county):
    by = county.scope("head").holds({Role.HEAD})
    started(case, "pet.handle", date(2026, 3, 2), "受理之日")
    deadlines.suspend(case, on=date(2026, 3, 2), reason="等待司法鉴定", cites="", by=by, at=noon(date(2026, 3, 2)))
    deadlines.resume(case, on=date(2026, 3, 14), by=by, at=noon(date(2026, 3, 14)), reason="鉴定意见已到")
    found = explain.explain(told(case, "pet.handle"))
    assert found.moves[-1] == "2026年3月14日恢复计算，中止的11天不计入。"
    assert "另扣除不计入的11日" in found.counting
    assert found.due_on == date(2026, 5, 12)


def test_a_promised_date_that_stands_still_counts_no_days(case, county):
    by = county.scope("head").holds({Role.HEAD})
    started(case, "pet.promised", date(2026, 3, 2), "承诺", due_on=date(2026, 4, 20))
    deadlines.suspend(case, on=date(2026, 4, 1), reason="等待司法鉴定", cites="", by=by, at=noon(date(2026, 4, 1)))
    assert explain.explain(told(case, "pet.promised")).lines()[-1] == "2026年4月1日起中止，恢复以后按中止的天数顺延。"


def test_a_date_set_in_the_letter_and_one_that_is_provisional(case, county):
    unit = county.units["land"].id
    found = explain.explain(started(case, "pet.assign_report", date(2026, 11, 2), "交办", unit_id=unit, due_on=date(2026, 12, 1)))
    assert found.runs == ()
    assert found.lines()[0] == "“交办”为2026年11月2日，届时定明2026年12月1日前完成。"
    found = explain.explain(started(case, "pet.simple_handle", date(2026, 12, 25), "受理之日"))
    assert found.deadline.is_provisional
    assert "放假安排尚未公布，以上日期为暂定" in found.lines()[-1]
    assert any("未公布" in day.why for run in found.runs for day in run.days)


def test_the_same_day_is_no_count_of_days(case, county):
    found = explain.explain(started(case, "pet.immediate", date(2026, 3, 2), "立即办", unit_id=county.units["land"].id))
    assert found.runs == ()
    assert found.lines() == [
        "“立即办”为2026年3月2日，应于当日完成。",
        "适用规则：立即办：当日办结，依据本中心规定（四办）。",
        "因此，期限于2026年3月2日24时届满；到窗口办理的，以当日17:30下班为止（《民法典》第203条）。",
    ]


def test_every_day_stands_in_exactly_one_run(case, county):
    found = explain.explain(started(case, "pet.handle", date(2026, 1, 15), "受理之日"))
    days = [day.day for run in found.runs for day in run.days]
    assert days == [date(2026, 1, 15) + timedelta(days=n) for n in range(61)]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    base=st.dates(date(2004, 1, 1), date(2026, 6, 30)),
    n=st.integers(1, 60),
    unit=st.sampled_from(["calendar", "working", "month"]),
    roll=st.sampled_from(["none", "forward"]),
    spans=st.lists(st.tuples(st.integers(-3, 80), st.integers(0, 12)), max_size=3),
)
def test_the_days_told_agree_with_the_result(county, base, n, unit, roll, spans):
    """From the start to the due date every day once; as many counted as the limit is long."""
    n = min(n, 2) if unit == "month" else n
    limit = Limit(key="x", name="x", n=n, unit=unit, roll=roll, cites="条例§34", valid_from=limits.FIRST_DAY, warn_days=[])
    row = Deadline(limit=limit, base_on=base, base_event="x")
    events = [
        DeadlineEvent(kind="excluded", on=base + timedelta(days=a), until_on=base + timedelta(days=a + length), reason="听证") for a, length in spans
    ]
    calendar = limits.current().calendar
    found = reckoning.reckon(calendar, limit, base, None, events)
    days = list(explain._days(calendar, row, found, events))
    assert [day.day for day in days] == [base + timedelta(days=k) for k in range((found.due_on - base).days + 1)]
    assert [day.number for day in days if day.is_counted] == list(range(1, sum(day.is_counted for day in days) + 1))
    if unit != "month":
        assert sum(day.is_counted for day in days) == n
    runs = list(explain._runs(days, calendar, limit))
    assert [day for run in runs for day in run.days] == days


@pytest.mark.parametrize(
    ("cites", "words"),
    [
        ("条例§34", "《信访工作条例》第三十四条"),
        ("条例§23③", "《信访工作条例》第二十三条第三款"),
        ("条例§22(三)", "《信访工作条例》第二十二条第（三）项"),
        ("本中心规定；条例§29", "本中心规定；《信访工作条例》第二十九条"),
        ("简易办理办法", "简易办理办法"),
    ],
)
def test_articles_are_spelled_out(cites, words):
    assert explain.article(cites) == words
