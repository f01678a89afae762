"""Rounds for tests, opened by the clock itself. 九曲村 reports weekly; `village_cadre` and `grid_worker` sit there."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mediation.models import Finding, Round
from mediation.screening import actions
from mediation.screening.actions import Found, Report
from organisations import clock
from organisations.roles import Role
from tests.factories import county as county_of_people
from tests.factories.county import County

ZONE = ZoneInfo("Asia/Shanghai")


def on(day: int, hour: int = 9, month: int = 11) -> Any:
    """Inside, the clock stands on that day of 2026."""
    return clock.at(datetime(2026, month, day, hour, 30, tzinfo=ZONE))


def staff(county: County) -> None:
    """老翅村 has a cadre too, who reports only when a test says so."""
    if "laochi_cadre" not in county.people:
        person = county_of_people.make_person("laochi_cadre", "吕村")
        county_of_people.make_post(person, county.units["laochi"], Role.VILLAGE_CADRE, by=county.people["office"])
        county.people["laochi_cadre"] = person


def opened(county: County, unit: str = "jiuqu") -> Round:
    """The unit's round of the present period."""
    staff(county)
    actions.open_rounds()
    return Round.objects.select_related("unit").filter(unit=county.units[unit]).latest("until_on")


def nothing(**changes: Any) -> Report:
    facts: dict[str, Any] = {"who": "孙村、何建平", "place": "一组、二组", "households": 12, "visited_on": clock.today()}
    return Report(**{**facts, **changes})


def one_thing(county: County, **changes: Any) -> Found:
    facts: dict[str, Any] = {
        "what": "陈桂兰与陈德旺因院墙排水争吵",
        "people": "陈桂兰与陈德旺（邻居）",
        "area_id": county.areas["jiuqu"].id,
        "type_code": "02",
        "signs": ("repeated",),
    }
    return Found(**{**facts, **changes})


def something(county: County, **changes: Any) -> Report:
    return nothing(**{"found": (one_thing(county),), **changes})


def found(county: County, unit: str = "jiuqu", person: str = "village_cadre") -> Finding:
    """One open finding of the unit (九曲村), reported by its person."""
    row = actions.report(opened(county, unit).pk, something(county), by=county.scope(person))
    return row.findings.get()
