"""Why a limit ends on its day (beyond.md 12, opening 1): the same account for the screen, the paper and the person.

Start event, rule with its article and version, every day counted or passed over with the reason, what moved it since,
the result. Nothing here is computed a second way: days and result come from the calendar and from `reckoning`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.utils import timezone

from casework import deadlines, limits, proof, reckoning
from casework.calendar import Calendar, CountedDay
from casework.models import Deadline, DeadlineEvent, Limit
from casework.reckoning import Reckoned

_DAY = timedelta(days=1)
#: A date as the history of a limit writes it.
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2}) ?")
_DIGITS = "零一二三四五六七八九"
_PARTS = {mark: _DIGITS[no] for no, mark in enumerate("①②③④⑤⑥⑦⑧⑨", start=1)}
_ARTICLE = re.compile(r"(条例|民法典)§(\d{1,3})([①-⑨])?(?:[（(]([一二三四五六七八九十])[)）])?")
_LAWS = {"条例": "《信访工作条例》", "民法典": "《民法典》"}


@dataclass(frozen=True, slots=True)
class Run:
    """Days one after another that are counted, or passed over for one reason. `numbers` are the running counts of its ends."""

    days: tuple[CountedDay, ...]
    why: str

    @property
    def first(self) -> date:
        return self.days[0].day

    @property
    def last(self) -> date:
        return self.days[-1].day

    @property
    def is_counted(self) -> bool:
        return self.days[0].is_counted

    @property
    def dates(self) -> str:
        return spell_span(self.first, self.last)

    @property
    def count(self) -> str:
        """«第 1 至 10 日» or «不计 7 天»."""
        if not self.is_counted:
            return f"不计 {len(self.days)} 天"
        first, last = self.days[0].number, self.days[-1].number
        return f"第 {first} 日" if first == last else f"第 {first} 至 {last} 日"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that can be said about one due date. `runs` is empty where the date was set in the letter."""

    deadline: Deadline
    limit: Limit
    reckoned: Reckoned
    events: tuple[DeadlineEvent, ...]
    runs: tuple[Run, ...]
    start: str
    rule: str
    counting: str
    moves: tuple[str, ...]
    ending: str
    result: str

    @property
    def due_on(self) -> date:
        return self.deadline.due_on

    @property
    def skipped(self) -> int:
        """Days between start and end that were not counted, the start day left out."""
        return sum(len(run.days) for run in self.runs[1:] if not run.is_counted)

    def lines(self) -> list[str]:
        """The account in plain sentences, as papers and the person's page print it."""
        return [line for line in (self.start, self.rule, *self.moves, self.counting, self.ending, self.result) if line]


def explain(deadline: Deadline) -> Explanation:
    """The account of one stored due date. Give it with its limit and events; a finished one is counted by the calendar of its time."""
    settings, events = limits.current(), tuple(deadline.events.all())
    calendar = _calendar_of(deadline, settings.calendar, events)
    found = reckoning.reckon(calendar, deadline.limit, deadline.base_on, deadline.given_on, events, deadlines.base_at(deadline))
    runs = tuple(_runs(_days(calendar, deadline, found, events), calendar, deadline.limit))
    return Explanation(
        deadline=deadline,
        limit=deadline.limit,
        reckoned=found,
        events=events,
        runs=runs,
        start=_start(deadline),
        rule=_rule(deadline.limit),
        counting=_counting(deadline, found, runs),
        moves=tuple(_moves(events, deadline)),
        ending=_ending(deadline, found, calendar),
        result=_result(deadline, settings.hours_on(deadline.due_on).afternoon_until),
    )


def _calendar_of(deadline: Deadline, now: Calendar, events: Sequence[DeadlineEvent]) -> Calendar:
    """The calendar the stored date rests on: today's while the limit runs, else the newest of its time that gives it."""
    ended_on = deadline.met_on or deadline.dropped_on
    if ended_on is None or _gives(now, deadline, events):
        return now
    return next((calendar for calendar in proof.past().since(ended_on) if _gives(calendar, deadline, events)), now)


def _gives(calendar: Calendar, deadline: Deadline, events: Sequence[DeadlineEvent]) -> bool:
    found = reckoning.reckon(calendar, deadline.limit, deadline.base_on, deadline.given_on, events, deadlines.base_at(deadline))
    return found.due_on == deadline.due_on


# -- day by day -----------------------------------------------------------------------------------------------------------------------------


