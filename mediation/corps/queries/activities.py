"""Joint activities with the justice office, the court, the discipline organ (MED-15)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from mediation.corps import scope
from mediation.corps.queries.asked import one_of, whole
from mediation.models import Activity
from organisations.scope import Scope


@dataclass(frozen=True, slots=True)
class ActivityWanted:
    """The filters of the joint activities."""

    kind: str = ""
    year: int | None = None

    def query(self, **changes: Any) -> str:
        asked = replace(self, **changes)
        return urlencode([(name, value) for name, value in (("kind", asked.kind), ("year", asked.year)) if value])


def read_activities(data: Mapping[str, str]) -> ActivityWanted:
    year = whole(data.get("year", ""))
    return ActivityWanted(one_of(data.get("kind", ""), Activity.Kind.values), year if year and 1990 <= year <= 2200 else None)


def activities(by: Scope, wanted: ActivityWanted) -> QuerySet[Activity]:
    found = Activity.objects.filter(unit__in=scope.visible_units(by)).select_related("unit", "by")
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    return found.filter(on__year=wanted.year) if wanted.year else found


ACTIVITY_HEADINGS = ("日期", "类型", "承办单位", "联动单位", "地点", "参加人员", "人数", "情况和结果", "登记人")


def activity_cells(found: Iterable[Activity]) -> Iterator[list[Any]]:
    for row in found:
        people_count = "" if row.people_count is None else row.people_count
        yield [
            row.on,
            row.get_kind_display(),
            row.unit.short_name,
            row.partner,
            row.place,
            row.participants,
            people_count,
            row.outcome,
            row.by.name,
        ]
