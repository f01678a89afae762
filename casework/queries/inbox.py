"""The inbox: what awaits a person or a unit."""

from __future__ import annotations

from django.db.models import Q

from casework.models import Notice
from organisations.scope import Scope


def mine(scope: Scope):
    """Notices for the person (or who they stand in for) and for the units of their posts."""
    people = [-reader for reader in scope.readers if reader < 0]
    return Notice.objects.filter(Q(to_user__in=people) | Q(to_unit__in=scope.unit_ids))


def unread(scope: Scope) -> int:
    """How many are new; 100 means «99+»."""
    return len(mine(scope).filter(read_at=None).values_list("pk", flat=True)[:100])
