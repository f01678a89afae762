"""What an act writes in several tables, in one statement: a registration writes twelve rows, and each round trip costs more than its row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
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


@dataclass(frozen=True, slots=True)
class Asked:
    """A value only the statement itself comes to know: an expression of SQL, places as %s, and their values."""

    sql: str
    values: tuple[Any, ...] = ()


#: What the statement comes to know: its name there, and the statement of one row that tells it.
Source = tuple[str, Statement]


def write(rows: Iterable[models.Model], changed: Iterable[tuple[models.Model, Sequence[str]]]) -> None:
    """Insert unsaved rows of any tables, and write columns of rows the caller has locked: (row, names of its columns), each row once.

    In one statement of the caller's transaction. The rows do not learn their keys. What they refer to is known beforehand.
    No trigger may read one of the other rows: within one statement it does not see them. Raises IntegrityError like any insert.
    """
    parts = _inserts(rows)
    for row, names in changed:
        if names:
            named = {field.attname: field for field in row._meta.concrete_fields}
            values = [named[name].get_db_prep_save(getattr(row, name), connection) for name in names]
            parts.append((_update(type(row), tuple(names)), [*values, row.pk]))
    if not parts:
        return
    *others, (last, _) = parts
    with_others = ", ".join(f"w{no} AS ({sql})" for no, (sql, _) in enumerate(others))
    with prepared.numbered() as db:
        db.execute(_numbered(f"WITH {with_others} {last}" if others else last), list(chain.from_iterable(values for _, values in parts)))


def insert(sources: Iterable[Source], parts: Iterable[Iterable[models.Model] | Statement], answer: Sequence[Asked]) -> tuple[Any, ...]:
    """Insert rows, and run other statements of one table, in the order of `parts`; what was asked of the `sources` comes back.

    A row's column may hold an `Asked` that names a source, `(SELECT number FROM counted)`: a source runs when the first part
    that asks for it does, so a lock it takes is held no longer than the parts after it. Otherwise as `write`.
    """
    statements: list[Statement] = []
    for part in parts:
        statements += [_spliced(*part)] if isinstance(part, tuple) else _inserts(part)
    taken = [(name, *told) for name, told in sources]
    told = [f"{name} AS {'MATERIALIZED ' if sql.startswith('SELECT') else ''}({sql})" for name, sql, _ in taken]
    written = [f"w{no} AS ({sql} RETURNING 1)" for no, (sql, _) in enumerate(statements)]
    # The outer list is worked from left to right, and each count reads its part to the end: so they run in their order.
    asked = [f"(SELECT count(*) FROM w{no})" for no in range(len(statements))] + [one.sql for one in answer]  # noqa: S608 (names made here)
    values = [*(values for _, _, values in taken), *(values for _, values in statements), *(one.values for one in answer)]
    with prepared.numbered() as db:
        db.execute(_numbered(f"WITH {', '.join([*told, *written])} SELECT {', '.join(asked)}"), list(chain.from_iterable(values)))
        return tuple(db.fetchone()[len(statements) :])


def _spliced(sql: str, values: Sequence[Any]) -> Statement:
    """Where a value is asked of the statement itself, its expression stands in the value's place."""
    first, *others = sql.split("%s")
    text = first
    params: list[Any] = []
    for after, value in zip(others, values, strict=True):
        text += (value.sql if isinstance(value, Asked) else "%s") + after
        params += value.values if isinstance(value, Asked) else [value]
    return text, params


def spread(row: models.Model, column: str, values: Sequence[int]) -> Statement:
    """The unsaved row once for each of the values of one of its columns, its other columns sent once."""
    shape = _keyless(type(row))
    places: list[str] = []
    params: list[Any] = []
    for field in shape.fields:
        value = getattr(row, field.attname)
        if field.attname == column:
            places.append("unnest(%s::bigint[])")
            params.append(list(values))
        elif isinstance(value, Asked):
            places.append(value.sql)
            params += value.values
        else:
            places.append(f"{_place(field)}::{field.db_type(connection)}" if _place(field) == "%s" else _place(field))
            params.append(field.get_db_prep_save(value, connection))
    return f"{shape.head.removesuffix(' VALUES')} SELECT {', '.join(places)}", params


def _inserts(rows: Iterable[models.Model]) -> list[Statement]:
    """One statement a table, in the order in which the rows name their tables."""
    groups: dict[_Shape, list[models.Model]] = {}
    for row in rows:
        groups.setdefault((_keyless if row.pk is None else _keyed)(type(row)), []).append(row)
    return [_insert(shape, found) for shape, found in groups.items()]


def _insert(shape: _Shape, rows: Sequence[models.Model]) -> Statement:
    places: list[str] = []
    values: list[Any] = []
    for row in rows:
        given = [field.pre_save(row, True) for field in shape.fields]
        if not any(isinstance(value, Asked) for value in given):
            places.append(shape.places)
            values += [field.get_db_prep_save(value, connection) for field, value in zip(shape.fields, given, strict=True)]
            continue
        of_row = []
        for field, value in zip(shape.fields, given, strict=True):
            of_row.append(value.sql if isinstance(value, Asked) else _place(field))
            values += value.values if isinstance(value, Asked) else [field.get_db_prep_save(value, connection)]
        places.append(f"({', '.join(of_row)})")
    return f"{shape.head} {', '.join(places)}", values


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
