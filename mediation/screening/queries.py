"""What a person sees of the rounds: what is due, what was missed, what lies open; coverage by town. Lists and figures ask the same question."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from casework.kinds import Panel, PanelRow
from casework.models import Case
from casework.queries import search
from mediation import rules as disputes
from mediation.models import Campaign, Dispute, Finding, Round, RoundDraft, ScreeningRhythm
from mediation.screening import rules
from mediation.screening.rules import Ending, Rhythm
from organisations import cipher, clock, directory
from organisations.models import Post, Unit
from organisations.scope import Scope

#: Rows of one page of a list, and of a search for a dispute to link to.
PAGE = 50
MOST_HITS = 10
#: Rows of the home page's panel.
PANEL = 6
#: Disputes named beside a unit that never finds anything.
MOST_NAMED = 5


# -- the rhythm as set ---------------------------------------------------------------------------------------------------------------------


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


# -- lists ---------------------------------------------------------------------------------------------------------------------------------


def statuses(today: date) -> dict[str, tuple[str, Q]]:
    """The states of a round as lists and figures tell them apart: one condition for both, so that they agree."""
    return {
        "all": ("全部轮次", Q()),
        "reported": ("已报", Q(reported_at__isnull=False)),
        "nothing": ("报“未发现”", Q(is_nothing=True)),
        "found": ("有发现", Q(is_nothing=False)),
        "late": ("逾期才报", Q(is_late=True)),
        "missed": ("缺报", Q(reported_at=None, due_on__lt=today)),
        "open": ("未到期", Q(reported_at=None, due_on__gte=today)),
    }


#: How a finding ended, as lists and figures tell it apart.
ENDINGS: dict[str, tuple[str, Q]] = {
    "all": ("全部发现", Q()),
    "open": ("待处置", Q(ending=Ending.OPEN)),
    "disputes": ("转为纠纷", Q(ending__in=[Ending.DISPUTE, Ending.LINKED])),
    "on_spot": ("当场化解", Q(ending=Ending.ON_SPOT)),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter as the address holds it. The period is that in which a round's own period ends."""

    since: date
    until: date
    status: str = "all"
    branch: int | None = None
    unit: int | None = None
    page: int = 1

    def query(self, **changes: object) -> str:
        merged = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        parts = {
            "since": merged.since,
            "until": merged.until,
            "status": "" if merged.status == "all" else merged.status,
            "branch": merged.branch,
            "unit": merged.unit,
            "page": "" if merged.page == 1 else merged.page,
        }
        return urlencode({key: value for key, value in parts.items() if value})


def read(params: Mapping[str, str], today: date) -> Wanted:
    """The filter from the address; what cannot be read is left out. Without dates: this month."""
    first = today.replace(day=1)
    asked = sorted(day for day in (_day(params.get("since", "")), _day(params.get("until", ""))) if day is not None)
    since, until = (asked[0], asked[-1]) if asked else (first, _month_end(first))
    branch, unit, page = (_number(params.get(name, "")) for name in ("branch", "unit", "page"))
    return Wanted(since, until, params.get("status", "all"), branch, unit, page or 1)


def months_back(today: date, n: int) -> list[tuple[str, date, date]]:
    """This month and those before it, as (words, first, last): what the page offers as periods."""
    found = []
    first = today.replace(day=1)
    for _ in range(n):
        found.append((f"{first.year}年{first.month}月", first, _month_end(first)))
        first = (first - timedelta(days=1)).replace(day=1)
    return found


