"""排查: the rhythm of each kind of unit, the period of a day, who reports, how a finding ends. Pure: no queries, no clock (MED-1, L-GRID-12)."""

from __future__ import annotations

import calendar as months
import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models

from casework.calendar import Calendar
from organisations.directory import Directory
from organisations.roles import ROLES, Role
from organisations.scope import Scope, Standing

_DAY = timedelta(days=1)
_FIRST_HALF = 15


class Rhythm(models.TextChoices):
    """How often a unit goes round. NONE: that kind of unit reports nothing of its own."""

    WEEKLY = "weekly", "每周"
    HALF_MONTHLY = "half_monthly", "每半月"
    MONTHLY = "monthly", "每月"
    SPECIAL = "special", "专项"
    NONE = "none", "不排查"


class DueUnit(models.TextChoices):
    CALENDAR = "calendar", "日"
    WORKING = "working", "个工作日"


class Occasion(models.TextChoices):
    """What a round outside the rhythm is for (聊城: 重点节点、重点区域、重点人群)."""

    DATE = "date", "重点时段"
    PLACE = "place", "重点区域"
    GROUP = "group", "重点人群"


class Sign(models.TextChoices):
    """What makes a finding dangerous: facts somebody saw or heard, never a score of a person."""

    THREAT = "threat", "扬言报复或自伤"
    FIGHT = "fight", "已有肢体冲突"
    CROWD = "crowd", "多人聚集或串联"
    PETITION = "petition", "扬言越级上访"
    REPEATED = "repeated", "反复争吵、久拖未决"
    WEAK = "weak", "涉及老人、妇女、儿童或困难家庭"


class Ending(models.TextChoices):
    """How a finding was dealt with. None may stay OPEN."""

    OPEN = "", "待处置"
    DISPUTE = "dispute", "已登记为纠纷"
    LINKED = "linked", "已并入在办纠纷"
    ON_SPOT = "on_spot", "当场化解"


@dataclass(frozen=True, slots=True)
class Schedule:
    """The setting that holds for a unit on a day: the rhythm, and how long after the period's last day the report is due."""

    rhythm: str
    due_days: int
    due_unit: str


@dataclass(frozen=True, slots=True)
class Period:
    """One stretch of a rhythm. `code` names it for good («W2026-47», «H2026-11-1», «M2026-11»)."""

    code: str
    first: date
    last: date


#: What ships, by kind of unit (鄂托克前旗: 村社、企业周排查，镇、部门半月排查，局月排查; MED-1). A kind that is missing goes no rounds.
SHIPPED = {
    "room": Schedule(Rhythm.WEEKLY, 0, DueUnit.CALENDAR),
    "enterprise": Schedule(Rhythm.WEEKLY, 0, DueUnit.CALENDAR),
    "station": Schedule(Rhythm.HALF_MONTHLY, 1, DueUnit.WORKING),
    "department": Schedule(Rhythm.HALF_MONTHLY, 1, DueUnit.WORKING),
    "centre": Schedule(Rhythm.MONTHLY, 3, DueUnit.WORKING),
}
NO_ROUNDS = Schedule(Rhythm.NONE, 0, DueUnit.CALENDAR)


@dataclass(frozen=True, slots=True)
class Visited:
    """What a unit counts when it goes round: households, or the teams of an enterprise."""

    label: str
    word: str
    where: str


_HOUSEHOLDS = Visited("走访户数", "户", "如：一组至四组、村东鱼塘")
_TEAMS = Visited("走访班组（车间）数", "个班组", "如：一车间、职工宿舍")
#: The kind of unit that counts teams instead of households; its number joins no sum of households.
COUNTS_TEAMS = "enterprise"

#: Who reports a unit's round, and deals with what it found: the village's cadre and grid worker, the station's and department's staff, the office.
REPORTING = frozenset({Role.VILLAGE_CADRE, Role.GRID_WORKER, Role.HANDLER, Role.HEAD, Role.OFFICE})
#: Who opens a special round for units at and below their own.
OPENING = frozenset({Role.OFFICE, Role.HEAD})
#: Days before and on the due date on which the unit is reminded (L-TIME appendix C: screening report 1, 0).
REMINDED = (-1, 0)
#: A finding nobody has dealt with is spoken of after so many days, and again every so many.
FINDING_REMINDED = 3
#: So many reports of «nothing found» in a row of the period before other disputes of the place become a sign worth a look.
SILENT_FROM = 3


