"""What the seed gives a kind of case to tell its stories with: the county, its people in office, its hours, the chance of its seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from random import Random
from typing import Protocol

from casework.calendar import Calendar
from organisations.models import Area, Unit
from organisations.roles import Role


class Hours(Protocol):
    """Moments at which somebody sits at a desk, aware, in the county's time zone."""

    @property
    def calendar(self) -> Calendar: ...

    def on(self, day: date, rng: Random) -> datetime: ...

    def later(self, moment: datetime, rng: Random, *, days: int) -> datetime: ...


class Roster(Protocol):
    """Who holds which post on a day."""

    def holders(self, unit_id: int, role: Role, day: date) -> list[int]: ...

    def acting(self, user_id: int, day: date) -> int: ...


class County(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def areas(self) -> Mapping[str, Area]: ...

    @property
    def units(self) -> Mapping[str, Unit]: ...


class World(Protocol):
    """Everything the stories of a demo county may know. `county.units` is keyed «centre», a department's name, a division's code."""

    @property
    def seed(self) -> int: ...

    @property
    def until(self) -> date: ...

    @property
    def hours(self) -> Hours: ...

    @property
    def roster(self) -> Roster: ...

    @property
    def county(self) -> County: ...

    def unit_id(self, key: str) -> int: ...


#: What a room above the kinds has to tell (closed months, samples): the world and the last moment; returns what was refused.
Tell = Callable[[World, datetime], list[str]]
_ROOMS: list[Tell] = []


def register(tell: Tell) -> None:
    """Called when the apps are ready. The seed calls each last, when every story of the kinds is told and kept.

    After an interruption it is called again: it goes on where it stopped.
    """
    _ROOMS.append(tell)


def rooms() -> tuple[Tell, ...]:
    return tuple(_ROOMS)
