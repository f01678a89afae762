"""New cases of an old ledger: worked on in memory, written together.

Nobody else knows a case before the transaction that registers it has ended. So whatever hangs on it is what this process put
there: inside `opened()` the acts find those rows here instead of asking the database, and the rows are written once, as the last
act left them, many cases in one COPY a table. Outside, the same functions read and write the database at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

from casework.models import Case, Entry, Reach, SearchText
from casework.numbers import Docket, Foreseen, Locked
from organisations import clock

Row = TypeVar("Row", bound=models.Model)

#: Keys fetched at once of one table.
_KEYS = 200


@dataclass
class Folder:
    """All that hangs on one new case."""

    case: Case
    #: Its kind's row.
    row: Any = None
    readers: set[int] = field(default_factory=set)
    words: str = ""
    rows: dict[type[models.Model], list[Any]] = field(default_factory=dict)
    #: An act was begun and has not been finished: the rows hold half of it.
    is_amid: bool = False

    def add(self, row: models.Model) -> None:
        self.rows.setdefault(type(row), []).append(row)
        row._state.adding = False

    def found(self, model: type[Row], equal: dict[str, Any]) -> list[Row]:
        return [row for row in self.rows.get(model, ()) if all(_value(row, name) == _key(value) for name, value in equal.items())]


def _value(row: models.Model, name: str) -> Any:
    return getattr(row, _columns(type(row))[name])


@cache
def _columns(model: type[models.Model]) -> dict[str, str]:
    return {field.name: field.attname for field in model._meta.concrete_fields}


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


class Pile:
    """The folders of one transaction, in the order in which they were opened; only the last is worked on."""

    def __init__(self, numbers: Foreseen | Locked) -> None:
        self._numbers = numbers
        self._keys: dict[type[models.Model], Iterator[int]] = {}
        self.folders: list[Folder] = []

    @property
    def last(self) -> Folder:
        return self.folders[-1]

    def of(self, case: Case) -> Folder:
        """Raises RuntimeError for a case that is not the one being worked on."""
        if not self.folders or self.last.case.pk != case.pk:
            raise RuntimeError("one case after another, and no other beside it")
        return self.last

    def begun(self, number: str) -> Folder:
        """The folder for an act on that case. Raises RuntimeError for another case, and in the middle of another act."""
        if not self.folders or self.last.case.number != number:
            raise RuntimeError("one case after another, and no other beside it")
        if self.last.is_amid:
            raise RuntimeError("an act on the case was not finished")
        self.last.is_amid = True
        return self.last

    def name(self, case: Case, docket: Docket) -> None:
        """Give a new case its key and its number."""
        case.pk, case.number = self.key(Case), docket.number(self._numbers.next(docket.series))

    def open(self, case: Case, row: Any, readers: Collection[int], words: str, hanging: Collection[models.Model]) -> None:
        """A folder for a new case, with what hangs on it from the beginning; `row` is its kind's."""
        self.folders.append(Folder(case, row, set(readers), words))
        case._state.adding = False
        for one in hanging:
            self.add(one)

    def add(self, row: models.Model) -> None:
        """Lines of history get their keys when they are written: the day's seal goes by their order in the table."""
        if row.pk is None and not isinstance(row, Entry):
            row.pk = self.key(type(row))
        self.last.add(row)

    def key(self, model: type[models.Model]) -> int:
        found = next(self._keys.get(model, iter(())), None)
        if found is None:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                    [model._meta.db_table, str(model._meta.pk.column), _KEYS],
                )
                self._keys[model] = iter([key for (key,) in cursor.fetchall()])
            found = next(self._keys[model])
        return found

    def write(self) -> None:
        """Take the numbers and write everything. Raises numbers.TakenError, and RuntimeError when an act was not finished."""
        if any(folder.is_amid for folder in self.folders):
            raise RuntimeError("an act on the case was not finished")
        self._numbers.settle()
        tables: dict[type[models.Model], list[models.Model]] = {Case: [folder.case for folder in self.folders]}
        for folder in self.folders:
            for model, rows in folder.rows.items():
                tables.setdefault(model, []).extend(rows)
            tables.setdefault(Reach, []).extend(Reach.of(folder.case, reader) for reader in sorted(folder.readers))
            tables.setdefault(SearchText, []).append(SearchText(case=folder.case, text=folder.words, readers=sorted(folder.readers)))
        for model, rows in tables.items():
            _copy(model, rows)


def _copy(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    is_keyed = all(row.pk is not None for row in rows)
    fields = [one for one in model._meta.concrete_fields if is_keyed or one is not model._meta.pk]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(one.column)) for one in fields)
    with connection.cursor() as cursor, cursor.copy(f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN") as out:
        for row in rows:
            out.write_row([one.get_db_prep_save(getattr(row, one.attname), connection) for one in fields])


_pile: ContextVar[Pile | None] = ContextVar("pile_of_folders", default=None)


@contextmanager
def opened(numbers: Foreseen | Locked) -> Iterator[Pile]:
    """New cases stay in memory until the caller writes the pile; what is not written was never there. In a transaction.

    Raises RuntimeError unless they come from a ledger: the papers and notices of today's acts are made from the database.
    """
    if not clock.is_from_ledger():
        raise RuntimeError("only an old ledger's cases are worked on in memory")
    pile = Pile(numbers)
    token = _pile.set(pile)
    try:
        yield pile
    finally:
        _pile.reset(token)


def current() -> Pile | None:
    """The pile that is open, or None: then everything is in the database."""
    return _pile.get()


def rows_of(case: Case, model: type[Row], /, **equal: Any) -> list[Row]:
    """Rows that hang on the case, whose named columns equal those values, in the order in which they came."""
    pile = _pile.get()
    if pile is None:
        return list(model._default_manager.filter(**equal).order_by("pk"))
    return pile.of(case).found(model, equal)


def add(case: Case | None, *rows: models.Model) -> None:
    """Write new rows of one table. They know their keys afterwards."""
    pile = _pile.get()
    if pile is None or case is None:
        type(rows[0])._default_manager.bulk_create(rows)
        return
    pile.of(case)
    for row in rows:
        pile.add(row)


def change(case: Case, row: models.Model, *names: str) -> None:
    """Write those columns of a row that `rows_of` found."""
    pile = _pile.get()
    if pile is None:
        row.save(update_fields=names)
        return
    pile.of(case)


def readers_of(case: Case) -> set[int]:
    """Units and (negative) people who see the case."""
    pile = _pile.get()
    if pile is None:
        return set(Reach.objects.filter(case=case).values_list("reader", flat=True))
    return set(pile.of(case).readers)