def period(rhythm: str, day: date) -> Period:
    """The period of that rhythm in which the day lies. Raises ValueError for a rhythm without periods."""
    if rhythm == Rhythm.WEEKLY:
        year, week, weekday = day.isocalendar()
        first = day - timedelta(days=weekday - 1)
        return Period(f"W{year}-{week:02d}", first, first + timedelta(days=6))
    end = date(day.year, day.month, months.monthrange(day.year, day.month)[1])
    if rhythm == Rhythm.HALF_MONTHLY:
        if day.day <= _FIRST_HALF:
            return Period(f"H{day:%Y-%m}-1", day.replace(day=1), day.replace(day=_FIRST_HALF))
        return Period(f"H{day:%Y-%m}-2", day.replace(day=_FIRST_HALF + 1), end)
    if rhythm == Rhythm.MONTHLY:
        return Period(f"M{day:%Y-%m}", day.replace(day=1), end)
    raise ValueError(f"no periods in rhythm {rhythm}")


def due_on(schedule: Schedule, last: date, calendar: Calendar) -> date:
    """The last day for the report of a period that ends on `last`, by the calendar where the setting counts working days."""
    if schedule.due_unit == DueUnit.WORKING:
        return calendar.add_working_days(last, schedule.due_days)
    return last + timedelta(days=schedule.due_days)


def fair_due(due: date, opened_on: date, calendar: Calendar) -> date:
    """A round the clock could open only late leaves the unit at least the next working day: an outage is not the unit's fault."""
    return due if opened_on < due or opened_on == due else calendar.next_working(opened_on + _DAY)


def words(code: str, first: date, last: date) -> str:
    """«2026年第47周（11月16日—11月22日）»."""
    span = f"{first:%-m月%-d日}—{last:%-m月%-d日}"
    if code.startswith("W"):
        year, week = code[1:].split("-")
        return f"{year}年第{int(week)}周（{span}）"
    if code.startswith("H"):
        return f"{first.year}年{first.month}月{'上' if code.endswith('-1') else '下'}半月"
    return f"{first.year}年{first.month}月" if code.startswith("M") else span


def visited(kind: str) -> Visited:
    return _TEAMS if kind == COUNTS_TEAMS else _HOUSEHOLDS


def seen_units(scope: Scope, tree: Directory) -> set[int]:
    """The units whose rounds this person reads: the post's own and those below; a grid worker's own only. None for an administrator."""
    seen: set[int] = set()
    for standing in scope.standings:
        if ROLES[standing.role].sees_unit:
            seen.update(unit.id for unit in tree.below(standing.unit_id))
        elif standing.role in REPORTING:
            seen.add(standing.unit_id)
    return seen


def reporter(scope: Scope, unit_id: int) -> Standing | None:
    """The post by which this person reports for that unit, or None: only ever one's own unit."""
    return scope.holds(REPORTING, unit_id)


def reporting_units(scope: Scope) -> list[int]:
    """Units for which this person reports."""
    return list(dict.fromkeys(s.unit_id for s in scope.standings if s.role in REPORTING))


def branch(tree: Directory, unit_id: int) -> int:
    """Under which unit coverage counts it: the town's station, the department, the centre for itself."""
    ancestors = tree.units[unit_id].ancestor_ids
    below = ancestors[ancestors.index(tree.centre_id) + 1 :] if tree.centre_id in ancestors else ancestors
    return below[0] if below else unit_id


def names(people: str) -> list[str]:
    """The two names a roughly written «张三与李四（邻居）» begins with, to start the registration from. Only a suggestion."""
    parts = re.split(r"[与和、，,；;\s]+", re.sub(r"[（(].*?[）)]", "", people))
    return [part for part in parts if 2 <= len(part) <= 20][:2]
