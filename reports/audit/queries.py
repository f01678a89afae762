"""What the auditor's room reads: doubts with their cases, populations of samples, working papers, questions, the trace of exports."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Count, Exists, Max, Min, OuterRef, Q, QuerySet, Value, When
from django.db.models import Case as Choose
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone

from casework import kinds
from casework.doubts import Doubt
from casework.kinds import Panel, PanelRow
from casework.models import Case, Entry, Reach, Seal
from casework.queries import lists
from casework.queries.filters import Filters
from organisations import clock, directory
from organisations.directory import UnitFacts
from organisations.models import AccessEntry, Post, User
from organisations.queries import access_log
from organisations.queries.access_log import Sought
from organisations.rules import NotAllowed
from organisations.scope import Scope, Standing
from reports.audit import rules
from reports.models import AuditQuestion, Fact, IntegrityCheck, Sample, WorkingPaper
from reports.queries import ground, kept
from reports.queries.figures import Selection
from reports.rules.periods import Span, period_of

PAGE = 50


def auditor(scope: Scope) -> Standing:
    """The post one audits by. Raises NotAllowed (403)."""
    standing = scope.holds(rules.AUDITORS)
    if standing is None or scope.is_admin:
        raise NotAllowed("审计由审计员办理，您没有这个岗位。", code="wrong_role", status=403)
    return standing


# -- doubts -----------------------------------------------------------------------------------------------------------------


def doubts() -> dict[str, Doubt]:
    """Every doubt there is, the docket's own first, then each kind's."""
    return {row.code: row for row in (*rules.HOUSE, *(row for kind in kinds.every() for row in kind.doubts))}


#: Only what the auditor may open: a finding about a case out of reach is neither counted nor listed.
_SEEN = (
    "WITH facts AS NOT MATERIALIZED (SELECT * FROM reports_fact), found ({named}case_id, day, unit_id, note) AS ({select}) "
    "SELECT {columns} FROM found WHERE EXISTS (SELECT FROM casework_reach r WHERE r.case_id = found.case_id AND r.reader = ANY(%(readers)s)) "
    "AND (%(units)s::bigint[] IS NULL OR found.unit_id = ANY(%(units)s)) AND (%(town)s = '' OR EXISTS ("
    "SELECT FROM casework_case k WHERE k.id = found.case_id AND k.town_code = %(town)s))"
)


@dataclass(frozen=True, slots=True)
class Tally:
    doubt: Doubt
    findings: int
    cases: int


@dataclass(frozen=True, slots=True)
class Finding:
    case: Case
    day: date
    unit_id: int
    unit: str
    note: str


def _parameters(where: Selection, scope: Scope) -> dict[str, Any]:
    zone = timezone.get_default_timezone()
    return {
        "since": where.period.since,
        "until": where.period.until,
        "begin": datetime.combine(where.period.since, time.min, zone),
        "end": datetime.combine(where.period.until + timedelta(days=1), time.min, zone),
        "now": clock.now(),
        "readers": list(scope.readers),
        "units": list(where.unit_ids) or None,
        "town": where.town_code,
    }


def _ask(doubt: Doubt, columns: str, tail: str, where: Selection, scope: Scope, **more: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as db:
        db.execute(_SEEN.format(named="", select=doubt.select, columns=columns) + tail, {**_parameters(where, scope), **more})
        return db.fetchall()


def counts(where: Selection, scope: Scope) -> list[Tally]:
    """How many findings and cases each doubt has in the period. One statement for all."""
    known = doubts()
    selects = " UNION ALL ".join(f"SELECT '{code}'::text, x.* FROM ({doubt.select}) x" for code, doubt in known.items())  # noqa: S608 (constants)
    told = dict.fromkeys(known, (0, 0))
    with connection.cursor() as db:
        statement = _SEEN.format(named="code, ", select=selects, columns="code, count(*), count(DISTINCT case_id)")
        db.execute(statement + " GROUP BY code", _parameters(where, scope))
        told |= {code: (findings, cases) for code, findings, cases in db.fetchall()}
    return [Tally(doubt, *told[code]) for code, doubt in known.items()]


def findings(doubt: Doubt, where: Selection, scope: Scope, page: int) -> tuple[list[Finding], int]:
    """One page of a doubt's findings, newest first, and how many there are in all."""
    ((total,),) = _ask(doubt, "count(*)", "", where, scope)
    rows = _ask(
        doubt, "case_id, day, unit_id, note", " ORDER BY day DESC, case_id DESC, note LIMIT %(most)s OFFSET %(skip)s", where, scope,
        most=PAGE, skip=(page - 1) * PAGE,
    )  # fmt: skip
    cases = Case.objects.in_bulk({row[0] for row in rows})
    units = directory.current().units
    return [Finding(cases[pk], day, unit, units[unit].short_name if unit in units else "", note) for pk, day, unit, note in rows], total


