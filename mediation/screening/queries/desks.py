"""One unit's desk: what is due, what was missed, what lies open; the home page's panel; to which dispute a finding may belong."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from casework.kinds import Panel, PanelRow
from casework.models import Case
from casework.queries import search
from mediation import rules as disputes
from mediation.models import Finding, Round, RoundDraft
from mediation.screening import rules
from mediation.screening.queries.lists import PAGE, Wanted, open_findings, rounds
from organisations import cipher, clock, directory
from organisations.scope import Scope

#: Hits of a search for a dispute to link to; rows of the home page's panel.
MOST_HITS = 10
PANEL = 6


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


def linkable(finding: Finding, words: str, scope: Scope) -> list[Case]:
    """Disputes in sight that may be the same: those found by words, or without words the running ones of the same place."""
    seen = Case.objects.visible_to(scope).filter(kind=disputes.CODE)
    if words.strip():
        ids = search.case_ids(words.strip(), scope, limit=200)
        found = seen.filter(Q(pk__in=ids) | Q(number=words.strip().upper()))
    else:
        found = seen.filter(area=finding.area_id, closed_at=None)
    return list(found.order_by("-opened_at")[:MOST_HITS])
