"""Training, meetings, cases observed and hearings attended, with who came for how long (MED-12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import transaction

from mediation.corps import rules, scope
from mediation.corps.actions import writing
from mediation.models import Attended, Training
from organisations import clock
from organisations.models import AccessEntry
from organisations.rules import NotAllowed
from organisations.scope import Scope


@dataclass(frozen=True, slots=True)
class Lesson:
    """A training, meeting, case observed or hearing attended; `attended`: days by person."""

    kind: str
    name: str
    on: date
    days: Decimal
    place: str
    unit_id: int
    teacher: str = ""
    attended: Mapping[int, Decimal] = field(default_factory=dict)


@transaction.atomic
def hold_training(lesson: Lesson, *, by: Scope) -> Training:
    """Write down what was held and who came (L-MED-2, MED-12). Raises NotAllowed."""
    scope.keeper_at(by, lesson.unit_id)
    if lesson.on > clock.today():
        raise NotAllowed("日期不能晚于今天：登记的是已经举办的培训。", code="future", status=422)
    rules.check_attendance(lesson.days, lesson.attended.values())
    known = set(scope.visible(by).filter(pk__in=lesson.attended).values_list("pk", flat=True))
    if known != set(lesson.attended):
        raise NotAllowed("名单里有不在您管理范围内的人员。", code="outside", status=422)
    made = Training.objects.create(
        kind=lesson.kind,
        name=lesson.name,
        on=lesson.on,
        days=lesson.days,
        place=lesson.place,
        teacher=lesson.teacher,
        unit_id=lesson.unit_id,
        by=by.user,
        at=clock.now(),
    )
    Attended.objects.bulk_create(Attended(training=made, mediator_id=person, days=days) for person, days in sorted(lesson.attended.items()))
    label = f"{made.get_kind_display()} {made.name}"
    writing.log_row(AccessEntry.Event.APPOINT, "training", made.pk, label, by, lesson.unit_id, f"{len(lesson.attended)} 人参加")
    return made
