"""What an act writes in several tables, in one statement: a registration writes twelve rows, and each round trip costs more than its row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.db import connection, models

from organisations import prepared


@dataclass(frozen=True, eq=False)
class _Shape:
    """«INSERT INTO … (…) VALUES», the places of one row, and the fields in that order."""

    head: str
    places: str
    fields: tuple[models.Field[Any, Any], ...]


#: A statement of one table, places as %s, and their values.
Statement = tuple[str, Sequence[Any]]


def insert(rows: Iterable[models.Model], *beside: Statement) -> None:
    """Insert unsaved rows of any tables at once, in the caller's transaction, with other statements `beside` them.

    The rows do not learn their keys; one whose key is given keeps it. What they refer to is known beforehand. No trigger
    may read one of the other rows: within one statement it does not see them. Raises django.db.IntegrityError like any insert.
    """
    write(rows, (), *beside)


def write(rows: Iterable[models.Model], changed: Iterable[tuple[models.Model, Sequence[str]]], *beside: Statement) -> None:
    """The same, with columns of rows the caller has locked: (row, names of its columns), each row once."""
    groups: dict[_Shape, list[models.Model]] = {}
    for row in rows:
        groups.setdefault((_keyless if row.pk is None else _keyed)(type(row)), []).append(row)
    parts: list[str] = []
    values: list[Any] = []
    for shape, found in groups.items():
        parts.append(f"{shape.head} {', '.join([shape.places] * len(found))}")
        values += [field.get_db_prep_save(field.pre_save(row, True), connection) for row in found for field in shape.fields]
    for row, names in changed:
        if names:
            parts.append(_update(type(row), tuple(names)))
            named = {field.attname: field for field in row._meta.concrete_fields}
            values += [named[name].get_db_prep_save(getattr(row, name), connection) for name in names]
            values.append(row.pk)
    for sql, params in beside:
        parts.append(sql)
        values += params
    if not parts:
        return
    *others, last = parts
    with_others = ", ".join(f"w{no} AS ({part})" for no, part in enumerate(others))
    with prepared.numbered() as db:
        db.execute(_numbered(f"WITH {with_others} {last}" if others else last), values)


@lru_cache(maxsize=512)
def _numbered(sql: str) -> str:
    """The places as PostgreSQL itself writes them: nothing is parsed again for the next act of the same shape."""
    first, *others = sql.split("%s")
    return first + "".join(f"${no}{part}" for no, part in enumerate(others, start=1))


def _update(model: type[models.Model], names: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    fields = {field.attname: field for field in model._meta.concrete_fields}
    places = ", ".join(f"{quote(str(fields[name].column))} = {_place(fields[name])}" for name in names)
    return f"UPDATE {quote(model._meta.db_table)} SET {places} WHERE {quote(str(model._meta.pk.column))} = %s"  # noqa: S608 (names of our own tables)


@cache
def _keyless(model: type[models.Model]) -> _Shape:
    """A row whose key the database gives."""
    return _shape(model, [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)])


@cache
def _keyed(model: type[models.Model]) -> _Shape:
    """A row whose key was taken before, or is another row's."""
    return _shape(model, model._meta.concrete_fields)


def _shape(model: type[models.Model], fields: Sequence[models.Field[Any, Any]]) -> _Shape:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(_place(field) for field in fields)
    return _Shape(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES", f"({places})", tuple(fields))


def _place(field: models.Field[Any, Any]) -> str:
    placeholder = getattr(field, "get_placeholder", None)
    return str(placeholder(None, None, connection)) if placeholder else "%s"
