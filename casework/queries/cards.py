"""The ledger of cards (督办牌台账): who got which, when, why, what was answered; within the person's scope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from casework.models import Card, Deadline, Reach
from organisations import directory
from organisations.models import Post
from organisations.roles import Role
from organisations.scope import Scope

PAGE = 50
STATUSES = {"standing": "未解除", "lifted": "已解除", "all": "全部"}
#: Levels a head signs for; the first rung is a reminder.
SIGNED = (Card.Level.YELLOW, Card.Level.RED)
LEVELS = {str(level.value): level.label for level in Card.Level}


@dataclass(frozen=True, slots=True)
class CardFilters:
    """What the ledger is narrowed to; what an address says wrongly is left out."""

    status: str = "standing"
    level: str = ""
    unit_id: int | None = None
    waits: bool = False

    @classmethod
    def read(cls, params: Any) -> CardFilters:
        unit = str(params.get("unit", ""))
        return cls(
            status=params.get("status") if params.get("status") in STATUSES else "standing",
            level=params.get("level") if params.get("level") in LEVELS else "",
            unit_id=int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 19 else None,
            waits=params.get("waits") == "1",
        )


@dataclass(frozen=True, slots=True)
class CardRow:
    card: Card
    unit: str
    is_standing: bool
    is_late_days: int
    may_acknowledge: bool


def visible(scope: Scope) -> QuerySet[Card]:
    """Cards on cases the person may see."""
    return Card.objects.filter(Exists(Reach.objects.filter(case=OuterRef("case"), reader__in=scope.readers)))


def _standing() -> Q:
    """Not lifted, and the duty not done either: the sweep enters the lifting a few minutes later."""
    return Q(lifted_on=None, deadline__met_on=None, deadline__dropped_on=None)


def found(scope: Scope, filters: CardFilters) -> QuerySet[Card]:
    """The cards the filter leaves, newest first."""
    cards = visible(scope).select_related("case", "deadline", "acknowledged_by").order_by("-id")
    if filters.status == "standing":
        cards = cards.filter(_standing())
    elif filters.status == "lifted":
        cards = cards.exclude(_standing())
    if filters.level:
        cards = cards.filter(level=int(filters.level))
    if filters.unit_id:
        cards = cards.filter(unit=filters.unit_id)
    if filters.waits:
        cards = cards.filter(acknowledged_at=None, level__in=SIGNED)
    return cards


def page(scope: Scope, filters: CardFilters, today: date, before: int | None = None) -> tuple[list[CardRow], int | None]:
    """Cards newest first and the id to go on from. One query."""
    left = found(scope, filters)
    if before is not None:
        left = left.filter(pk__lt=before)
    cards = list(left[: PAGE + 1])
    return rows(scope, cards[:PAGE], today), cards[PAGE - 1].pk if len(cards) > PAGE else None


def rows(scope: Scope, cards: list[Card], today: date) -> list[CardRow]:
    """Cards (with their deadlines) as the pages show them. A head signs for the own unit, and for one below that has no head.

    No query, one for a head who sees cards of units below.
    """
    units = directory.current().units
    heads = {standing.unit_id for standing in scope.standings if standing.role == Role.HEAD}
    below = {card.unit_id for card in cards if heads and card.unit_id not in heads}
    headed = set(Post.objects.current(today).filter(unit__in=below, role=Role.HEAD).values_list("unit_id", flat=True)) if below else set()
    made = []
    for card in cards:
        unit = units.get(card.unit_id)
        ended = card.lifted_on or card.deadline.met_on or card.deadline.dropped_on
        is_mine = unit is not None and card.unit_id not in headed and bool(heads & set(unit.ancestor_ids))
        made.append(
            CardRow(
                card=card,
                unit=unit.short_name if unit else "",
                is_standing=ended is None,
                is_late_days=((ended or today) - card.deadline.due_on).days,
                may_acknowledge=is_mine and card.acknowledged_at is None and card.level in SIGNED,
            )
        )
    return made


def of_case(scope: Scope, cards: Iterable[Card], deadlines: Iterable[Deadline], today: date) -> list[CardRow]:
    """The cards of one case, whose deadlines the page has already. No query of its own."""
    clocks = {deadline.pk: deadline for deadline in deadlines}
    held = list(cards)
    for card in held:
        card.deadline = clocks[card.deadline_id]
    return rows(scope, held, today)


def totals(scope: Scope) -> dict[str, int]:
    """How many cards stand, by level, and how many of them nobody has signed for. One query."""
    counts = {f"level_{level.value}": Count("pk", filter=Q(level=level)) for level in Card.Level}
    return visible(scope).filter(_standing()).aggregate(waits=Count("pk", filter=Q(acknowledged_at=None, level__in=SIGNED)), **counts)


def to_sign(scope: Scope) -> int:
    """Yellow and red cards a head has not signed for: the number on the home page. One query, none for others."""
    heads = [standing.unit_id for standing in scope.standings if standing.role == Role.HEAD]
    if not heads:
        return 0
    return visible(scope).filter(_standing(), unit__in=heads, acknowledged_at=None, level__in=SIGNED).count()
