"""Running numbers without a gap (L-PET-37): taken under a row lock in the caller's transaction, so a rollback gives them back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection

#: Takes the next number of one series: a statement, or the part of one that RETURNs what it needs.
COUNT = "INSERT INTO casework_counter (series, value) VALUES (%s, 1) ON CONFLICT (series) DO UPDATE SET value = casework_counter.value + 1"


@dataclass(frozen=True, slots=True)
class Docket:
    """A series of case numbers: `370685-2026-000123` is county, year, running number; other kinds put letters before it."""

    county_code: str
    year: int
    prefix: str = ""

    @property
    def series(self) -> str:
        return f"case:{self.prefix}{self.county_code}:{self.year}"

    @property
    def stem(self) -> str:
        return f"{self.prefix}{self.county_code}-{self.year}-"

    def number(self, value: int) -> str:
        return f"{self.stem}{value:06d}"


def next_value(series: str) -> int:
    """The next number of the series."""
    with connection.cursor() as cursor:
        cursor.execute(f"{COUNT} RETURNING value", [series])
        return int(cursor.fetchone()[0])


def next_values(series: Iterable[str]) -> list[int]:
    """The next number of each of several different series, in the order asked, in one statement. Locked in one order by everybody."""
    asked = list(series)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_counter (series, value) SELECT unnest(%s::text[]), 1 "
            "ON CONFLICT (series) DO UPDATE SET value = casework_counter.value + 1 RETURNING series, value",
            [sorted(asked)],
        )
        found = {name: int(value) for name, value in cursor.fetchall()}
    return [found[name] for name in asked]


def next_number(docket: Docket) -> str:
    """The next case number of that series."""
    return docket.number(next_value(docket.series))


class TakenError(Exception):
    """Somebody else took numbers that were foreseen: what was made with them has to be made again."""


@dataclass
class Locked:
    """Numbers taken one by one: whoever else registers waits from the first of them to the end of the transaction."""

    def next(self, series: str) -> int:
        return next_value(series)

    def settle(self) -> None:
        """They are taken already."""


@dataclass
class Foreseen:
    """Numbers told beforehand and taken together by `settle`, so that nobody waits while what bears them is being made.

    `standing` is the last number of each series before the first of them; no other series is asked for.
    """

    standing: Mapping[str, int]
    _given: dict[str, int] = field(default_factory=dict)

    def next(self, series: str) -> int:
        self._given[series] = self._given.get(series, 0) + 1
        return self.standing[series] + self._given[series]

    def settle(self) -> None:
        """Take them all. Raises TakenError when a series does not stand where it was foreseen; the caller's transaction is to end then."""
        with connection.cursor() as cursor:
            for series in sorted(self._given):
                stood = self.standing[series]
                if not stood:
                    cursor.execute("INSERT INTO casework_counter (series, value) VALUES (%s, 0) ON CONFLICT DO NOTHING", [series])
                cursor.execute(
                    "UPDATE casework_counter SET value = value + %s WHERE series = %s AND value = %s", [self._given[series], series, stood]
                )
                if not cursor.rowcount:
                    raise TakenError(series)
