"""What every act of the corps begins and ends with: the row through the scope and locked; the line of the career; the line of the log."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from mediation.corps import scope
from mediation.models import CareerStep, Mediator
from organisations import access, clock
from organisations.models import AccessEntry
from organisations.rules import NotAllowed
from organisations.scope import Scope, Standing


def begin(mediator_id: int, by: Scope) -> tuple[Mediator, Standing, datetime]:
    """The row through the scope, locked, and the post that writes it. Raises Mediator.DoesNotExist outside the scope, NotAllowed."""
    mediator = scope.visible(by).select_for_update(of=("self",)).get(pk=mediator_id)
    return mediator, scope.keeper_at(by, mediator.unit_id), clock.now()


def begin_own(mediator_id: int, by: Scope) -> tuple[Mediator, Standing | None, datetime]:
    """As `begin`, and the person may do it too (then without a standing)."""
    mediator = scope.visible(by).select_for_update(of=("self",)).get(pk=mediator_id)
    standing = None if mediator.user_id == by.user.id else scope.keeper_at(by, mediator.unit_id)
    return mediator, standing, clock.now()


def begin_self(mediator_id: int, by: Scope) -> tuple[Mediator, datetime]:
    mediator = scope.visible(by).select_for_update(of=("self",)).get(pk=mediator_id)
    if mediator.user_id != by.user.id:
        raise NotAllowed("定位只能由本人同意、本人撤回。", code="not_self", status=403)
    return mediator, clock.now()


def selves(by: Scope) -> frozenset[int | None]:
    """Whose own matters are closed to this person: their own, and those of whoever they stand in for now."""
    return frozenset({by.user.pk, *(held.on_behalf_of_id for held in by.standings if held.on_behalf_of_id is not None)})


def career(mediator: Mediator, kind: CareerStep.Kind, on: date, standing: Standing | None, now: datetime, **facts: Any) -> CareerStep:
    """One line of the person's history. Without a standing the person did it."""
    by_id = standing.user_id if standing else (mediator.user_id or 0)
    label = f"{standing.user_name}（{standing.label}）" if standing else f"{mediator.name}（本人）"
    return CareerStep.objects.create(mediator=mediator, kind=kind, on=on, by_id=by_id, by_label=label[:80], at=now, **facts)


def log(event: AccessEntry.Event, mediator: Mediator, by: Scope, ground: str, **facts: Any) -> None:
    access.log(
        event,
        user=by.user,
        unit_id=mediator.unit_id,
        object_type="mediator",
        object_id=mediator.pk,
        object_label=f"{mediator.name} · {mediator.get_kind_display()}",
        ground=ground,
        **facts,
    )


def log_row(event: AccessEntry.Event, kind: str, key: int, label: str, by: Scope, unit_id: int, ground: str) -> None:
    access.log(event, user=by.user, unit_id=unit_id, object_type=kind, object_id=key, object_label=label, ground=ground)
