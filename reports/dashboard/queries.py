"""The dashboard's board out of the dictionary of measures, and of nothing else. About thirty statements, whatever the number of cases.

Its parts are read by the files beside this one: `cards` the six, `days` the trend, `units`, `maps`, `categories`, `cases`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache

from organisations import clock, directory
from organisations.scope import Scope
from reports.charts.data import Lines, Mark, Places, Ranking, Tree
from reports.dashboard import cards as six
from reports.dashboard import cases, categories, days, maps, units
from reports.dashboard.board import Board, Card, Hot, Lamps, Said
from reports.dashboard.reading import Found, Links, said
from reports.models import FactState
from reports.queries import places
from reports.queries.figures import Selection, read_many, split
from reports.rules.periods import before, year_before

#: What the page asks for beside the six.
_EXTRA = ("visits", "groups", "near", "due_today", "open", "participation")
#: Units with lamps that are shown.
_LAMPS = 6
#: No figure is older (issue 5 §2).
MOST_AGE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What follows from the facts alone, and so is kept as long as no fact changes. It names no person and no words of a case."""

    cards: tuple[Card, ...]
    trend: Lines
    towns: dict[str, Mark]
    villages: Places | None
    elsewhere: Said | None
    ranking: Ranking
    tree: Tree
    overdue: Said
    today: Said
    near: Said
    late: tuple[cases.Row, ...]
    lamps: tuple[Lamps, ...]
    hot: tuple[Hot, ...]


def board(where: Selection, scope: Scope, links: Links, page: str) -> Board:
    """Everything of the page, for one selection. While no fact changes, only who has the late cases and the map are asked again.

    `page` names the dashboard the addresses lead to: what is kept holds addresses.
    """
    state = current()
    counted = _held(where, links, page, state)
    fresh_at = state.refreshed_at if state else None
    return Board(
        where=where,
        title="全县" if where.ground.is_county else directory.current().units[where.ground.unit_id].short_name,
        cards=counted.cards,
        trend=counted.trend,
        places=counted.villages or places.chart("乡镇分布", counted.towns),
        elsewhere=counted.elsewhere,
        ranking=counted.ranking,
        tree=counted.tree,
        overdue=counted.overdue,
        today=counted.today,
        near=counted.near,
        late=cases.late(counted.late, scope),
        lamps=counted.lamps[:_LAMPS],
        counts=units.counts(counted.lamps),
        hot=counted.hot,
        wider=cases.wider(scope),
        drilled=categories.drilled(where, links),
        fresh_at=fresh_at,
        is_old=fresh_at is None or clock.now() - fresh_at > MOST_AGE * 2,
    )


def cards(where: Selection, links: Links, page: str, state: FactState | None) -> tuple[Card, ...]:
    """The six figures alone, for another page."""
    return _held(where, links, page, state).cards


def current() -> FactState | None:
    """How the facts stand."""
    return FactState.objects.first()


def is_fresh(state: FactState | None) -> bool:
    """Whether the facts are at most a minute old."""
    return state is not None and state.refreshed_at is not None and clock.now() - state.refreshed_at < MOST_AGE


def _held(where: Selection, links: Links, page: str, state: FactState | None) -> _Counted:
    seen = hashlib.sha256(repr((page, where, (state.version, state.tallied) if state else None)).encode()).hexdigest()
    counted: _Counted | None = cache.get(f"board:{seen}")
    if counted is None:
        counted = _count(where, links)
        cache.set(f"board:{seen}", counted, int(MOST_AGE.total_seconds()) * 10)
    return counted


def _count(where: Selection, links: Links) -> _Counted:
    earlier = where.within(period=before(where.period), on=before(where.period).until)
    now = read_many([*six.SIX, *_EXTRA], where)
    then = read_many([code for code in six.SIX if code != "overdue"], earlier) | read_many(["overdue"], where.within(on=where.on - timedelta(days=1)))
    a_year = year_before(where.period)
    last_year = read_many(["cases", "visitors"], where.within(period=a_year, on=a_year.until))
    by_unit = units.rolled(where, ("reply_on_time", "once", "satisfaction", "overdue", "near", "open"))
    weeks = days.read(where)
    found = Found(where, links, now, then, last_year, by_unit, weeks)
    topics = split(["cases"], where, "topic" if where.topic else "subcategory")
    by_topic = {key: cells["cases"].numerator for key, cells in topics.rows.items()}
    towns = {} if where.ground.is_place else maps.towns(where, links)
    is_whole = where.ground.is_place or now["cases"].numerator == sum(int(mark.size) for mark in towns.values())
    return _Counted(
        cards=six.six(found, by_topic),
        trend=days.trend(where, weeks, links),
        towns=towns,
        villages=maps.villages(where, links) if where.ground.is_place else None,
        # Those on no town have no list of their own; all of them have.
        elsewhere=None if is_whole else said(now["cases"], where, links),
        ranking=units.ranking(found),
        tree=categories.tree(where, by_topic, links),
        overdue=said(now["overdue"], where, links),
        today=said(now["due_today"], where, links),
        near=said(now["near"], where, links),
        late=cases.latest(where, now["overdue"].numerator, now["near"].numerator),
        lamps=units.lamps_of(found),
        hot=cases.hot(where, links),
    )
