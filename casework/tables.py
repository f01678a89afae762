"""A code table: rows by code in the order of the table, each with the name a person reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar


@dataclass(frozen=True, slots=True)
class Code:
    """One row of a table: what is stored and what a person reads."""

    code: str
    name: str


Row = TypeVar("Row", bound=Code)


class Table(Mapping[str, Row], Generic[Row]):
    """Rows by code in the order of the table."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = {row.code: row for row in rows}
        if len(self._rows) != len(rows):
            raise ValueError("代码表中有重复的代码。")

    def __getitem__(self, code: str) -> Row:
        return self._rows[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(code, name) pairs for a form field."""
        return [(row.code, row.name) for row in self._rows.values()]

    def label(self, code: str) -> str:
        """The name of a code; the code itself when it is not in the table, so that nothing vanishes."""
        row = self._rows.get(code)
        return row.name if row else code
