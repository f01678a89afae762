"""What a month's sheet rests on, and who sees which sheet (MED-13).

*See*: the sheets of the stations at or below one's post, for who keeps, checks or audits there; the centre and the justice
bureau (as the corps' settings name it) all of them; a mediator with a login their own lines on fixed sheets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from casework.models import Party
from mediation import codes
from mediation.models import (
    Agreement,
    Appointment,
    CareerStep,
    CorpsRules,
    Dispute,
    FollowUpVisit,
    Mediating,
    Mediator,
    PayLine,
    PayPart,
    PayRules,
    PaySheet,
    PayStop,
    PayVerdict,
    RewardedCase,
)
from mediation.pay import rules
from mediation.pay.rules import READERS, SHIPPED, ZERO, CaseFacts, Facts, Kind, MediatorFacts, Settings
from mediation.rules import State
from organisations import clock, directory
from organisations.directory import UnitFacts
from organisations.models import Unit
from organisations.roles import Role
from organisations.scope import Scope, Standing

#: The code of a follow-up visit at which nobody said whether they were content; a case without a visit counts alike.
SILENT = FollowUpVisit.Satisfaction.NONE.value
_SUCCESS = "1"
_ORAL = "2"


# -- settings -------------------------------------------------------------------------------------------------------------------------------


def settings_of(month: date) -> Settings:
    """The rules of pay that hold for the month: the newest version begun on its last day, else what ships."""
    row = PayRules.objects.filter(valid_from__lte=rules.month_ends(month)[1]).order_by("-valid_from").first()
    return SHIPPED if row is None else read(row)


def read(row: PayRules) -> Settings:
    """A stored version as the rules take it."""
    return Settings(
        kinds=frozenset(row.kinds),
        subsidies=_decimals(row.subsidies),
        rates=_decimals(row.rates),
        people=tuple((least, Decimal(factor)) for least, factor in row.people),
        satisfaction=_decimals(row.satisfaction),
        least=row.least,
        most=row.most,
        month_cap=row.month_cap,
        is_oral_paid=row.is_oral_paid,
        twin_days=row.twin_days,
        likeness=row.likeness,
        same_day=row.same_day,
    )


def _decimals(found: dict[str, str]) -> dict[str, Decimal]:
    return {key: Decimal(value) for key, value in found.items()}


# -- which units a sheet is for, and who sees it ----------------------------------------------------------------------------------------------


def sheet_unit(unit_id: int) -> int | None:
    """The station on whose sheet a unit's people stand; the centre for every other one."""
    tree = directory.current()
    facts = tree.units[unit_id]
    return next((i for i in facts.ancestor_ids if i in tree.units and tree.units[i].kind == Unit.Kind.STATION), tree.centre_id)


def covered(unit_id: int) -> frozenset[int]:
    """The units whose people and cases stand on that unit's sheet."""
    tree = directory.current()
    return frozenset(unit.id for unit in tree.units.values() if sheet_unit(unit.id) == unit_id)


def bureau_id() -> int | None:
    """The justice bureau that pays, where the county named one."""
    return CorpsRules.objects.filter(valid_from__lte=clock.today()).order_by("-valid_from").values_list("bureau_id", flat=True).first()


def sheet_units(scope: Scope) -> list[UnitFacts]:
    """The units whose sheets this person sees, in the order of the tree."""
    tree, bureau = directory.current(), bureau_id()
    posts = {standing.unit_id for standing in scope.standings if standing.role in READERS}
    kinds = (Unit.Kind.STATION, Unit.Kind.CENTRE)
    if bureau in posts and tree.centre_id is not None:
        posts.add(tree.centre_id)
    return [unit for unit in tree.units.values() if unit.kind in kinds and unit.is_active and any(unit.is_within(post) for post in posts)]


def drafter_at(scope: Scope, unit_id: int) -> Standing | None:
    return scope.holds(rules.DRAFTERS, unit_id)


