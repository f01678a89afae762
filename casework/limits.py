"""The limits in force and the working-day calendar, as each process holds them; and what is done to them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Max

from casework.calendar import Calendar, shipped_rows
from casework.models import CalendarChange, Holiday, Limit, OfficeHours
from casework.rules import NotAllowed
from organisations import access, clock
from organisations.models import AccessEntry
from organisations.roles import Role
from organisations.rules import check_holds
from organisations.scope import Scope
from organisations.snapshots import Snapshot

#: 条例 in force; older imported matters are counted by the same limits.
FIRST_DAY = date(2000, 1, 1)


@dataclass(frozen=True)
class Settings:
    calendar: Calendar
    limits: dict[str, tuple[Limit, ...]]
    hours: tuple[OfficeHours, ...] = ()

    def hours_on(self, on: date) -> OfficeHours:
        """The office hours of that day; the usual ones (L-CAL-6) where the county has set none."""
        return next((row for row in self.hours if row.valid_from <= on), OfficeHours(valid_from=FIRST_DAY))

    def limit(self, key: str, on: date) -> Limit:
        """The version of the limit valid on that day. Raises KeyError: a missing limit is a broken installation."""
        for limit in self.limits[key]:
            if limit.valid_from <= on and (limit.valid_until is None or on <= limit.valid_until):
                return limit
        raise KeyError(f"no version of {key} is valid on {on}")

    def length(self, key: str, on: date) -> str:
        """«60日», «5个工作日»: how long the limit that starts on that day is, for pages and papers."""
        limit = self.limit(key, on)
        if limit.n is None:
            return limit.get_unit_display()
        return f"{limit.n}{'个' if limit.unit == Limit.Unit.WORKING else ''}{limit.get_unit_display()}"


def read_calendar() -> Calendar:
    """The calendar as the database has it now. A year is settled by the State Council's table alone: an own closing day settles none."""
    # The number first: a change that lands between the two statements is then counted once more, never missed.
    change = last_change()
    days = list(Holiday.objects.all())
    published = [day for day in days if day.source == Holiday.Source.STATE]
    return Calendar(
        off=frozenset(day.day for day in days if day.is_off),
        worked=frozenset(day.day for day in days if not day.is_off),
        years=frozenset(day.day.year for day in published if day.is_off and (day.day.month, day.day.day) == (10, 1)),
        names={day.day: day.name for day in days},
        change=change,
    )


def last_change() -> int:
    """The number of the newest change of the calendar; 0 before the first. They come one after another (`almanac`)."""
    return CalendarChange.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _read() -> Settings:
    limits: dict[str, list[Limit]] = {}
    for limit in Limit.objects.order_by("key", "-valid_from"):
        limits.setdefault(limit.key, []).append(limit)
    return Settings(
        calendar=read_calendar(),
        limits={key: tuple(found) for key, found in limits.items()},
        hours=tuple(OfficeHours.objects.order_by("-valid_from")),
    )


_snapshot = Snapshot("limits", _read)
current = _snapshot.current
changed = _snapshot.changed
forget = _snapshot.forget


def load_defaults() -> None:
    """Put the limits and holidays that ship with the project into an empty database (L-PET-T1, L-CAL-3).

    Rows that exist are left alone: a county's own settings are never overwritten.
    """
    known = set(Limit.objects.values_list("key", flat=True))
    rows = json.loads((Path(__file__).parent / "data" / "limits.json").read_text(encoding="utf-8"))
    Limit.objects.bulk_create(
        Limit(
            key=row["key"],
            name=row["name"],
            n=row["n"],
            unit=row["unit"],
            base=row["base"],
            who=row["who"],
            roll=row["roll"],
            is_duty=row["is_duty"],
            warn_days=row["warn_days"],
            max_extension=row["max_extension"] or None,
            cites=row["cites"],
            is_verified=row["verified"],
            valid_from=FIRST_DAY,
        )
        for row in rows
        if row["key"] not in known
    )
    Holiday.objects.bulk_create(
        [Holiday(day=day, is_off=is_off, name=name) for day, is_off, name in shipped_rows()],
        ignore_conflicts=True,
    )
    changed()


# -- a new version of a limit ---------------------------------------------------------------------------------------------------------------

#: Said by another setting: how long an extension may be stands with each limit that knows one.
SAID_ELSEWHERE = frozenset({"pet.extend"})
#: The longest a limit may be, in its unit: ten years of days.
LONGEST = {"calendar": 3_650, "working": 2_500, "month": 120, "hours": 720}
LONGEST_EXTENSION = 366
MOST_WARNINGS = 10


@dataclass(frozen=True, slots=True)
class Terms:
    """What can be set about a limit. What starts it, whom it binds and its key belong to the program."""

    n: int | None
    unit: str
    roll: str
    warn_days: tuple[int, ...]
    max_extension: int | None
    cites: str
    is_verified: bool

    @classmethod
    def of(cls, limit: Limit) -> Terms:
        return cls(limit.n, limit.unit, limit.roll, tuple(limit.warn_days), limit.max_extension, limit.cites, limit.is_verified)


