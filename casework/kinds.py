"""Where the kinds of case meet: each registers one record at start-up; nothing else crosses between apps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from casework.doubts import Doubt
from organisations.roles import Role
from organisations.scope import Scope

if TYPE_CHECKING:
    from django.db.models import Q


@dataclass(frozen=True, slots=True)
class Referral:
    """What crosses when one kind of case gives rise to another. Plain values only.

    `points` are the demands, one by one. `sort` is what kind of matter it becomes there, out of the receiver's
    `referral_sorts`, confirmed by the sender, `desk` to which of its `referral_desks` it goes at once, empty for the usual
    one. `against` is the other side where the source has no party row of it.
    """

    source_id: int
    title: str
    story: str
    area_id: int
    party_ids: tuple[int, ...]
    attachment_ids: tuple[int, ...]
    reason: str
    by_id: int
    points: tuple[str, ...] = ()
    sort: str = ""
    desk: str = ""
    against: str = ""
    is_against_organisation: bool = False


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
    """Kinds of notices (with their labels) under one name: a filter of the inbox. Work that arrives cannot be muted.

    `url` is the name of the page that opens from a notice of the group about no single case; without it the inbox stays.
    """

    code: str
    label: str
    kinds: Mapping[str, str]
    is_mutable: bool = True
    url: str = ""


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
    `own_topic` are the leading characters of its codes of contents where its cases also have a list of their own.
    `stages` are its own words for the six stages, where the docket's (casework.rules.STAGES) do not fit. `demo` tells its
    stories of the demo county (a `casework.demo.World`, the last moment) and returns what was refused.

    `accept_referral` makes a case of this kind out of one of another and returns its id; `referral_sorts` are the sorts
    of matter the sender chooses from, `referral_desks` the desks it may go to; `usual_sort` proposes a sort by the name of
    the source's top class. Entering one of `tells`, like its close, is told to the source (`casework.referrals`).
    `facts` is the SELECT of what a report may know of its cases (`casework.facts.COLUMNS`), `doubts` what an auditor looks for.
    `keeps_paper` says whether one of these papers is kept from a person who sees the case, `keeps_limit` whether the limit
    of a case (its id, the limit's key, the unit that owes it) is, and `kept_lines` which lines of a case's history are.
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
    registrars: frozenset[Role] = frozenset()
    bulk_url: str = ""
    due_url: str = ""
    bulk_acts: tuple[BulkAct, ...] = field(default=())
    notice_groups: tuple[NoticeGroup, ...] = field(default=())
    sponsors_of: Callable[[Collection[int]], Mapping[int, int]] | None = None
    panels: Callable[[Scope], list[Panel]] | None = None
    stages: tuple[str, ...] = ()
    own_topic: str = ""
    demo: Callable[[Any, datetime], list[str]] | None = None
    referral_sorts: tuple[tuple[str, str], ...] = ()
    referral_desks: tuple[tuple[str, str], ...] = ()
    usual_sort: Callable[[str], str] | None = None
    tells: frozenset[str] = frozenset()
    facts: str = ""
    doubts: tuple[Doubt, ...] = ()
    keeps_paper: Callable[[list[int], Scope], bool] | None = None
    keeps_limit: Callable[[int, str, int | None, Scope], bool] | None = None
    kept_lines: Callable[[int, Scope], Q] | None = None


#: What the clock itself tells, on cases of every kind.
HOUSE_NOTICES = (
    NoticeGroup("reminders", "期限提醒", {"reminder": "期限提醒"}),
    NoticeGroup("cards", "黄红牌", {"card": "督办牌"}, is_mutable=False),
    NoticeGroup(
        "referrals",
        "转入转出",
        {"referral.come": "转入事项", "referral.returned": "转出被退回", "referral.result": "转出事项有结果"},
        is_mutable=False,
    ),
    NoticeGroup(
        "audit",
        "审计询问",
        {"audit.question": "审计询问", "audit.reminder": "审计询问催办", "audit.answer": "审计询问答复"},
        is_mutable=False,
        url="reports:questions",
    ),
    NoticeGroup("reports", "统计报告", {"report.ready": "统计报告"}, url="reports:months"),
    NoticeGroup("house", "系统", {"digest": "每日汇总", "calendar": "节假日安排"}),
    NoticeGroup("exports", "导出", {"export": "导出结果"}, url="casework:exports"),
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


def listed(topic: str) -> list[CaseKind]:
    """The kinds a list is about: the one whose own list it is, else those that have none of their own."""
    own = [kind for kind in every() if kind.own_topic and topic.startswith(kind.own_topic)]
    return own or [kind for kind in every() if not kind.own_topic]


def register_url(among: Iterable[CaseKind], roles: Collection[Role]) -> str:
    """The name of the page on which a holder of these roles begins a case of one of these kinds; "" where none may."""
    return next((kind.register_url for kind in among if kind.register_url and kind.registrars & set(roles)), "")


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


def notice_url(kind: str) -> str:
    """The name of the page a notice about no single case opens."""
    return next((group.url for group in notice_groups() if kind in group.kinds and group.url), "casework:inbox")