def checker_at(scope: Scope, unit_id: int) -> Standing | None:
    return scope.holds(rules.CHECKERS, unit_id)


def fixer(scope: Scope) -> Standing | None:
    """Who fixes sheets: the head or a leader at the centre, the head of the justice bureau."""
    bureau = bureau_id()
    return scope.holds(rules.FIXERS, directory.current().centre_id) or (scope.holds({Role.HEAD}, bureau) if bureau else None)


def sheets(scope: Scope) -> QuerySet[PaySheet]:
    """The sheets this person sees, newest month first."""
    return PaySheet.objects.filter(unit__in=[unit.id for unit in sheet_units(scope)]).select_related("unit", "drafted_by", "checked_by", "fixed_by")


def own_lines(scope: Scope) -> QuerySet[PayLine]:
    """A mediator's own lines, of fixed sheets only."""
    found = PayLine.objects.filter(mediator__user=scope.user, sheet__state=PaySheet.State.FIXED)
    return found.select_related("sheet__unit", "dispute__case").order_by("-month", "no")


def case_of(number: str, scope: Scope) -> Dispute:
    """A dispute whose reward this person may look into: it stands on a sheet they see. Raises Dispute.DoesNotExist."""
    found = Dispute.objects.select_related("case").get(case__number=number)
    if sheet_unit(found.case.unit_id) not in {unit.id for unit in sheet_units(scope)}:
        raise Dispute.DoesNotExist
    return found


# -- the facts of a month ---------------------------------------------------------------------------------------------------------------------


def facts(unit_id: int, month: date) -> Facts:
    """People, cases that succeeded and are not yet rewarded, and the cases beside which a twin would show. A fixed number of queries."""
    last = rules.month_ends(month)[1]
    units = covered(unit_id)
    found = _disputes(Q(case__unit__in=units, agreed_on__lte=last) & ~Q(pk__in=RewardedCase.objects.values("pk")))
    cases = _cases(found, month)
    return Facts(_people(units, month, cases), cases, _cases(_beside(found, settings_of(month)), month))


def waiting(unit_id: int, month: date) -> list[tuple[CaseFacts, str]]:
    """Successful cases that give no line yet, with the condition that is missing."""
    settings = settings_of(month)
    return [(case, why) for case in facts(unit_id, month).cases if (why := rules.why_not(case, settings))]


def case_facts(dispute: Dispute, month: date) -> tuple[CaseFacts, Sequence[CaseFacts]]:
    """One case, and those beside which a twin would show."""
    found = _disputes(Q(pk=dispute.pk))
    return _cases(found, month)[0], _cases(_beside(found, settings_of(month)), month)


def _disputes(condition: Q) -> list[Dispute]:
    newest = FollowUpVisit.objects.filter(dispute=OuterRef("pk")).order_by("-on", "-id").values("satisfaction")[:1]
    standing = Agreement.objects.filter(dispute=OuterRef("pk"), replaced_on=None)
    rows = Dispute.objects.filter(condition, result=_SUCCESS, agreed_on__isnull=False).select_related("case", "dossier")
    return list(
        rows.annotate(
            satisfaction=Subquery(newest),
            form=Subquery(standing.values("form")[:1]),
            performed_on=Subquery(standing.values("performed_on")[:1]),
        ).order_by("agreed_on", "pk")
    )


def _beside(found: Collection[Dispute], settings: Settings) -> list[Dispute]:
    """Agreed within the days of a twin, at the same place or with a party of the same number or name; or by the same unit on the same day."""
    if not found:
        return []
    days = [dispute.agreed_on for dispute in found if dispute.agreed_on]
    span = timedelta(days=settings.twin_days)
    theirs = Party.objects.filter(case__in=[dispute.pk for dispute in found]).exclude(position=Party.Position.AGENT)
    within = Party.objects.filter(case__in=Dispute.objects.filter(agreed_on__range=(min(days) - span, max(days) + span)).values("pk"))
    same = within.filter(Q(id_index__in=theirs.exclude(id_index="").values("id_index")) | Q(name__in=theirs.values("name"))).values("case")
    same_day = Q(agreed_on__in=set(days), case__unit__in={dispute.case.unit_id for dispute in found})
    near = Q(case__area__in={dispute.case.area_id for dispute in found}) | Q(pk__in=same) | same_day
    return _disputes(Q(agreed_on__range=(min(days) - span, max(days) + span)) & near & ~Q(pk__in=[dispute.pk for dispute in found]))


