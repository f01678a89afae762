"""Statements of every page, planned once a connection instead of at every request.

PostgreSQL plans the thirty sub-selects of a case page longer than it runs them. `cursor()` is `connection.cursor()` (counted,
logged, in the same transaction) for statements whose text never changes; values are bound by the server, so lists want a
cast. Behind a pgbouncer in transaction mode, which loses what one connection prepared, it is the ordinary cursor.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper


class _Preparing(ServerBindingCursor, psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, *, prepare: bool | None = None, binary: bool | None = None) -> Any:
        return super().execute(query, params, prepare=not _is_behind_pgbouncer() if prepare is None else prepare, binary=binary)


class _Numbered(_Preparing, psycopg.RawCursor[Any]):
    """Places are $1, $2 …: a long statement is sent as it stands."""


def cursor() -> CursorWrapper:
    """A cursor that prepares what it executes. Raises what `connection.cursor()` raises."""
    if _is_behind_pgbouncer():
        return connection.cursor()
    return _made(_Preparing)


def numbered() -> CursorWrapper:
    """The same for statements whose places are $1, $2 …; behind a pgbouncer they are bound by the server, but not prepared."""
    return _made(_Numbered)


def _is_behind_pgbouncer() -> bool:
    return bool(settings.DATABASES["default"].get("DISABLE_SERVER_SIDE_CURSORS"))


def _made(kind: type[_Preparing]) -> CursorWrapper:
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return connection._prepare_cursor(kind(connection.connection))  # type: ignore[attr-defined]
