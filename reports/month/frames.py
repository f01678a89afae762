"""What a report needs beside the facts, in plain values: names of units, places and categories, the ground, working days, the screening rounds.

A closing keeps its frame, so that a unit renamed next year keeps the name it had; a report on demand makes one as of now.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from casework import kinds, limits
from casework.rules import Outcome
from mediation.queries import ladder
from mediation.screening.queries import covering
from mediation.screening.queries.lists import Wanted
from organisations import directory
from organisations.models import Area, User
from organisations.roles import Role
from organisations.scope import Scope, Standing
from petitions import codes
from reports.queries import ground as grounds
from reports.queries.ground import Ground
from reports.rules.periods import Period

#: Columns of the screening table, as `mediation.screening.queries.covering.Line` has them.
ROUNDS = ("total", "owed", "reported", "late", "missed", "findings", "disputes", "on_spot")


def names() -> dict[str, Any]:
    """The names every report of the county is written with."""
    tree = directory.current()
    county = next((area.name for area in tree.areas.values() if area.level == Area.Level.COUNTY), "")
    topics = {row.code: row.name for row in codes.CATEGORIES.values()}
    for kind in kinds.every():
        topics |= {code: name for code, name in kind.topics if code not in topics}
    return {
        "county": county,
        "units": {str(unit.id): unit.short_name for unit in tree.units.values()},
        "towns": {area.code: area.name for area in tree.areas.values() if area.level == Area.Level.TOWN},
        "topics": topics,
        "channels": {row.code: row.name for row in codes.CHANNELS.values()},
        "forms": {row.code: codes.CHANNELS[row.counts_as].name for row in codes.CHANNELS.values()},
        "outcomes": dict(Outcome.choices),
        "steps": {str(no): body.name for no, body in ladder.bodies(date.max).items()},
    }


def surroundings(unit_id: int, period: Period) -> dict[str, Any]:
    """What belongs to one unit and its days: its ground, the days nobody works, what of the calendar is missing, the rounds."""
    tree, calendar = directory.current(), limits.current().calendar
    days = [period.since + timedelta(days=n) for n in range(period.days)]
    return {
        "unit": tree.units[unit_id].name,
        "ground": asdict(grounds.of_unit(unit_id)),
        "own": _own(unit_id),
        "light": [day.isoformat() for day in days if not calendar.is_working(day)] if period.days <= 62 else [],
        "unknown_years": sorted({year for day in (period.since, period.until) if (year := calendar.missing_year(day))}),
        "rounds": _rounds(unit_id, period),
    }


def of_closing(unit_id: int, period: Period) -> dict[str, Any]:
    """What a closing keeps: the names, the county's surroundings, and the grounds of every unit whose report may be made of it later."""
    tree = directory.current()
    grounds_of = {str(unit.id): {"unit": unit.name, "ground": asdict(grounds.of_unit(unit.id)), "own": _own(unit.id)} for unit in tree.units.values()}
    return {**names(), **surroundings(unit_id, period), "grounds": grounds_of}


def _own(unit_id: int) -> list[int]:
    """The unit and those below it, as the tree stood that day."""
    return sorted(unit.id for unit in directory.current().below(unit_id))


def for_unit(frame: dict[str, Any], unit_id: int) -> dict[str, Any]:
    """A closing's frame as the report of one of its units uses it: own name and ground, own line of the rounds."""
    own = frame["grounds"][str(unit_id)]
    if own["ground"]["is_county"]:
        return frame
    mine = [row for row in frame["rounds"] if row["unit_id"] == unit_id]
    return {**frame, **own, "rounds": [*mine, *({**row, "name": "合计"} for row in mine)]}


def _rounds(unit_id: int, period: Period) -> list[dict[str, Any]]:
    """Coverage of the sweeps by town and department, as the screening page counts it; the last line is the total."""
    found = covering.coverage(_as_unit(unit_id), Wanted(period.since, period.until))
    return [{"unit_id": line.unit_id, "name": line.name, **{name: getattr(line, name) for name in ROUNDS}} for line in (*found.lines, found.total)]


def _as_unit(unit_id: int) -> Scope:
    """Who sees what the unit sees, for a count nobody asked for in person."""
    unit = directory.current().units[unit_id]
    user = User(name=unit.name)
    standing = Standing(Role.HEAD, unit_id, unit.ancestor_ids, unit.short_name, 0, user.name)
    return Scope(user, (standing,), (unit_id,))


@dataclass(frozen=True)
class Frame:
    """The names and surroundings as a report uses them."""

    held: dict[str, Any]

    @property
    def county(self) -> str:
        return str(self.held["county"])

    @property
    def unit(self) -> str:
        return str(self.held["unit"])

    @property
    def ground(self) -> Ground:
        stored = self.held["ground"]
        return Ground(**{**stored, "area_ids": tuple(stored["area_ids"]), "unit_ids": tuple(stored["unit_ids"])})

    @property
    def own_units(self) -> frozenset[int]:
        """Whose small numbers the unit may know: its own and those below it. A frame of before these were kept has itself alone."""
        return frozenset({self.ground.unit_id, *self.held.get("own", ())})

    @property
    def light(self) -> frozenset[str]:
        return frozenset(self.held["light"])

    def unit_name(self, unit_id: int | None) -> str:
        return str(self.held["units"].get(str(unit_id), "未定单位")) if unit_id else "未定单位"

    def town(self, code: str | None) -> str:
        return str(self.held["towns"].get(code or "", "县本级"))

    def topic(self, code: str | None) -> str:
        """The name of a class, by its leading two or four characters or the whole code."""
        whole = (code or "").ljust(6, "0")
        return str(self.held["topics"].get(code or "") or self.held["topics"].get(whole) or "未分类")

    def channel(self, code: str) -> str:
        return str(self.held["channels"].get(code, "其他"))

    def form(self, channel: str) -> str:
        """What a channel counts as (国家统计口径)."""
        return str(self.held["forms"].get(channel, "其他"))

    def outcome(self, code: str) -> str:
        return str(self.held["outcomes"].get(code, ""))

    def step(self, number: int) -> str:
        return str(self.held["steps"].get(str(number), f"第{number}步"))
