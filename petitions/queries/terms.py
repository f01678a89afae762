"""What the case page and the acts ask about extension, suspension and the simple procedure. Never writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from casework import deadlines, limits
from casework.models import Case, Deadline
from organisations import clock
from petitions import codes, rules
from petitions.models import Dispatch, Extension, Petition, Suspension, Task
from petitions.rules import SimpleFacts, State

if TYPE_CHECKING:
    from petitions.queries.case import CasePage


def simple_facts(case: Case, petition: Petition, *, mode: str, is_assigned: bool, task_count: int = 0) -> SimpleFacts:
    """What speaks for or against the simple procedure, as far as the rows say it (L-SIM-1, L-SIM-3)."""
    return SimpleFacts(
        purpose=petition.purpose,
        marks=frozenset(case.marks),
        flags=frozenset(petition.flags),
        is_assigned=is_assigned,
        is_reopened=petition.reopened > 0,
        mode=mode,
        task_count=task_count,
        headcount=case.headcount,
    )


def handling(held: CasePage) -> Deadline | None:
    """The matter's own limit, while it runs or stands still."""
    return next((row for row in held.deadlines if row.key in rules.EXTENDABLE and _runs(row)), None)


def asked(held: CasePage) -> Extension | None:
    """The extension that waits for the head."""
    running = {row.pk for row in held.deadlines if _runs(row)}
    return next((row for row in held.extensions if row.is_approved is None and row.deadline_id in running), None)


def suspended(held: CasePage) -> Suspension | None:
    """What the matter waits for now."""
    return next((row for row in held.suspensions if row.resumed_on is None), None)


def most_days(held: CasePage) -> int:
    """By how many days the matter's own limit may be lengthened, by the version it runs under."""
    deadline = handling(held)
    versions = limits.current().limits.get(deadline.key, ()) if deadline else ()
    return next((row.max_extension or 0 for row in versions if deadline and row.pk == deadline.limit_id), 0)


def is_timely(code: str, held: CasePage) -> bool:
    """What the action would refuse for a reason already on the page is not offered."""
    today = clock.today()
    if code == "ask_extension":
        deadline = handling(held)
        is_open = deadline is not None and deadline.due_on >= today and most_days(held) > 0
        return is_open and all(row.is_approved is False for row in held.extensions if deadline and row.deadline_id == deadline.pk)
    if code in ("approve_extension", "refuse_extension"):
        if asked(held) is None:
            return False
        deadline = handling(held)
        return code == "refuse_extension" or (deadline is not None and deadline.due_on >= today)
    if code == "accept_simple":
        return not why_not_simple(held)
    return True


def why_not_simple(held: CasePage) -> str:
    """The exclusion that stands against the simple procedure, or that its three working days are over; "" where it is open."""
    sent = held.dispatch
    if sent is None:
        return "本件没有转办。"
    tasks = sum(1 for task in held.tasks if task.state != Task.State.CANCELLED)
    facts = simple_facts(held.case, held.petition, mode=sent.mode, is_assigned=sent.duty == Dispatch.Duty.ASSIGN, task_count=tasks)
    against = rules.why_not_simple(facts)
    if against:
        return against
    until = simple_until(held)
    return f"决定简易受理的期限已于{until:%-m月%-d日}届满。" if until is not None and until < clock.today() else ""


def simple_until(held: CasePage) -> date | None:
    """The last day to choose the simple way."""
    return next((row.due_on for row in held.deadlines if row.key == "pet.simple_accept" and _runs(row)), None)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the case page says about its limits beyond the list of them."""

    handling: Deadline | None
    asked: Extension | None
    new_due_on: date | None
    is_asked_late: bool
    decided: list[Extension]
    suspended: Suspension | None
    suspended_days: int
    is_suspended_long: bool
    past: list[Suspension]
    simple_ground: str
    simple_late_days: int
    not_simple: str
    simple_until: date | None
    unaccepted_since: date | None
    unaccepted_until: date | None


def terms(held: CasePage) -> Terms:
    """Extension, suspension, simple procedure and 超期未受理 of one case; from rows already read."""
    case, petition, today = held.case, held.petition, clock.today()
    waiting, still, own = asked(held), suspended(held), handling(held)
    simple = next((row for row in held.deadlines if row.key == "pet.simple_handle" and _runs(row)), None)
    notice = next((row for row in held.deadlines if row.key == "pet.notify_forwarded" and _runs(row)), None)
    is_unaccepted = notice is not None and notice.due_on < today and case.state in (State.ROUTED, State.SIGNED, State.OBJECTED)
    return Terms(
        handling=own,
        asked=waiting,
        new_due_on=own.due_on + timedelta(days=waiting.days) if waiting and own else None,
        is_asked_late=waiting is not None and own is not None and own.due_on < today,
        decided=[row for row in held.extensions if row.is_approved is not None],
        suspended=still,
        suspended_days=(today - still.from_on).days if still else 0,
        is_suspended_long=still is not None and still.expected_until_on is not None and still.expected_until_on < today,
        past=[row for row in held.suspensions if row.resumed_on is not None],
        simple_ground=codes.SIMPLE_GROUNDS.label(petition.simple_ground) if petition.simple_ground else "",
        simple_late_days=(today - simple.due_on).days if simple and simple.due_on < today else 0,
        not_simple=why_not_simple(held) if case.state == State.SIGNED else "",
        simple_until=simple_until(held),
        unaccepted_since=notice.due_on if notice and is_unaccepted else None,
        # L-PET-20: the 60 days run from the last day of the notice, whether or not it is ever given.
        unaccepted_until=deadlines.preview(rules.handling_key(petition.purpose), notice.due_on).due_on if notice and is_unaccepted else None,
    )


def _runs(row: Deadline) -> bool:
    return row.met_on is None and row.dropped_on is None
