"""The home page by role: a few lists with their counts, each with an address in the worklist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
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
MOST_SECTIONS = 5
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
    figures = _figures(scope)
    pinned = [Section(tab.name, tab.query, tab.filters) for tab in lists.saved(views(scope), only_pinned=True)]
    counts = _counts(scope, [section.filters for section in [*wanted, *figures, *pinned]])
    # An empty list would be searched from end to end for its first rows: what is counted as none is not asked for any.
    shown = iter(lists.first_rows(scope, [(s.filters, SHOWN) for s in wanted if counts[s.filters] != 0]))
    sections = [replace(s, count=counts[s.filters], rows=next(shown) if counts[s.filters] != 0 else []) for s in wanted]
    return Home(
        sections=sections,
        figures=[replace(s, count=counts[s.filters]) for s in figures],
        pinned=[replace(s, count=counts[s.filters]) for s in pinned],
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


#: What the window's day is: closed ones too, the newest first.
_REGISTERED_TODAY = Filters(status="all", period="1", sort="new")


def _counts(scope: Scope, wanted: Sequence[Filters]) -> dict[Filters, int | None]:
    """How many each list finds. Open ones in one statement; the few of today, closed or not, as their list counts them."""
    counts = dict(zip(wanted, lists.counts(scope, wanted), strict=True))
    if _REGISTERED_TODAY in counts:
        counts[_REGISTERED_TODAY] = lists.total(scope, _REGISTERED_TODAY).count
    return counts


def _sections(scope: Scope) -> list[Section]:
    """A router finds what came in, what came back and what is disputed as heaps of their own; a clerk the day; a leader the red list first."""
    roles = scope.roles
    desks = role_desks(scope)
    listed = [_section(desk.label, Filters(states=desk.states, mark=desk.mark)) for desk in desks]
    late, today = _section("超期", Filters(lamp="overdue"), "bad"), _section("今日到期", Filters(lamp="today"), "warn")
    if roles & {Role.OFFICE}:
        return [section for desk in desks if not desk.mark for section in _by_state(desk)]
    if roles & {Role.WINDOW_CLERK}:
        return [_section("今天登记", _REGISTERED_TODAY), *listed, today]
    if roles & {Role.LEADER}:
        return [*listed[:1], late, *listed[1:]]
    if roles & {Role.HANDLER, Role.HEAD, Role.DISCIPLINE, Role.VILLAGE_CADRE, Role.GRID_WORKER, Role.MEDIATOR}:
        return [_section("待我办理", Filters(awaiting=True), "blue"), today, _section("临期", Filters(lamp="soon"), "warn"), late]
    return [late, today, _section("近 7 天登记", Filters(status="all", period="7", sort="new"))]


def _by_state(desk: kinds.Desk) -> list[Section]:
    """A desk of several states as so many lists, each under its state's own words."""
    words = {state: label for kind in kinds.every() for state, label in kind.states.items()}
    words |= {state: desk.label for state in desk.states if len(desk.states) == 1}
    return [_section(words[state], Filters(states=(state,))) for state in desk.states]


def _figures(scope: Scope) -> list[Section]:
    """Numbers without their lists: the day at the counter for a clerk, what runs and what burns for who answers for others' work."""
    lamps = [
        _section("超期", Filters(lamp="overdue"), "bad"),
        _section("今日到期", Filters(lamp="today"), "warn"),
        _section("临期", Filters(lamp="soon"), "warn"),
    ]
    if scope.roles & {Role.LEADER, Role.AUDITOR, Role.OVERSEER, Role.HEAD, Role.OFFICE}:
        return [
            _section("在办", Filters()),
            *lamps,
            _section("集体访", Filters(mark="group")),
            _section("红牌", Filters(mark="red"), "bad"),
            _section("黄牌", Filters(mark="yellow"), "warn"),
        ]
    if scope.roles & {Role.WINDOW_CLERK}:
        return [_section("今天登记", _REGISTERED_TODAY), *lamps]
    return []


def _watched() -> list[tuple[str, int]]:
    """How often sensitive things happened in the last seven days, by kind of event."""
    since = midnight(clock.today() - timedelta(days=6))
    newest = AccessEntry.objects.filter(event__in=WATCHED).order_by("-id").values_list("event", "at")[:MOST_WATCHED]
    found = Counter(event for event, at in newest if at >= since)
    return [(AccessEntry.Event(event).label, found[event]) for event in WATCHED]
