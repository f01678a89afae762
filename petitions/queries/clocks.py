"""Whose days a petition's days were (beyond.md 14).

The matter's own clock runs from registration to closing and never restarts; each unit's runs from the day it was
sent the matter until the day it gave it up. What lies between belongs to the centre, so the parts add up to the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.utils import timezone

from casework import limits
from casework.queries.clocks import Shares, Stay, add_up
from organisations import clock, directory
from petitions.models import Dispatch, Review
from petitions.queries.case import CasePage


def shares(held: CasePage) -> Shares:
    """各单位用时: whose days the matter's days were, up to its closing or today. No statement."""
    closed_at = held.case.closed_at
    start = timezone.localdate(held.case.opened_at)
    end = timezone.localdate(closed_at) if closed_at else clock.today()
    parts = with_organs(stays(held.dispatches, start, end, is_open=closed_at is None), held.reviews, max(start, end))
    return add_up(parts, limits.current().calendar, directory.current().centre_id, is_open=closed_at is None)


def stays(dispatches: Sequence[Dispatch], start: date, end: date, *, is_open: bool) -> Iterator[Stay]:
    """The matter's days cut at every hand-over. `unit_id` None is the centre: before, between and after the units."""
    end = max(start, end)
    cursor = start
    for row in sorted(dispatches, key=lambda row: row.sent_at):
        sent = min(max(timezone.localdate(row.sent_at), cursor), end)
        ended = min(max(timezone.localdate(row.ended_at), sent), end) if row.ended_at else end
        yield Stay(None, cursor, sent)
        yield Stay(row.to_unit_id, sent, ended)
        cursor = ended
    if cursor < end or (is_open and all(row.ended_at for row in dispatches)):
        yield Stay(None, cursor, end)


def with_organs(parts: Iterable[Stay], reviews: Sequence[Review], end: date) -> list[Stay]:
    """The days a reviewing organ held the matter are the organ's; of one outside the county the centre keeps the papers.

    An organ that sent the request on has its own days up to then, and no more.
    """
    found = list(parts)
    for row in reviews:
        from_on = timezone.localdate(row.entered_at)
        for organ_id, until in row.earlier_organs:
            until_on = date.fromisoformat(until)
            found = [piece for part in found for piece in _cut(part, organ_id, from_on, until_on)]
            from_on = until_on
        over_on = row.delivered_on or row.rejected_on or row.withdrawn_on
        cut = [piece for part in found for piece in _cut(part, row.organ_id, from_on, over_on or end)]
        # Whoever holds it now stands last, if only since this morning.
        found = cut if over_on else [*cut, Stay(row.organ_id, end, end)]
    return found


def _cut(part: Stay, organ_id: int | None, from_on: date, until_on: date) -> Iterator[Stay]:
    begin, stop = max(part.from_on, from_on), min(part.until_on, until_on)
    if begin >= stop:
        yield part
        return
    if part.from_on < begin:
        yield Stay(part.unit_id, part.from_on, begin)
    yield Stay(organ_id, begin, stop)
    if stop < part.until_on:
        yield Stay(part.unit_id, stop, part.until_on)
