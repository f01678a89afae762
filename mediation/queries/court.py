"""What is before the court desk, and what became of what was (HALL-17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, QuerySet

from casework.models import Reach
from casework.rules import local_date
from mediation import codes
from mediation.models import CourtMatter, CourtRecord
from organisations import clock, directory
from organisations.scope import Scope

#: How the county's court is called in the tree of units.
COURT_NAME = "人民法院"
#: A page of the list.
MOST = 100
#: The two lists of the desk.
RUNNING, ENDED = "running", "ended"
SHOWS = {RUNNING: "办理中", ENDED: "已办结"}


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One matter: the dispute, from whom and since when, where it stands; of an ended one the days it took and what came of it."""

    matter: CourtMatter
    from_unit: str
    days: int
    stage: str
    last_on: date | None
    result: str


@dataclass(frozen=True, slots=True)
class Desk:
    """The page of the desk: one of its two lists. `settled` of `ended` went without a judgment (多调少判)."""

    show: str
    rows: list[DeskRow]
    running: int
    ended: int
    settled: int
    results: list[tuple[str, int]]
    fees: int


def court_unit_id() -> int | None:
    """The county's court among the units, as the form proposes it."""
    return next((unit.id for unit in directory.current().units.values() if unit.is_active and unit.name.endswith(COURT_NAME)), None)


def of_case(matters: Sequence[CourtMatter], records: Sequence[CourtRecord]) -> list[tuple[CourtMatter, str, list[CourtRecord]]]:
    """Each going to the desk with the court's name and its rows, newest first."""
    units = directory.current().units
    return [(matter, units[matter.unit_id].short_name, [row for row in records if row.matter_id == matter.pk]) for matter in matters][::-1]


def _mine(scope: Scope) -> QuerySet[CourtMatter]:
    return CourtMatter.objects.filter(dispute__in=Reach.objects.filter(reader__in=scope.readers, case__kind="dispute").values("case"))


def matters(scope: Scope, show: str) -> QuerySet[CourtMatter]:
    """Of the disputes the person may see: what is before the desk, oldest first; or what was, the newest end first."""
    mine = _mine(scope).select_related("dispute__case")
    return mine.exclude(result="").order_by("-ended_at", "-pk") if show == ENDED else mine.filter(result="").order_by("sent_at", "pk")


def rows(matters: Sequence[CourtMatter]) -> list[DeskRow]:
    """Matters of the desk as its page shows them. One statement."""
    today, tree = clock.today(), directory.current()
    last = {
        row["matter"]: (row["stage"], row["on"])
        for row in CourtRecord.objects.filter(matter__in=matters).values("matter").annotate(stage=Max("stage"), on=Max("on"))
    }
    return [
        DeskRow(
            matter,
            tree.units[matter.from_unit_id].short_name,
            ((matter.ended_on or today) - local_date(matter.sent_at)).days,
            codes.COURT_STAGES[last[matter.pk][0]].name if matter.pk in last else "待接访",
            last[matter.pk][1] if matter.pk in last else None,
            codes.COURT_RESULTS[matter.result].name if matter.result else "",
        )
        for matter in matters
    ]


def desk(scope: Scope, show: str) -> Desk:
    """What the person may see of the court desk: one of its lists, and the results so far. Four statements."""
    mine = _mine(scope)
    counts = dict(mine.values_list("result").annotate(number=Count("pk")))
    running = counts.pop("", 0)
    results = [(row.name, counts[code]) for code, row in codes.COURT_RESULTS.items() if code in counts]
    settled = sum(number for code, number in counts.items() if code in codes.COURT_AGREED)
    fees = mine.filter(fee_waived__gt=0).count()
    return Desk(show, rows(list(matters(scope, show)[:MOST])), running, sum(counts.values()), settled, results, fees)
