"""The inbox: a line for a unit or a person when something awaits them. Told once per key (ALL-3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from casework import folders
from casework.addressees import Addressee
from casework.models import Case, Notice
from organisations.models import Post

#: Kinds the clock itself tells; those of acts are the kind's own (`casework.kinds.NoticeGroup`).
REMINDER, CARD, DIGEST, CALENDAR = "reminder", "card", "digest", "calendar"
_NUMBERED = re.compile(r"\.\d+$")


@dataclass(frozen=True, slots=True)
class Line:
    """A notice of a sweep, before it is written."""

    to: Addressee
    kind: str
    text: str
    key: str
    case_id: int | None = None
    deadline_id: int | None = None
    offset: int | None = None
    is_statutory: bool = False
    is_carried: bool = False


def insert(lines: Sequence[Line], at: datetime) -> int:
    """Write the notices of a sweep in one statement; one whose key is there already stays the only one. Returns how many are new."""
    if not lines:
        return 0
    columns: list[list[Any]] = [
        [line.case_id for line in lines],
        [line.to.unit_id for line in lines],
        [line.to.role for line in lines],
        [line.to.user_id for line in lines],
        [line.kind for line in lines],
        [line.text[:200] for line in lines],
        [line.key for line in lines],
        [line.deadline_id for line in lines],
        [line.offset for line in lines],
        [line.is_statutory for line in lines],
        [line.is_carried for line in lines],
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO casework_notice (case_id, to_unit_id, to_role, to_user_id, kind, text, key, deadline_id, "offset", '
            "is_statutory, is_carried, at) "
            "SELECT n.*, %s FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], "
            "%s::bigint[], %s::smallint[], %s::boolean[], %s::boolean[]) AS n ON CONFLICT (key) DO NOTHING",
            [at, *columns],
        )
        return cursor.rowcount


def notify(
    case: Case,
    *,
    kind: str,
    text: str,
    at: datetime,
    to_unit_id: int | None = None,
    to_role: str = "",
    to_user_id: int | None = None,
) -> None:
    """Tell a unit, of it only who holds `to_role`, or a person. The key holds the case's version, so the same act tells once, a later one again.

    A number behind the kind (`petition.return_task.2`) tells two of one act apart and is no part of the kind itself.
    """
    addressees: list[tuple[int | None, int | None]] = [(to_unit_id, to_user_id)]
    if case.confidential and to_unit_id is not None:
        addressees = [(None, user_id) for user_id in _named_of(case, to_unit_id, at)]
    Notice.objects.bulk_create(
        [
            Notice(
                case=case,
                to_unit_id=unit_id,
                to_role=to_role if unit_id else "",
                to_user_id=user_id,
                kind=_NUMBERED.sub("", kind),
                text=text[:200],
                at=at,
                key=f"{case.pk}:{kind}:{case.version}:{f'u{unit_id}{to_role}' if unit_id else f'p{user_id}'}",
            )
            for unit_id, user_id in addressees
        ],
        ignore_conflicts=True,
    )


def withdraw(case: Case, version: int, *, text: str, at: datetime) -> None:
    """What the act at that version of the case told is told no longer; who has read it already is told that it is void."""
    told = Notice.objects.filter(case=case, key__startswith=f"{case.pk}:", key__contains=f":{version}:")
    for notice in told.exclude(read_at=None):
        notify(case, kind="petition.take_back", text=text, at=at, to_unit_id=notice.to_unit_id, to_user_id=notice.to_user_id)
    told.filter(read_at=None).delete()


def _named_of(case: Case, unit_id: int, at: datetime) -> list[int]:
    """The people of the unit who are named on a protected case: its whole inbox may not learn of it (L-PET-86)."""
    named = [-reader for reader in folders.readers_of(case) if reader < 0]
    posts = Post.objects.current(timezone.localdate(at)).filter(unit=unit_id, user__in=named)
    return sorted(set(posts.values_list("user_id", flat=True)))
