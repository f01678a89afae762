"""What an act writes in several tables, in one statement: a registration writes eight rows, and each round trip costs more than its row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection, models


def insert(rows: Iterable[models.Model]) -> None:
    """Insert unsaved rows of any tables at once, in the caller's transaction. The rows do not learn their keys.

    What they refer to is known beforehand. No trigger may read one of the other rows: within one statement it does not
    see them. Raises django.db.IntegrityError like any insert.
    """
    write(rows, ())


def write(rows: Iterable[models.Model], changed: Iterable[tuple[models.Model, Sequence[str]]]) -> None:
    """The same, with columns of rows the caller has locked: (row, names of its columns), each row once."""
    groups: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        groups.setdefault(type(row), []).append(row)
    parts: list[str] = []
    values: list[Any] = []
    for model, found in groups.items():
        head, places, fields = _shape(model)
        parts.append(f"{head} {', '.join([places] * len(found))}")
        values += [field.get_db_prep_save(field.pre_save(row, True), connection) for row in found for field in fields]
    for row, names in changed:
        if names:
            parts.append(_update(type(row), tuple(names)))
            named = {field.attname: field for field in row._meta.concrete_fields}
            values += [named[name].get_db_prep_save(getattr(row, name), connection) for name in names]
            values.append(row.pk)
    if not parts:
        return
    *others, last = parts
    beside = ", ".join(f"w{no} AS ({part})" for no, part in enumerate(others))
    with connection.cursor() as db:
        db.execute(f"WITH {beside} {last}" if others else last, values)


def _update(model: type[models.Model], names: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    fields = {field.attname: field for field in model._meta.concrete_fields}
    places = ", ".join(f"{quote(str(fields[name].column))} = {_place(fields[name])}" for name in names)
    return f"UPDATE {quote(model._meta.db_table)} SET {places} WHERE {quote(str(model._meta.pk.column))} = %s"  # noqa: S608 (names of our own tables)


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
