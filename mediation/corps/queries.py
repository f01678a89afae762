"""What the pages of the corps show, always through the scope: the list, a person, the gaps, training, duties, joint activities."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from mediation import codes
from mediation.corps import norms, rules, scope
from mediation.corps.rules import Gap, Period
from mediation.models import Activity, Appointment, Attended, Committee, Duty, Households, Mediator, Seat, Training
from mediation.models.corps import MediatorQuerySet
from organisations import clock, directory
from organisations.directory import UnitFacts
from organisations.models import Unit
from organisations.scope import Scope

#: Who counts towards the staffing norms and owes the days of training: the engaged mediators (MED-11, MED-12).
STAFF = (Mediator.Kind.PEOPLES, Mediator.Kind.VILLAGE)
SHOWS = {"serving": "在任", "expiring": "60 日内到期", "lapsed": "任期已满未续", "ended": "已离任", "all": "全部"}
PAGE = 50


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _one_of(text: str, known: Collection[str]) -> str:
    return text if text in known else ""


# -- the list -----------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters as asked for; unknown values are dropped."""

    show: str = "serving"
    q: str = ""
    unit: int | None = None
    kind: str = ""
    grade: str = ""
    speciality: str = ""

    def query(self, **changes: Any) -> str:
        asked = replace(self, **changes)
        pairs = (("show", asked.show), ("q", asked.q), ("unit", asked.unit), ("kind", asked.kind), ("grade", asked.grade))
        return urlencode([(name, value) for name, value in (*pairs, ("speciality", asked.speciality)) if value])

    @property
    def words(self) -> str:
        """The filters as the access log and the file name say them; what somebody typed to find a person stays out."""
        unit = directory.current().units.get(self.unit or 0)
        parts = [SHOWS[self.show], unit.short_name if unit else "", dict(Mediator.Kind.choices).get(self.kind, "")]
        return "_".join(part for part in parts if part)


def read(data: Mapping[str, str]) -> Wanted:
    return Wanted(
        show=_one_of(data.get("show", ""), SHOWS) or "serving",
        q=data.get("q", "").strip()[:30],
        unit=_whole(data.get("unit", "")),
        kind=_one_of(data.get("kind", ""), Mediator.Kind.values),
        grade=_one_of(data.get("grade", ""), [value or "none" for value in Mediator.Grade.values]),
        speciality=_one_of(data.get("speciality", ""), [code for code, _ in codes.TYPES.choices]),
    )


def people(by: Scope, wanted: Wanted) -> MediatorQuerySet:
    """The corps through the scope and the filters, in the order of the tree."""
    today = clock.today()
    found: Any = scope.visible(by)
    opened = Appointment.objects.filter(mediator=OuterRef("pk"), ended_on=None)
    soon = today + timedelta(days=rules.EXPIRING_DAYS)
    if wanted.show == "serving":
        found = found.serving(today)
    elif wanted.show == "expiring":
        found = found.filter(Exists(opened.filter(until_on__gte=today).filter(Q(until_on__lte=soon) | Q(contract_until__lte=soon))))
    elif wanted.show == "lapsed":
        found = found.filter(Exists(opened.filter(until_on__lt=today)))
    elif wanted.show == "ended":
        found = found.filter(~Exists(opened))
    if wanted.unit:
        below = {unit.id for unit in directory.current().below(wanted.unit)}
        top = directory.current().units.get(wanted.unit)
        villages = top.village_ids if top else frozenset()
        below |= {unit.id for unit in directory.current().units.values() if unit.area_id in villages and unit.kind == Unit.Kind.ROOM}
        found = found.filter(unit__in=below)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.grade:
        found = found.filter(grade="" if wanted.grade == "none" else wanted.grade)
    if wanted.speciality:
        found = found.filter(specialities__contains=[wanted.speciality])
    if wanted.q:
        typed = wanted.q.lower()
        found = found.filter(Q(name__startswith=wanted.q) | Q(initials__startswith=typed) | Q(initials__contains=f" {typed}"))
    return found.select_related("unit", "area").prefetch_related(_terms())


def _terms() -> Prefetch[Any]:
    return Prefetch("appointments", Appointment.objects.order_by("-from_on", "-id"), to_attr="terms")