def _cases(disputes: Collection[Dispute], month: date) -> list[CaseFacts]:
    last = rules.month_ends(month)[1]
    ids = [dispute.pk for dispute in disputes]
    people, names, parts = *_parties(ids), _parts(disputes)
    verdicts = PayVerdict.objects.in_bulk(ids)
    return [
        CaseFacts(
            id=dispute.pk,
            number=dispute.case.number,
            agreed_on=dispute.agreed_on,
            difficulty=dispute.difficulty,
            difficulty_words=dispute.get_difficulty_display(),
            people=dispute.people_count,
            satisfaction=dispute.satisfaction or SILENT,  # type: ignore[attr-defined]  # annotated by _disputes
            type_code=dispute.type_code,
            area_id=dispute.case.area_id,
            parties=people[dispute.pk],
            names=names[dispute.pk],
            text=dispute.story,
            parts=parts.get(dispute.pk, ()),
            is_performed=(dispute.performed_on or date.max) <= last,  # type: ignore[attr-defined]
            is_archived=dispute.case.state == State.ARCHIVED and hasattr(dispute, "dossier") and dispute.dossier.filed_on <= last,
            is_oral=dispute.form == _ORAL,  # type: ignore[attr-defined]
            verdict=verdicts[dispute.pk].verdict if dispute.pk in verdicts else "",
            verdict_words=verdicts[dispute.pk].words if dispute.pk in verdicts else "",
        )
        for dispute in disputes
    ]


def _parties(ids: Iterable[int]) -> tuple[dict[int, frozenset[str]], dict[int, frozenset[str]]]:
    """Who quarrelled, as something two cases can be compared by: the blind index of the number, else the name; and all the names."""
    people: dict[int, set[str]] = defaultdict(set)
    names: dict[int, set[str]] = defaultdict(set)
    rows = Party.objects.filter(case__in=list(ids)).exclude(position=Party.Position.AGENT)
    for case_id, index, name in rows.values_list("case", "id_index", "name"):
        people[case_id].add(index or name)
        names[case_id].add(name)
    return _frozen(people), _frozen(names)


def _frozen(found: dict[int, set[str]]) -> dict[int, frozenset[str]]:
    return defaultdict(frozenset, {case_id: frozenset(held) for case_id, held in found.items()})


def _parts(disputes: Collection[Dispute]) -> dict[int, tuple[tuple[int, int], ...]]:
    """The stated parts; else equal ones for who mediated until the agreement. Who has no account is known by name and unit."""
    ids = [dispute.pk for dispute in disputes]
    stated: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for dispute_id, mediator_id, part in PayPart.objects.filter(dispute__in=ids).values_list("dispute", "mediator", "part"):
        stated[dispute_id].append((mediator_id, part))
    active = Q(until_on=None) | Q(until_on__gte=F("dispute__agreed_on"))
    rows = list(Mediating.objects.filter(active, dispute__in=ids).order_by("id").values_list("dispute", "user", "name", "unit"))
    by_user = dict(Mediator.objects.filter(user__in=[user for _, user, _, _ in rows if user]).values_list("user", "pk"))
    named = Mediator.objects.filter(name__in=[name for _, user, name, _ in rows if user is None]).values_list("name", "unit", "pk")
    by_name = {(name, unit_id): pk for name, unit_id, pk in named}
    found: dict[int, list[int]] = defaultdict(list)
    for dispute_id, user, name, unit_id in rows:
        who = by_user.get(user) if user else by_name.get((name, unit_id))
        if who is not None and who not in found[dispute_id]:
            found[dispute_id].append(who)
    return {pk: tuple(stated[pk]) if pk in stated else rules.equal_parts(found[pk]) for pk in ids if pk in stated or found[pk]}


