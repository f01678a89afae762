"""The home page by role: a few lists with their counts, each with an address in the worklist."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Q

from casework import drafts, homes, kinds
from casework.models import Draft, SavedView
from casework.queries import cards, lists
from casework.queries.filters import Filters, midnight, role_desks
from casework.queries.lists import Row
from organisations import clock
from organisations.models import AccessEntry
from organisations.roles import Role
from organisations.scope import Scope

#: Rows shown of each list.
SHOWN = 6
#: Lists on one home page, so that a person with many posts still gets few queries.
MOST_SECTIONS = 4
#: The access events an auditor counts, and how many of the newest lines are looked at.
WATCHED = (AccessEntry.Event.REVEAL, AccessEntry.Event.EXPORT, AccessEntry.Event.DENIED, AccessEntry.Event.SIGN_IN_FAILED)
MOST_WATCHED = 2_000


@dataclass(frozen=True, slots=True)
class Section:
    """One list of the home page."""

    label: str
    query: str
    filters: Filters
    tone: str = ""
    count: int | None = None
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Home:
    sections: list[Section]
    figures: list[Section]
    pinned: list[Section]
    drafts: list[Draft]
    watched: list[tuple[str, int]]
    panels: list[kinds.Panel] = field(default_factory=list)
    cards_to_sign: int = 0
    additions: list[homes.Addition] = field(default_factory=list)


def of(scope: Scope) -> Home:
    """What the person's roles ask for. An administrator's home holds no case and costs no query here."""
    if scope.is_admin or not scope.readers:
        return Home([], [], [], [], [])
    wanted = _sections(scope)[:MOST_SECTIONS]
    figures = _figures() if scope.roles & {Role.LEADER, Role.AUDITOR, Role.OVERSEER, Role.HEAD, Role.OFFICE} else []
    pinned = [Section(tab.name, tab.query, tab.filters) for tab in lists.saved(views(scope), only_pinned=True)]
    counted = iter(lists.counts(scope, [s.filters for s in [*wanted, *figures, *pinned]]))
    shown = lists.first_rows(scope, [(s.filters, SHOWN) for s in wanted])
    sections = [Section(s.label, s.query, s.filters, s.tone, next(counted), rows) for s, rows in zip(wanted, shown, strict=True)]
    return Home(
        sections=sections,
        figures=[Section(s.label, s.query, s.filters, s.tone, next(counted)) for s in figures],
        pinned=[Section(s.label, s.query, s.filters, s.tone, next(counted)) for s in pinned],
        drafts=drafts.mine(scope.user)[:SHOWN] if scope.roles & {Role.WINDOW_CLERK, Role.OFFICE, Role.HANDLER, Role.VILLAGE_CADRE} else [],
        watched=_watched() if Role.AUDITOR in scope.roles else [],
        panels=[*homes.panels(scope), *(panel for kind in kinds.every() if kind.panels is not None for panel in kind.panels(scope))],
        cards_to_sign=cards.to_sign(scope),
        additions=homes.of(scope),
    )


def views(scope: Scope) -> list[SavedView]:
    """The person's saved views and those of their units. One query."""
    return list(SavedView.objects.filter(Q(user=scope.user) | Q(unit__in=scope.unit_ids)).order_by("-is_pinned", "id"))


def _section(label: str, filters: Filters, tone: str = "") -> Section:
    return Section(label, filters.query(), filters, tone)


def _sections(scope: Scope) -> list[Section]:
    roles = scope.roles
    desks = [_section(desk.label, Filters(states=desk.states, mark=desk.mark)) for desk in role_desks(scope)]
    if roles & {Role.OFFICE}:
        return desks
    if roles & {Role.WINDOW_CLERK}:
        return [_section("今天登记", Filters(status="all", period="1", sort="new")), *desks]
    if roles & {Role.LEADER}:
        return [*desks, _section("超期", Filters(lamp="overdue"), "bad"), _section("集体访", Filters(mark="group"))]
    if roles & {Role.HANDLER, Role.HEAD, Role.DISCIPLINE, Role.VILLAGE_CADRE, Role.MEDIATOR}:
        return [
            _section("待我办理", Filters(awaiting=True), "blue"),
            _section("临期", Filters(lamp="soon"), "warn"),
            _section("超期", Filters(lamp="overdue"), "bad"),
        ]
    return [_section("超期", Filters(lamp="overdue"), "bad"), _section("近 7 天登记", Filters(status="all", period="7", sort="new"))]


def _figures() -> list[Section]:
    return [
        _section("在办", Filters()),
        _section("超期", Filters(lamp="overdue"), "bad"),
        _section("今日到期", Filters(lamp="today"), "warn"),
        _section("临期", Filters(lamp="soon"), "warn"),
        _section("集体访", Filters(mark="group")),
        _section("红牌", Filters(mark="red"), "bad"),
        _section("黄牌", Filters(mark="yellow"), "warn"),
    ]


def _watched() -> list[tuple[str, int]]:
    """How often sensitive things happened in the last seven days, by kind of event."""
    since = midnight(clock.today() - timedelta(days=6))
    newest = AccessEntry.objects.filter(event__in=WATCHED).order_by("-id").values_list("event", "at")[:MOST_WATCHED]
    found = Counter(event for event, at in newest if at >= since)
    return [(AccessEntry.Event(event).label, found[event]) for event in WATCHED]