def check_terms(limit: Limit, terms: Terms) -> None:
    """Whether these can be the terms of that limit. Raises NotAllowed with the sentence the page shows."""
    if limit.key in SAID_ELSEWHERE:
        raise _wrong("延期的上限在各个期限的“最长延期”里设置，这一行只供查阅。")
    was_set, is_set = limit.unit == Limit.Unit.SET, terms.unit == Limit.Unit.SET
    if was_set != is_set:
        word = "由承办时逐件定明日期" if was_set else "从起算之日数出来"
        raise _wrong(f"“{limit.name}”{word}，不能改成另一种算法。")
    if is_set and terms.n is not None:
        raise _wrong("“按交办要求”的期限逐件定明日期，不填长度。")
    if not is_set and (terms.n is None or not 0 <= terms.n <= LONGEST[terms.unit]):
        raise _wrong(f"长度应为 0 至 {LONGEST[terms.unit]} 的整数（{Limit.Unit(terms.unit).label}）。")
    if limit.is_duty and terms.roll == "forward":
        raise _wrong("这是机关自己的办理期限，末日逢节假日也不顺延；只有群众的权利期限才顺延。")
    if terms.unit == Limit.Unit.WORKING and terms.roll == "forward":
        raise _wrong("按工作日计算的期限，末日一定是工作日，不需要顺延。")
    if terms.max_extension is not None and not 1 <= terms.max_extension <= LONGEST_EXTENSION:
        raise _wrong(f"最长延期应为 1 至 {LONGEST_EXTENSION}；依法不能延期的请留空。")
    if len(terms.warn_days) > MOST_WARNINGS or len(set(terms.warn_days)) != len(terms.warn_days):
        raise _wrong(f"提醒日不能重复，最多 {MOST_WARNINGS} 个。")
    longest = 3_650 if terms.n is None or terms.unit != Limit.Unit.CALENDAR else terms.n
    if any(not 0 <= day <= longest for day in terms.warn_days):
        raise _wrong(f"提醒日是到期前的天数，应在 0 至 {longest} 之间，不能比期限还长。")
    if not terms.cites.strip():
        raise _wrong("请写明依据：哪部法规第几条，或者“本中心规定”。")


@transaction.atomic
def amend(key: str, terms: Terms, *, valid_from: date, reason: str, by: Scope) -> Limit:
    """A new version of the limit, valid from today or later; the old one stays for what started under it (L-CUR-7).

    Raises NotAllowed; Limit.DoesNotExist for a key that is not there.
    """
    check_holds(by.roles, Role.SYSTEM_ADMIN)
    terms = replace(terms, warn_days=tuple(sorted(terms.warn_days, reverse=True)), cites=terms.cites.strip())
    latest = Limit.objects.select_for_update().filter(key=key).order_by("-valid_from").first()
    if latest is None:
        raise Limit.DoesNotExist
    check_terms(latest, terms)
    if valid_from < clock.today():
        raise _wrong("新版本只能从今天或以后施行，不能改变已经过去的日子。")
    if valid_from <= latest.valid_from:
        raise _wrong(f"已有自{latest.valid_from:%Y年%-m月%-d日}起施行的版本，新版本须更晚施行，或者先撤销那个版本。")
    if terms == Terms.of(latest):
        raise _wrong("没有改动，不需要新版本。")
    before = Terms.of(latest)
    latest.valid_until = valid_from - timedelta(days=1)
    latest.save(update_fields=["valid_until"])
    made = Limit.objects.create(
        key=key,
        name=latest.name,
        base=latest.base,
        who=latest.who,
        is_duty=latest.is_duty,
        n=terms.n,
        unit=terms.unit,
        roll=terms.roll,
        warn_days=list(terms.warn_days),
        max_extension=terms.max_extension,
        cites=terms.cites,
        is_verified=terms.is_verified,
        valid_from=valid_from,
        set_by=by.user,
        set_at=clock.now(),
        reason=reason,
    )
    changed()
    _log(by, made, f"新版本，自 {valid_from} 起", reason, _changes(before, terms))
    return made


@transaction.atomic
def withdraw(pk: int, *, reason: str, by: Scope) -> Limit:
    """Take back a version that has not begun yet; the one before it goes on. Returns that one. Raises NotAllowed."""
    check_holds(by.roles, Role.SYSTEM_ADMIN)
    limit = Limit.objects.select_for_update().get(pk=pk)
    before = Limit.objects.select_for_update().filter(key=limit.key, valid_from__lt=limit.valid_from).order_by("-valid_from").first()
    if limit.valid_from <= clock.today() or before is None:
        raise NotAllowed("这个版本已经施行，不能撤销，只能再定新版本。", code="in_force")
    before.valid_until = limit.valid_until
    before.save(update_fields=["valid_until"])
    limit.delete()
    changed()
    _log(by, before, f"撤销自 {limit.valid_from} 起的版本", reason, {})
    return before


def _wrong(sentence: str) -> NotAllowed:
    return NotAllowed(sentence, code="terms", status=422)


def _changes(was: Terms, now: Terms) -> dict[str, str]:
    words = {
        "n": "长度",
        "unit": "单位",
        "roll": "顺延",
        "warn_days": "提醒日",
        "max_extension": "最长延期",
        "cites": "依据",
        "is_verified": "已核定",
    }
    return {label: f"{getattr(was, name)} → {getattr(now, name)}" for name, label in words.items() if getattr(was, name) != getattr(now, name)}


def _log(by: Scope, limit: Limit, what: str, reason: str, detail: dict[str, str]) -> None:
    access.log(
        AccessEntry.Event.POLICY,
        user=by.user,
        unit_id=by.home.unit_id if by.home else None,
        object_type="limit",
        object_id=limit.key,
        object_label=f"期限：{limit.name}，{what}",
        ground=reason,
        detail=detail,
    )
