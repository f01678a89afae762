"""New rows of several tables in one statement: a registration writes eight, and each round trip costs more than its row."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db import connection, models


def insert(rows: Iterable[models.Model]) -> None:
    """Insert unsaved rows of any tables at once, in the caller's transaction. The rows do not learn their keys.

    What they refer to is known beforehand. No trigger may read one of the other rows: within one statement it does not
    see them. Raises django.db.IntegrityError like any insert.
    """
    groups: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        groups.setdefault(type(row), []).append(row)
    if not groups:
        return
    parts: list[str] = []
    values: list[Any] = []
    for model, found in groups.items():
        head, places, fields = _shape(model)
        parts.append(f"{head} {', '.join([places] * len(found))}")
        values += [field.get_db_prep_save(field.pre_save(row, True), connection) for row in found for field in fields]
    *others, last = parts
    beside = ", ".join(f"w{no} AS ({part})" for no, part in enumerate(others))
    with connection.cursor() as db:
        db.execute(f"WITH {beside} {last}" if others else last, values)


@cache
def _shape(model: type[models.Model]) -> tuple[str, str, tuple[models.Field[Any, Any], ...]]:
    """«INSERT INTO … (…) VALUES», the places of one row, and the fields in that order; the database gives automatic keys."""
    fields = tuple(field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField))
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(_place(field) for field in fields)
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES", f"({places})", fields


def _place(field: models.Field[Any, Any]) -> str:
    placeholder = getattr(field, "get_placeholder", None)
    return str(placeholder(None, None, connection)) if placeholder else "%s"