def _days(calendar: Calendar, deadline: Deadline, found: Reckoned, events: Sequence[DeadlineEvent]) -> Iterator[CountedDay]:
    """The start day, every day up to the end, and the days rolled over. None for a date set in the letter, «the same day», hours."""
    limit = deadline.limit
    if not limit.n or limit.unit in (Limit.Unit.SET, Limit.Unit.HOURS):
        return
    yield CountedDay(deadline.base_on, None, "起算当日，不计入")
    number, day = 0, deadline.base_on + _DAY
    while day <= found.strict_on and (found.suspended_on is None or day < found.suspended_on):
        span = next((s for s in found.skipped if s.first <= day <= s.last), None)
        is_counted = span is None and (limit.unit != Limit.Unit.WORKING or calendar.is_working(day))
        number += is_counted
        why = calendar.describe(day) if span is None else _why_skipped(day, events)
        if is_counted and found.extended_days and limit.unit in ("calendar", "working") and number > limit.n:
            why = f"{why}，延长的期限"
        yield CountedDay(day, number if is_counted else None, why)
        day += _DAY
    while day <= found.due_on and found.suspended_on is None:
        yield CountedDay(day, None, f"末日逢休息日，顺延；{calendar.describe(day)}")
        day += _DAY


def _why_skipped(day: date, events: Sequence[DeadlineEvent]) -> str:
    """The event that took the day out of the term."""
    since: DeadlineEvent | None = None
    for event in events:
        match event.kind:
            case DeadlineEvent.Kind.EXCLUDED if event.on <= day <= (event.until_on or event.on):
                return f"不计入期限：{event.reason}"
            case DeadlineEvent.Kind.SUSPENDED:
                since = event
            case DeadlineEvent.Kind.RESUMED if since is not None:
                if since.on <= day < event.on:
                    return f"中止期间：{since.reason}"
                since = None
    return "不计入期限"


def _runs(days: Iterable[CountedDay], calendar: Calendar, limit: Limit) -> Iterator[Run]:
    """Sixty days as a handful of lines: counted days together, days passed over by their reason."""
    for (is_counted, reason), group in groupby(days, key=lambda day: (day.is_counted, _reason(day, calendar))):
        run = tuple(group)
        if is_counted:
            yield Run(run, _counted_words(run, calendar, limit, reason))
        else:
            yield Run(run, reason)


def _reason(day: CountedDay, calendar: Calendar) -> str:
    """What days must share to stand in one run."""
    if day.is_counted:
        return "延长的期限" if day.why.endswith("延长的期限") else ""
    if day.why.startswith(("起算", "中止", "不计入", "末日")):
        return day.why.split("；")[0]
    name = calendar.names.get(day.day, "") if day.day in calendar.off else ""
    return f"{name}放假" if name else "休息日"


def _counted_words(run: Sequence[CountedDay], calendar: Calendar, limit: Limit, reason: str) -> str:
    words = "工作日" if limit.unit == Limit.Unit.WORKING else "自然日，节假日也计入"
    worked = [day.day for day in run if day.day in calendar.worked]
    if worked and limit.unit == Limit.Unit.WORKING:
        words += f"（{'、'.join(spell(day) for day in worked)}调休上班）"
    return f"{reason}，{words}" if reason else words


# -- sentences ------------------------------------------------------------------------------------------------------------------------------


def _start(deadline: Deadline) -> str:
    if deadline.given_on is not None:
        return f"“{deadline.base_event}”为{deadline.base_on:%Y年%-m月%-d日}，届时定明{deadline.given_on:%Y年%-m月%-d日}前完成。"
    if deadline.base_at is not None:
        return f"“{deadline.base_event}”为{spell_moment(deadline.base_at)}，自该时起计算（{article('民法典§201②')}）。"
    if deadline.limit.n == 0:
        return f"“{deadline.base_event}”为{deadline.base_on:%Y年%-m月%-d日}，应于当日完成。"
    return f"“{deadline.base_event}”为{deadline.base_on:%Y年%-m月%-d日}，当日不计入，自次日起计算（{article('民法典§201')}）。"


def _rule(limit: Limit) -> str:
    length = "" if not limit.n else f"{limit.n}{limit.get_unit_display()}"
    version = "" if limit.valid_from <= limits.FIRST_DAY else f"，自{limit.valid_from:%Y年%-m月%-d日}起施行的规定"
    unverified = "" if limit.is_verified else "（待县里核定）"
    return f"适用规则：{limit.name}{length}，依据{article(limit.cites)}{unverified}{version}。"


def _counting(deadline: Deadline, found: Reckoned, runs: Sequence[Run]) -> str:
    limit = deadline.limit
    counted = [day for run in runs for day in run.days if day.is_counted]
    passed = sum(len(run.days) for run in runs[1:] if not run.is_counted and not run.why.startswith("末日"))
    if found.suspended_on is not None:
        # A date that was promised, or a term in months, has no days counted one by one.
        stands = f"此前已计{len(counted)}日，恢复以后接着计算" if counted else "恢复以后按中止的天数顺延"
        return f"{found.suspended_on:%Y年%-m月%-d日}起中止，{stands}。"
    if limit.unit == Limit.Unit.CALENDAR and counted:
        also = f"，另扣除不计入的{passed}日" if passed else ""
        return f"按自然日连续计算，节假日、休息日不扣除{also}，第{counted[-1].number}日为{found.strict_on:%Y年%-m月%-d日}。"
    if limit.unit == Limit.Unit.WORKING and counted:
        return f"只数工作日，扣除休息日、放假和不计入的日子共{passed}天，第{counted[-1].number}个工作日为{found.strict_on:%Y年%-m月%-d日}。"
    if found.due_at is not None:
        return f"按小时连续计算，夜间、休息日和节假日也计入，第{limit.n}小时届满于{spell_moment(found.due_at)}。"
    if limit.unit == Limit.Unit.MONTH:
        return f"按月计算，到期月的对应日为{found.strict_on:%Y年%-m月%-d日}；没有对应日的，为当月末日（{article('民法典§202')}）。"
    return ""