def _people(units: frozenset[int], month: date, cases: Iterable[CaseFacts]) -> list[MediatorFacts]:
    """The mediators of the units who served in the month, and whoever else shares one of the cases."""
    first, last = rules.month_ends(month)
    terms: dict[int, list[tuple[date, date]]] = defaultdict(list)
    served = Appointment.objects.filter(from_on__lte=last, until_on__gte=first, mediator__unit__in=units).filter(
        Q(ended_on=None) | Q(ended_on__gt=first)
    )
    for mediator_id, from_on, until_on, ended_on in served.values_list("mediator", "from_on", "until_on", "ended_on"):
        terms[mediator_id].append((from_on, min(until_on, ended_on - timedelta(days=1)) if ended_on else until_on))
    ids = set(terms) | {who for case in cases for who, _ in case.parts}
    stops = {row.mediator_id: row for row in _running(last).filter(mediator__in=ids)}
    drawn = _drawn(ids, month, units)
    grades, labels = _later_grades(ids, last), dict(Mediator.Grade.choices)
    return [
        MediatorFacts(
            id=person.pk,
            name=person.name,
            kind=person.kind,
            grade=grades.get(person.pk, person.grade),
            grade_words=f"{person.get_kind_display()}（{labels[grades.get(person.pk, person.grade)]}）",
            terms=tuple(terms[person.pk]),
            is_civil_servant=person.is_civil_servant,
            withheld_from=stops[person.pk].from_on if person.pk in stops else None,
            withheld_why=f"{stops[person.pk].year}年度考核不合格" if person.pk in stops else "",
            drawn=drawn.get(person.pk, ZERO),
        )
        for person in Mediator.objects.filter(pk__in=ids).order_by("unit__path", "initials", "pk")
    ]


def _later_grades(ids: Collection[int], last: date) -> dict[int, str]:
    """The grade at the month's end of whoever was graded anew since: what the first later decision found (MED-11)."""
    later = CareerStep.objects.filter(mediator__in=ids, kind=CareerStep.Kind.GRADE, on__gt=last).order_by("-on", "-id")
    return dict(later.values_list("mediator", "from_grade"))


def _running(last: date) -> QuerySet[PayStop]:
    """Stops in force at the end of a month."""
    return PayStop.objects.filter(Q(released_on=None) | Q(released_on__gt=last), from_on__lte=last)


def _drawn(ids: Collection[int], month: date, units: Collection[int]) -> dict[int, Decimal]:
    """Rewards of the month that lie on other sheets: the cap counts them all."""
    rows = PayLine.objects.filter(mediator__in=ids, month=month, kind=Kind.REWARD).exclude(sheet__unit__in=units)
    return dict(rows.values_list("mediator").annotate(Sum("amount")).order_by())


def owed_back(unit_id: int, month: date) -> list[PayLine]:
    """Withheld lines of fixed sheets that a release decided to pay back, and which no sheet has paid back yet."""
    last = rules.month_ends(month)[1]
    stops = PayStop.objects.filter(mediator__unit__in=covered(unit_id), release=PayStop.Release.BACK, released_on__lte=last)
    spans: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for stop in stops:
        if stop.released_on is not None:
            spans[stop.mediator_id].append((stop.from_on, stop.released_on))
    rows = PayLine.objects.filter(mediator__in=spans, state=rules.State.WITHHELD, sheet__state=PaySheet.State.FIXED, month__lt=month)
    found = rows.exclude(later__kind=Kind.BACK).select_related("sheet").order_by("month", "no")
    return [line for line in found if any(begins <= rules.month_ends(line.month)[1] < ends for begins, ends in spans[line.mediator_id])]


