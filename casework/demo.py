"""What the seed gives a kind of case to tell its stories with: the county, its people in office, its hours, the chance of its seed."""

from __future__ import annotations

from collections.abc import Mapping
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