def _moves(events: Sequence[DeadlineEvent], deadline: Deadline) -> Iterator[str]:
    unit = "个工作日" if deadline.limit.unit == Limit.Unit.WORKING else "日"
    since: DeadlineEvent | None = None
    for event in events:
        ground = "；".join(part for part in (event.reason.rstrip("。"), f"依据{article(event.cites)}" if event.cites else "") if part)
        match event.kind:
            case DeadlineEvent.Kind.EXTENDED:
                yield f"{event.on:%Y年%-m月%-d日}批准延长{event.days}{unit}（{ground}）。"
            case DeadlineEvent.Kind.EXCLUDED:
                yield f"{spell_span(event.on, event.until_on or event.on, year=True)}不计入期限（{ground}）。"
            case DeadlineEvent.Kind.SUSPENDED:
                since = event
                yield f"{event.on:%Y年%-m月%-d日}起中止计算（{ground}）。"
            case DeadlineEvent.Kind.RESUMED if since is not None:
                # The day it starts is no day of the term, suspended or not (民法典§201).
                first = max(since.on, deadline.base_on + _DAY)
                yield f"{event.on:%Y年%-m月%-d日}恢复计算，中止的{max((event.on - first).days, 0)}天不计入。"
            case DeadlineEvent.Kind.RECOUNTED:
                yield f"{event.on:%Y年%-m月%-d日}因{_DATE.sub(_date_words, event.reason)}"


def _date_words(found: re.Match[str]) -> str:
    return f"{int(found[1])}年{int(found[2])}月{int(found[3])}日"


def _ending(deadline: Deadline, found: Reckoned, calendar: Calendar) -> str:
    """What the last day's being a day off means, for a right and for a duty (L-TIME-3, L-TIME-6)."""
    if found.rolled_on is None or found.rolled_on == found.strict_on or found.suspended_on is not None:
        return ""
    day_off = calendar.describe(found.strict_on)
    if found.due_on == found.rolled_on:
        return f"末日{spell(found.strict_on)}是{day_off}，顺延至{found.due_on:%Y年%-m月%-d日}（{article('民法典§203')}）。"
    return f"末日是{day_off}；这是办理机关的期限，不因此顺延（其后第一个工作日为{found.rolled_on:%Y年%-m月%-d日}，仅供参考）。"


def _result(deadline: Deadline, closing: time) -> str:
    if deadline.suspended_on is not None:
        return ""
    was = ""
    if deadline.first_due_on is not None and deadline.first_due_on != deadline.due_on:
        was = f"（原为{deadline.first_due_on:%Y年%-m月%-d日}）"
    unsure = "涉及的年份放假安排尚未公布，以上日期为暂定，公布以后重新计算。" if deadline.is_provisional else ""
    if deadline.due_at is not None:
        return f"因此，期限于{spell_moment(deadline.due_at)}届满{was}。{unsure}"
    day = f"{deadline.due_on:%Y年%-m月%-d日}"
    return f"因此，期限于{day}24时届满{was}；到窗口办理的，以当日{closing:%H:%M}下班为止（{article('民法典§203')}）。{unsure}"


def article(cites: str) -> str:
    """«条例§23③» as a paper says it: 《信访工作条例》第二十三条第三款."""

    def spelled(found: re.Match[str]) -> str:
        law, number, part, item = found.groups()
        said = f"{_LAWS[law]}第{_numeral(int(number)) if law == '条例' else number}条"
        return said + (f"第{_PARTS[part]}款" if part else "") + (f"第（{item}）项" if item else "")

    return _ARTICLE.sub(spelled, cites)


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十") + (_DIGITS[ones] if ones or not tens else "")


def spell(day: date) -> str:
    return f"{day:%-m月%-d日}"


def spell_moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y年%-m月%-d日%-H时%M分}"


def spell_span(first: date, last: date, *, year: bool = False) -> str:
    """«3月2日至5月1日»; the year where it is asked for or changes."""
    head = f"{first:%Y年%-m月%-d日}" if year or first.year != last.year else spell(first)
    if first == last:
        return head
    return f"{head}至{last:%Y年%-m月%-d日}" if first.year != last.year else f"{head}至{spell(last)}"