def _month_end(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _in_period(scope: Scope, wanted: Wanted) -> QuerySet[Round]:
    found = Round.objects.visible_to(scope).filter(until_on__range=(wanted.since, wanted.until))
    if wanted.branch is not None:
        found = found.filter(branch=wanted.branch)
    return found.filter(unit=wanted.unit) if wanted.unit is not None else found


def rounds(scope: Scope, wanted: Wanted) -> QuerySet[Round]:
    """The rounds of a list, newest period first, in the tree's order."""
    _, condition = statuses(clock.today()).get(wanted.status, ("", Q()))
    found = _in_period(scope, wanted).filter(condition).select_related("unit", "branch", "campaign", "reported_by")
    return found.order_by("-until_on", "unit__path", "-id")


def findings(scope: Scope, wanted: Wanted) -> QuerySet[Finding]:
    """The findings of the same rounds, newest first."""
    _, condition = ENDINGS.get(wanted.status, ("", Q()))
    found = Finding.objects.visible_to(scope).filter(condition, round__in=_in_period(scope, wanted).values("pk"))
    related = ("round__unit", "round__campaign", "area", "dispute__case", "ended_by")
    return found.select_related(*related).order_by("-round__until_on", "round__unit__path", "no")


def open_findings(scope: Scope) -> QuerySet[Finding]:
    """Everything in sight that nobody has dealt with, the oldest first: it does not fall out of a period."""
    found = Finding.objects.visible_to(scope).filter(ending=Ending.OPEN)
    return found.select_related("round__unit", "round__campaign", "area").order_by("round__reported_at", "pk")


# -- special rounds -------------------------------------------------------------------------------------------------------------------------


def opening_units(scope: Scope) -> list[int]:
    """Units in whose name this person opens and takes back special rounds."""
    return [standing.unit_id for standing in scope.standings if standing.role in rules.OPENING]


def campaigns(scope: Scope) -> list[Campaign]:
    """One's own special rounds, the newest first, with how many have reported. One statement."""
    found = Campaign.objects.filter(unit__in=opening_units(scope)).select_related("opened_by", "withdrawn_by")
    reported = Count("rounds", filter=Q(rounds__reported_at__isnull=False))
    return list(found.annotate(reported=reported, asked=Count("rounds"))[:PAGE])


# -- one unit's desk -----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Desk:
    """What a unit's people find on their page: rounds to report now, those missed, findings to deal with, the last ones reported."""

    due: list[Round]
    missed: list[Round]
    open: list[Finding]
    last: list[Round]


def _waiting(units: Iterable[int], today: date) -> QuerySet[Round]:
    """Rounds of these units that have begun and nobody has reported, the most urgent first."""
    begun = Round.objects.filter(unit__in=units, reported_at=None, from_on__lte=today)
    return begun.select_related("unit", "campaign").order_by("due_on", "pk")


def desk(scope: Scope) -> Desk:
    """Four statements, all of the person's own units."""
    units, today = rules.reporting_units(scope), clock.today()
    if not units:
        return Desk([], [], [], [])
    own = Round.objects.filter(unit__in=units).select_related("unit", "campaign", "reported_by")
    waiting = list(_waiting(units, today))
    return Desk(
        due=[row for row in waiting if row.due_on >= today],
        missed=[row for row in waiting if row.due_on < today],
        open=list(open_findings(scope).filter(round__unit__in=units)[:PAGE]),
        last=list(own.exclude(reported_at=None).annotate(found=Count("findings")).order_by("-reported_at")[:8]),
    )


@dataclass(frozen=True)
class Below:
    """What those above look after: rounds missed this month and findings that lie, of units below their own."""

    missed: list[Round]
    missed_count: int
    open_count: int


def below(scope: Scope, wanted: Wanted) -> Below | None:
    """None for who has nobody below. Three statements."""
    own = rules.reporting_units(scope)
    tree = directory.current()
    if not (rules.seen_units(scope, tree) - set(own)):
        return None
    missed = rounds(scope, replace(wanted, status="missed"))
    return Below(list(missed[:PANEL]), missed.count(), open_findings(scope).count())


def draft(row: Round, scope: Scope) -> dict[str, list[str]] | None:
    """What this person typed of the report and did not send."""
    found = RoundDraft.objects.filter(round=row, user=scope.user).first()
    fields: dict[str, list[str]] | None = json.loads(cipher.decrypt(found.token)) if found else None
    return fields


def panels(scope: Scope) -> list[Panel]:
    """The home page's list for who reports: rounds due now and missed, findings that wait. Empty lists are left out. Two statements."""
    units, today = rules.reporting_units(scope), clock.today()
    if not units:
        return []
    waiting = _waiting(units, today)[:PANEL]
    found = open_findings(scope).filter(round__unit__in=units)[:PANEL]
    rows = [_round_row(row, today) for row in waiting]
    rows += [PanelRow(f"发现 {row.no}", row.what, reverse("mediation:screening-finding", args=[row.pk]), "待处置", "warn") for row in found]
    return [Panel("排查", rows[:PANEL], reverse("mediation:screening"))] if rows else []


def _round_row(row: Round, today: date) -> PanelRow:
    title = f"{row.unit.short_name} {row.title}"
    address = reverse("mediation:screening-round", args=[row.pk])
    if row.due_on < today:
        return PanelRow(row.period, title, address, f"缺报，{row.due_on:%-m月%-d日}截止", "bad")
    left = (row.due_on - today).days
    return PanelRow(row.period, title, address, "今日截止" if left == 0 else f"余 {left} 天", "warn" if left <= 1 else "")


# -- linking a finding to a dispute --------------------------------------------------------------------------------------------------------


def linkable(finding: Finding, words: str, scope: Scope) -> list[Case]:
    """Disputes in sight that may be the same: those found by words, or without words the running ones of the same place."""
    seen = Case.objects.visible_to(scope).filter(kind=disputes.CODE)
    if words.strip():
        ids = search.case_ids(words.strip(), scope, limit=200)
        found = seen.filter(Q(pk__in=ids) | Q(number=words.strip().upper()))
    else:
        found = seen.filter(area=finding.area_id, closed_at=None)
    return list(found.order_by("-opened_at")[:MOST_HITS])


# -- coverage ------------------------------------------------------------------------------------------------------------------------------


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
    visited = Coalesce(Sum("households"), 0)
    numbers: dict[int, dict[str, int]] = {}
    for row in _in_period(scope, everything).order_by().values(column).annotate(**counted, households=visited):
        numbers[row.pop(column)] = row
    ended = {name: Count("pk", filter=ENDINGS[status][1]) if status != "all" else Count("pk") for name, status in _FINDING_NUMBERS.items()}
    ids = _in_period(scope, everything).values("pk")
    for row in Finding.objects.filter(round__in=ids).order_by().values(f"round__{column}").annotate(**ended):
        numbers[row.pop(f"round__{column}")].update(row)
    tree = directory.current()
    order = {unit_id: place for place, unit_id in enumerate(tree.units)}
    lines = [Line(unit_id, tree.units[unit_id].short_name, **numbers[unit_id]) for unit_id in sorted(numbers, key=lambda i: order[i])]
    names = [name for name in Line.__dataclass_fields__ if name not in ("unit_id", "name")]
    total = Line(0, "合计", **{name: sum(getattr(line, name) for line in lines) for name in names})
    return Coverage(lines, total, silent(scope, everything), unmanned(scope, wanted.branch))


def manned(day: date) -> set[int]:
    """Units with somebody in office who can report."""
    return set(Post.objects.current(day).filter(role__in=rules.REPORTING, user__is_active=True).values_list("unit", flat=True))


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
        _in_period(scope, wanted)
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


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of the table, the list it counts, and its colour."""

    text: str
    url: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    name: str
    url: str
    cells: list[Cell]


#: Columns of page and export: heading, number of the line, and the list it counts (rounds or findings, with their status).
COLUMNS: tuple[tuple[str, str, str, str], ...] = (
    ("轮次", "total", "screening-rounds", "all"),
    ("已报", "reported", "screening-rounds", "reported"),
    ("逾期才报", "late", "screening-rounds", "late"),
    ("未到期", "waiting", "screening-rounds", "open"),
    ("缺报", "missed", "screening-rounds", "missed"),
    ("覆盖率", "coverage", "", ""),
    ("未发现", "nothing", "screening-rounds", "nothing"),
    ("未发现占比", "nothing_share", "", ""),
    ("走访户数", "households", "", ""),
    ("发现", "findings", "screening-findings", "all"),
    ("转为纠纷", "disputes", "screening-findings", "disputes"),
    ("当场化解", "on_spot", "screening-findings", "on_spot"),
    ("待处置", "open", "screening-findings", "open"),
)
HEADINGS = ("单位", *(heading for heading, *_ in COLUMNS))
TONES = {"missed": "bad", "open": "warn"}


def table(found: Coverage, wanted: Wanted) -> list[TableRow]:
    """The lines and the total, each number with the address of its list."""
    rows = [_table_row(line, _narrowed(wanted, line), leads=wanted.branch is None) for line in found.lines]
    return [*rows, _table_row(found.total, wanted, leads=False)]


def _narrowed(wanted: Wanted, line: Line) -> Wanted:
    return replace(wanted, branch=line.unit_id) if wanted.branch is None else replace(wanted, unit=line.unit_id)


def _table_row(line: Line, wanted: Wanted, *, leads: bool) -> TableRow:
    return TableRow(line.name, wanted.query(status="all") if leads else "", [_cell(line, wanted, *rest) for _, *rest in COLUMNS])


def _cell(line: Line, wanted: Wanted, name: str, page: str, status: str) -> Cell:
    value = getattr(line, name)
    url = f"{reverse('mediation:' + page)}?{wanted.query(status=status)}" if page else ""
    return Cell(str(value), url, TONES.get(name, "") if value else "")


def cells(line: Line) -> list[str]:
    """The same numbers for the export."""
    return [line.name, *(str(getattr(line, name)) for _, name, _, _ in COLUMNS)]
