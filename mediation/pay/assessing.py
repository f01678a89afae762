"""年度考核: how a mediator did in a year, from the records the county keeps, as the station's head judged it (MED-12, MED-13)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from casework.rules import NotAllowed
from mediation.models import Attended, Dispute, Duty, Mediating, Mediator, YearAssessment
from mediation.pay import actions, queries
from organisations import clock
from organisations.scope import Scope

#: The first year whose records can be asked for.
FIRST_YEAR = 2010


def facts(person: Mediator, year: int) -> dict[str, Any]:
    """The year's figures: disputes mediated, agreed among them, days of training, duties. Four statements."""
    own = Q(mediator=person) | (Q(user=person.user_id) if person.user_id else Q(mediator=None, user=None, name=person.name, unit=person.unit_id))
    mediated = Mediating.objects.filter(own, since_on__year__lte=year).filter(Q(until_on=None) | Q(until_on__year__gte=year)).values("dispute")
    begun = Dispute.objects.filter(pk__in=mediated, accepted_on__year=year)
    days = Attended.objects.filter(mediator=person, training__on__year=year).aggregate(found=Sum("days"))["found"] or Decimal(0)
    return {
        "mediated": begun.count(),
        "agreed": begun.filter(result="1").count(),
        "training_days": f"{days.normalize():f}",
        "duties": Duty.objects.filter(mediator=person, on__year=year, voided_at=None).count(),
    }


@transaction.atomic
def assess(mediator_id: int, *, year: int, verdict: str, words: str, from_on: date | None, by: Scope) -> YearAssessment:
    """Write the year's judgement down; failed, the pay is withheld from that day on (MED-13). Raises Mediator.DoesNotExist, NotAllowed."""
    person = queries.people_of(by).get(pk=mediator_id)
    actions.head_of(person, by)
    if not FIRST_YEAR <= year <= clock.today().year:
        raise NotAllowed("考核年度不能晚于今年。", code="year", status=422)
    if YearAssessment.objects.filter(mediator=person, year=year).exists():
        raise NotAllowed(f"{person.name}{year}年度已经考核。", code="assessed_before")
    has_failed = verdict == YearAssessment.Verdict.FAILED
    if has_failed and from_on is None:
        raise NotAllowed("考核不合格的，请写明自哪天起停发补贴。", code="from_needed", status=422)
    made = YearAssessment.objects.create(
        mediator=person, year=year, verdict=verdict, facts=facts(person, year), words=words, by=by.user, at=clock.now()
    )
    if has_failed and from_on is not None:
        actions.withhold(person.pk, year=year, from_on=from_on, words=words, by=by)
    return made


def assessments(scope: Scope) -> QuerySet[YearAssessment]:
    """Those of the people one sees, the newest year first."""
    return YearAssessment.objects.filter(mediator__in=queries.people_of(scope)).select_related("mediator__unit", "by")
