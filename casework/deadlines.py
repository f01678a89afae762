"""Due dates as stored facts. `turn` starts and stops them; `extend`, `suspend`, `resume` and `exclude` move them.

A limit counts from an event's date by the version of the setting valid on that date; later changes of the setting
never move it (L-CUR-7). What moves it afterwards is an event of its own, and the stored dates are always what
`reckoning.reckon` makes of setting, start and events (`manage.py check_deadlines`). The case row carries the nearest
running duty, because every list sorts by it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from casework import escalation, folders, lamps, limits, reckoning, reminders
from casework.calendar import Calendar
from casework.models import Case, Deadline, DeadlineEvent, Limit
from casework.rules import NotAllowed
from organisations import clock
from organisations.scope import Standing


@dataclass(frozen=True, slots=True)
class Start:
    """A limit that begins to run. `due_on` is given only for limits «as set» (a promise, a report term, a task).

    `base_at` is the moment a limit in hours runs from. `item` is the row it belongs to, where a unit may owe several of a kind.
    """

    key: str
    base_on: date
    base_event: str
    unit_id: int | None = None
    due_on: date | None = None
    base_at: datetime | None = None
    item: int = 0


def turn(
    case: Case,
    *,
    on: date,
    meet: Collection[str] = (),
    drop: Collection[str] = (),
    start: Collection[Start] = (),
) -> list[Deadline]:
    """Meet, drop and start limits on the case, and put the nearest running duty on the case row (caller saves).

    `meet` and `drop` are limit keys; keys that do not run are ignored, so that an act need not know the past.
    Returns the running deadlines.
    """
    running = _stop(case, on, meet, drop)
    # A restart of the same limit for the same unit replaces the one that ran (a second dispatch, a new task term).
    started = [_start(case, item) for item in start]
    replaced = [d for d in running if any((d.key, d.unit_id, d.item) == (s.key, s.unit_id, s.item) for s in started)]
    for deadline in replaced:
        deadline.dropped_on = on
    for deadline in replaced:
        folders.change(case, deadline, "dropped_on")
    running = [d for d in running if d not in replaced]
    if started:
        folders.add(case, *started)
    running += started
    settle(case, running)
    return running


#: Nobody was told in time whether the matter is taken: 超期未受理, until it is (L-PET-20).
NOTICE_OF_ACCEPTANCE = frozenset({"pet.notify_forwarded", "pet.notify_direct"})


def settle(case: Case, running: Collection[Deadline]) -> None:
    """Put the nearest running duty on the case row; nothing on a closed one, nor while all of them stand still."""
    duties = [d for d in running if d.is_duty] if case.closed_at is None else []
    nearest = min((d for d in duties if d.suspended_on is None), key=_ends, default=None)
    if nearest is None:
        case.due_on, case.due_key, case.warn_on = None, "", None
    else:
        case.due_on, case.due_key, case.warn_on = nearest.due_on, nearest.key, nearest.warn_on
    _mark(case, lamps.SUSPENDED, is_on=any(d.suspended_on for d in duties))
    _mark(case, lamps.PROVISIONAL, is_on=nearest is not None and nearest.is_provisional)
    _mark(case, lamps.UNACCEPTED, is_on=any(d.key in NOTICE_OF_ACCEPTANCE and d.due_on < clock.today() for d in duties))
    said = lamps.by_the_hour(nearest.due_at) if nearest is not None and nearest.due_at is not None else ""
    for mark in [mark for mark in case.marks if mark.startswith(lamps.HOUR) and mark != said]:
        _mark(case, mark, is_on=False)
    if said:
        _mark(case, said, is_on=True)


def _ends(deadline: Deadline) -> tuple[date, bool, float, str]:
    """Which of two limits ends first; on one day the one with an hour, of two hours the earlier."""
    at = deadline.due_at
    return deadline.due_on, at is None, at.timestamp() if at else 0.0, deadline.key


def take_back(case: Case, *, started: Collection[int], met: Collection[str], on: date) -> None:
    """An act taken back at once: what it started never ran, what it met runs on as it did (caller saves the case).

    `started` are ids; `met` keys of limits met on that day. No due date moves: none was moved.
    """
    Deadline.objects.filter(case=case, pk__in=started, met_on=None, dropped_on=None).delete()
    for key in met:
        again = Deadline.objects.filter(case=case, key=key, met_on=on).order_by("-pk").first()
        if again is not None:
            again.met_on = again.met_at = None
            again.save(update_fields=["met_on", "met_at"])
    settle(case, list(_running(case)))


def meet_item(case: Case, key: str, item: int, *, on: date) -> None:
    """The duty of that one row is done; others of its kind and unit run on (caller saves the case)."""
    _running(case).filter(key=key, item=item).update(met_on=on)
    settle(case, list(_running(case)))


def running_keys(case: Case) -> set[str]:
    return set(_running(case).values_list("key", flat=True))


def preview(key: str, base_on: date) -> Deadline:
    """What the limit would be if it started on that day: the register page says it before saving."""
    return _start(Case(), Start(key, base_on, ""))


def build(case: Case, start: Collection[Start]) -> list[Deadline]:
    """The rows of limits that begin with the case itself, not saved; the nearest duty is put on the case row."""
    rows = [_start(case, item) for item in start]
    settle(case, rows)
    return rows


# -- what moves a due date ------------------------------------------------------------------------------------------------------------------


def extend(case: Case, deadline: Deadline, *, days: int, reason: str, cites: str, by: Standing, at: datetime) -> Deadline:
    """Lengthen one running limit by `days` of its own unit, once, before it ends (L-PET-21, L-PET-22). Caller saves the case.

    Raises NotAllowed: the limit knows no extension (L-PET-23), it is too long, the second one, or too late.
    """
    running = _moving(case)
    held = next((d for d in running if d.pk == deadline.pk), None)
    if held is None:
        raise NotAllowed("这个期限已经完成或不再计算，不能延期。", code="not_running")
    check_extension(held, held.events.all(), days, timezone.localdate(at))
    _happen([held], DeadlineEvent.Kind.EXTENDED, on=timezone.localdate(at), days=days, reason=reason, cites=cites, by=by, at=at)
    settle(case, running)
    return held


def check_extension(deadline: Deadline, events: Iterable[DeadlineEvent], days: int, today: date) -> None:
    """Whether this limit may be lengthened by so many days today. Raises NotAllowed."""
    most = deadline.limit.max_extension
    if not most:
        raise NotAllowed(f"“{deadline.name}”依法不能延期。", code="no_extension")
    if not 1 <= days <= most:
        raise NotAllowed(f"延长期限不得超过{most}{_unit_words(deadline)}（{deadline.limit.cites}），请填 1 至 {most}。", code="too_long", status=422)
    if any(event.kind == DeadlineEvent.Kind.EXTENDED for event in events):
        raise NotAllowed("本期限已经延长过一次，依法不能再次延期。", code="extended_before")
    if deadline.suspended_on is not None:
        raise NotAllowed("本件正在中止，期限没有在走，恢复以后再申请延期。", code="suspended")
    if deadline.due_on < today:
        raise NotAllowed(f"原期限已于{deadline.due_on:%Y年%-m月%-d日}届满，届满以后不能再延期。", code="extended_late")


def suspend(case: Case, *, on: date, reason: str, cites: str, by: Standing, at: datetime, keys: Collection[str] | None = None) -> list[Deadline]:
    """The running duties stand still from `on` (that day is not counted) until `resume`; `keys` narrows to those limits.

    A duty that is late already stays late. Returns what stands still; caller saves the case. Raises NotAllowed.
    """
    running = _moving(case)
    duties = [d for d in running if d.is_duty and d.suspended_on is None and (keys is None or d.key in keys)]
    if not duties:
        raise NotAllowed("现在没有正在计算的期限，不需要中止。", code="nothing_runs")
    if on > timezone.localdate(at):
        raise NotAllowed("中止日期不能晚于今天。", code="future", status=422)
    still = [d for d in duties if d.due_on >= on]
    if not still:
        raise NotAllowed("期限在中止日期之前已经届满，不能中止。", code="over_due")
    if any(event.on > on or (event.until_on or on) > on for d in still for event in d.events.all()):
        raise NotAllowed("中止日期不能早于上一次延期、中止或不计入期限的日期。", code="before_event", status=422)
    if any(d.base_on > on for d in still):
        raise NotAllowed("中止日期不能早于期限起算的日期。", code="before_start", status=422)
    _happen(still, DeadlineEvent.Kind.SUSPENDED, on=on, reason=reason, cites=cites, by=by, at=at)
    settle(case, running)
    return still


def resume(case: Case, *, on: date, by: Standing, at: datetime, reason: str) -> list[Deadline]:
    """What stands still runs on from `on` (that day is counted). Returns it; caller saves the case. Raises NotAllowed."""
    running = _moving(case)
    still = [d for d in running if d.suspended_on is not None]
    if not still:
        raise NotAllowed("本件没有中止的期限，不需要恢复。", code="not_suspended")
    if on > timezone.localdate(at):
        raise NotAllowed("恢复日期不能晚于今天。", code="future", status=422)
    if any(on < d.suspended_on for d in still if d.suspended_on):
        raise NotAllowed("恢复日期不能早于中止日期。", code="before_event", status=422)
    _happen(still, DeadlineEvent.Kind.RESUMED, on=on, reason=reason, cites="", by=by, at=at)
    settle(case, running)
    return still


def exclude(case: Case, key: str, *, from_on: date, until_on: date, reason: str, cites: str, by: Standing, at: datetime) -> list[Deadline]:
    """The days from `from_on` to `until_on`, both included, do not count for the running limit `key` (hearing, L-TIME-7).

    Days outside the term change nothing. Returns what was moved; caller saves the case. Raises NotAllowed.
    """
    running = _moving(case)
    found = [d for d in running if d.key == key]
    if not found:
        raise NotAllowed("这个期限没有在计算，不能扣除时间。", code="not_running")
    if until_on < from_on:
        raise NotAllowed("扣除时间的止日不能早于起日。", code="period", status=422)
    _happen(found, DeadlineEvent.Kind.EXCLUDED, on=from_on, until_on=until_on, reason=reason, cites=cites, by=by, at=at)
    settle(case, running)
    return found


def apply(deadline: Deadline, moves: Sequence[reckoning.Move], calendar: Calendar, since: date) -> None:
    """Put on the row what follows from its events. Everything that moves a due date ends here.

    `since` is the day from which the dates are known: nobody is reminded of days before it.
    """
    found = reckoning.reckon(calendar, deadline.limit, deadline.base_on, deadline.given_on, moves, base_at(deadline))
    is_moved = deadline.pk is None or (found.due_on, found.suspended_on) != (deadline.due_on, deadline.suspended_on)
    deadline.due_on, deadline.first_due_on, deadline.rolled_on = found.due_on, found.first_due_on, found.rolled_on
    deadline.is_provisional, deadline.suspended_on, deadline.due_at = found.provisional, found.suspended_on, found.due_at
    deadline.warn_on = warn_on(deadline.limit, found.due_on)
    deadline.counted_by = calendar.change
    if not is_moved:
        return
    is_still = found.suspended_on is not None
    deadline.remind_on = None if is_still else reminders.first_day(deadline.limit, found.due_on, since)
    deadline.card_on = None if is_still else escalation.first_day(deadline.limit, found.due_on)


def base_at(deadline: Deadline) -> datetime | None:
    """The moment a limit in hours runs from, by the clock on the wall."""
    return None if deadline.base_at is None else timezone.localtime(deadline.base_at)


def warn_on(limit: Limit, due_on: date) -> date:
    """From when the lamp is amber."""
    return due_on - timedelta(days=max(limit.warn_days, default=0))


#: The columns `apply` writes.
MOVED = ("due_on", "first_due_on", "rolled_on", "is_provisional", "suspended_on", "due_at", "warn_on", "remind_on", "card_on", "counted_by")


def _happen(
    deadlines: Collection[Deadline],
    kind: DeadlineEvent.Kind,
    *,
    on: date,
    reason: str,
    cites: str,
    by: Standing,
    at: datetime,
    until_on: date | None = None,
    days: int | None = None,
) -> None:
    events = [
        DeadlineEvent(deadline=d, kind=kind, on=on, until_on=until_on, days=days, reason=reason, cites=cites, by_id=by.user_id, at=at)
        for d in deadlines
    ]
    escalation.catch_up(deadlines, timezone.localdate(at), at)
    DeadlineEvent.objects.bulk_create(events)
    calendar = limits.current().calendar
    for deadline, event in zip(deadlines, events, strict=True):
        apply(deadline, [*deadline.events.all(), event], calendar, timezone.localdate(clock.entered(at)))
    Deadline.objects.bulk_update(deadlines, MOVED)


def _moving(case: Case) -> list[Deadline]:
    """What runs on the case, with settings and events: two statements."""
    return list(_running(case).select_related("limit").prefetch_related("events"))


def _unit_words(deadline: Deadline) -> str:
    return "个工作日" if deadline.limit.unit == "working" else "日"


def _mark(case: Case, code: str, *, is_on: bool) -> None:
    if is_on != (code in case.marks):
        case.marks = [*case.marks, code] if is_on else [mark for mark in case.marks if mark != code]


def _running(case: Case):
    return Deadline.objects.filter(case=case, met_on=None, dropped_on=None)


def _stop(case: Case, on: date, meet: Collection[str], drop: Collection[str]) -> list[Deadline]:
    """Meet and drop in one statement, which also returns what runs on."""
    if folders.current() is not None:
        return _stop_in_folder(case, on, meet, drop)
    if not meet and not drop:
        return list(_running(case))
    rows = Deadline.objects.raw(
        "UPDATE casework_deadline SET met_on = CASE WHEN key = ANY(%(meet)s::text[]) THEN %(on)s::date END, "
        "met_at = CASE WHEN key = ANY(%(meet)s::text[]) AND due_at IS NOT NULL THEN %(now)s END, "
        "dropped_on = CASE WHEN key = ANY(%(drop)s::text[]) AND NOT key = ANY(%(meet)s::text[]) THEN %(on)s::date END "
        "WHERE case_id = %(case)s AND met_on IS NULL AND dropped_on IS NULL RETURNING *",
        {"case": case.pk, "on": on, "now": clock.now(), "meet": list(meet), "drop": list(drop)},
    )
    return [row for row in rows if row.met_on is None and row.dropped_on is None]


def _stop_in_folder(case: Case, on: date, meet: Collection[str], drop: Collection[str]) -> list[Deadline]:
    """The same on a case that is not in the database yet."""
    running = folders.rows_of(case, Deadline, met_on=None, dropped_on=None)
    for deadline in running:
        if deadline.key in meet:
            deadline.met_on, deadline.met_at = on, clock.now() if deadline.due_at else None
        elif deadline.key in drop:
            deadline.dropped_on = on
    return [row for row in running if row.met_on is None and row.dropped_on is None]


def _start(case: Case, item: Start) -> Deadline:
    settings = limits.current()
    limit = settings.limit(item.key, item.base_on)
    deadline = Deadline(
        case=case,
        key=item.key,
        name=limit.name,
        limit=limit,
        unit_id=item.unit_id,
        item=item.item,
        is_duty=limit.is_duty,
        base_on=item.base_on,
        base_at=item.base_at if limit.unit == Limit.Unit.HOURS else None,
        base_event=item.base_event,
        given_on=item.due_on if limit.n is None or limit.unit == Limit.Unit.SET else None,
    )
    # A ledger taken in today holds starts of years ago; nobody is reminded of what was due before it was known here.
    apply(deadline, (), settings.calendar, timezone.localdate(clock.entered(clock.now())))
    return deadline


# -- what passes by itself ------------------------------------------------------------------------------------------------------------------

_PASSED = """
WITH late AS (
    SELECT c.id FROM casework_case c
    WHERE c.closed_at IS NULL AND NOT c.marks @> ARRAY[%(mark)s]::varchar[] AND EXISTS (
        SELECT FROM casework_deadline d WHERE d.case_id = c.id AND d.key = ANY(%(keys)s) AND d.is_duty AND d.due_on < %(today)s
           AND d.met_on IS NULL AND d.dropped_on IS NULL AND d.suspended_on IS NULL)
    LIMIT %(most)s FOR NO KEY UPDATE OF c SKIP LOCKED
)
UPDATE casework_case c SET marks = c.marks || %(mark)s::varchar FROM late WHERE c.id = late.id
"""
#: Cases marked in one transaction.
BATCH = 500


def mark_unaccepted() -> int:
    """Tag the cases whose notice of acceptance is late since midnight (L-PET-20); `settle` takes the tag off. Returns how many.

    A tag is no act: version and history stay.
    """
    values: dict[str, Any] = {"mark": lamps.UNACCEPTED, "keys": sorted(NOTICE_OF_ACCEPTANCE), "today": clock.today(), "most": BATCH}
    marked = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_PASSED, values)
            found = cursor.rowcount
        marked += found
        if not found:
            return marked
