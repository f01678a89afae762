"""掌上调解室: words, numbers, and which half hours of a mediator's week can be booked. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import TextChoices
from django.utils import timezone

from casework.calendar import Calendar
from organisations.roles import Role

#: Leading letters of a conversation's number, so that nobody takes it for a case.
PREFIX = "TS"
#: A visit ends after so long without a step, and after so long in any case (L-SEC-8).
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=2)
#: Mediators of one conversation; characters of a message and of the matter.
MOST_MEDIATORS = 3
MESSAGE_MAX = 500
WHAT_MAX = 1000
REASON_LEAST = 5
#: Files of one message; of one side in one conversation, so that all of them find room in a case; and how large one may be.
FILES_AT_ONCE = 5
FILES_EACH_SIDE = 12
FILE_MIB = 10
FILE_BYTES = FILE_MIB * 1024 * 1024
#: An appointment: how long it takes, how far ahead it can be made, how soon it can begin.
SLOT = timedelta(minutes=30)
DAYS_AHEAD = 14
SOONEST = timedelta(hours=1)
#: 法律援助法§43: the limit within which the legal aid body decides; its days are the county's setting like all others.
AID_LIMIT = "med.legal_aid"
#: Who may look into the room: mediators for themselves, keepers for their unit.
ROOM = frozenset({Role.MEDIATOR, Role.VILLAGE_CADRE, Role.HANDLER, Role.HEAD, Role.OFFICE})


class Way(TextChoices):
    TALK = "talk", "留言沟通"
    VISIT = "visit", "预约面谈"
    AID = "aid", "申请法律援助"


class State(TextChoices):
    WAITING = "waiting", "等待回应"
    TAKEN = "taken", "沟通中"
    CLOSED = "closed", "已结束"
    DISPUTE = "dispute", "已转为调解"


OPEN = (State.WAITING, State.TAKEN)


class Meeting(TextChoices):
    """What became of an hour in the calendar."""

    OFFERED = "offered", "待群众确认"
    BOOKED = "booked", "已约定"
    KEPT = "kept", "已面谈"
    MISSED = "missed", "未到"
    OFF = "off", "已取消"


#: An hour so marked is taken; only a cancelled one is free again.
LIVE = (Meeting.OFFERED, Meeting.BOOKED)


class Ground(TextChoices):
    """Whose means are not examined (法律援助法§42), and everybody else (§41)."""

    POOR = "poor", "家庭经济困难（需要核查）"
    NO_INCOME = "no_income", "没有固定收入的未成年人、老年人、残疾人等"
    RELIEF = "relief", "低保、特困等社会救助对象，司法救助、优抚对象"
    WAGES = "wages", "进城务工，要工资或者工伤赔偿"


class Verdict(TextChoices):
    ASKED = "asked", "审查中"
    GRANTED = "granted", "给予法律援助"
    REFUSED = "refused", "不给予法律援助"


@dataclass(frozen=True, slots=True)
class Block:
    """A mediator's hours on one weekday (0 = Monday)."""

    weekday: int
    start: time
    end: time


WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def slots(blocks: Iterable[Block], now: datetime, calendar: Calendar) -> Iterator[datetime]:
    """Every half hour that could be booked, in order. On a public holiday nobody sits; a weekend counts where the mediator chose it."""
    held = sorted(blocks, key=lambda block: (block.weekday, block.start))
    first = timezone.localdate(now)
    for day in (first + timedelta(days=n) for n in range(DAYS_AHEAD + 1)):
        if day.weekday() < 5 and not calendar.is_working(day):
            continue
        for block in held:
            if block.weekday == day.weekday():
                yield from (moment for moment in _of(block, day) if moment >= now + SOONEST)


def _of(block: Block, day: date) -> Iterator[datetime]:
    moment, end = (timezone.make_aware(datetime.combine(day, at)) for at in (block.start, block.end))
    while moment + SLOT <= end:
        yield moment
        moment += SLOT


def hours_words(blocks: Iterable[Block]) -> str:
    """«周一、周三 09:00–11:00、14:00–16:00；周五 09:00–11:00»: days with the same hours stand together."""
    by_day: dict[int, list[str]] = {}
    for block in sorted(blocks, key=lambda block: (block.weekday, block.start)):
        by_day.setdefault(block.weekday, []).append(f"{block.start:%H:%M}–{block.end:%H:%M}")
    days: dict[str, list[int]] = {}
    for weekday, spans in by_day.items():
        days.setdefault("、".join(spans), []).append(weekday)
    return "；".join(f"{_days_words(weekdays)} {spans}" for spans, weekdays in days.items())


def _days_words(weekdays: list[int]) -> str:
    """«每天», «周一至周五», «周一、周三»."""
    if len(weekdays) == len(WEEKDAYS):
        return "每天"
    if len(weekdays) > 2 and weekdays == list(range(weekdays[0], weekdays[-1] + 1)):
        return f"{WEEKDAYS[weekdays[0]]}至{WEEKDAYS[weekdays[-1]]}"
    return "、".join(WEEKDAYS[weekday] for weekday in weekdays)


def plain_number(text: str) -> str:
    """As on the slip, whatever blanks, widths and dashes a telephone's keyboard made of it."""
    folded = text.strip().upper().replace(" ", "")[:40]
    for dash in "—–－−‐_":
        folded = folded.replace(dash, "-")
    return folded


def plain_code(text: str) -> str:
    return "".join(char for char in text.upper() if char.isascii() and char.isalnum())[:20]
