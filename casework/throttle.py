"""The brake of the public pages (L-SEC-10): so many tries in so long, by address, by number, by code.

Kept in PostgreSQL, so that a restart or loss of the cache lets nobody begin afresh; the key is hashed with a secret of
this house, so that the table holds neither addresses nor numbers. One statement a try, counted before it is judged.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from casework.models import Attempt
from organisations import clock

#: Rows whose window began longer ago than this hold nothing any more: the longest window is a day.
KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` tries within `per` of the first one. `name` keeps the tries of one page apart from another's."""

    name: str
    most: int
    per: timedelta


def within(limit: Limit, *keys: str) -> bool:
    """Count one try against each key. False when one of them has used its tries up."""
    now = clock.now()
    counted = [take(f"{limit.name}:{key}", limit=limit.most, seconds=limit.per.total_seconds(), now=now) for key in keys]
    return all(counted)


def take(key: str, *, limit: int, seconds: float, now: datetime) -> bool:
    """Count one try and say whether it may go on. To last, it must not stand in a transaction that the refusal rolls back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_attempt AS a (key, since, count) VALUES (%(key)s, %(now)s, 1) ON CONFLICT (key) DO UPDATE SET "
            "count = CASE WHEN a.since <= %(start)s THEN 1 ELSE least(a.count + 1, 1000000) END, "
            "since = CASE WHEN a.since <= %(start)s THEN %(now)s ELSE a.since END RETURNING count",
            {"key": _hashed(key), "now": now, "start": now - timedelta(seconds=seconds)},
        )
        return int(cursor.fetchone()[0]) <= limit


def give_back(key: str) -> None:
    """The tries so far are forgotten: somebody proved to be who they say."""
    Attempt.objects.filter(key=_hashed(key)).delete()


def address(request: HttpRequest) -> str:
    """Where the request comes from; behind our own proxy it is what the proxy saw (config.proxy)."""
    return str(request.META.get("REMOTE_ADDR", ""))


def sweep(now: datetime) -> int:
    """Forget windows that are over. Returns how many."""
    return Attempt.objects.filter(since__lt=now - KEPT).delete()[0]


def _hashed(key: str) -> str:
    return hmac.new(settings.BLIND_INDEX_KEY, f"throttle:{key}".encode(), sha256).hexdigest()