@dataclass(frozen=True, slots=True)
class Line:
    """A person as the list shows them."""

    mediator: Mediator
    term: Appointment | None
    standing: str
    tone: str
    specialities: str

    @property
    def is_serving(self) -> bool:
        return self.tone in ("green", "amber")


def lines(found: Iterable[Mediator]) -> list[Line]:
    today = clock.today()
    return [line(person, today) for person in found]


def line(person: Mediator, today: date) -> Line:
    """`person` loaded with `terms`, the newest first."""
    terms: list[Appointment] = person.terms  # type: ignore[attr-defined]
    term = terms[0] if terms else None
    words, tone = _standing(term, today)
    names = "、".join(codes.TYPES.label(code) for code in person.specialities)
    return Line(person, term, words, tone, names)


def _standing(term: Appointment | None, today: date) -> tuple[str, str]:
    if term is None or (term.ended_on is not None and term.ended_on <= today):
        return "已离任", ""
    if term.until_on < today:
        return "任期已满未续", "red"
    if term.from_on > today:
        return f"{term.from_on:%-m月%-d日}起任", "line"
    ends = min(day for day in (term.until_on, term.contract_until) if day)
    left = (ends - today).days
    if left <= rules.EXPIRING_DAYS:
        return (f"{left} 日后到期" if left >= 0 else "合同已到期"), "amber"
    return "在任", "green"


HEADINGS = (
    "姓名",
    "性别",
    "类别",
    "等级",
    "所在单位",
    "所在村",
    "任期起",
    "任期止",
    "合同编号",
    "合同止",
    "状态",
    "擅长纠纷",
    "电话（脱敏）",
    "网上公开",
)


def cells(found: Iterable[Mediator]) -> Iterator[list[Any]]:
    """The list as a sheet; numbers masked."""
    today = clock.today()
    for row in lines(found):
        person, term = row.mediator, row.term
        yield [
            person.name,
            person.get_sex_display(),
            person.get_kind_display(),
            person.get_grade_display(),
            person.unit.short_name,
            person.area.name if person.area else "",
            term.from_on if term else "",
            term.until_on if term else "",
            term.contract_number if term else "",
            (term.contract_until or "") if term else "",
            row.standing,
            row.specialities,
            person.phone_masked,
            "是" if rules.consents(person.consented_on, person.withdrawn_on, today) else "否",
        ]


# -- a person -----------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything the page of one person shows."""

    line: Line
    terms: list[Appointment]
    career: list[Any]
    seats: list[Seat]
    lessons: list[Attended]
    year: int
    days: Decimal
    short_by: Decimal
    duties: list[Duty]
    is_trained: bool
    month: list[Cell]
    is_own: bool
    is_kept: bool
    is_online: bool
    is_positioned: bool
    takes_positions: bool
    keeps_duties: bool

    @property
    def mediator(self) -> Mediator:
        return self.line.mediator


def person(by: Scope, pk: int) -> PersonPage | None:
    """The page, or None outside the scope."""
    today = clock.today()
    found = scope.visible(by).filter(pk=pk).select_related("unit", "area", "user").prefetch_related(_terms()).first()
    if found is None:
        return None
    measures = norms.on(today)
    lessons = list(Attended.objects.filter(mediator=found, training__on__year=today.year).select_related("training").order_by("-training__on"))
    days = sum((row.days for row in lessons if row.training.kind == Training.Kind.COURSE), Decimal(0))
    duties = list(Duty.objects.filter(mediator=found).select_related("case", "by", "voided_by")[:30])
    done = Duty.objects.filter(mediator=found, voided_at=None, on__gte=today.replace(day=1) - timedelta(days=7))
    by_day = [(duty.on, duty.kind) for duty in done]
    return PersonPage(
        line=line(found, today),
        terms=found.terms,  # type: ignore[attr-defined]
        career=list(found.career.select_related("from_unit", "to_unit")),
        seats=list(Seat.objects.filter(mediator=found).select_related("committee")),
        lessons=lessons,
        year=today.year,
        days=days,
        short_by=rules.short_by(measures, days) if found.kind in STAFF else Decimal(0),
        is_trained=found.kind in STAFF,
        duties=duties,
        month=[
            Cell(period, rules.unmet([kind for on, kind in by_day if period.first <= on <= period.last]), period.last >= today)
            for period in rules.periods(found.kind, today.year, today.month)
            if period.first <= today and _served(found, period)
        ],
        is_own=found.user_id == by.user.id,
        is_kept=found.unit_id in {unit.id for unit in scope.kept_units(by)},
        is_online=rules.consents(found.consented_on, found.withdrawn_on, today),
        is_positioned=rules.consents(found.position_consented_on, found.position_withdrawn_on, today),
        takes_positions=measures.takes_positions,
        keeps_duties=measures.keeps_duties,
    )


