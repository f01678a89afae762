"""The inbox: what awaits a person or a unit. A notice is shown only with its case: a protected one stays unseen (L-PET-86)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from casework.models import Notice, Reach
from organisations.scope import Scope

#: The bell says «99+» from here.
MOST_UNREAD = 100
#: Lines on one page of the inbox.
PAGE = 50


def mine(scope: Scope) -> QuerySet[Notice]:
    """Notices for the person (or who they stand in for) and for the units of their posts, on cases they may see."""
    people = [-reader for reader in scope.readers if reader < 0]
    visible = Reach.objects.filter(case=OuterRef("case"), reader__in=scope.readers)
    return Notice.objects.filter(Q(to_user__in=people) | Q(to_unit__in=scope.unit_ids)).filter(Exists(visible))


def unread(scope: Scope) -> int:
    """How many are new; MOST_UNREAD means «99+»."""
    return len(mine(scope).filter(read_at=None).values_list("pk", flat=True)[:MOST_UNREAD])


def page(scope: Scope, *, only_new: bool, before: int | None = None) -> tuple[list[Notice], int | None]:
    """Notices newest first, and the id to go on from (None at the end). One query."""
    found = mine(scope).select_related("case", "to_unit", "read_by").order_by("-id")
    if only_new:
        found = found.filter(read_at=None)
    if before is not None:
        found = found.filter(pk__lt=before)
    notices = list(found[: PAGE + 1])
    return notices[:PAGE], notices[PAGE - 1].pk if len(notices) > PAGE else None


def unread_ids(scope: Scope, ids: Sequence[int] | None) -> list[int]:
    """Ids among `ids` (or all) that are addressed to this scope and still new."""
    found = mine(scope).filter(read_at=None)
    if ids is not None:
        found = found.filter(pk__in=ids)
    return list(found.values_list("pk", flat=True)[:1000])
