"""A list in the columns of the national record comes back: which rows we hold already, and where they say something else (L-PET-34).

A row we hold is never registered a second time; its differences are shown before anything is taken in, and nobody's row is
overwritten: who wants one changed changes it on the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from casework.models import Case
from organisations.scope import Scope
from petitions.imports import files, ledgers
from petitions.models import Import
from petitions.queries import record

#: The column that names a petition in the national layout.
NUMBER = record.NUMBER
#: Differences shown on the page.
SHOWN = 200
_PORTION = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that says something else than we do. `no` is the row in the file."""

    no: int
    number: str
    column: str
    theirs: str
    ours: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many rows of the file we hold, how many of them say the same, and the first cells that do not."""

    known: int = 0
    same: int = 0
    cells: tuple[Difference, ...] = ()


def compare(batch: Import, by: Scope) -> Comparison:
    """The file against what we hold, as far as this person sees it. A file of another layout has nothing to compare."""
    known = same = 0
    cells: list[Difference] = []
    rows = (row for row in files.read(ledgers.content(batch), batch.name) if row.values.get(NUMBER, "").strip())
    while portion := list(islice(rows, _PORTION)):
        ours = _ours({row.values[NUMBER].strip() for row in portion}, by)
        for row in portion:
            held = ours.get(row.values[NUMBER].strip())
            if held is None:
                continue
            known += 1
            found = [
                Difference(row.no, held[NUMBER], column, theirs.strip(), held[column])
                for column, theirs in row.values.items()
                if column in held and _plain(theirs) != _plain(held[column])
            ]
            same += not found
            cells += found[: SHOWN - len(cells)]
    return Comparison(known, same, tuple(cells))


def _ours(numbers: set[str], by: Scope) -> Mapping[str, dict[str, str]]:
    cases = Case.objects.visible_to(by).filter(number__in=numbers, kind="petition").order_by("number").values_list("pk", flat=True)
    labels = [column.label for column in record.COLUMNS]
    found = (dict(zip(labels, row, strict=True)) for row in record.rows(list(cases)))
    return {row[NUMBER]: row for row in found}


def _plain(text: str) -> str:
    """As a spreadsheet gives it back: without the apostrophe before a sign, line ends and blanks at the ends alike."""
    return text.strip().removeprefix("'").replace("\r\n", "\n").strip()