def offered(held: PersonPage) -> frozenset[str]:
    """The acts this reader may do on the person now; the actions ask again."""
    found: set[str] = set()
    if held.is_kept:
        found |= {"amend", "renew", "promote"}
        found |= {"grade"} if not held.is_own else set()
        found |= {"end"} if any(term.ended_on is None for term in held.terms) else set()
    if held.is_kept or held.is_own:
        found |= {"withdraw"} if held.is_online else {"consent"}
    if held.is_own:
        found |= {"withdraw-position"} if held.is_positioned else {"consent-position"} if held.takes_positions else set()
    return frozenset(found)


# -- staffing gaps ------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A room, area station or station against its norm, with its committee's faults."""

    unit: UnitFacts
    gap: Gap
    committee: list[str]

    @property
    def kind(self) -> str:
        return Unit.Kind(self.unit.kind).label


@dataclass(slots=True)
class Town:
    """A town's places added up."""

    unit: UnitFacts
    places: list[Place] = field(default_factory=list)

    @property
    def met(self) -> int:
        return sum(place.gap.is_met for place in self.places)

    @property
    def unknown(self) -> int:
        return sum(place.gap.needed is None for place in self.places)

    @property
    def missing(self) -> int:
        return sum(place.gap.missing for place in self.places)

    @property
    def short(self) -> int:
        return sum(place.gap.missing > 0 for place in self.places)

    @property
    def committees(self) -> int:
        """Places whose committee is missing or lacks something."""
        return sum(bool(place.committee) for place in self.places)


def gaps(by: Scope) -> list[Town]:
    """Every place in scope against the norms of today, by town, in tree order."""
    tree, today = directory.current(), clock.today()
    measures = norms.on(today)
    seen = scope.visible_units(by)
    present = dict(Mediator.objects.serving(today).filter(unit__in=seen, kind__in=STAFF).order_by().values_list("unit").annotate(Count("pk")))
    houses = households(area_id for unit in (tree.units[i] for i in seen) if (area_id := unit.area_id))
    boards = _boards(seen, today)
    towns: dict[int, Town] = {}
    for unit in tree.units.values():
        if unit.id not in seen or not unit.is_active or unit.kind not in rules.NORMED:
            continue
        station = next((tree.units[i] for i in unit.ancestor_ids if tree.units[i].kind == Unit.Kind.STATION), unit)
        known = houses.get(unit.area_id or 0) if unit.kind == Unit.Kind.ROOM else None
        gap = Gap(unit.id, rules.needed(measures, unit.kind, known), present.get(unit.id, 0), known)
        faults: list[str] = []
        if unit.kind in rules.WITH_COMMITTEE:
            board = boards.get(unit.id)
            faults = ["未设立"] if board is None else rules.faults(measures, members=board[0], women=board[1], chairs=board[2])
        towns.setdefault(station.id, Town(station)).places.append(Place(unit, gap, faults))
    return list(towns.values())


def counts(by: Scope) -> QuerySet[Households]:
    """Every count of the villages in scope."""
    units = directory.current().units
    return Households.objects.filter(area__in=[units[i].area_id for i in scope.visible_units(by) if units[i].kind == Unit.Kind.ROOM])


def households(area_ids: Iterable[int]) -> dict[int, int]:
    """The newest count of each village; nothing for one never counted."""
    rows = Households.objects.filter(area__in=set(area_ids)).order_by("area_id", "-counted_on", "-id").distinct("area_id")
    return dict(rows.values_list("area_id", "n"))


def _boards(unit_ids: Collection[int], today: date) -> dict[int, tuple[int, int, int]]:
    """Members, women and chairs of each committee today, by its unit."""
    sitting = Q(seats__from_on__lte=today) & (Q(seats__until_on=None) | Q(seats__until_on__gt=today))
    rows = (
        Committee.objects.filter(unit__in=unit_ids)
        .order_by()
        .annotate(
            members=Count("seats", sitting),
            women=Count("seats", sitting & Q(seats__mediator__sex=Mediator.Sex.FEMALE)),
            chairs=Count("seats", sitting & Q(seats__is_chair=True)),
        )
    )
    return {row.unit_id: (row.members, row.women, row.chairs) for row in rows}