def doubted(doubt: Doubt, where: Selection, scope: Scope) -> Sequence[int]:
    """The cases of a doubt, each once: the population of a sample."""
    return [pk for (pk,) in _ask(doubt, "DISTINCT case_id", "", where, scope)]


# -- samples ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """A case of a population. The stratum is the responsible unit's id and name, as text that sorts and reads."""

    number: str
    stratum: str
    case_id: int


def population(case_ids: Sequence[int], scope: Scope) -> list[Member]:
    """The cases of a population the auditor may open, in the order of their numbers."""
    units = directory.current().units
    rows = Case.objects.visible_to(scope).filter(pk__in=case_ids).order_by("number").values_list("number", "unit_id", "pk")
    return [Member(number, f"{unit_id:06d} {units[unit_id].short_name}"[:40], pk) for number, unit_id, pk in rows]


def population_lines(members: Sequence[Member]) -> str:
    """How a population is kept: number, tab, stratum, a line each, sorted by number."""
    return "".join(f"{row.number}\t{row.stratum}\n" for row in members)


def population_of(sample: Sample, scope: Scope) -> str:
    """What one needs to draw again by hand: the numbers, a line each; of a stratified sample each with its stratum, parted by a tab.

    A case the reader may not open any more is a line without its number, at the end: between its neighbours its place would tell
    the number. Such a file draws nothing again; the page that draws again does.
    """
    strata = members_of(sample)
    hidden = _hidden(strata, scope)
    known = {number: stratum for number, stratum in strata.items() if number not in hidden}
    if sample.method == Sample.Method.STRATIFIED:
        text = "".join(f"{number}\t{stratum}\n" for number, stratum in known.items())
    else:
        text = rules.population_text(known)
    return text + f"{MASKED}\n" * len(hidden)


def _hidden(numbers: Collection[str], scope: Scope) -> frozenset[str]:
    """Which of these numbers the reader may not know (any more)."""
    return frozenset(numbers) - set(Case.objects.visible_to(scope).filter(number__in=list(numbers)).values_list("number", flat=True))


def members_of(sample: Sample) -> dict[str, str]:
    """Number → stratum of what the sample was drawn from."""
    lines = zlib.decompress(bytes(sample.population)).decode().splitlines()
    return dict(line.split("\t", 1) for line in lines)


def listed(scope: Scope, wanted: Filters) -> list[int]:
    """The cases of a worklist's filter, all of them."""
    select, params = lists.export_source(scope, lists.looked_up(scope, wanted))
    with connection.cursor() as db:
        db.execute(f"SELECT DISTINCT case_id FROM ({select}) k", params)  # noqa: S608 (the list's own statement)
        return [pk for (pk,) in db.fetchall()]


@dataclass(frozen=True, slots=True)
class Redraw:
    """A sample drawn again from what was kept. All true: nobody picked the cases. `strata`: name, cases, how many of them are drawn.

    `masked`: how many of what was drawn from the reader may not know any more; in `drawn` they have neither number nor key.
    """

    is_population: bool
    is_sample: bool
    drawn: list[rules.Drawn]
    strata: list[tuple[str, int, int]]
    masked: int

    @property
    def is_same(self) -> bool:
        return self.is_population and self.is_sample


