"""Who looked at a case, and who keeps an eye on it (issue §3: the case page shows both)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from casework.models import Case, Follow
from organisations import access
from organisations.models import AccessEntry, User

#: How many of those who looked the page names; the access to all of them is the auditor's.
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Seen:
    """One person's looking at one case: first, last, how often."""

    user_id: int
    name: str
    first_at: datetime
    last_at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Viewers:
    """Newest first, without the looking that is going on now. `mine` is when the asker looked last, or None."""

    seen: tuple[Seen, ...]
    mine: datetime | None
    is_followed: bool


def look(case: Case, user: User, at: datetime) -> Viewers:
    """Note that the person looks at the case and answer who did before. One statement; of a protected case the log keeps it too (L-SEC-7).

    The page does not wait for the disk: a power cut may cost the last half second of who looked, never an act.
    """
    if case.confidential:
        access.log(
            AccessEntry.Event.REVEAL,
            user=user,
            object_type="case",
            object_id=case.pk,
            object_label=case.number,
            field="保密件",
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH noted AS (INSERT INTO casework_viewing AS v (case_id, user_id, first_at, last_at, times) "
            "VALUES (%s, %s, %s, %s, 1) ON CONFLICT (case_id, user_id) "
            "DO UPDATE SET last_at = EXCLUDED.last_at, times = v.times + 1) "
            "SELECT v.user_id, u.name, v.first_at, v.last_at, v.times, "
            "EXISTS (SELECT FROM casework_follow f WHERE f.case_id = %s AND f.user_id = %s) "
            "FROM (SELECT set_config('synchronous_commit', 'off', true)) quick LEFT JOIN casework_viewing v ON v.case_id = %s "
            "LEFT JOIN organisations_user u ON u.id = v.user_id ORDER BY v.last_at DESC NULLS LAST LIMIT %s",
            [case.pk, user.pk, at, at, case.pk, user.pk, case.pk, SHOWN],
        )
        rows = cursor.fetchall()
    seen = tuple(Seen(*row[:5]) for row in rows if row[0] is not None)
    mine = next((row.last_at for row in seen if row.user_id == user.pk), None)
    return Viewers(seen, mine, is_followed=rows[0][5])


def follow(case: Case, user: User, at: datetime) -> None:
    """Keep an eye on a case (关注); asked twice it is the same."""
    Follow.objects.get_or_create(case=case, user=user, defaults={"at": at})


def unfollow(case: Case, user: User) -> None:
    """No longer; asked twice it is the same."""
    Follow.objects.filter(case=case, user=user).delete()
