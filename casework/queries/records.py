"""Models' own rows out of statements written by hand, for the few that every page asks: what Django takes longest over is writing the SQL anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

Row = TypeVar("Row", bound=Model)


@cache
def columns(model: type[Model], alias: str, only: tuple[str, ...] = ()) -> str:
    """The columns of the model under that alias, in the order `made` takes them; `only` some, the others are deferred."""
    quote = connection.ops.quote_name
    return ", ".join(f"{alias}.{quote(str(f.column))}" for f in model._meta.concrete_fields if not only or f.attname in only)


def made(model: type[Row], values: Sequence[Any], only: tuple[str, ...] = ()) -> Row:
    """The row, as a query of its own would have given it."""
    names, readers = _fields(model, only)
    if readers:
        read = list(values)
        for place, reader in readers:
            read[place] = reader(read[place], None, connection)
        values = read
    return model.from_db("default", names, values)


def width(model: type[Model], only: tuple[str, ...] = ()) -> int:
    """How many columns `columns` names."""
    return len(_fields(model, only)[0])


@cache
def _fields(model: type[Model], only: tuple[str, ...]) -> tuple[list[str], list[tuple[int, Callable[..., Any]]]]:
    fields = [f for f in model._meta.concrete_fields if not only or f.attname in only]
    readers = [(place, reader) for place, f in enumerate(fields) for reader in f.get_db_converters(connection)]
    return [f.attname for f in fields], readers
