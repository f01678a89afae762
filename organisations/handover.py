"""Where the kinds of work say what a person still has open, so that nobody leaves with it (beyond.md opening 29).

`organisations` knows no case. Each app registers a source in `apps.ready()`; only counts and plain records cross.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from organisations.roles import Role
from organisations.scope import Scope


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One open item as the person who hands it over sees it (already within their scope)."""

    source: str
    number: str
    title: str
    unit_id: int
    state: str
    url: str


def nobody(user_id: int) -> Mapping[int, int]:
    """Work that lies with units and names no person."""
    return {}


def no_items(user_id: int, scope: Scope) -> list[OpenItem]:
    return []


def none_to_transfer(number: str, from_user_id: int, to_user_id: int, words: str, by: Scope) -> None:
    raise LookupError(number)


@dataclass(frozen=True, slots=True)
class Source:
    """`count` tells how many by unit and is all an administrator gets; `list` and `transfer` go through the scope.

    `transfer` takes number, who leaves, who takes over, words, by. `receivers` are the roles that can work on what lies with a unit.
    """

    code: str
    label: str
    count_unit: Callable[[int], int]
    receivers: frozenset[Role]
    count: Callable[[int], Mapping[int, int]] = nobody
    list: Callable[[int, Scope], list[OpenItem]] = no_items
    transfer: Callable[[str, int, int, str, Scope], None] = none_to_transfer


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    if source.code in _sources:
        raise ValueError(f"hand-over source registered twice: {source.code}")
    _sources[source.code] = source


def open_by_unit(user_id: int) -> dict[int, int]:
    """How many open items name the person, by unit, over all kinds."""
    total: dict[int, int] = {}
    for source in _sources.values():
        for unit_id, count in source.count(user_id).items():
            total[unit_id] = total.get(unit_id, 0) + count
    return total


def open_at_unit(unit_id: int) -> int:
    return sum(source.count_unit(unit_id) for source in _sources.values())


def needing(unit_id: int, role: str) -> list[tuple[frozenset[Role], int]]:
    """What lies open with a unit and a holder of that role can work on: the roles that can, and how many. None where nothing lies."""
    asked = [source for source in _sources.values() if role in source.receivers]
    return [(source.receivers, count) for source in asked if (count := source.count_unit(unit_id))]


def open_items(user_id: int, scope: Scope) -> list[OpenItem]:
    """The items the asking person may hand over, whole titles; never called for an administrator."""
    return [item for source in _sources.values() for item in source.list(user_id, scope)]


def transfer(source: str, number: str, from_user_id: int, to_user_id: int, words: str, by: Scope) -> None:
    """Hand one item from one person to another. Raises NotAllowed, or LookupError when there is no such source."""
    _sources[source].transfer(number, from_user_id, to_user_id, words, by)
