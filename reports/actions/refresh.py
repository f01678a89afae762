"""Facts catch up with the docket. The only writer of facts; safe to run twice, at once, or not for a while."""

# ruff: noqa: E501 (a statement reads better in one line)

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction

from casework import kinds
from casework.facts import COLUMNS
from organisations import clock
from reports.models import FactState

#: No figure is older (issue 5 §2).
MOST_AGE = timedelta(seconds=60)
#: Cases in one transaction.
PORTION = 2_000
#: Advisory lock: one refresher at a time.
_LOCK = 7_105_505

_TAKE = """
WITH taken AS (DELETE FROM reports_stale WHERE id IN (SELECT id FROM reports_stale ORDER BY id LIMIT %s) RETURNING case_id)
SELECT case_id, count(*) FROM taken GROUP BY case_id
"""
_SET = ", ".join(f"{column} = EXCLUDED.{column}" for column in COLUMNS[1:])
_OLD = ", ".join(f"old.{column}" for column in COLUMNS[1:])
_NEW = ", ".join(f"EXCLUDED.{column}" for column in COLUMNS[1:])


def refresh() -> int:
    """Bring every fact up to date, portion by portion; returns how many facts changed. Returns at once when another is at it."""
    changed = 0
    while True:
        taken, found = _portion()
        changed += found
        if taken < PORTION:
            return changed


def refresh_if_old() -> None:
    """For a page: the facts it shows are at most a minute old, also when the clock's process is dead."""
    at = FactState.objects.values_list("refreshed_at", flat=True).first()
    if at is None or clock.now() - at >= MOST_AGE:
        refresh()


@transaction.atomic
def _portion() -> tuple[int, int]:
    with connection.cursor() as db:
        db.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        row = db.fetchone()
        if not row or not row[0]:
            return 0, 0
        now = clock.now()
        db.execute(_TAKE, [PORTION])
        found = db.fetchall()
        ids = [case_id for case_id, _ in found]
        changed = sum(_remake(db, kind.facts, ids) for kind in kinds.every() if kind.facts) if ids else 0
        db.execute(
            "INSERT INTO reports_factstate (id, version, changed_at, refreshed_at) VALUES (1, 1, %(now)s, %(now)s) "
            "ON CONFLICT (id) DO UPDATE SET refreshed_at = %(now)s, version = reports_factstate.version + %(step)s, "
            "changed_at = CASE WHEN %(step)s > 0 THEN %(now)s ELSE reports_factstate.changed_at END",
            {"now": now, "step": 1 if changed else 0},
        )
    return sum(times for _, times in found), changed


def _remake(db, select: str, ids: list[int]) -> int:
    db.execute(
        f"INSERT INTO reports_fact AS old ({', '.join(COLUMNS)}) {select} ON CONFLICT (case_id) DO UPDATE SET {_SET} WHERE ({_OLD}) IS DISTINCT FROM ({_NEW})",
        {"ids": ids},
    )
    return db.rowcount
