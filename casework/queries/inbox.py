"""The inbox: what awaits a person, a post or a unit. A notice is shown only with its case: a protected one stays unseen (L-PET-86).

Kinds the person has muted are left out, except what the law wants told (ALL-3). A notice without a case is news of the house.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from casework import kinds
from casework.models import Notice, NoticePreference, Reach
from organisations import prepared
from organisations.scope import Scope

#: The bell says «99+» from here.
MOST_UNREAD = 100
#: Lines on one page of the inbox.
PAGE = 50


def mine(scope: Scope) -> QuerySet[Notice]:
    """Notices for the person (or who they stand in for), for their posts and for the units of their posts, on cases they may see."""
    people = {scope.user.id, *(-reader for reader in scope.readers if reader < 0)}
    posts = [Q(to_unit__in=scope.unit_ids, to_role="")]
    posts += [Q(to_unit=standing.unit_id, to_role=standing.role) for standing in scope.standings]
    told = Q(to_user__in=people)
    for post in dict.fromkeys(posts):
        told |= post
    visible = Reach.objects.filter(case=OuterRef("case"), reader__in=scope.readers)
    muted = NoticePreference.objects.filter(user=scope.user, muted__contains=[OuterRef("kind")])
    return Notice.objects.filter(told).filter(Q(case=None) | Exists(visible)).filter(Q(is_statutory=True) | ~Exists(muted))


#: `mine` by hand, of what is new: every page asks it. A unit's post is told by unit and role, or as anybody of the unit.
_UNREAD = """
SELECT count(*) FROM (
    SELECT FROM casework_notice n
     WHERE n.read_at IS NULL
       AND (n.to_user_id = ANY(%(people)s::bigint[])
            OR (n.to_unit_id = ANY(%(units)s::bigint[]) AND n.to_unit_id::text || n.to_role = ANY(%(posts)s::text[])))
       AND (n.case_id IS NULL OR EXISTS (SELECT FROM casework_reach r WHERE r.case_id = n.case_id AND r.reader = ANY(%(readers)s::bigint[])))
       AND (n.is_statutory OR NOT EXISTS (SELECT FROM casework_noticepreference p WHERE p.user_id = %(user)s AND n.kind = ANY(p.muted)))
     LIMIT %(most)s) found
"""


def unread(scope: Scope) -> int:
    """How many of `mine` are new; MOST_UNREAD means «99+». Unordered, so that the database stops at that many."""
    asked: dict[str, Any] = {
        "user": scope.user.id,
        "people": [scope.user.id, *(-reader for reader in scope.readers if reader < 0)],
        "units": list(scope.unit_ids),
        "posts": [*map(str, scope.unit_ids), *(f"{standing.unit_id}{standing.role}" for standing in scope.standings)],
        "readers": list(scope.readers),
        "most": MOST_UNREAD,
    }
    with prepared.cursor() as cursor:
        cursor.execute(_UNREAD, asked)
        return int(cursor.fetchone()[0])


def page(scope: Scope, *, only_new: bool, group: str = "", before: int | None = None) -> tuple[list[Notice], int | None]:
    """Notices newest first, of one group of kinds or of all, and the id to go on from (None at the end). One query."""
    listed = found(scope, only_new=only_new, group=group)
    notices = list((listed if before is None else listed.filter(pk__lt=before))[: PAGE + 1])
    return notices[:PAGE], notices[PAGE - 1].pk if len(notices) > PAGE else None


def found(scope: Scope, *, only_new: bool, group: str = "") -> QuerySet[Notice]:
    """All of them, newest first: the unread ones or all, of one group of kinds or of all."""
    listed = mine(scope).select_related("case", "to_unit", "to_user", "read_by").order_by("-id")
    wanted = next((g for g in kinds.notice_groups() if g.code == group), None)
    if wanted is not None:
        listed = listed.filter(kind__in=wanted.kinds)
    return listed.filter(read_at=None) if only_new else listed


def unread_ids(scope: Scope, ids: Sequence[int] | None) -> list[int]:
    """Ids among `ids` (or all) that are addressed to this scope and still new."""
    found = mine(scope).filter(read_at=None)
    if ids is not None:
        found = found.filter(pk__in=ids)
    return list(found.values_list("pk", flat=True)[:1000])
