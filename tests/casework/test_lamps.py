"""The lamp's table (DESIGN §5, §19): red only once the date has passed, amber from the warning day up to and on the day."""

from datetime import UTC, date, datetime

import pytest

from casework.lamps import lamp

TODAY = date(2026, 11, 18)
CLOSED = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "warn", "closed", "kind", "text"),
    [
        (date(2026, 11, 15), date(2026, 11, 10), None, "bad", "超 3 天"),
        (date(2026, 11, 17), date(2026, 11, 12), None, "bad", "超 1 天"),
        (date(2026, 11, 18), date(2026, 11, 13), None, "warn", "今日到期"),
        (date(2026, 11, 18), None, None, "warn", "今日到期"),
        (date(2026, 11, 19), date(2026, 11, 14), None, "warn", "余 1 天"),
        (date(2026, 11, 23), date(2026, 11, 18), None, "warn", "余 5 天"),
        (date(2026, 11, 24), date(2026, 11, 19), None, "ok", "余 6 天"),
        (date(2026, 11, 19), None, None, "ok", "余 1 天"),
        (date(2026, 12, 31), date(2026, 12, 26), None, "ok", "余 43 天"),
        (None, None, None, "none", "无期限"),
        (date(2026, 11, 15), date(2026, 11, 10), CLOSED, "off", "已办结"),
        (None, None, CLOSED, "off", "已办结"),
    ],
)
def test_lamp(due, warn, closed, kind, text):
    found = lamp(due, warn, closed, TODAY)
    assert (found.kind, found.text) == (kind, text)


@pytest.mark.parametrize(
    ("due", "now", "kind", "text"),
    [
        (date(2026, 11, 18), "17:29", "warn", "今日 17:30 前"),
        (date(2026, 11, 18), "17:30", "bad", "已过 17:30"),
        (date(2026, 11, 19), "23:50", "warn", "明日 17:30 前"),
        (date(2026, 11, 17), "09:00", "bad", "超 1 天"),
        (date(2026, 11, 21), "09:00", "ok", "余 3 天"),
    ],
)
def test_a_limit_in_hours_says_the_hour(due, now, kind, text):
    found = lamp(due, None, None, TODAY, ("urged", "by17:30"), now)
    assert (found.kind, found.text) == (kind, text)
    assert found.title == f"{due} 17:30 到期"


def test_the_tooltip_holds_the_exact_day():
    assert lamp(date(2026, 11, 24), None, None, TODAY).title == "2026-11-24 到期"
    assert lamp(None, None, CLOSED, TODAY).title == "2026-11-17 办结"
    assert lamp(None, None, datetime(2026, 11, 16, 20, tzinfo=UTC), TODAY).title == "2026-11-17 办结", "the county's day, not UTC's"
