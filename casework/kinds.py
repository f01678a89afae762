"""Where the kinds of case meet: each registers one record at start-up; nothing else crosses between apps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from organisations.roles import Role


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
class Awaits:
    """States in which a case waits for the holder of a role.

    `where` is at which unit the role must be held: `centre`, `holder` (the responsible unit) or `any`. With
    `is_personal` a case that has a handler waits for that person alone, not for colleagues of the same post.
    """

    role: Role
    states: tuple[str, ...]
    where: str
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """A tab of the worklist: some states under one name, for the roles that work on them."""

    code: str
    label: str
    states: tuple[str, ...]
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class BulkAct:
    """An act that can be done on many ticked cases at once, each by the same action as the single form."""

    code: str
    label: str
    icon: str
    roles: frozenset[Role]
    key: str = ""


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A kind of case: what it is called, where its page is, its states' words, whom it waits for, how it takes a referral in.

    `topics` are the top classes of its contents as (leading characters of the code, name).
    """

    code: str
    label: str
    detail_url: str
    states: dict[str, str]
    accept_referral: Callable[[Referral], int] | None = None
    awaiting: tuple[Awaits, ...] = field(default=())
    desks: tuple[Desk, ...] = field(default=())
    topics: tuple[tuple[str, str], ...] = field(default=())
    register_url: str = ""
    bulk_url: str = ""
    bulk_acts: tuple[BulkAct, ...] = field(default=())


_kinds: dict[str, CaseKind] = {}


def register(kind: CaseKind) -> None:
    if kind.code in _kinds:
        raise ValueError(f"case kind registered twice: {kind.code}")
    _kinds[kind.code] = kind


def get(code: str) -> CaseKind:
    return _kinds[code]


def every() -> list[CaseKind]:
    return list(_kinds.values())
