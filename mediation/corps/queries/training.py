"""Training, meetings, hearings, and what each mediator lacks of them (MED-12)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from mediation.corps import norms, rules, scope
from mediation.corps.queries.asked import whole
from mediation.corps.queries.staffing import STAFF
from mediation.models import Attended, Mediator, Training
from organisations import clock
from organisations.scope import Scope


@dataclass(frozen=True, slots=True)
class Learner:
    """One person's year: days of training against what is owed, and how often they came to the rest."""

    mediator: Mediator
    days: Decimal
    short_by: Decimal
    meetings: int
    observations: int
    hearings: int


def read_year(data: Mapping[str, str]) -> int:
    """The year asked for, of the last ten; this one if none."""
    asked, this = whole(data.get("year", "")), clock.today().year
    return asked if asked is not None and this - 10 <= asked <= this else this


def trainings(by: Scope) -> QuerySet[Training]:
    """What was held by units in scope, and what people in scope went to."""
    there = Attended.objects.filter(training=OuterRef("pk"), mediator__in=scope.visible(by))
    return Training.objects.filter(Q(unit__in=scope.visible_units(by)) | Exists(there)).select_related("unit").annotate(came=Count("attendance"))


def learners(by: Scope, year: int) -> list[Learner]:
    """The mediators in office on the last day of the year that has come, by unit: no ranking. Worthies and officials owe no days."""
    day = min(clock.today(), date(year, 12, 31))
    measures = norms.on(day)
    rows = Attended.objects.filter(training__on__year=year, mediator__in=scope.visible(by))
    added = rows.order_by().values_list("mediator", "training__kind").annotate(Sum("days"), Count("pk"))
    held: dict[int, dict[str, tuple[Decimal, int]]] = defaultdict(dict)
    for person_id, kind, days, times in added:
        held[person_id][kind] = (days, times)
    none = (Decimal(0), 0)
    found = []
    for mediator in scope.visible(by).serving(day).filter(kind__in=STAFF).select_related("unit"):
        own = held.get(mediator.pk, {})
        days = own.get(Training.Kind.COURSE, none)[0]
        times = {kind: own.get(kind, none)[1] for kind in Training.Kind.values}
        found.append(
            Learner(
                mediator,
                days,
                rules.short_by(measures, days),
                times[Training.Kind.MEETING],
                times[Training.Kind.OBSERVATION],
                times[Training.Kind.HEARING],
            )
        )
    return found
