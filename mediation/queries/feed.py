"""One dispute as machines read it."""

from __future__ import annotations

from dataclasses import dataclass

from casework.models import Party
from mediation.models import Dispute, HandOver, Rung, Side
from organisations.scope import Scope


@dataclass(frozen=True, slots=True)
class Seated:
    """A person with the side it stands on."""

    letter: str
    is_agent: bool
    party: Party


@dataclass(frozen=True, slots=True)
class One:
    """A dispute with what the API shows beside it."""

    dispute: Dispute
    people: list[Seated]
    rungs: list[Rung]
    hand_overs: list[HandOver]


def one(number: str, scope: Scope) -> One:
    """A dispute with its sides and its way up the ladder. Raises Dispute.DoesNotExist outside the scope."""
    dispute = Dispute.objects.visible_to(scope).select_related("case__unit", "case__area", "case__handler").get(case__number=number)
    sides = Side.objects.filter(dispute=dispute).select_related("party").order_by("letter", "party_id")
    return One(
        dispute=dispute,
        people=[Seated(side.letter, side.is_agent, side.party) for side in sides],
        rungs=list(dispute.rungs.select_related("unit")),
        hand_overs=list(dispute.hand_overs.select_related("from_unit", "to_unit")),
    )