def redraw(sample: Sample, scope: Scope) -> Redraw:
    """Draw again and compare with the papers."""
    strata = members_of(sample)
    drawn = rules.draw(strata, seed=sample.seed, size=sample.size, is_stratified=sample.method == Sample.Method.STRATIFIED)
    kept = list(sample.papers.order_by("place").values_list("number", "key"))
    is_population = rules.population_hash(strata) == sample.population_sha256 and len(strata) == sample.population_count
    counts = Counter(strata.values()) if sample.method == Sample.Method.STRATIFIED else {}
    shares = rules.quotas(counts, sample.size)
    hidden = _hidden(strata, scope)
    return Redraw(
        is_population,
        [(one.number, one.key) for one in drawn] == kept,
        [rules.Drawn(MASKED, "", "") if one.number in hidden else one for one in drawn],
        [(name, counts[name], shares[name]) for name in sorted(counts)],
        len(hidden),
    )


def samples(scope: Scope) -> QuerySet[Sample]:
    """Samples of the auditors at one's own unit and below it. Nobody else has a sample."""
    auditor(scope)
    return Sample.objects.filter(unit__in=_below(scope)).select_related("drawn_by", "signed_by", "unit").defer("population")


def _below(scope: Scope) -> frozenset[int]:
    """The units at or below a post as auditor."""
    tree = directory.current()
    posts = [standing.unit_id for standing in scope.standings if standing.role in rules.AUDITORS]
    return frozenset(unit.id for unit in tree.units.values() if any(unit.is_within(post) for post in posts))


def progress(found: Sequence[Sample]) -> dict[int, tuple[int, int]]:
    """Sample → (papers with a verdict, papers with a problem)."""
    rows = WorkingPaper.objects.filter(sample__in=[one.pk for one in found]).order_by().values("sample")
    counted = rows.annotate(done=Count("pk", filter=~Q(verdict="")), bad=Count("pk", filter=Q(verdict="problem")))
    return {row["sample"]: (row["done"], row["bad"]) for row in counted}


#: What stands for the number and the words of a case the reader may not open any more.
MASKED = "不在您的查看范围"


def papers(sample: Sample, scope: Scope) -> Sequence[WorkingPaper]:
    """The papers in order, each with its case and `sees_case`.

    A case protected after the draw has neither number nor words here any more, nor anything that tells them (L-PET-86): its
    `key` is a digest of its number, and numbers can be tried one by one.
    """
    seen = Exists(Reach.objects.filter(case=OuterRef("case_id"), reader__in=scope.readers))
    found = list(sample.papers.select_related("case").annotate(sees_case=seen).order_by("place"))
    for paper in found:
        if not paper.sees_case:
            paper.number, paper.words, paper.stratum, paper.key, paper.evidence = MASKED, "", "", "", []
    return found


def lines_of(case: Case) -> list[Entry]:
    """The case's history for the working paper, oldest first."""
    return list(Entry.objects.filter(case=case).order_by("no"))


# -- questions --------------------------------------------------------------------------------------------------------------


def askable(scope: Scope) -> list[UnitFacts]:
    """The units an auditor may ask: at and below the post, in service, in the order of the tree."""
    below = _below(scope)
    return [unit for unit in directory.current().units.values() if unit.id in below and unit.is_active]


def questions(scope: Scope) -> QuerySet[AuditQuestion, Any]:
    """What the auditor's own unit asked, and what one's unit was asked, what waits first. Nobody else sees a question.

    `sees_case`: the reader may know which case it is about. Who may not open a case learns no number of it (L-PET-86).
    """
    asked = Q(asked_unit__in=_below(scope))
    own = [standing.unit_id for standing in scope.standings if standing.role in rules.ANSWERING]
    found = AuditQuestion.objects.filter(asked | Q(unit__in=own))
    sees_case = Exists(Reach.objects.filter(case=OuterRef("case_id"), reader__in=scope.readers))
    rank = Choose(*(When(state=state, then=Value(place)) for place, state in enumerate(AuditQuestion.State.values)))
    return found.annotate(sees_case=sees_case).select_related("unit", "case", "sample", "asked_by").order_by(rank, "due_on", "-pk")


def unit_sees_case(question: AuditQuestion) -> bool:
    """Whether the asked unit may open the case the question is about; true without one."""
    return question.case_id is None or Reach.objects.filter(case=question.case_id, reader=question.unit_id).exists()


def answerer(scope: Scope, question: AuditQuestion) -> Standing | None:
    """The post at the asked unit by which this person may answer."""
    return scope.holds(rules.ANSWERING, question.unit_id)


