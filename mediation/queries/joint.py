"""Who can be called to a dispute; 5+1 bodies and 1+5 ways counted (MED-3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from casework.models import Case, Link
from mediation import codes
from mediation.models import BodyReferral, Dispute
from organisations import clock, directory
from organisations.models import Post
from organisations.roles import Role
from organisations.scope import Scope


def colleagues(case: Case) -> QuerySet[Post]:
    """Posts of those who may sit in a 会诊 or be sent to a side: of the unit that holds the dispute, those above it, and those of its place."""
    tree = directory.current()
    holder = tree.units[case.unit_id]
    near = {*holder.ancestor_ids, *tree.answering.get(case.area_id, ())}
    return Post.objects.current(clock.today()).filter(unit__in=near, user__is_active=True).exclude(role__in=(Role.AUDITOR, Role.DISCIPLINE))


def receivers(rows: Iterable[BodyReferral]) -> list[tuple[BodyReferral, str]]:
    """Each sending with what the receiving body is called, newest first."""
    units = directory.current().units
    return [(row, units[row.to_unit_id].short_name if row.to_unit_id else row.outside) for row in rows][::-1]


@dataclass(frozen=True, slots=True)
class Tally:
    """One row of the statistics: what, how many disputes, how many of them agreed."""

    name: str
    total: int
    agreed: int


def by_body(scope: Scope) -> list[Tally]:
    """How many disputes each kind of body had, and how many were agreed there; the 5+1 first. One statement."""
    found = _counts(scope, "body")
    order = [*codes.FIVE_AND_ONE, *(code for code in codes.BODIES if code not in codes.FIVE_AND_ONE)]
    return [Tally(codes.BODIES[code].name, *found[code]) for code in order if code in found]


def by_way(scope: Scope) -> list[Tally]:
    """How many disputes ended by each of the 1+5 ways. One statement."""
    found = _counts(scope, "way")
    return [Tally(row.name, *found.get(code, (0, 0))) for code, row in codes.WAYS.items()]


def _counts(scope: Scope, field: str) -> dict[str, tuple[int, int]]:
    known = Dispute.objects.visible_to(scope).exclude(**{field: ""}).values_list(field)
    rows = known.annotate(total=Count("pk"), agreed=Count("pk", filter=Q(result="1")))
    return {code: (total, agreed) for code, total, agreed in rows}


def referred_from_petitions(scope: Scope) -> int:
    """Disputes that came out of petitions by the register (for the figures)."""
    links = Link.objects.filter(kind=Link.Kind.REFERRAL, undone_at=None, source__kind="petition")
    return Dispute.objects.visible_to(scope).filter(pk__in=links.values("target")).count()
