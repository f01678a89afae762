"""People of the corps for tests, taken in by the real act. `village_cadre` keeps 九曲村, `town_handler` the whole of 阜山镇."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from mediation.corps import rules
from mediation.corps.actions import appointments, duty_log, lessons
from mediation.models import Duty, Mediator
from organisations import clock
from tests.factories.county import County

BEGAN = timedelta(days=200)


def facts(county: County, name: str = "陈德福", unit: str = "jiuqu", **changes: Any) -> appointments.Facts:
    known: dict[str, Any] = {"name": name, "sex": "1", "kind": Mediator.Kind.PEOPLES, "unit_id": county.units[unit].id, "born_year": 1968}
    return appointments.Facts(**{**known, **changes})


def term(from_on: date | None = None, **changes: Any) -> appointments.Term:
    begun = from_on or clock.today() - BEGAN
    known: dict[str, Any] = {"way": "elected", "from_on": begun, "until_on": rules.usual_end(begun, 3), "decided_by": "九曲村村民会议"}
    return appointments.Term(**{**known, **changes})


def member(
    county: County,
    name: str = "陈德福",
    unit: str = "jiuqu",
    *,
    by: str = "office",
    grade: str = "",
    appointed: appointments.Term | None = None,
    **changes: Any,
) -> Mediator:
    """Somebody in office at a unit; the centre's office may enter anybody."""
    return appointments.enter(facts(county, name, unit, **changes), appointed or term(), grade=grade, by=county.scope(by))


def worthy(county: County, name: str = "孙老先生", unit: str = "jiuqu", **changes: Any) -> Mediator:
    return member(county, name, unit, kind=Mediator.Kind.WORTHY, **changes)


def adviser(county: County, name: str = "周律", unit: str = "jiuqu", **changes: Any) -> Mediator:
    return member(county, name, unit, kind=Mediator.Kind.ADVISER, **changes)


def local(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour, minute))


def duty(county: County, mediator: Mediator, kind: str, on: date, *, by: str = "office", **changes: Any) -> Duty:
    """A finished duty of an hour on a day."""
    known: dict[str, Any] = {"kind": kind, "came_at": local(on), "left_at": local(on, 10), "place": "村委会"}
    return duty_log.log_duty(mediator.pk, duty_log.Done(**{**known, **changes}), by=county.scope(by))


def training(county: County, *people: Mediator, kind: str = "course", days: str = "1", on: date | None = None, unit: str = "fushan") -> Any:
    return lessons.hold_training(
        lessons.Lesson(
            kind=kind,
            name="人民调解法和调解技巧",
            on=on or clock.today(),
            days=Decimal(days),
            place="镇政府会议室",
            unit_id=county.units[unit].id,
            attended={person.pk: Decimal(days) for person in people},
        ),
        by=county.scope("office"),
    )
