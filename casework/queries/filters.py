"""What a worklist can be filtered by: read from an address, written back to it, and put into SQL over `Reach`.

A link never fails: what an address says wrongly is left out. The same `Filters` serves the page, its counts, its
neighbours, its export and «选择全部».
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from casework import kinds, lamps
from casework.rules import Urgency
from organisations import clock, directory
from organisations.roles import Role
from organisations.scope import Scope

#: Open cases, closed ones, or both.
STATUSES = {"open": "在办", "closed": "已办结", "all": "全部"}
#: Nearness of the due date; only open cases have one.
LAMPS = {"overdue": "超期", "today": "今日到期", "soon": "临期"}
#: Registered within the last so many days.
PERIODS = {"1": "今天登记", "7": "近 7 天登记", "30": "近 30 天登记", "90": "近 90 天登记", "365": "近一年登记"}
SORTS = {"due": "时限", "new": "登记时间（新的在前）", "old": "登记时间（早的在前）"}
#: The marks a list can be narrowed to, with the words of their tags.
MARKS = {
    "red": "红牌",
    "yellow": "黄牌",
    "group": "集体",
    "repeat": "重复",
    "returned": "曾退回",
    "reopened": "重新办理",
    "dissatisfied": "不满意",
    "merged": "已并案",
    "referred": "已转出",
    "concluded": "三级终结",
    "lapsed": "复查期满",
    "anonymous": "匿名",
    "extend_asked": "延期待批",
    "extended": "已延期",
    "simple": "简易",
    "unaccepted": "超期未受理",
    "simple_late": "简易超期",
    "suspended": "中止",
    "provisional": "期限暂定",
    "yybz": "扬言",
    "zdjjbz": "重大紧急",
    "lmbz": "联名",
    "sfssbz": "涉法涉诉",
    "sqbz": "涉企",
    "jabz": "积案",
    "urged": "被催办",
    "urged_often": "多次催办",
    "supervised": "督办",
    "sponsored": "包案",
}
SIZES = (20, 50, 100)
#: What a filter matches at most by words; more must be narrowed further.
MOST_BY_WORDS = 2_000

Params = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Filters:
    """One filter of the worklist. Empty fields do not narrow. `since` and `until` are days, both included."""

    status: str = "open"
    lamp: str = ""
    awaiting: bool = False
    followed: bool = False
    states: tuple[str, ...] = ()
    q: str = ""
    town: str = ""
    village: int | None = None
    topic: str = ""
    unit: int | None = None
    handler: int | None = None
    urgency: int | None = None
    mark: str = ""
    period: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = "due"
    #: The cases that hold the words `q`, once they were looked up (`lists.looked_up`); no part of the address.
    found: tuple[int, ...] | None = field(default=None, compare=False)

    @property
    def is_by_due(self) -> bool:
        """Closed cases have no due date, so a list that holds them goes by registration."""
        return self.sort == "due" and self.status == "open"

    def query(self, **changes: Any) -> str:
        """The address's query string of this filter, defaults left out."""
        return urlencode(as_params(replace(self, **changes)))


def read(params: Params) -> Filters:
    """The filter an address asks for. Unknown words and broken numbers are left out."""
    known = {code for kind in kinds.every() for code in kind.states}
    states = tuple(dict.fromkeys(s for s in params.get("state", "").split(",") if s in known))
    lamp = _one_of(params, "lamp", LAMPS)
    status = _one_of(params, "status", STATUSES) or "open"
    return Filters(
        status="open" if lamp else status,
        lamp=lamp,
        awaiting=params.get("awaiting") == "1",
        followed=params.get("followed") == "1",
        states=states,
        q=params.get("q", "").replace("\x00", "").strip()[:60],
        town=_digits(params, "town", 9),
        village=_number(params, "village"),
        topic=_code(params, "topic", 6),
        unit=_number(params, "unit"),
        handler=_number(params, "handler"),
        urgency=_number(params, "urgency") if params.get("urgency") in {str(u.value) for u in Urgency} else None,
        mark=_one_of(params, "mark", MARKS),
        period=_one_of(params, "period", PERIODS),
        since=_day(params, "since"),
        until=_day(params, "until"),
        sort=_one_of(params, "sort", SORTS) or "due",
    )


def as_params(filters: Filters) -> list[tuple[str, str]]:
    """Name and value of every field that narrows or differs from the default; the status always, so that no filter is an empty address."""
    pairs = [
        ("status", filters.status),
        ("lamp", filters.lamp),
        ("awaiting", "1" if filters.awaiting else ""),
        ("followed", "1" if filters.followed else ""),
        ("state", ",".join(filters.states)),
        ("q", filters.q),
        ("town", filters.town),
        ("village", _text(filters.village)),
        ("topic", filters.topic),
        ("unit", _text(filters.unit)),
        ("handler", _text(filters.handler)),
        ("urgency", _text(filters.urgency)),
        ("mark", filters.mark),
        ("period", filters.period),
        ("since", _text(filters.since)),
        ("until", _text(filters.until)),
        ("sort", filters.sort if filters.sort != "due" else ""),
    ]
    return [(name, value) for name, value in pairs if value]


def _one_of(params: Params, name: str, known: Iterable[str]) -> str:
    value = params.get(name, "")
    return value if value in set(known) else ""


def _digits(params: Params, name: str, longest: int) -> str:
    value = params.get(name, "")
    return value if value.isascii() and value.isdigit() and len(value) <= longest else ""


