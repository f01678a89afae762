"""Filling tables as fast as PostgreSQL takes it: no indexes, no triggers, COPY; everything is put back afterwards.

`bare` drops what would be kept up row by row and says how to make it again; `dress` makes it again, several at a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psycopg
from django.db import models

Say = Callable[[str], None]


@dataclass(frozen=True)
class Table:
    """A table to be filled, by the columns that are given. Columns that may be null need not be."""

    model: type[models.Model]
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        return str(self.model._meta.db_table)

    @property
    def copy(self) -> str:
        names = ", ".join(f'"{column}"' for column in self.columns)
        return f"COPY {self.name} ({names}) FROM STDIN"

    def check(self) -> None:
        """A column that was added to a model and is not filled here is said at once. Raises ValueError."""
        fields = {field.column: field for field in self.model._meta.local_concrete_fields}
        unknown = set(self.columns) - set(fields)
        missing = {name for name, field in fields.items() if not field.null and name not in self.columns and not field.has_db_default()}
        if self.model._meta.pk is not None and isinstance(self.model._meta.pk, models.AutoField):
            missing.discard(self.model._meta.pk.column)
        if unknown or missing:
            raise ValueError(f"{self.name}: bench does not know of {sorted(missing)}, the model not of {sorted(unknown)}")


def bare(connection: psycopg.Connection, tables: Iterable[Table]) -> list[str]:
    """Drop indexes and unique constraints other than primary keys; returns the statements that make them again."""
    statements: list[str] = []
    for table in tables:
        constraints = connection.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'u'", [table.name]
        ).fetchall()
        for name, definition in constraints:
            connection.execute(f'ALTER TABLE {table.name} DROP CONSTRAINT "{name}"')
            statements.append(f'ALTER TABLE {table.name} ADD CONSTRAINT "{name}" {definition}')
        indexes = connection.execute(
            "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "WHERE i.indrelid = %s::regclass AND NOT i.indisprimary",
            [table.name],
        ).fetchall()
        for name, definition in indexes:
            connection.execute(f'DROP INDEX "{name}"')
            statements.append(definition)
    return statements


def dress(url: str, statements: Sequence[str], say: Say, *, at_once: int = 2) -> None:
    """Make indexes and constraints, longest first. A GIN index uses both processors by itself, so it goes alone."""
    alone = [s for s in statements if "USING gin" in s]
    together = [s for s in statements if s not in alone]
    # Two ALTER TABLE on one table would wait for each other; CREATE INDEX does not. So indexes first.
    together.sort(key=lambda s: s.startswith("ALTER"))

    def run(statement: str) -> tuple[str, float]:
        began = time.monotonic()
        with psycopg.connect(url, autocommit=True) as connection:
            # Small sorts stay in memory; a GIN build spills less with more.
            connection.execute(f"SET maintenance_work_mem = '{'3GB' if statement in alone else '700MB'}'")
            connection.execute(f"SET max_parallel_maintenance_workers = {2 if statement in alone else 0}")
            connection.execute(statement)
        return statement, time.monotonic() - began

    for statement, seconds in map(run, alone):
        say(f"  {seconds:6.1f} s  {statement[:110]}")
    with ThreadPoolExecutor(at_once) as pool:
        for statement, seconds in pool.map(run, together):
            if seconds > 5:
                say(f"  {seconds:6.1f} s  {statement[:110]}")


def set_sequences(connection: psycopg.Connection, tables: Iterable[Table]) -> None:
    """The next id of every table lies behind what was loaded."""
    for table in tables:
        sequence = connection.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table.name]).fetchone() if "id" in table.columns else None
        if sequence and sequence[0]:
            connection.execute(f"SELECT setval('{sequence[0]}', (SELECT coalesce(max(id), 1) FROM {table.name}))")
