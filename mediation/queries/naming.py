"""Whom an open dispute names: who leads it or joins, who was sent to a side. Nobody leaves while one of them is he (HALL-14)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from casework.models import Case
from mediation.models import Assignment, Mediating
from mediation.rules import CODE


@dataclass(frozen=True, slots=True)
class Named:
    """What one person has in one dispute. `name` is empty where it names them nowhere."""

    name: str
    is_handler: bool
    mediating: tuple[Mediating, ...]
    assigned: tuple[Assignment, ...]


def of(case: Case, *, user_id: int | None = None, mediator_id: int | None = None) -> Named:
    """By account, or by place in the corps for who has no account."""
    whose = Q(user=user_id) if user_id is not None else Q(mediator=mediator_id)
    mediating = tuple(Mediating.objects.filter(whose, dispute=case.pk, until_on=None)) if (user_id, mediator_id) != (None, None) else ()
    assigned = tuple(Assignment.objects.filter(dispute=case.pk, person=user_id, until_on=None).select_related("person")) if user_id else ()
    is_handler = user_id is not None and case.handler_id == user_id
    names: Iterable[str] = (
        *(row.name for row in mediating),
        *(row.person.name for row in assigned),
        *([case.handler.name] if is_handler and case.handler else []),
    )
    return Named(next(iter(names), ""), is_handler, mediating, assigned)


def naming(user_id: int) -> QuerySet[Case]:
    """Open disputes with that person in them."""
    mediates = Mediating.objects.filter(dispute=OuterRef("pk"), user=user_id, until_on=None)
    sent = Assignment.objects.filter(dispute=OuterRef("pk"), person=user_id, until_on=None)
    return Case.objects.open().filter(Q(handler=user_id) | Exists(mediates) | Exists(sent), kind=CODE)


def of_member(mediator_id: int) -> QuerySet[Mediating]:
    """Open disputes a member of the corps leads or joins."""
    return Mediating.objects.filter(mediator=mediator_id, until_on=None, dispute__case__closed_at=None)