@dataclass(frozen=True, slots=True)
class Board:
    """A unit's committee, or the lack of one."""

    unit: UnitFacts
    committee: Committee | None
    seats: list[Seat]
    past: list[Seat]
    faults: list[str]
    candidates: list[Mediator]
    is_kept: bool


def board(by: Scope, unit_id: int) -> Board | None:
    """The committee page of a unit, or None outside the scope."""
    unit = directory.current().units.get(unit_id)
    if unit is None or unit_id not in scope.visible_units(by):
        return None
    today = clock.today()
    committee = Committee.objects.filter(unit=unit_id).first()
    every = list(Seat.objects.filter(committee=committee).select_related("mediator")) if committee else []
    seats = [seat for seat in every if seat.until_on is None]
    faults = rules.faults(
        norms.on(today),
        members=len(seats),
        women=sum(seat.mediator.sex == Mediator.Sex.FEMALE for seat in seats),
        chairs=sum(seat.is_chair for seat in seats),
    )
    near = [unit_id, *(below.id for below in directory.current().below(unit_id))]
    return Board(
        unit=unit,
        committee=committee,
        seats=seats,
        past=[seat for seat in every if seat.until_on is not None],
        faults=faults if committee else ["未设立"],
        candidates=list(scope.visible(by).serving(today).filter(unit__in=near).order_by("name")),
        is_kept=unit_id in {kept.id for kept in scope.kept_units(by)},
    )


# -- training -----------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Learner:
    """One person's year: days of training against what is owed, and how often they came to the rest."""

    mediator: Mediator
    days: Decimal
    short_by: Decimal
    meetings: int
    observations: int
    hearings: int


def read_year(data: Mapping[str, str]) -> int:
    """The year asked for, of the last ten; this one if none."""
    asked, this = _whole(data.get("year", "")), clock.today().year
    return asked if asked is not None and this - 10 <= asked <= this else this


def trainings(by: Scope) -> QuerySet[Training]:
    """What was held by units in scope, and what people in scope went to."""
    there = Attended.objects.filter(training=OuterRef("pk"), mediator__in=scope.visible(by))
    return Training.objects.filter(Q(unit__in=scope.visible_units(by)) | Exists(there)).select_related("unit").annotate(came=Count("attendance"))


def learners(by: Scope, year: int) -> list[Learner]:
    """The mediators in office on the last day of the year that has come, by unit: no ranking. Worthies and officials owe no days."""
    day = min(clock.today(), date(year, 12, 31))
    measures = norms.on(day)
    rows = Attended.objects.filter(training__on__year=year, mediator__in=scope.visible(by))
    added = rows.order_by().values_list("mediator", "training__kind").annotate(Sum("days"), Count("pk"))
    held: dict[int, dict[str, tuple[Decimal, int]]] = defaultdict(dict)
    for person_id, kind, days, times in added:
        held[person_id][kind] = (days, times)
    none = (Decimal(0), 0)
    found = []
    for mediator in scope.visible(by).serving(day).filter(kind__in=STAFF).select_related("unit"):
        own = held.get(mediator.pk, {})
        days = own.get(Training.Kind.COURSE, none)[0]
        times = {kind: own.get(kind, none)[1] for kind in Training.Kind.values}
        found.append(
            Learner(
                mediator,
                days,
                rules.short_by(measures, days),
                times[Training.Kind.MEETING],
                times[Training.Kind.OBSERVATION],
                times[Training.Kind.HEARING],
            )
        )
    return found


# -- duties -------------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """One period of one person: what is still missing, or that it is not over yet."""

    period: Period
    missing: list[str]
    is_running: bool

    @property
    def words(self) -> str:
        if not self.missing:
            return "已完成"
        return ("还差" if self.is_running else "缺") + "、".join(self.missing)

    @property
    def tone(self) -> str:
        if not self.missing:
            return "ok"
        return "muted" if self.is_running else "bad"


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """A person's month of the four at-leasts."""

    mediator: Mediator
    counts: list[tuple[str, int]]
    cells: list[Cell]

    @property
    def gaps(self) -> int:
        return sum(bool(cell.missing) and not cell.is_running for cell in self.cells)


