"""Single cases on the board: those that are late, longest first, and what comes again and again in one place."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import Count, F, Q, When
from django.db.models.functions import Least
from django.urls import reverse

from casework import kinds
from casework.models import Case, Reach
from casework.queries import lists
from casework.queries.filters import Filters
from organisations import directory
from organisations.models import User
from organisations.scope import Scope
from reports.dashboard import categories
from reports.dashboard.board import Hot, Late, Said
from reports.dashboard.reading import Links
from reports.queries import places
from reports.queries.figures import Selection, case_ids
from reports.rules.measures import OF_LAW
from reports.rules.periods import Basis, Period

#: Rows of the list of late cases; hot matters.
_LATE, _HOT = 8, 5
#: A hot matter: so often in so many days (L-CLS-58).
HOT_LEAST, HOT_DAYS = 3, 90

#: A late case before anybody looks at it: words, tone, which one.
Row = tuple[str, str, int]


def latest(where: Selection, overdue: int, near_by: int) -> tuple[Row, ...]:
    """The cases that are late, those longest late first, then those whose limit ends soonest: words, tone, which case."""
    late = case_ids("overdue", where).annotate(since=_overdue_since(where.on)).order_by("since", "pk").values_list("since", "pk")[:_LATE]
    rows = [(f"超 {(where.on - since).days} 天", "bad", pk) for since, pk in late] if overdue else []
    room = _LATE - len(rows) if near_by else 0
    near = case_ids("near", where).order_by("due_on", "pk").values_list("due_on", "pk")[:room] if room else ()
    return (*rows, *((_left(due_on, where.on), "warn", pk) for due_on, pk in near))


def late(rows: tuple[Row, ...], scope: Scope) -> tuple[Late, ...]:
    """Those cases with whose they are, as far as this reader may see them. Of a protected one not even whose and how late (L-PET-86)."""
    found: list[Late] = []
    cases = Case.objects.in_bulk([pk for _, _, pk in rows])
    seen = set(Reach.objects.filter(case__in=cases, reader__in=scope.readers).values_list("case_id", flat=True))
    tree = directory.current()
    names = dict(User.objects.filter(pk__in={case.handler_id for case in cases.values() if case.handler_id}).values_list("pk", "name"))
    for words, tone, pk in rows:
        case = cases[pk]
        if pk in seen:
            unit = tree.units[case.unit_id].short_name
            url = reverse(kinds.get(case.kind).detail_url, args=[case.number])
            found.append(Late(words, tone, case.title, case.number, url, unit, names.get(case.handler_id or 0, ""), case.urged, is_hidden=False))
        else:
            found.append(Late("", "", "", "", "", "", "", 0, is_hidden=True))
    # Last, whatever their place: between two others it would say how late they are.
    return tuple(sorted(found, key=lambda row: row.is_hidden))


def wider(scope: Scope) -> Said:
    """Late by any limit, disputes too, as the list of cases counts it: so that nobody has to ask why two pages show two numbers."""
    wanted = Filters(lamp="overdue")
    (count,) = lists.counts(scope, [wanted])
    words = f"{count:,}" if count is not None else f"超过 {lists.COUNT_LIMIT:,}"
    return Said(f"全部期限（含纠纷）超期 {words} 件", f"{reverse('casework:list')}?{wanted.query()}")


def _overdue_since(on: date) -> Least:
    """The first legal limit that had run out unmet: what a matter is late by, whatever limit runs now. PostgreSQL passes over the others."""
    return Least(
        *(
            models.Case(When(Q(**{f"{due}__lt": on}) & (Q(**{done: None}) | Q(**{f"{done}__gt": on})), then=F(due)), default=None)
            for due, done, _ in OF_LAW
        )
    )


def _left(due_on: date | None, on: date) -> str:
    if due_on is None:
        return "临期"
    return "今日到期" if due_on == on else f"余 {(due_on - on).days} 天"


def hot(where: Selection, links: Links) -> tuple[Hot, ...]:
    """The same matter in the same town again and again (L-CLS-58), whatever the period looked at."""
    recent = where.within(period=Period(where.on - timedelta(days=HOT_DAYS - 1), where.on), basis=Basis.OWN)
    rows = (
        case_ids("cases", recent)
        .filter(confidential=False)  # the list a row opens is narrowed, and shows no protected matter (L-PET-86)
        .exclude(topic_code="")
        .exclude(town_code="")
        .values(topic=F("topic_code"), town=F("town_code"))
        .annotate(found=Count("*"))
        .filter(found__gte=HOT_LEAST)
        .order_by("-found", "topic_code", "town_code")[:_HOT]
    )
    names = places.towns()
    return tuple(
        Hot(
            categories.named(row["topic"]),
            names.get(row["town"], ""),
            Said(f"{row['found']}", links.behind(recent, "cases", category=row["topic"], town=row["town"]), row["found"]),
        )
        for row in rows
    )
