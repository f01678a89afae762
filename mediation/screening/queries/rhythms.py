"""The rhythm as set: which version holds for a unit on a day, who is there to keep it, and the settings' page (MED-1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mediation.models import ScreeningRhythm
from mediation.screening import rules
from mediation.screening.rules import Rhythm
from organisations import directory
from organisations.models import Post, Unit


@dataclass(frozen=True)
class Schedules:
    """Every version of every rhythm, newest first; one statement."""

    by_kind: Mapping[str, tuple[ScreeningRhythm, ...]]
    by_unit: Mapping[int, tuple[ScreeningRhythm, ...]]

    def of(self, unit_id: int, kind: str, day: date) -> rules.Schedule:
        """What holds for the unit on that day: its own row, else that of its kind, else what ships."""
        for row in (*self.by_unit.get(unit_id, ()), *self.by_kind.get(kind, ())):
            if row.valid_from <= day:
                return rules.Schedule(row.rhythm, row.due_days, row.due_unit)
        return rules.SHIPPED.get(kind, rules.NO_ROUNDS)


def schedules() -> Schedules:
    by_kind: dict[str, list[ScreeningRhythm]] = {}
    by_unit: dict[int, list[ScreeningRhythm]] = {}
    for row in ScreeningRhythm.objects.order_by("-valid_from", "-id"):
        if row.unit_id is not None:
            by_unit.setdefault(row.unit_id, []).append(row)
        else:
            by_kind.setdefault(row.kind, []).append(row)
    return Schedules({k: tuple(v) for k, v in by_kind.items()}, {k: tuple(v) for k, v in by_unit.items()})


@dataclass(frozen=True, slots=True)
class Setting:
    """A line of the settings' page: whom it is for, what holds today, its versions."""

    label: str
    now: rules.Schedule
    rhythm: str
    due: str
    versions: tuple[ScreeningRhythm, ...]


def settings(today: date) -> list[Setting]:
    rows = list(ScreeningRhythm.objects.select_related("unit", "changed_by"))
    held = schedules()
    found = []
    for kind, label in Unit.Kind.choices:
        if kind != Unit.Kind.ABOVE:
            versions = tuple(row for row in rows if row.kind == kind)
            found.append(_setting(label, held.of(0, kind, today), versions))
    tree = directory.current()
    for unit_id in held.by_unit:
        unit = tree.units[unit_id]
        found.append(_setting(unit.name, held.of(unit_id, unit.kind, today), tuple(row for row in rows if row.unit_id == unit_id)))
    return found


def _setting(label: str, now: rules.Schedule, versions: tuple[ScreeningRhythm, ...]) -> Setting:
    return Setting(label, now, Rhythm(now.rhythm).label, due_words(now), versions)


def due_words(schedule: rules.Schedule) -> str:
    if schedule.rhythm == Rhythm.NONE:
        return "—"
    if schedule.due_days == 0:
        return "周期最后一天"
    return f"周期结束后 {schedule.due_days} {rules.DueUnit(schedule.due_unit).label}内"


def manned(day: date) -> set[int]:
    """Units with somebody in office who can report."""
    return set(Post.objects.current(day).filter(role__in=rules.REPORTING, user__is_active=True).values_list("unit", flat=True))
