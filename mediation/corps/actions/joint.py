"""站办联动: what is done together with the justice office, the court, discipline (MED-15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from mediation.corps import scope
from mediation.corps.actions import writing
from mediation.models import Activity
from organisations import clock
from organisations.models import AccessEntry
from organisations.rules import NotAllowed
from organisations.scope import Scope


@dataclass(frozen=True, slots=True)
class Meeting:
    """Something done together with another body."""

    kind: str
    unit_id: int
    on: date
    place: str
    partner: str
    participants: str
    outcome: str
    people_count: int | None = None


@transaction.atomic
def record_activity(meeting: Meeting, *, by: Scope) -> Activity:
    """Write a joint activity down (MED-15). Raises NotAllowed."""
    scope.keeper_at(by, meeting.unit_id)
    if meeting.on > clock.today():
        raise NotAllowed("日期不能晚于今天。", code="future", status=422)
    made = Activity.objects.create(
        kind=meeting.kind,
        unit_id=meeting.unit_id,
        on=meeting.on,
        place=meeting.place,
        partner=meeting.partner,
        participants=meeting.participants,
        people_count=meeting.people_count,
        outcome=meeting.outcome,
        by=by.user,
        at=clock.now(),
    )
    writing.log_row(AccessEntry.Event.APPOINT, "activity", made.pk, f"{made.get_kind_display()} {made.partner}", by, meeting.unit_id, "站办联动")
    return made
