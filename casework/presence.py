"""Who else has a case open now, and who is writing (beyond.md 9, habit 17). Kept in the cache alone: without it nobody is shown.

Soft: two beats at once may forget one of them until its next. Protected cases are never noted (L-PET-86).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

from casework.models import Case
from organisations.models import User

#: Seconds between the beats of an open page (static/js/case.js), and how long one is remembered.
BEAT = 25
KEPT = timedelta(seconds=70)


@dataclass(frozen=True, slots=True)
class Here:
    """A colleague at the same case; `writing` is what they have begun to fill in, empty while they only look."""

    user_id: int
    name: str
    writing: str
    at: datetime

    @property
    def words(self) -> str:
        return f"{self.name}正在填写“{self.writing}”" if self.writing else f"{self.name}正在看"


def beat(case: Case, user: User, *, writing: str, at: datetime) -> list[Here]:
    """I am here; who else is. One reading and one writing of the cache."""
    if case.confidential:
        return []
    held = {here.user_id: here for here in _fresh(cache.get(_key(case.pk)), at)}
    held[user.pk] = Here(user.pk, user.name, writing[:20], at)
    cache.set(_key(case.pk), list(held.values()), KEPT.seconds)
    return [here for here in held.values() if here.user_id != user.pk]


def others(case: Case, user: User, at: datetime) -> list[Here]:
    """Who is there besides oneself, for the page as it opens."""
    if case.confidential:
        return []
    return [here for here in _fresh(cache.get(_key(case.pk)), at) if here.user_id != user.pk]


def on_many(case_ids: Iterable[int], user: User, at: datetime) -> dict[int, str]:
    """Case → words, for the rows of a list: one reading of the cache, no statement."""
    keys = {_key(case_id): case_id for case_id in case_ids}
    found = cache.get_many(keys) if keys else {}
    there = {keys[key]: [here for here in _fresh(held, at) if here.user_id != user.pk] for key, held in found.items()}
    return {case_id: "、".join(here.words for here in rows) for case_id, rows in there.items() if rows}


def _key(case_id: int) -> str:
    return f"presence:{case_id}"


def _fresh(held: list[Here] | None, at: datetime) -> list[Here]:
    return [here for here in held or [] if at - here.at < KEPT]
