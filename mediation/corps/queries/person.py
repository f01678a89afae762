"""One member of the corps with history, training, duties, and what may be done (MED-11…MED-14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from mediation.corps import norms, rules, scope
from mediation.corps.queries.duties import Cell, served
from mediation.corps.queries.people import Line, line, terms_first
from mediation.corps.queries.staffing import STAFF
from mediation.models import Appointment, Attended, Duty, Mediator, Seat, Training
from organisations import clock
from organisations.scope import Scope


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything the page of one person shows."""

    line: Line
    terms: list[Appointment]
    career: list[Any]
    seats: list[Seat]
    lessons: list[Attended]
    year: int
    days: Decimal
    short_by: Decimal
    duties: list[Duty]
    is_trained: bool
    month: list[Cell]
    is_own: bool
    is_kept: bool
    is_online: bool
    is_positioned: bool
    takes_positions: bool
    keeps_duties: bool

    @property
    def mediator(self) -> Mediator:
        return self.line.mediator


def person(by: Scope, pk: int) -> PersonPage | None:
    """The page, or None outside the scope."""
    today = clock.today()
    found = scope.visible(by).filter(pk=pk).select_related("unit", "area", "user").prefetch_related(terms_first()).first()
    if found is None:
        return None
    measures = norms.on(today)
    lessons = list(Attended.objects.filter(mediator=found, training__on__year=today.year).select_related("training").order_by("-training__on"))
    days = sum((row.days for row in lessons if row.training.kind == Training.Kind.COURSE), Decimal(0))
    duties = list(Duty.objects.filter(mediator=found).select_related("case", "by", "voided_by")[:30])
    done = Duty.objects.filter(mediator=found, voided_at=None, on__gte=today.replace(day=1) - timedelta(days=7))
    by_day = [(duty.on, duty.kind) for duty in done]
    return PersonPage(
        line=line(found, today),
        terms=found.terms,  # type: ignore[attr-defined]
        career=list(found.career.select_related("from_unit", "to_unit")),
        seats=list(Seat.objects.filter(mediator=found).select_related("committee")),
        lessons=lessons,
        year=today.year,
        days=days,
        short_by=rules.short_by(measures, days) if found.kind in STAFF else Decimal(0),
        is_trained=found.kind in STAFF,
        duties=duties,
        month=[
            Cell(period, rules.unmet([kind for on, kind in by_day if period.first <= on <= period.last]), period.last >= today)
            for period in rules.periods(found.kind, today.year, today.month)
            if period.first <= today and served(found, period)
        ],
        is_own=found.user_id == by.user.id,
        is_kept=found.unit_id in {unit.id for unit in scope.kept_units(by)},
        is_online=rules.consents(found.consented_on, found.withdrawn_on, today),
        is_positioned=rules.consents(found.position_consented_on, found.position_withdrawn_on, today),
        takes_positions=measures.takes_positions,
        keeps_duties=measures.keeps_duties,
    )


def offered(held: PersonPage) -> frozenset[str]:
    """The acts this reader may do on the person now; the actions ask again."""
    found: set[str] = set()
    if held.is_kept:
        found |= {"amend", "renew", "promote"}
        found |= {"grade"} if not held.is_own else set()
        found |= {"end"} if any(term.ended_on is None for term in held.terms) else set()
    if held.is_kept or held.is_own:
        found |= {"withdraw"} if held.is_online else {"consent"}
    if held.is_own:
        found |= {"withdraw-position"} if held.is_positioned else {"consent-position"} if held.takes_positions else set()
    return frozenset(found)
