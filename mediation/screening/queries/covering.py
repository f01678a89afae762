"""Coverage by town, department and unit: what was reported and what missed; who only ever finds nothing; who has nobody to report."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from mediation.models import Dispute, Finding, Round
from mediation.screening import rules
from mediation.screening.queries.lists import ENDINGS, Wanted, in_period, statuses
from mediation.screening.queries.rhythms import manned, schedules
from mediation.screening.rules import Ending, Rhythm
from organisations import clock, directory
from organisations.models import Unit
from organisations.scope import Scope

#: Disputes named beside a unit that never finds anything.
MOST_NAMED = 5


@dataclass(frozen=True)
class Line:
    """One town, department or unit of the coverage table. Every number is a list: `rounds` / `findings` hold the status to ask for."""

    unit_id: int
    name: str
    total: int = 0
    reported: int = 0
    late: int = 0
    nothing: int = 0
    missed: int = 0
    waiting: int = 0
    households: int = 0
    findings: int = 0
    disputes: int = 0
    on_spot: int = 0
    open: int = 0

    @property
    def owed(self) -> int:
        """Rounds whose report is there or was due: what coverage is measured by."""
        return self.total - self.waiting

    @property
    def coverage(self) -> str:
        return _share(self.reported, self.owed)

    @property
    def nothing_share(self) -> str:
        return _share(self.nothing, self.reported)


def _share(part: int, whole: int) -> str:
    """One decimal, «—» of nothing. 2 of 3 is 66.7 %."""
    return f"{part * 100 / whole:.1f}%" if whole else "—"


#: Numbers of a line that come from the rounds, and those from the findings, by the status of the list they lead to.
_ROUND_NUMBERS = {"total": "all", "reported": "reported", "late": "late", "nothing": "nothing", "missed": "missed", "waiting": "open"}
_FINDING_NUMBERS = {"findings": "all", "disputes": "disputes", "on_spot": "on_spot", "open": "open"}


@dataclass(frozen=True)
class Coverage:
    lines: list[Line]
    total: Line
    silent: list[Silent] = field(default_factory=list)
    unmanned: list[str] = field(default_factory=list)


def coverage(scope: Scope, wanted: Wanted) -> Coverage:
    """By town and department, or with a branch in the filter by its units. Three statements.

    «覆盖率» = reported ÷ (rounds − those not yet due and not reported): a week that still runs is nobody's fault.
    """
    everything = replace(wanted, status="all")
    column = "unit" if wanted.branch is not None else "branch"
    named = statuses(clock.today())
    counted = {name: Count("pk", filter=named[status][1]) if status != "all" else Count("pk") for name, status in _ROUND_NUMBERS.items()}
    visited = Coalesce(Sum("households", filter=~Q(unit__kind=rules.COUNTS_TEAMS)), 0)
    numbers: dict[int, dict[str, int]] = {}
    for row in in_period(scope, everything).order_by().values(column).annotate(**counted, households=visited):
        numbers[row.pop(column)] = row
    ended = {name: Count("pk", filter=ENDINGS[status][1]) if status != "all" else Count("pk") for name, status in _FINDING_NUMBERS.items()}
    ids = in_period(scope, everything).values("pk")
    for row in Finding.objects.filter(round__in=ids).order_by().values(f"round__{column}").annotate(**ended):
        numbers[row.pop(f"round__{column}")].update(row)
    tree = directory.current()
    order = {unit_id: place for place, unit_id in enumerate(tree.units)}
    lines = [Line(unit_id, tree.units[unit_id].short_name, **numbers[unit_id]) for unit_id in sorted(numbers, key=lambda i: order[i])]
    names = [name for name in Line.__dataclass_fields__ if name not in ("unit_id", "name")]
    total = Line(0, "合计", **{name: sum(getattr(line, name) for line in lines) for name in names})
    return Coverage(lines, total, silent(scope, everything), unmanned(scope, wanted.branch))


def unmanned(scope: Scope, branch: int | None) -> list[str]:
    """Units that should go rounds and have none yet, because nobody holds a post there: named, so that they are not forgotten."""
    tree, held, today = directory.current(), schedules(), clock.today()
    begun = set(Round.objects.exclude(rhythm=Rhythm.SPECIAL).order_by().values_list("unit", flat=True).distinct()) | manned(today)
    seen = rules.seen_units(scope, tree)
    return [
        unit.short_name
        for unit in tree.units.values()
        if unit.id in seen and unit.id not in begun and unit.is_active
        if held.of(unit.id, unit.kind, today).rhythm != Rhythm.NONE and (branch is None or unit.is_within(branch))
    ]


@dataclass(frozen=True)
class Silent:
    """A unit that only ever reports «nothing found» while disputes of its place come in another way. Facts, no verdict."""

    unit_id: int
    name: str
    reports: int
    numbers: list[str]
    disputes: int

    @property
    def words(self) -> str:
        return f"{self.name}：期间上报 {self.reports} 次，全部“未发现”；同期该村另有 {self.disputes} 件纠纷经其他途径登记"


def silent(scope: Scope, wanted: Wanted) -> list[Silent]:
    """Units with at least SILENT_FROM reports, all «nothing found», and disputes of their village registered otherwise. Two statements."""
    reports = (
        in_period(scope, wanted)
        .exclude(reported_at=None)
        .exclude(unit__area=None)
        .filter(unit__kind=Unit.Kind.ROOM)
        .order_by()
        .values("unit", "unit__area")
        .annotate(reports=Count("pk"), found=Count("pk", filter=Q(is_nothing=False)))
        .filter(reports__gte=rules.SILENT_FROM, found=0)
    )
    quiet = {row["unit__area"]: (row["unit"], row["reports"]) for row in reports}
    if not quiet:
        return []
    first, after = _midnight(wanted.since), _midnight(wanted.until + timedelta(days=1))
    came = Dispute.objects.visible_to(scope).filter(case__area__in=quiet, case__opened_at__gte=first, case__opened_at__lt=after)
    came = came.filter(~Exists(Finding.objects.filter(dispute=OuterRef("pk"), ending=Ending.DISPUTE)))
    numbers: dict[int, list[str]] = {}
    for area_id, number in came.order_by("-case__opened_at").values_list("case__area", "case__number"):
        numbers.setdefault(area_id, []).append(number)
    tree = directory.current()
    return [
        Silent(unit_id, tree.units[unit_id].short_name, count, numbers[area_id][:MOST_NAMED], len(numbers[area_id]))
        for area_id, (unit_id, count) in sorted(quiet.items())
        if area_id in numbers
    ]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
