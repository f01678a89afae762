"""The limits in force and the working-day calendar, as each process holds them; and what is done to them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from casework.calendar import Calendar, shipped_rows
from casework.models import Holiday, Limit
from organisations.snapshots import Snapshot

#: 条例 in force; older imported matters are counted by the same limits.
FIRST_DAY = date(2000, 1, 1)


@dataclass(frozen=True)
class Settings:
    calendar: Calendar
    limits: dict[str, tuple[Limit, ...]]

    def limit(self, key: str, on: date) -> Limit:
        """The version of the limit valid on that day. Raises KeyError: a missing limit is a broken installation."""
        for limit in self.limits[key]:
            if limit.valid_from <= on and (limit.valid_until is None or on <= limit.valid_until):
                return limit
        raise KeyError(f"no version of {key} is valid on {on}")


def _read() -> Settings:
    days = list(Holiday.objects.all())
    calendar = Calendar(
        off=frozenset(day.day for day in days if day.is_off),
        worked=frozenset(day.day for day in days if not day.is_off),
        years=frozenset(day.day.year for day in days),
        names={day.day: day.name for day in days},
    )
    limits: dict[str, list[Limit]] = {}
    for limit in Limit.objects.order_by("key", "-valid_from"):
        limits.setdefault(limit.key, []).append(limit)
    return Settings(calendar=calendar, limits={key: tuple(found) for key, found in limits.items()})


_snapshot = Snapshot("limits", _read)
current = _snapshot.current
changed = _snapshot.changed
forget = _snapshot.forget


def load_defaults() -> None:
    """Put the limits and holidays that ship with the project into an empty database (L-PET-T1, L-CAL-3).

    Rows that exist are left alone: a county's own settings are never overwritten.
    """
    known = set(Limit.objects.values_list("key", flat=True))
    rows = json.loads((Path(__file__).parent / "data" / "limits.json").read_text(encoding="utf-8"))
    Limit.objects.bulk_create(
        Limit(
            key=row["key"],
            name=row["name"],
            n=row["n"],
            unit=row["unit"],
            base=row["base"],
            who=row["who"],
            roll=row["roll"],
            is_duty=row["is_duty"],
            warn_days=row["warn_days"],
            max_extension=row["max_extension"] or None,
            cites=row["cites"],
            is_verified=row["verified"],
            valid_from=FIRST_DAY,
        )
        for row in rows
        if row["key"] not in known
    )
    Holiday.objects.bulk_create(
        [Holiday(day=day, is_off=is_off, name=name) for day, is_off, name in shipped_rows()],
        ignore_conflicts=True,
    )
    changed()