def _code(params: Params, name: str, longest: int) -> str:
    """A code of a table: digits, with the letters a kind of case puts before its own («TJ03»)."""
    value = params.get(name, "")
    return value if value.isascii() and value.isalnum() and len(value) <= longest else ""


def _number(params: Params, name: str) -> int | None:
    value = params.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 12 else None


def _day(params: Params, name: str) -> date | None:
    """A day of this house's time; the ends of the calendar cannot be counted on from."""
    try:
        day = date.fromisoformat(params.get(name, ""))
    except ValueError:
        return None
    return day if 1900 <= day.year < 3000 else None


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def midnight(day: date) -> datetime:
    """The first instant of a day in the county's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True, slots=True)
class Condition:
    """A piece of WHERE over the alias `r` of `Reach`, with its parameters."""

    sql: str
    params: tuple[Any, ...] = ()


#: Classes of a kind with a list of its own begin with a letter: the indexes `reach_own_due` and `reach_own_opened` hold those cases alone.
OWN = Condition("r.topic_code >= 'A'")


def conditions(filters: Filters, scope: Scope) -> list[Condition]:
    """The filter as conditions on `Reach`, reader and paging excepted."""
    today = clock.today()
    found: list[Condition] = []
    if filters.status != "all":
        found.append(Condition("r.is_open" if filters.status == "open" else "NOT r.is_open"))
    found += by_lamp(filters.lamp, today)
    if filters.awaiting:
        found.append(awaiting(scope))
    if filters.followed:
        found.append(Condition("r.case_id IN (SELECT f.case_id FROM casework_follow f WHERE f.user_id = %s)", (scope.user.id,)))
    if filters.states:
        found.append(Condition("r.state = ANY(%s)", (list(filters.states),)))
    if filters.town:
        found.append(Condition("r.town_code = %s", (filters.town,)))
    if filters.village is not None:
        found.append(Condition("r.area_id = %s", (filters.village,)))
    if filters.topic:
        found += [OWN] if filters.topic[0].isalpha() else []
        found.append(Condition("r.topic_code LIKE %s", (filters.topic + "%",)))
    if filters.unit is not None:
        found.append(Condition("r.unit_id = %s", (filters.unit,)))
    if filters.handler is not None:
        found.append(Condition("r.handler_id = %s", (filters.handler,)))
    if filters.urgency is not None:
        found.append(Condition("r.urgency = %s", (filters.urgency,)))
    if filters.mark:
        found.append(Condition("r.marks @> ARRAY[%s]::varchar[]", (filters.mark,)))
    return found + _by_registration(filters, today)


#: Of the cases due today those whose hour has struck (`lamps.HOUR`): the list says so the minute the lamp does.
HOUR_PASSED = "EXISTS (SELECT FROM unnest(r.marks) said WHERE said BETWEEN %s AND %s)"


def by_lamp(lamp: str, today: date) -> list[Condition]:
    """The days a lamp stands for, of a limit in hours the minute; nothing for any other word."""
    hours = (f"{lamps.HOUR}00:00", lamps.by_the_hour(clock.now()))
    if lamp == "overdue":
        # Both ends are said: the index is left at today, and only who is due today is asked for the hour.
        return [Condition(f"r.due_on <= %s AND (r.due_on < %s OR {HOUR_PASSED})", (today, today, *hours))]
    if lamp == "today":
        return [Condition(f"r.due_on = %s AND NOT {HOUR_PASSED}", (today, *hours))]
    if lamp == "soon":
        return [Condition("r.due_on > %s AND r.warn_on <= %s", (today, today))]
    return []


def _by_registration(filters: Filters, today: date) -> list[Condition]:
    found = []
    if filters.period:
        found.append(Condition("r.opened_at >= %s", (midnight(today - timedelta(days=int(filters.period) - 1)),)))
    if filters.since:
        found.append(Condition("r.opened_at >= %s", (midnight(filters.since),)))
    if filters.until:
        found.append(Condition("r.opened_at < %s", (midnight(filters.until + timedelta(days=1)),)))
    return found


def awaiting(scope: Scope) -> Condition:
    """待我办理: the states that wait for one of the person's posts, at the unit the post must be held at."""
    people = [-reader for reader in scope.readers if reader < 0]
    centre_id = directory.current().centre_id
    parts: list[Condition] = []
    for kind in kinds.every():
        for item in kind.awaiting:
            units = [s.unit_id for s in scope.standings if s.role == item.role]
            if not units or (item.where == "centre" and centre_id not in units):
                continue
            sql = "r.state = ANY(%s)"
            params: list[Any] = [list(item.states)]
            if item.where == "holder":
                sql, params = f"{sql} AND r.unit_id = ANY(%s)", [*params, units]
            if item.is_personal:
                sql, params = f"{sql} AND (r.handler_id IS NULL OR r.handler_id = ANY(%s))", [*params, people]
            if item.mark:
                sql, params = f"{sql} AND r.marks @> ARRAY[%s]::varchar[]", [*params, item.mark]
            parts.append(Condition(f"({sql})", tuple(params)))
    if not parts:
        return Condition("FALSE")
    return Condition("(" + " OR ".join(p.sql for p in parts) + ")", tuple(v for p in parts for v in p.params))


def role_desks(scope: Scope, topic: str = "") -> list[kinds.Desk]:
    """The desks of the person's roles, each once; on a kind's own list those of that kind."""
    roles: frozenset[Role] = scope.roles
    return [desk for kind in kinds.listed(topic) for desk in kind.desks if desk.roles & roles]