# -- the pages --------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PersonSum:
    """What one person gets on a sheet."""

    mediator_id: int
    name: str
    subsidy: Decimal
    reward: Decimal
    other: Decimal
    total: Decimal
    held: Decimal


def by_person(lines: Iterable[PayLine]) -> list[PersonSum]:
    """The sheet added up by person, in the sheet's order."""
    groups: dict[int, list[PayLine]] = defaultdict(list)
    for line in lines:
        groups[line.mediator_id].append(line)
    return [_sum(group) for group in groups.values()]


def _sum(group: Sequence[PayLine]) -> PersonSum:
    subsidy = sum((line.amount for line in group if line.kind == Kind.SUBSIDY), ZERO)
    reward = sum((line.amount for line in group if line.kind == Kind.REWARD), ZERO)
    total = sum((line.amount for line in group), ZERO)
    held = sum((line.share for line in group if line.state in (rules.State.HELD, rules.State.WITHHELD)), ZERO)
    return PersonSum(group[0].mediator_id, group[0].mediator.name, subsidy, reward, total - subsidy - reward, total, held)


def lines(sheet: PaySheet) -> list[PayLine]:
    return list(sheet.lines.select_related("mediator", "dispute__case", "of__sheet", "by"))


def stops(scope: Scope) -> QuerySet[PayStop]:
    """What is withheld from the people of the sheets one sees."""
    units = [unit.id for unit in sheet_units(scope)]
    within = [unit for top in units for unit in covered(top)]
    return PayStop.objects.filter(mediator__unit__in=within).select_related("mediator__unit", "by", "released_by")


def people_of(scope: Scope) -> QuerySet[Mediator]:
    """The mediators on the sheets one sees."""
    within = [unit for top in sheet_units(scope) for unit in covered(top.id)]
    return Mediator.objects.filter(unit__in=within).select_related("unit").order_by("unit__path", "initials")


def sharers(dispute: Dispute, scope: Scope) -> QuerySet[Mediator]:
    """Who may be given a part of the case's reward: the mediators on the sheets one sees, and whoever mediated it from another station."""
    theirs = Mediating.objects.filter(dispute=dispute)
    by_name = theirs.filter(user=None, mediator=None, name=OuterRef("name"), unit=OuterRef("unit"))
    mediated = Q(pk__in=theirs.values("mediator")) | Q(user__in=theirs.values("user")) | Q(Exists(by_name))
    within = Q(pk__in=people_of(scope).order_by().values("pk"))
    return Mediator.objects.filter(within | mediated).select_related("unit").order_by("unit__path", "initials")


def to_correct(sheet: PaySheet) -> QuerySet[PayLine]:
    """The unit's lines of earlier fixed sheets: what a correction on this one may put right."""
    fixed = PayLine.objects.filter(sheet__unit=sheet.unit_id, sheet__state=PaySheet.State.FIXED, month__lt=sheet.month)
    return fixed.exclude(kind=Kind.CORRECTION).select_related("mediator", "dispute__case").order_by("-month", "no")


def too_early(sheet: PaySheet) -> str:
    """Why nobody approves it yet, or nothing."""
    return "" if sheet.state == PaySheet.State.FIXED else rules.too_early(sheet.month, timezone.localdate(sheet.drafted_at), clock.today())[1]


def offered(sheet: PaySheet, scope: Scope) -> frozenset[str]:
    """The acts this person may do on the sheet now; the actions ask again."""
    state, found = sheet.state, set()
    drafts, checks, fixes = drafter_at(scope, sheet.unit_id), checker_at(scope, sheet.unit_id), fixer(scope)
    if state == PaySheet.State.DRAFT:
        found |= {"draft"} if drafts else set()
        found |= {"correct"} if drafts and to_correct(sheet).exists() else set()
        found |= {"check"} if checks and sheet.drafted_by_id != scope.user.pk and not too_early(sheet) else set()
    if state == PaySheet.State.CHECKED:
        found |= {"fix"} if fixes and scope.user.pk not in (sheet.drafted_by_id, sheet.checked_by_id) else set()
        found |= {"give_back"} if fixes or checks else set()
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Reward:
    """How one case's reward stands: what is missing, what is suspicious, what it would be, where it was settled."""

    facts: CaseFacts | None
    why_not: str
    suspicion: str
    amount: Decimal
    verdict: PayVerdict | None
    settled: RewardedCase | None
    lines: list[PayLine]
    people: list[tuple[str, int]]


