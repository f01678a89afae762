"""The lists of cases: number, class, unit and days, never a name or a word of the matter (L-SEC-40).

A protected case has not even its number (L-PET-86), and in the report of a place one that never was in the unit's hands
is «其他单位办理»: the screen's list shows it so, and its unit's few cases could be counted from the list (L-SEC-41).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from reports.month import privacy, rules
from reports.month.counted import Counted
from reports.month.grids import Grid, Value
from reports.rules.measures import OF_LAW

HIDDEN = "保密件"
#: Rows fetched at a time.
_MANY = 2_000
#: The columns of every case registered in the period, with their widths in the sheet.
DETAIL = (
    ("编号", 22),
    ("登记日期", 12),
    ("信访日期", 12),
    ("信访形式", 14),
    ("分类", 14),
    ("具体分类", 18),
    ("属地", 14),
    ("责任单位", 16),
    ("人数", 8),
    ("重复", 8),
    ("办理期限", 12),
    ("答复日期", 12),
    ("办结日期", 12),
    ("结果", 12),
    ("对责任单位评价", 14),
)
_RATINGS = {"0": "满意", "1": "基本满意", "3": "不满意"}


def of(counted: Counted) -> list[Grid]:
    return [_late(counted), _led(counted), _cards(counted)]


def details(counted: Counted) -> Iterator[list[str | int | date | None]]:
    """The cases registered in the period, for the sheet."""
    frame = counted.frame
    for row in counted.source.rows("cases", counted.where).iterator(_MANY):
        masked = _masked(row, counted)
        if masked:
            yield [masked]
            continue
        yield [
            row.called,
            row.registered_on,
            row.received_on,
            frame.channel(row.channel),
            frame.topic(row.topic_code[:2]),
            frame.topic(row.topic_code),
            frame.town(row.town_code),
            frame.unit_name(row.reply_unit_id or row.unit_id),
            row.headcount,
            "重复" if row.is_repeat else "初次",
            row.reply_due_on,
            row.replied_on,
            row.closed_on,
            frame.outcome(row.outcome),
            _RATINGS.get(row.unit_rating, ""),
        ]


def _late(counted: Counted) -> Grid:
    on = counted.where.on
    found = [(*_late_days(row, on), row) for row in counted.source.rows("overdue", counted.where).iterator(_MANY)]
    found.sort(key=lambda late: (-late[0], late[2].case_id))
    rows = [(*_named(row, counted), what, days, row.urged) for days, what, row in found]
    head = ("编号", "分类", "责任单位", "属地", "超过的期限", "超期天数", "催办次数")
    return Grid("late", "超期未结事项", head, tuple(rows), listed=rules.MOST_LISTED)


def _led(counted: Counted) -> Grid:
    found = counted.source.rows("supervised", counted.where).iterator(_MANY)
    rows = [(*_named(row, counted), row.counted_on, _state(row, counted.where.on)) for row in found]
    head = ("编号", "分类", "责任单位", "属地", "督办日期", "统计日情况")
    return Grid("led", "督办事项", head, tuple(rows), listed=rules.MOST_LISTED)


def _cards(counted: Counted) -> Grid:
    rows = [
        (*_named(row, counted), name, row.counted_on, _state(row, counted.where.on))
        for code, name in (("red", "红牌"), ("yellow", "黄牌"))
        for row in counted.source.rows(code, counted.where).iterator(_MANY)
    ]
    head = ("编号", "分类", "责任单位", "属地", "督办牌", "亮牌日期", "统计日情况")
    return Grid("cards", "黄牌、红牌事项", head, tuple(rows), listed=rules.MOST_LISTED)


def _masked(row: Any, counted: Counted) -> str:
    """The word that stands for a case the report may not name; "" for one it may."""
    if row.confidential:
        return HIDDEN
    return "" if privacy.is_known(row, counted.frame, counted.where.on) else privacy.ELSEWHERE


def _named(row: Any, counted: Counted) -> tuple[Value, ...]:
    masked, frame = _masked(row, counted), counted.frame
    if masked:
        return masked, "—", "—", "—"
    return row.called, frame.topic(row.topic_code[:4]), frame.unit_name(row.reply_unit_id or row.unit_id), frame.town(row.town_code)


def _late_days(row: Any, on: date) -> tuple[int, str]:
    """By how many days the case is late, and which limit ran out first. None late: nothing to name, and no report fails of it."""
    limits = ((getattr(row, due), getattr(row, done), name) for due, done, name in OF_LAW)
    missed = [(due, name) for due, done, name in limits if due is not None and due < on and (done is None or done > on)]
    due, name = min(missed, default=(on, "—"))
    return (on - due).days, name


def _state(row: Any, on: date) -> str:
    """Where a case stood that day, in a word a list has room for."""
    if row.closed_on is not None and row.closed_on <= on:
        return f"{row.closed_on:%-m月%-d日}办结"
    if row.replied_on is not None and row.replied_on <= on:
        return f"{row.replied_on:%-m月%-d日}已答复"
    if row.reply_due_on is not None:
        return "办理超期" if row.reply_due_on < on else f"办理期限{row.reply_due_on:%-m月%-d日}"
    return "尚未起算办理期限"
