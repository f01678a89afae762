"""One petition as machines read it."""

from __future__ import annotations

from dataclasses import dataclass

from casework.models import Party
from organisations.scope import Scope
from petitions.models import Petition, Point


@dataclass(frozen=True, slots=True)
class One:
    """A petition with what the API shows beside it."""

    petition: Petition
    people: list[Party]
    points: list[Point]


def one(number: str, scope: Scope) -> One:
    """A petition with its people and points. Raises Petition.DoesNotExist outside the scope."""
    petition = Petition.objects.visible_to(scope).select_related("case__unit", "case__area", "case__handler").get(case__number=number)
    return One(
        petition=petition,
        people=list(Party.objects.filter(case=petition.pk)),
        points=list(Point.objects.filter(petition=petition)),
    )