def is_asker(scope: Scope, question: AuditQuestion) -> bool:
    return question.asked_unit_id in _below(scope)


# -- numbers and chains -----------------------------------------------------------------------------------------------------

#: A serial has six digits at least: from the millionth on it has seven, and is compared as a number, not as a text.
_SERIES = """
WITH s AS (SELECT split_part(series, ':', 2) || '-' || split_part(series, ':', 3) || '-' AS head, value AS given
             FROM casework_counter WHERE series LIKE 'case:%%'
              AND EXISTS (SELECT FROM casework_case c WHERE c.number LIKE split_part(series, ':', 2) || '-%%'))
SELECT s.head, s.given, n.standing,
       CASE WHEN n.within = s.given THEN '{}' ELSE
       ARRAY(SELECT s.head || t.digits
               FROM generate_series(1, s.given) n CROSS JOIN LATERAL (SELECT lpad(n::text, greatest(6, length(n::text)), '0') AS digits) t
              WHERE NOT EXISTS (SELECT FROM casework_case c WHERE c.number = s.head || t.digits) ORDER BY n LIMIT 20) END
  FROM s CROSS JOIN LATERAL (
       SELECT count(*) AS standing,
              count(*) FILTER (WHERE lpad(substr(c.number, length(s.head) + 1), 12, '0')
                                     BETWEEN lpad('1', 12, '0') AND lpad(s.given::text, 12, '0')) AS within
         FROM casework_case c WHERE c.number >= s.head AND c.number < s.head || 'A') n
 ORDER BY s.head
"""


@dataclass(frozen=True, slots=True)
class Series:
    """A series of case numbers: how many were given, how many cases stand, which are missing (the first 20)."""

    head: str
    given: int
    standing: int
    missing: list[str]


def series() -> list[Series]:
    """Every series of case numbers against the rows (L-PET-37: no gap). A prefix no case ever bore numbers something else.

    Numbers are unique: where as many stand as were given none is missing, and only a series with a gap is walked number by number.
    """
    with connection.cursor() as db:
        db.execute(_SERIES)
        return [Series(*row) for row in db.fetchall()]


def touched(since: date, until: date, scope: Scope, most: int) -> list[int]:
    """Cases within reach with a line entered in the period. The seals say which lines were entered when; today's have none yet."""
    days = Seal.objects.filter(day__range=(since, until)).aggregate(first=Min("first_entry"), last=Max("last_entry"))
    newest = Seal.objects.order_by("-day").first()
    lines = Q(pk__range=(days["first"], days["last"])) if days["first"] is not None else Q(pk__in=[])
    if newest is None or until > newest.day:
        lines |= Q(pk__gt=newest.last_entry if newest else 0)
    seen = Reach.objects.filter(case=OuterRef("case_id"), reader__in=scope.readers)
    return list(Entry.objects.filter(lines).filter(Exists(seen)).order_by("case_id").values_list("case_id", flat=True).distinct()[:most])


def checks(scope: Scope) -> QuerySet[IntegrityCheck]:
    """The checks of the auditors at one's own unit and below it: what they found names cases of their reach."""
    auditors = Post.objects.filter(role__in=rules.AUDITORS, unit__in=_below(scope)).values("user")
    return IntegrityCheck.objects.filter(by__in=auditors).select_related("by").order_by("-pk")


# -- who took what away -----------------------------------------------------------------------------------------------------

#: What the business auditor may search: looking into identities and taking away. Accounts and sign-ins are the audit administrator's.
EVENTS = ("reveal", "export", "download", "print", "query", "denied", "import")


#: A refused address bears the number of its case (DeniedMiddleware): whoever may not open the case is not told that it stands.
_IN_REACH = """CASE WHEN object_type = 'case'
    THEN EXISTS (SELECT FROM casework_reach r WHERE r.case_id = organisations_accessentry.object_id::bigint AND r.reader = ANY(%s))
    WHEN object_type = 'url' AND EXISTS (SELECT FROM casework_case c WHERE c.number = organisations_accessentry.object_id)
    THEN EXISTS (SELECT FROM casework_reach r JOIN casework_case c ON c.id = r.case_id
                  WHERE c.number = organisations_accessentry.object_id AND r.reader = ANY(%s))
    ELSE unit_id = ANY(%s) END"""


