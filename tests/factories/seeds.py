"""The seed command as tests call it."""

from __future__ import annotations

from datetime import date
from io import StringIO

from django.core.management import call_command
from django.db import connection

#: 义马市 is the smallest of the six: 7 subdistricts, 35 communities.
SMALL = "411281"
LAST = date(2026, 10, 30)


def one_snapshot() -> None:
    """The months of the demo county are closed in one snapshot; within a test's transaction it has to be the whole transaction's."""
    with connection.cursor() as db:
        db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def seed(**options: object) -> str:
    """What the command says; the small county until LAST unless told otherwise."""
    out = StringIO()
    call_command("seed_county", **{"county": SMALL, "until": LAST, "stdout": out, "stderr": out, **options})
    return out.getvalue()
