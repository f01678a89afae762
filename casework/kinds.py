"""Where the kinds of case meet: each registers one record at start-up; nothing else crosses between apps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from organisations.roles import Role
from organisations.scope import Scope


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
    `is_personal` a case that has a handler waits for that person alone, not for colleagues of the same post; with
    `mark` only a case that bears it waits.
    """

    role: Role
    states: tuple[str, ...]
    where: str
    is_personal: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """A tab of the worklist: some states, or what bears one mark in them, under one name, for the roles that work on them."""

    code: str
    label: str
    states: tuple[str, ...]
    roles: frozenset[Role]
    mark: str = ""


@dataclass(frozen=True, slots=True)
class BulkAct:
    """An act that can be done on many ticked cases at once, each by the same action as the single form."""

    code: str
    label: str
    icon: str
    roles: frozenset[Role]
    key: str = ""


@dataclass(frozen=True, slots=True)
class NoticeGroup:
    """Kinds of notices (with their labels) under one name: a filter of the inbox. Work that arrives cannot be muted."""

    code: str
    label: str
    kinds: Mapping[str, str]
    is_mutable: bool = True


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One line of a panel: which case, where its page is, and in a few words what waits there. `tone` is that of a lamp, or empty."""

    number: str
    title: str
    url: str
    note: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A list on the home page that is no list of the docket: what the kind itself keeps for the person (批示, 包案, 督办)."""

    label: str
    rows: Sequence[PanelRow]
    url: str


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A kind of case: what it is called, where its page is, its states' words, whom it waits for, how it takes a referral in.

    `topics` are the top classes of its contents as (leading characters of the code, name). `sponsors_of` says which
    leader has taken which of these cases on (包案): case id → user id. `panels` are its own lists on a person's home page.
    `stages` are its own words for the six stages, where the docket's (casework.rules.STAGES) do not fit.
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
    due_url: str = ""
    bulk_acts: tuple[BulkAct, ...] = field(default=())
    notice_groups: tuple[NoticeGroup, ...] = field(default=())
    sponsors_of: Callable[[Collection[int]], Mapping[int, int]] | None = None
    panels: Callable[[Scope], list[Panel]] | None = None
    stages: tuple[str, ...] = ()


#: What the clock itself tells, on cases of every kind.
HOUSE_NOTICES = (
    NoticeGroup("reminders", "期限提醒", {"reminder": "期限提醒"}),
    NoticeGroup("cards", "黄红牌", {"card": "督办牌"}, is_mutable=False),
    NoticeGroup("house", "系统", {"digest": "每日汇总", "calendar": "节假日安排"}),
)

_kinds: dict[str, CaseKind] = {}


def register(kind: CaseKind) -> None:
    if kind.code in _kinds:
        raise ValueError(f"case kind registered twice: {kind.code}")
    _kinds[kind.code] = kind


def get(code: str) -> CaseKind:
    return _kinds[code]


def every() -> list[CaseKind]:
    return list(_kinds.values())


def sponsors(cases: Iterable[tuple[str, int]]) -> dict[int, int]:
    """Case id → the leader who sponsors it, for (kind, case id) pairs of any kinds. A statement a kind."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for kind, case_id in cases:
        by_kind[kind].append(case_id)
    found: dict[int, int] = {}
    for kind, case_ids in by_kind.items():
        ask = _kinds[kind].sponsors_of
        if ask is not None:
            found.update(ask(case_ids))
    return found


def notice_groups() -> list[NoticeGroup]:
    """Every group of notices there is: the clock's own and those of each kind of case."""
    return [*HOUSE_NOTICES, *(group for kind in _kinds.values() for group in kind.notice_groups)]


def notice_label(kind: str) -> str:
    """What a kind of notice is called. Every kind has a group (tests/house/test_labels.py)."""
    return next((group.kinds[kind] for group in notice_groups() if kind in group.kinds), "消息")
