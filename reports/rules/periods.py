"""Which days a figure is of: today, week, month, quarter, year or any; the period before and the same one a year ago. Pure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Span(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ANY = "any"


SPAN_LABELS = {Span.DAY: "今日", Span.WEEK: "本周", Span.MONTH: "本月", Span.QUARTER: "本季", Span.YEAR: "本年", Span.ANY: "自选"}


class Basis(StrEnum):
    """By which date a case belongs to the period: as each measure is defined, or one date for all."""

    OWN = "own"
    REGISTERED = "registered"
    CLOSED = "closed"


BASIS_LABELS = {Basis.OWN: "按各指标口径", Basis.REGISTERED: "按登记日期", Basis.CLOSED: "按办结日期"}


@dataclass(frozen=True, slots=True)
class Period:
    """Days `since` to `until`, both included."""

    since: date
    until: date
    span: Span = Span.ANY

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def label(self) -> str:
        if self.since == self.until:
            return f"{self.since:%Y年%-m月%-d日}"
        if (self.since, self.until) == (month_of(self.since).since, month_of(self.since).until):
            return f"{self.since:%Y年%-m月}"
        if (self.since.month, self.since.day, self.until.month, self.until.day) == (1, 1, 12, 31) and self.since.year == self.until.year:
            return f"{self.since:%Y年}"
        if self.since.year == self.until.year:
            return f"{self.since:%Y年%-m月%-d日}至{self.until:%-m月%-d日}"
        return f"{self.since:%Y年%-m月%-d日}至{self.until:%Y年%-m月%-d日}"


def month_of(day: date) -> Period:
    return Period(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]), Span.MONTH)


def period_of(span: Span, today: date) -> Period:
    """The running day, week (from Monday), month, quarter or year, up to today: a leader never sees days that have not come."""
    starts = {
        Span.DAY: today,
        Span.WEEK: today - timedelta(days=today.weekday()),
        Span.MONTH: today.replace(day=1),
        Span.QUARTER: today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1),
        Span.YEAR: today.replace(month=1, day=1),
    }
    return Period(starts[span], today, span)


def whole(since: date, until: date) -> Period:
    """The days as the week, month, quarter or year they fill, so that they are held against whole ones before; else as any days."""
    for span in (Span.DAY, Span.WEEK, Span.MONTH, Span.QUARTER, Span.YEAR):
        if (since, until) == _filled(span, since):
            return Period(since, until, span)
    return Period(since, until, Span.ANY)


def _filled(span: Span, day: date) -> tuple[date, date]:
    first = period_of(span, day).since
    if span is Span.DAY:
        return first, first
    if span is Span.WEEK:
        return first, first + timedelta(days=6)
    months = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}[span]
    last = first
    for _ in range(months):
        last = month_of(last).until + timedelta(days=1)
    return first, last - timedelta(days=1)


def filled(span: Span, day: date) -> Period:
    """The whole week, month, quarter or year a day lies in."""
    return Period(*_filled(span, day), span)


def before(period: Period) -> Period:
    """环比: the same stretch of the period before. A whole month is held against the whole month before; 1–18 November against 1–18 October."""
    if period.span is Span.ANY:
        period = whole(period.since, period.until)
    if period.span is Span.DAY or period.span is Span.WEEK or period.span is Span.ANY:
        step = timedelta(days=7 if period.span is Span.WEEK else period.days)
        return Period(period.since - step, period.until - step, period.span)
    months = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}[period.span]
    return Period(_earlier(period.since, months), _earlier(period.until, months), period.span)


def year_before(period: Period) -> Period:
    """同比: the same days a year ago; 29 February is held against the 28th."""
    return Period(_earlier(period.since, 12), _earlier(period.until, 12), period.span)


def _earlier(day: date, months: int) -> date:
    """The day so many months before; the last day of a month stays a last day, so that whole months meet whole months."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    last = monthrange(year, month + 1)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if is_last else min(day.day, last))