def reward_of(dispute: Dispute, month: date) -> Reward:
    """Everything a person needs to decide about one case's reward."""
    settings = settings_of(month)
    settled = RewardedCase.objects.filter(dispute=dispute).select_related("sheet__unit").first()
    verdict = PayVerdict.objects.filter(dispute=dispute).select_related("by").first()
    written = list(PayLine.objects.filter(dispute=dispute).select_related("mediator", "sheet__unit").order_by("month", "no"))
    if dispute.result != _SUCCESS or dispute.agreed_on is None:
        return Reward(None, "没有调解成功", "", ZERO, verdict, settled, written, [])
    case, others = case_facts(dispute, month)
    names = dict(Mediator.objects.filter(pk__in=[who for who, _ in case.parts]).values_list("pk", "name"))
    suspicion = rules.suspicions([case], others, settings).get(case.id, "")
    people = [(names[who], part) for who, part in case.parts]
    return Reward(case, rules.why_not(case, settings), suspicion, rules.reward(case, settings), verdict, settled, written, people)


def may_open(dispute: Dispute, scope: Scope) -> bool:
    """Whether this person may open the dispute itself: who checks the money of a whole county does not thereby read its cases."""
    return Dispute.objects.visible_to(scope).filter(pk=dispute.pk).exists()


def may_decide(dispute: Dispute, scope: Scope) -> bool:
    """Whether this person may clear or refuse a suspicion about the case."""
    unit_id = sheet_unit(dispute.case.unit_id)
    return fixer(scope) is not None or (unit_id is not None and checker_at(scope, unit_id) is not None)


def may_state(dispute: Dispute, scope: Scope) -> bool:
    """Whether this person may state who shares the case's reward."""
    unit_id = sheet_unit(dispute.case.unit_id)
    return unit_id is not None and (drafter_at(scope, unit_id) or checker_at(scope, unit_id)) is not None


def decides(scope: Scope) -> bool:
    """Whether this person may withhold and release pay anywhere."""
    return fixer(scope) is not None or any(checker_at(scope, unit.id) for unit in sheet_units(scope))


def words_of(found: Settings) -> list[tuple[str, str]]:
    """The rules of pay in words, for everybody to read."""
    grades, kinds = dict(Mediator.Grade.choices), dict(Mediator.Kind.choices)
    steps = [f"{least}人以上×{factor}" for least, factor in found.people]
    return [
        ("固定补贴", "；".join(f"{grades[code]}每月{rules.money(found.subsidies[code])}元" for code in grades if code in found.subsidies)),
        ("领固定补贴的类别", "、".join(kinds[code] for code in kinds if code in found.kinds)),
        ("案件补贴基数", "；".join(f"{codes.DIFFICULTIES[code].name}{rules.money(rate)}元" for code, rate in found.rates.items())),
        ("涉及人数系数", "；".join(steps)),
        ("满意度系数", "；".join(f"{rules.SATISFACTION_WORDS[code]}×{factor}" for code, factor in found.satisfaction.items())),
        ("每件最低、最高", f"{rules.money(found.least)}元至{rules.money(found.most)}元"),
        ("每人每月案件补贴上限", f"{rules.money(found.month_cap)}元" if found.month_cap is not None else "不设"),
        ("口头协议", "计案件补贴" if found.is_oral_paid else "不计案件补贴"),
        (
            "疑似重复",
            f"{found.twin_days}天内当事人相同或者地点、类型相同，文字相似达到{int(found.likeness * 100)}%；同一人一天超过{found.same_day}件",
        ),
    ]
