"""Which reports and closed periods a person may see, and where a report's figures are read: live facts, or those a closing froze."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery

from casework.facts import COLUMNS
from organisations import directory
from organisations.scope import Scope
from reports.models import STOOD, Closing, FrozenFact, PastFact, Reading, Report
from reports.month import rules
from reports.queries import figures, ground, owndays
from reports.queries.figures import Selection
from reports.rules.measures import MEASURES, VERSIONS
from reports.rules.periods import Period, Span

#: The kind of notice about a report.
NOTICE = "report.ready"
#: Columns of a fact before a closing said how many it froze.
_FIRST = COLUMNS.index("is_prevented") + 1
#: Reports on a page of the list.
PAGE = 50


#: SHA-256 over the rows as PostgreSQL writes them, one a line.
_DIGEST = "encode(sha256(convert_to(coalesce(string_agg(found::text, E'\\n' ORDER BY found), ''), 'UTF8')), 'hex')"


@dataclass(frozen=True, slots=True)
class Source:
    """The facts a report reads. None as closing: the live ones."""

    closing: Closing | None

    @property
    def codes(self) -> list[str]:
        """The measures a report has: those in force when the period was closed, so that one added later changes no old report."""
        return [code for code in MEASURES if self.closing is None or code in self.closing.measures]

    @property
    def versions(self) -> tuple[tuple[str, int], ...]:
        """By which definitions a closed period was counted; of an open one its last day says."""
        return tuple(sorted(self.closing.measures.items())) if self.closing else ()

    @property
    def facts(self) -> QuerySet[Any] | None:
        return FrozenFact.objects.filter(closing=self.closing) if self.closing else None

    def rows(self, code: str, where: Selection, part: str = "counted") -> QuerySet[Any]:
        """The very facts a figure was counted from, each with its number as `called`, in the order of their cases.

        Of a measure that asks the day they are as they stood on it: a list names the unit and the limits its number speaks of.
        """
        return figures.rows(code, where, part, self.facts).annotate(called=self._number).order_by("case_id")

    @property
    def _number(self) -> F | Subquery:
        """A frozen fact bears its number; how it stood on a day does not."""
        if self.closing is None:
            return F("case__number")
        return Subquery(FrozenFact.objects.filter(closing=self.closing, case_id=OuterRef("case_id")).values("number"))


def cohorts(*periods: Period, on: tuple[date, ...]) -> Q:
    """Every fact a figure of these periods can read, and what was open on those days."""
    found = Q()
    for column in sorted({measure.cohort for rows in VERSIONS.values() for measure in rows if measure.cohort}):
        for period in periods:
            found |= Q(**{f"{column}__range": (period.since, period.until)})
    for column, units in sorted({(row.cohort, column) for row in MEASURES.values() for column in (row.units_days, row.steps_days) if column}):
        # Got on a later day by a unit of its own.
        for period in periods:
            found |= Q(**{f"{column}__lt": period.since}) & owndays.moved(units) & owndays.within(units, period)
    for day in on:
        found |= Q(registered_on__lte=day) & (Q(closed_on=None) | Q(closed_on__gt=day))
    asked = sorted({measure.cohort for measure in MEASURES.values() if measure.cohort in STOOD and measure.is_as_stood})
    for period, day in zip(periods, on, strict=True):
        stood = PastFact.objects.filter(stood_from__lte=day, stood_until__gt=day)
        for column in asked:
            found |= Q(case_id__in=stood.filter(**{f"{column}__range": (period.since, period.until)}).values("case_id"))
    return found


def past_of(facts: QuerySet[Any], on: tuple[date, ...]) -> QuerySet[Any]:
    """How these facts had stood since the earliest of the days."""
    return PastFact.objects.filter(case_id__in=facts.values("case_id"), stood_until__gt=min(on)).order_by()


def inputs(facts: QuerySet[Any], past: QuerySet[Any], columns: int = len(COLUMNS)) -> tuple[int, str]:
    """How many facts, and a hash over them and their past in the order of their cases: of live facts (with `number`) and of frozen ones the same.

    Without any past it is the hash of the facts alone. `columns`: how many of them the closing froze (`columns_of`).
    """
    cases, digest = _hashed(facts.values_list(*COLUMNS[:columns], "number"))
    kept, of_past = _hashed(past.values_list("case_id", "stood_from", "stood_until", *STOOD))
    return cases, rules.sha256(f"{digest}\n{of_past}".encode()) if kept else digest


def columns_of(closing: Closing) -> int:
    """How many columns a fact had when the period was closed; new ones come last."""
    return int(closing.frame.get("columns", _FIRST))


def _hashed(rows: QuerySet[Any]) -> tuple[int, str]:
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as db:
        db.execute("SELECT set_config('datestyle', 'ISO, YMD', true)")
        db.execute(f"SELECT count(*), {_DIGEST} FROM ({sql}) AS found", params)  # noqa: S608 (our own queryset; its values are parameters)
        row = db.fetchone()
    return int(row[0]), str(row[1])


def period_of(row: Report | Closing) -> Period:
    return Period(row.since, row.until, Span(row.span))


def previous_of(report: Report) -> Report | None:
    """The sealed report this one was chained to; for one not sealed yet, that of the same unit and length before it.

    A town's September may be made after its October: that does not put it into October's chain.
    """
    if report.closing is None:
        return None
    if report.is_sealed:
        return Report.objects.filter(manifest_sha256=report.previous_sha256).first() if report.previous_sha256 else None
    chain = Report.objects.filter(unit_id=report.unit_id, span=report.span, origin=Report.Origin.CLOSED, closing_id__lt=report.closing_id)
    return chain.order_by("-closing_id").first()


# -- who sees what ----------------------------------------------------------------------------------------------------


def visible(scope: Scope) -> QuerySet[Report]:
    """The reports of one's own ground, each with whether its period is closed (`is_over`); who sees the county sees those of every unit.

    Raises NotAllowed (403) for who has no figures.
    """
    own = ground.of(scope)
    found = Report.objects.select_related("unit", "asked_by", "checked_by", "closing")
    closed = Closing.objects.filter(since=OuterRef("since"), until=OuterRef("until"))
    found = found.annotate(is_over=Exists(closed))
    return found if own.is_county else found.filter(unit_id=own.unit_id)


def of(pk: int, scope: Scope) -> Report:
    """One report the person may see. Raises Report.DoesNotExist, NotAllowed."""
    return visible(scope).get(pk=pk)


def listed(scope: Scope) -> QuerySet[Report]:
    """The reports, newest first, each with whether the person has opened it (`is_read`)."""
    opened = Reading.objects.filter(report=OuterRef("pk"), user=scope.user)
    return visible(scope).annotate(is_read=Exists(opened)).order_by("-asked_at", "-pk")


def units_for(scope: Scope) -> list[tuple[int, str]]:
    """Whose report the person may ask for: the county with every station and department, or the own unit."""
    own, tree = ground.of(scope), directory.current()
    if not own.is_county:
        return [(own.unit_id, own.name)]
    kinds = {"station", "department"}
    below = [(unit.id, unit.name) for unit in tree.units.values() if unit.kind in kinds and unit.is_active]
    return [(own.unit_id, f"全县（{own.name}）"), *below]


def may_check(scope: Scope) -> bool:
    return scope.holds(rules.CHECKERS, directory.current().centre_id) is not None


def may_close(scope: Scope) -> bool:
    return scope.holds(rules.CLOSERS, directory.current().centre_id) is not None


def may_send_up(report: Report, scope: Scope) -> bool:
    """Whether the person may issue the letter a sealed report of the county goes up with."""
    return report.unit_id == directory.current().centre_id and (may_check(scope) or may_close(scope))


def is_reminded(scope: Scope) -> bool:
    """Leaders, auditors, and those who have to close."""
    return bool(scope.roles & rules.REMINDED) or may_check(scope) or may_close(scope)


def unclosed(today: date) -> list[Period]:
    """Months that are over and not closed, newest first, however old: since the first closing, else since the first draft the clock made.

    A month before the first closing cannot be closed any more and is not told.
    """
    closed = set(Closing.objects.filter(span=Span.MONTH.value).values_list("since", flat=True))
    drafts = Report.objects.filter(span=Span.MONTH.value, origin=Report.Origin.SCHEDULED)
    oldest = min(closed) if closed else drafts.aggregate(oldest=Min("since"))["oldest"]
    return [month for month in rules.ended_since(Span.MONTH, oldest, today) if month.since not in closed]


def unread(scope: Scope) -> int:
    """Ready reports of the person's ground that were made by the clock or closed, and not opened."""
    opened = Reading.objects.filter(report=OuterRef("pk"), user=scope.user)
    kept = visible(scope).filter(~Exists(opened), state=Report.State.READY).exclude(origin=Report.Origin.ASKED)
    return kept.count()
