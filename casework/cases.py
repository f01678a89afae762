"""The docket's verbs: open a case, move it, name its readers, close and reopen it. Kinds' actions call these."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, models
from django.db.models import F, Value
from django.db.models.functions import Concat

from casework import folders, rows
from casework.models import Case, Entry, Party, Reach, SearchText
from casework.numbers import COUNT, Docket
from organisations import directory
from organisations.rules import NotAllowed


def unit_readers(unit_ids: Iterable[int], area_id: int | None = None) -> set[int]:
    """Readers that follow from units and place: those units, the ones answering for the place, all above them."""
    tree = directory.current()
    units = set(unit_ids)
    if area_id is not None:
        units.update(tree.answering.get(area_id, ()))
    return tree.readers_for(units)


#: A new case's key and number, as the one statement that writes it comes to know them.
_KEY, _NUMBER = rows.Asked("(SELECT id FROM held)"), rows.Asked("(SELECT number FROM counted)")
#: Those of its people, where other rows of the registration refer to them.
_PEOPLE = "SELECT array_agg(nextval(pg_get_serial_sequence('casework_party', 'id'))) AS ids FROM generate_series(1, %s)"


def number_later(case: Case, docket: Docket) -> None:
    """What hangs on a new case may refer to it before `open_case` has given it its key and its number."""
    pile = folders.current()
    if pile is not None:
        pile.name(case, docket)
        return
    case.pk, case.number = _KEY, _NUMBER  # type: ignore[assignment]


def key_later(people: Sequence[Party]) -> None:
    """What hangs on people of a new case may refer to them before `open_case` has given them their keys; all of the case at once."""
    pile = folders.current()
    for no, party in enumerate(people, start=1):
        party.pk = pile.key(Party) if pile is not None else rows.Asked("(SELECT ids[%s::int] FROM people)", (no,))  # type: ignore[assignment]


def open_case(
    case: Case,
    entry: Entry,
    readers: Collection[int],
    text: str,
    hanging: Collection[models.Model],
    *beside: rows.Statement,
    row: models.Model,
    docket: Docket,
) -> None:
    """Write a case that was to be numbered later, with its first line of history, its readers, its search text and all that hangs on it.

    `row` is the kind's row among what hangs on it. The number is taken last, in the same statement (L-PET-37): every other
    registration of the county waits from there to the end of the transaction, so only what shows the number comes after.
    Raises IntegrityError for a submission sent before.
    """
    words = f"{docket.stem}\n{text}"
    entry.case = case
    pile = folders.current()
    if pile is not None:
        pile.open(case, row, readers, words, [*hanging, entry])
        return
    counted = f"{COUNT} RETURNING %s::text || to_char(value, 'FM999999000000') AS number"
    sources: list[rows.Source] = [
        ("held", ("SELECT nextval(pg_get_serial_sequence('casework_case', 'id')) AS id", [])),
        ("counted", (counted, [docket.series, docket.stem])),
    ]
    keyed = sum(isinstance(one.pk, rows.Asked) for one in hanging if isinstance(one, Party))
    if keyed:
        sources.append(("people", (_PEOPLE, [keyed])))
    # Its first line is the number's stem: the index of words is the slowest to write, and nobody is to wait for it with the number.
    found = SearchText(case=case, text=words, readers=sorted(readers))
    reach = rows.spread(Reach.of(case, 0), "reader", sorted(readers))
    parts: list[Iterable[models.Model] | rows.Statement] = [[*hanging, found], *beside, reach, [case, entry]]
    hashed: Any = entry.hash
    case.pk, case.number, case.head_hash = rows.insert(sources, parts, [_KEY, _NUMBER, hashed])
    entry.case, entry.hash = case, case.head_hash
    case._state.adding = False


def show_to(case: Case, readers: Collection[int]) -> set[int]:
    """Let more readers see the case; which of them are new. Nobody who was responsible ever loses sight of it."""
    if not readers:
        return set()
    pile = folders.current()
    if pile is not None:
        held = pile.of(case).readers
        added = set(readers) - held
        held |= added
        return added
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH added AS (INSERT INTO casework_reach (case_id, reader) "
            "SELECT %s, unnest(%s::bigint[]) ON CONFLICT DO NOTHING RETURNING reader), "
            "told AS (UPDATE casework_searchtext SET readers = readers || (SELECT array_agg(reader) FROM added) "
            "WHERE case_id = %s AND EXISTS (SELECT FROM added)) SELECT reader FROM added",
            [case.pk, sorted(readers), case.pk],
        )
        return {reader for (reader,) in cursor.fetchall()}


def hide_from(case: Case, readers: Collection[int]) -> None:
    """Those who were let see it by an act that was taken back at once see it no longer."""
    Reach.objects.filter(case=case, reader__in=readers).delete()
    held = SearchText.objects.get(case=case)
    held.readers = [reader for reader in held.readers if reader not in readers]
    held.save(update_fields=["readers"])


def check_version(case: Case, version: int | None) -> None:
    """A form drawn from an older state of the case is told so; what was typed stays (beyond.md 9)."""
    if version is not None and case.version != version:
        raise NotAllowed("本件刚被其他同事更新，请看过最新情况后再提交。", code="stale")


def restrict_to(case: Case, readers: Collection[int]) -> None:
    """The case becomes protected: only the named people keep sight of it (L-PET-86)."""
    Reach.objects.filter(case=case).exclude(reader__in=readers).delete()
    show_to(case, readers)
    SearchText.objects.filter(case=case).update(readers=sorted(readers))


def enter_state(case: Case, state: str, stage: int, at: datetime) -> None:
    """Put the case into a state of its kind (the kind's actions decide which)."""
    if case.state != state:
        case.state, case.state_since = state, at
    case.stage = stage


def close(case: Case, outcome: str, at: datetime) -> None:
    """The case is finished. Callers turn the deadlines first."""
    case.closed_at, case.outcome = at, outcome
    case.due_on, case.due_key, case.warn_on = None, "", None


def reopen(case: Case) -> None:
    case.closed_at, case.outcome = None, ""


def mark(case: Case, code: str) -> None:
    """Put a tag of the lists on the case (重复, 退回…), once."""
    if code not in case.marks:
        case.marks = [*case.marks, code]


def unmark(case: Case, *codes: str) -> None:
    """Take tags of the lists off the case."""
    case.marks = [code for code in case.marks if code not in codes]


def columns(row: models.Model) -> dict[str, Any]:
    """The row's column values as they stand, to tell later what an act touched."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def touched(row: models.Model, before: dict[str, Any]) -> list[str]:
    """The columns whose value is another than before."""
    return [name for name, value in before.items() if getattr(row, name) != value]


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Column values as the history's JSON can hold them."""
    return {name: value.isoformat() if isinstance(value, date | datetime) else value for name, value in values.items()}


def put_back(row: models.Model, values: dict[str, Any]) -> None:
    """Columns of the row as `plain` kept them (caller saves)."""
    fields = {field.attname: field for field in row._meta.concrete_fields}
    for name, value in values.items():
        setattr(row, name, fields[name].to_python(value))


def save(case: Case, before: dict[str, Any] | None = None) -> None:
    """Write the case row back after an act; the version rises, so that a stale form is noticed.

    With the columns as they stood `before`, only what the act touched is written.
    """
    case.version += 1
    case.save(update_fields=touched(case, before) if before else None, force_update=True)


def add_text(case: Case, text: str) -> None:
    """Make more words findable: notes, replies, names."""
    if not text.strip():
        return
    pile = folders.current()
    if pile is not None:
        pile.of(case).words += f" {text}"
    else:
        SearchText.objects.filter(case=case).update(text=Concat(F("text"), Value(" " + text)))


def settle_texts() -> int:
    """Bring the index of words up to what was registered since; returns pages of its pending list.

    A registration only appends there, which is quick; but every search reads that list once for each stretch of cases it
    looks at, and seven hundred registrations doubled its time.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('search_bigrams')")
        return int(cursor.fetchone()[0])