def trace(sought: Sought, person: str, scope: Scope) -> QuerySet[AccessEntry]:
    """Of the cases within reach who looked into identities and took something away, and what units below exported or were refused; newest first.

    `person` is a part of a name or a whole sign-in name, empty for everybody.
    """
    auditor(scope)
    wanted = RawSQL(_IN_REACH, [list(scope.readers), list(scope.readers), list(_below(scope))], BooleanField())  # noqa: S611 (a constant)
    rows = access_log.entries(sought).filter(event__in=EVENTS)
    if person:
        rows = rows.filter(user__in=list(User.objects.filter(Q(name__contains=person) | Q(username=person)).values_list("pk", flat=True)))
    return rows.alias(wanted=wanted).filter(wanted=True)


# -- what goes upward -------------------------------------------------------------------------------------------------------


def petitions(where: Selection, scope: Scope) -> QuerySet[Fact]:
    """Petitions registered in the period that the auditor may open, in the order of their numbers."""
    auditor(scope)
    facts = Fact.objects.filter(kind="petition", registered_on__range=(where.period.since, where.period.until))
    if where.unit_ids:
        facts = facts.filter(unit_id__in=where.unit_ids)
    if where.town_code:
        facts = facts.filter(town_code=where.town_code)
    seen = Reach.objects.filter(case=OuterRef("case_id"), reader__in=scope.readers)
    return facts.filter(Exists(seen)).order_by("case__number")


# -- the home page ----------------------------------------------------------------------------------------------------------

#: Rows of a list on somebody's home page.
MOST_ON_HOME = 6


def home_panels(scope: Scope) -> list[Panel]:
    """An auditor's doubts of the month, unsigned samples and open questions; a unit's questions to answer. Empty for others."""
    if scope.is_admin:
        return []
    found = [_questions_panel(scope)] if scope.holds(rules.AUDITORS | rules.ANSWERING) else []
    if scope.holds(rules.AUDITORS):
        found = [_doubts_panel(scope), _samples_panel(scope), *found]
    return [panel for panel in found if panel.rows]


def _doubts_panel(scope: Scope) -> Panel:
    today = clock.today()
    where = Selection(period_of(Span.MONTH, today), today, ground.of(scope))
    rows = kept.of("doubts", (where, scope.readers), lambda: _doubt_rows(where, scope))
    return Panel("本月疑点", rows, reverse("reports:audit"))


def _doubt_rows(where: Selection, scope: Scope) -> list[PanelRow]:
    return [
        PanelRow("", row.doubt.name, reverse("reports:doubt", args=[row.doubt.code]), f"{row.findings}条", "bad" if row.doubt.is_forbidden else "")
        for row in counts(where, scope)
        if row.findings
    ]


def _samples_panel(scope: Scope) -> Panel:
    own = list(samples(scope).filter(drawn_by=scope.user, signed_at=None)[:MOST_ON_HOME])
    done = progress(own)
    rows = [PanelRow("", one.title, reverse("reports:sample", args=[one.pk]), f"已填{done.get(one.pk, (0, 0))[0]}/{one.size}") for one in own]
    return Panel("未签字的抽样", rows, reverse("reports:samples"))


def _is_late(question: AuditQuestion, today: date) -> bool:
    return question.state == AuditQuestion.State.ASKED and question.due_on < today


def _stand(question: AuditQuestion, today: date) -> str:
    return "超期未答复" if _is_late(question, today) else question.get_state_display()


def _questions_panel(scope: Scope) -> Panel:
    """For the auditor what is not settled, for a unit what waits for its answer."""
    today = clock.today()
    waiting = questions(scope).exclude(state=AuditQuestion.State.ACCEPTED)
    if not scope.holds(rules.AUDITORS):
        waiting = waiting.filter(state=AuditQuestion.State.ASKED)
    rows = [
        PanelRow(
            one.case.number if one.case and one.sees_case else "",
            one.subject,
            reverse("reports:question", args=[one.pk]),
            f"{one.unit.short_name}，{_stand(one, today)}，期限{one.due_on:%m-%d}",
            "bad" if _is_late(one, today) else "",
        )
        for one in waiting[:MOST_ON_HOME]
    ]
    return Panel("审计询问", rows, reverse("reports:questions"))
