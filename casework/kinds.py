"""Where the kinds of case meet: each registers one record at start-up; nothing else crosses between apps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Referral:
    """What crosses when one kind of case gives rise to another. Plain values only."""

    source_id: int
    title: str
    story: str
    area_id: int
    party_ids: tuple[int, ...]
    attachment_ids: tuple[int, ...]
    reason: str
    by_id: int


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A kind of case: what it is called, where its page is, its states' words, and how it takes a referral in."""

    code: str
    label: str
    detail_url: str
    states: dict[str, str]
    accept_referral: Callable[[Referral], int] | None = None


_kinds: dict[str, CaseKind] = {}


def register(kind: CaseKind) -> None:
    if kind.code in _kinds:
        raise ValueError(f"case kind registered twice: {kind.code}")
    _kinds[kind.code] = kind


def get(code: str) -> CaseKind:
    return _kinds[code]


def every() -> list[CaseKind]:
    return list(_kinds.values())
