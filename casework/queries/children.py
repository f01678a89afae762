"""The rows that hang on one case, few but of a dozen kinds, in one statement, however long its history.

They come as JSON and are turned back into the models' own rows. Names of units and places come from the directory,
names of people in one statement more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

from django.db import connection
from django.db.models import Model

from casework.models import Attachment, Card, Case, Copy, Deadline, Delivery, Document, Entry, Link, Party
from organisations import prepared
from organisations.models import User

Row = TypeVar("Row", bound=Model)

#: Key, model, SQL condition on the row `t` with %(case)s, order.
Child = tuple[str, type[Model], str, str]

#: What hangs on every case.
COMMON: tuple[Child, ...] = (
    ("people", Party, "t.case_id = %(case)s", "t.no"),
    ("deadlines", Deadline, "t.case_id = %(case)s", "t.due_on, t.id"),
    ("files", Attachment, "t.case_id = %(case)s", "t.id"),
    ("papers", Document, "t.case_id = %(case)s", "t.id"),
    ("deliveries", Delivery, "t.document_id IN (SELECT id FROM casework_document WHERE case_id = %(case)s)", "t.id"),
    ("copies", Copy, "t.document_id IN (SELECT id FROM casework_document WHERE case_id = %(case)s)", "t.id DESC"),
    ("cards", Card, "t.case_id = %(case)s", "t.id DESC"),
    ("links", Link, "(t.source_id = %(case)s OR t.target_id = %(case)s) AND t.undone_at IS NULL", "t.id DESC"),
)
#: What a paper was rendered from: long, and not for the page.
_LEFT_OUT = {"context"}

_NOT_READ = "An act's form looks at rows its entry says it does not need: take needs_rows=False away."


class NotRead(list[Any]):
    """Rows that were not fetched, for an act whose entry says that its form looks at none (`Entry.needs_rows`).

    An empty list would answer: a choice made from it refuses what the person chose on the page.
    """

    def __iter__(self) -> NoReturn:
        raise RuntimeError(_NOT_READ)

    def __len__(self) -> int:
        raise RuntimeError(_NOT_READ)

    def __contains__(self, item: object) -> NoReturn:
        raise RuntimeError(_NOT_READ)


@dataclass(kw_only=True)
class CaseRows:
    """A case with what hangs on every case (`COMMON`) and a page of its history. Each kind's page adds its own rows."""

    case: Case
    people: list[Party]
    deadlines: list[Deadline]
    files: list[Attachment]
    papers: list[Document]
    deliveries: list[Delivery]
    copies: list[Copy]
    cards: list[Card]
    links: list[Link]
    entries: list[Entry] = field(default_factory=list)
    has_older: bool = False
    names: dict[int, str] = field(default_factory=dict)

    @property
    def material_count(self) -> int:
        return len(self.papers) + len(self.files)

    @property
    def oldest_no(self) -> int:
        """Where the next page of the history begins."""
        return self.entries[-1].no if self.entries else 0

    @property
    def last_entry(self) -> Entry | None:
        """The newest line of the page."""
        return self.entries[0] if self.entries else None

    def name(self, user_id: int | None) -> str:
        return self.names.get(user_id or 0, "")


def gather(children: Sequence[Child], case_id: int) -> dict[str, list[Any]]:
    """The case's rows by key. One statement."""
    with prepared.cursor() as cursor:
        cursor.execute(_statement(children), {"case": case_id})
        found = cursor.fetchone()
    return {key: [_rebuild(model, row) for row in part] for (key, model, _, _), part in zip(children, found, strict=True)}


def _statement(children: Sequence[Child]) -> str:
    quote = connection.ops.quote_name
    parts = [
        f"(SELECT coalesce(json_agg(to_jsonb(t) - 'context' ORDER BY {order}), '[]') FROM {quote(model._meta.db_table)} t WHERE {where})"  # noqa: S608 (names of our own tables)
        for _, model, where, order in children
    ]
    return "SELECT " + ", ".join(parts)


def _rebuild(model: type[Row], row: Mapping[str, Any]) -> Row:
    """The model's own row out of its JSON: the same values a query of its own would have given."""
    fields = {f.attname: f for f in model._meta.concrete_fields if f.attname not in _LEFT_OUT}
    built = model(**{name: f.to_python(row[name]) for name, f in fields.items()})
    built._state.adding = False
    return built


def names_in(rows: Iterable[Model], also: Iterable[int | None] = ()) -> dict[int, str]:
    """The name of everybody whom these rows point to, and of those asked for besides. One statement, none where there is nobody."""
    ids = set(also)
    for row in rows:
        ids.update(getattr(row, f.attname) for f in row._meta.concrete_fields if f.related_model is User)
    wanted = {user_id for user_id in ids if user_id}
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