def read_month(data: Mapping[str, str]) -> date:
    """The first day of the month asked for, not after this one."""
    this = clock.today().replace(day=1)
    try:
        asked = date.fromisoformat(f"{data.get('month', '')[:7]}-01")
    except ValueError:
        return this
    return min(asked, this)


def fulfilment(by: Scope, year: int, month: int) -> list[Fulfilment]:
    """Worthies and advisers in office during the month, by unit: what each period lacks. Voided duties do not count (MED-14)."""
    today = clock.today()
    spans = {str(kind): rules.periods(kind, year, month) for kind in rules.BOUND}
    first = min(period.first for span in spans.values() for period in span)
    last = max(period.last for span in spans.values() for period in span)
    bound = scope.visible(by).filter(kind__in=rules.BOUND).select_related("unit").prefetch_related(_terms())
    done: dict[int, list[tuple[date, str]]] = defaultdict(list)
    for person_id, on, kind in Duty.objects.filter(mediator__in=bound, on__range=(first, last), voided_at=None).values_list("mediator", "on", "kind"):
        done[person_id].append((on, kind))
    found = []
    for mediator in bound:
        cells = []
        for period in spans[mediator.kind]:
            if period.first > today or not _served(mediator, period):
                continue
            kinds = [kind for on, kind in done[mediator.pk] if period.first <= on <= period.last]
            cells.append(Cell(period, rules.unmet(kinds), period.last >= today))
        if cells:
            inside = Counter(kind for on, kind in done[mediator.pk] if (on.year, on.month) == (year, month))
            counts = [(name, sum(inside[kind] for kind in kinds)) for name, kinds in rules.AT_LEASTS]
            found.append(Fulfilment(mediator, counts, cells))
    return found


def _served(mediator: Mediator, period: Period) -> bool:
    """In office for the whole of the period: nobody owes a week of which half was not theirs."""
    return any(
        term.from_on <= period.first and term.until_on >= period.last and (term.ended_on is None or term.ended_on > period.last)
        for term in mediator.terms  # type: ignore[attr-defined]
    )


DUTY_HEADINGS = ("姓名", "类别", "所在单位", "期间", "排查", "咨询或调解", "宣传", "讲座", "缺少")


def fulfilment_cells(rows: Iterable[Fulfilment]) -> Iterator[list[Any]]:
    for row in rows:
        for cell in row.cells:
            marks = ["缺" if name in cell.missing else "有" for name, _ in rules.AT_LEASTS]
            person = row.mediator
            yield [person.name, person.get_kind_display(), person.unit.short_name, cell.period.label, *marks, "、".join(cell.missing)]


def duty_log(by: Scope) -> QuerySet[Duty]:
    """Duties of the people in scope, voided ones too."""
    return Duty.objects.filter(mediator__in=scope.visible(by)).select_related("mediator")


def own_row(by: Scope) -> Mediator | None:
    """The signed-in person's own row in the corps."""
    return scope.visible(by).filter(user=by.user).first()


def loggable(by: Scope) -> MediatorQuerySet:
    """For whom the scope may write a duty: oneself, and the people of the units it keeps."""
    kept = [unit.id for unit in scope.kept_units(by)]
    return scope.visible(by).serving(clock.today()).filter(Q(user=by.user) | Q(unit__in=kept)).select_related("unit")


# -- joint activities ---------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ActivityWanted:
    """The filters of the joint activities."""

    kind: str = ""
    year: int | None = None

    def query(self, **changes: Any) -> str:
        asked = replace(self, **changes)
        return urlencode([(name, value) for name, value in (("kind", asked.kind), ("year", asked.year)) if value])


def read_activities(data: Mapping[str, str]) -> ActivityWanted:
    year = _whole(data.get("year", ""))
    return ActivityWanted(_one_of(data.get("kind", ""), Activity.Kind.values), year if year and 1990 <= year <= 2200 else None)


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


def town_of(area_id: str) -> int | str:
    """The station of the town a village lies in, for going back to it; empty when there is none."""
    tree = directory.current()
    place = tree.areas.get(_whole(area_id) or 0)
    answering = (tree.units[unit_id] for unit_id in tree.answering.get(place.id, ())) if place else ()
    return next((unit.id for unit in answering if unit.kind == Unit.Kind.STATION), "")
