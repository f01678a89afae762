"""Who could mediate this quarrel: people whom **both** sides know and trust (MED-8). Pure: no queries, no clock.

The engine only proposes; the parties consent (调解法§19 §20, L-MED-5). Every point a person gets is a sentence somebody
can read; whoever has an interest of his own is taken out before anything is counted, and the keeper is told why.
Trust counts by the side that trusts least: a person whom one side loves and the other does not know is no mediator.
All points are whole numbers from one table, ties between equals are broken by load and then by key: the same facts give
the same list in the same order, whatever order they come in.

How often it is right is measured in `bench/matching.py`: with the bonds on record the right person is among the first three in
more than 99 of 100 quarrels (MED-8 asks 90); with two bonds in ten never written down in 87, where who knows everything but the bonds
finds 91. A bond that is not on record helps nobody, so the page says «有一方不熟悉» and offers to enter one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum


class Tie(StrEnum):
    """What the county keeps of two people, entered on purpose with its source, never scraped."""

    NEAR_KIN = "near_kin"
    KIN = "kin"
    TRUST = "trust"
    GROUP = "group"
    COMRADE = "comrade"
    CLASSMATE = "classmate"
    COLLEAGUE = "colleague"
    TEACHER = "teacher"
    NEIGHBOUR = "neighbour"
    DEBT = "debt"
    EMPLOYER = "employer"
    QUARREL = "quarrel"
    INTEREST = "interest"


TIE_LABELS: dict[str, str] = {
    Tie.NEAR_KIN: "近亲属",
    Tie.KIN: "其他亲属",
    Tie.TRUST: "信得过、说得上话",
    Tie.GROUP: "同一村民小组",
    Tie.COMRADE: "战友",
    Tie.CLASSMATE: "同学",
    Tie.COLLEAGUE: "同事、工友",
    Tie.TEACHER: "师生、师徒",
    Tie.NEIGHBOUR: "邻居",
    Tie.DEBT: "债权债务",
    Tie.EMPLOYER: "雇佣关系",
    Tie.QUARREL: "有过纠纷",
    Tie.INTEREST: "其他利害关系",
}

#: What makes a side trust somebody, in points of that side.
TRUST_POINTS: dict[str, int] = {
    Tie.NEAR_KIN: 30,
    Tie.KIN: 28,
    Tie.TRUST: 34,
    Tie.GROUP: 12,
    Tie.COMRADE: 26,
    Tie.CLASSMATE: 20,
    Tie.COLLEAGUE: 12,
    Tie.TEACHER: 24,
    Tie.NEIGHBOUR: 12,
}
#: A side's best reason counts whole, each further one as one in so many: a neighbour who is a comrade too is a comrade, and ten
#: small reasons are not more trust than two good ones. Which of them were ever written down is chance.
FURTHER_SHARE = 4
#: Living in the side's own village is known ground, no more.
SAME_VILLAGE = 4
#: The side that trusts least counts so many times, the others once: where a bond of one side was never written down,
#: what the other side says of the person is all there is.
LEAST_TIMES = 4
#: The sum, told to whoever reads the points.
HOW = f"得分怎么算：各方的信任分与其他各项相加，信任分最低的一方按{LEAST_TIMES}倍计；同一方的理由，最有分量的计全分，其余各计{FURTHER_SHARE}分之一。"

#: What does not depend on a side: success with this type (full from `FULL_RECORD` cases on), speciality, nearness, load, hours.
SUCCESS_POINTS, FULL_RECORD = 20, 4
SPECIALITY_POINTS = 6
NEARNESS: tuple[tuple[str, int], ...] = (("village", 10), ("circle", 8), ("town", 5), ("county", 0))
LOAD_POINTS, MOST_LOAD = 3, 24
OUT_OF_HOURS = 6

#: Ties that show an interest of one's own, whichever side they are with (回避).
_INTERESTED = {
    Tie.DEBT: "与{who}有债权债务关系",
    Tie.QUARREL: "与{who}有过纠纷",
    Tie.INTEREST: "与{who}有其他利害关系",
}
#: Whose trust a mediator cannot do without; a third party is heard and excludes by interest like them.
QUARRELLING = frozenset("ab")
LETTERS = {"a": "甲方", "b": "乙方", "c": "丙方"}
_NEAR_WORDS = {"village": "同村", "circle": "同一片区", "town": "同镇", "county": "外镇"}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody lives or works, as ids of the directory; 0 where it is not known. `circle` is the area station's."""

    village: int = 0
    circle: int = 0
    town: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """A party or agent. `key` says who it is across records."""

    key: str
    name: str
    village: int = 0


@dataclass(frozen=True, slots=True)
class SideFacts:
    letter: str
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class DisputeFacts:
    """What the engine reads of a quarrel. `refused`: keys of people one side objected to (回避), with which side it was."""

    type_code: str
    type_name: str
    spot: Spot
    sides: tuple[SideFacts, ...]
    story: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """Somebody who may be asked. `agreed` of `handled` quarrels of this type ended in an agreement; `open_cases` run now.

    `hours` are the weekdays (0 Monday) the person keeps for mediation, none stated: any. `away_until`: absent until that day.
    """

    key: str
    name: str
    spot: Spot
    specialities: frozenset[str] = frozenset()
    handled: int = 0
    agreed: int = 0
    open_cases: int = 0
    away_until: date | None = None
    hours: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class TieFacts:
    """One relation between two people, by key, whichever way round it was entered."""

    one: str
    other: str
    kind: str
    valid_from: date
    valid_until: date | None = None

    def holds(self, today: date) -> bool:
        return self.valid_from <= today and (self.valid_until is None or today <= self.valid_until)


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence and its points; `letter` is the side whose trust it is, empty for what holds for everybody."""

    words: str
    points: int
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A person worth asking. `trust` is each side's points, `least` the smallest of them."""

    key: str
    name: str
    score: int
    least: int
    trust: Mapping[str, int]
    reasons: tuple[Reason, ...]
    nearness: str
    open_cases: int

    @property
    def is_known_to_both(self) -> bool:
        """Each side has a reason of its own to trust this person, beside living in the same village."""
        return self.least > SAME_VILLAGE

    @property
    def nearness_words(self) -> str:
        return _NEAR_WORDS[self.nearness]


@dataclass(frozen=True, slots=True)
class Excluded:
    """A person who is not proposed, and why; the keeper alone sees this."""

    key: str
    name: str
    why: str


Ties = Mapping[str, Sequence[TieFacts]]


def rank(dispute: DisputeFacts, candidates: Sequence[CandidateFacts], ties: Iterable[TieFacts], *, today: date) -> list[Proposal]:
    """Everybody who may be asked, the best first. Nobody with an interest of his own, nobody who is away."""
    known = by_candidate(dispute, ties, today)
    found = [
        _proposal(dispute, candidate, known.get(candidate.key, ()), today)
        for candidate in candidates
        if not conflict(dispute, candidate, known.get(candidate.key, ())) and not is_away(candidate, today)
    ]
    return sorted(found, key=lambda row: (-row.score, -row.least, row.open_cases, row.key))


def excluded(dispute: DisputeFacts, candidates: Sequence[CandidateFacts], ties: Iterable[TieFacts], *, today: date) -> list[Excluded]:
    """Who was left out for an interest or for being away, with the reason, for the keeper (回避)."""
    known = by_candidate(dispute, ties, today)
    found = []
    for candidate in candidates:
        why = conflict(dispute, candidate, known.get(candidate.key, ()))
        if not why and candidate.away_until and is_away(candidate, today):
            why = f"请假到 {candidate.away_until:%m-%d}"
        if why:
            found.append(Excluded(candidate.key, candidate.name, why))
    return sorted(found, key=lambda row: (row.name, row.key))


def by_candidate(dispute: DisputeFacts, ties: Iterable[TieFacts], today: date) -> Ties:
    """The ties that hold today between a party of this quarrel and anybody else, turned so that `other` is the party."""
    parties = {person.key for side in dispute.sides for person in side.people}
    found: dict[str, list[TieFacts]] = defaultdict(list)
    for tie in ties:
        if not tie.holds(today):
            continue
        if tie.other in parties:
            found[tie.one].append(tie)
        if tie.one in parties:
            found[tie.other].append(TieFacts(tie.other, tie.one, tie.kind, tie.valid_from, tie.valid_until))
    return found


def is_away(candidate: CandidateFacts, today: date) -> bool:
    return candidate.away_until is not None and candidate.away_until >= today


# -- interests of one's own (回避) --------------------------------------------------------------------------------------------------------


def conflict(dispute: DisputeFacts, candidate: CandidateFacts, ties: Sequence[TieFacts]) -> str:
    """Why this person must not mediate this quarrel, or nothing. `ties` are the person's with the parties."""
    people = [person for side in dispute.sides for person in side.people]
    if candidate.key in {person.key for person in people}:
        return "是本纠纷的当事人或代理人"
    if candidate.name in {person.name for person in people}:
        return "与当事人（代理人）同名"
    if candidate.key in dispute.refused:
        return f"{dispute.refused[candidate.key]}提出回避"
    if candidate.name and candidate.name in dispute.story:
        return "纠纷情况里提到了此人"
    for side in dispute.sides:
        kinds = _kinds(side, ties)
        for kind, words in _INTERESTED.items():
            if kind in kinds:
                return words.format(who=LETTERS[side.letter])
    return _of_one_side_only(dispute, ties)


def _of_one_side_only(dispute: DisputeFacts, ties: Sequence[TieFacts]) -> str:
    """Kin or employer of one side and not of the other. Near kin (民法典§1045) of one side needs to be near kin of every side."""
    kinds = {side.letter: _kinds(side, ties) for side in dispute.sides}
    kin = frozenset({Tie.NEAR_KIN, Tie.KIN})
    for letter, found in kinds.items():
        others = [kinds[other] for other in kinds if other != letter]
        if Tie.NEAR_KIN in found and not all(Tie.NEAR_KIN in other for other in others):
            return f"是{LETTERS[letter]}的近亲属，不是各方共同的近亲属"
        if found & kin and not all(other & kin for other in others):
            return f"只是{LETTERS[letter]}一方的亲属"
        if Tie.EMPLOYER in found and not all(Tie.EMPLOYER in other for other in others):
            return f"与{LETTERS[letter]}一方有雇佣关系"
    return ""


def _kinds(side: SideFacts, ties: Sequence[TieFacts]) -> set[str]:
    keys = {person.key for person in side.people}
    return {tie.kind for tie in ties if tie.other in keys}


# -- points ------------------------------------------------------------------------------------------------------------------------------


def _proposal(dispute: DisputeFacts, candidate: CandidateFacts, ties: Sequence[TieFacts], today: date) -> Proposal:
    trust: dict[str, int] = {}
    reasons: list[Reason] = []
    for side in dispute.sides:
        found = _trust_of(side, candidate, ties)
        reasons += found
        trust[side.letter] = sum(reason.points for reason in found)
    nearness = _nearness(dispute.spot, candidate.spot)
    general = _general(dispute, candidate, nearness, today)
    least = min((points for letter, points in trust.items() if letter in QUARRELLING), default=0)
    score = (LEAST_TIMES - 1) * least + sum(trust.values()) + sum(reason.points for reason in general)
    return Proposal(candidate.key, candidate.name, score, least, trust, (*reasons, *general), nearness, candidate.open_cases)


def _trust_of(side: SideFacts, candidate: CandidateFacts, ties: Sequence[TieFacts]) -> list[Reason]:
    """Why this side would trust the person, the best reason first: each kind of tie once, with the one of the side it is with."""
    label, found, seen = LETTERS[side.letter], [], set()
    for person in side.people:
        kinds = {tie.kind for tie in ties if tie.other == person.key}
        for kind, points in TRUST_POINTS.items():
            if kind in kinds and kind not in seen:
                seen.add(kind)
                found.append(Reason(f"{label}{person.name}：{TIE_LABELS[kind]}", points, side.letter))
    if candidate.spot.village and any(person.village == candidate.spot.village for person in side.people) and Tie.GROUP not in seen:
        found.append(Reason(f"与{label}同村", SAME_VILLAGE, side.letter))
    found.sort(key=lambda reason: -reason.points)
    return [*found[:1], *(replace(reason, points=reason.points // FURTHER_SHARE) for reason in found[1:])]


def _general(dispute: DisputeFacts, candidate: CandidateFacts, nearness: str, today: date) -> list[Reason]:
    found = []
    if candidate.handled:
        points = SUCCESS_POINTS * candidate.agreed // max(candidate.handled, FULL_RECORD)
        found.append(Reason(f"调解过 {candidate.handled} 件{dispute.type_name}，成功 {candidate.agreed} 件", points))
    if dispute.type_code in candidate.specialities:
        found.append(Reason(f"擅长{dispute.type_name}", SPECIALITY_POINTS))
    found.append(Reason(_NEAR_WORDS[nearness], dict(NEARNESS)[nearness]))
    if candidate.open_cases:
        found.append(Reason(f"手上还有 {candidate.open_cases} 件", -min(MOST_LOAD, LOAD_POINTS * candidate.open_cases)))
    if candidate.hours and today.weekday() not in candidate.hours:
        found.append(Reason("今天不在值班时间", -OUT_OF_HOURS))
    return found


def _nearness(here: Spot, there: Spot) -> str:
    """The smallest place that holds both: village, area station, town, county."""
    for name in ("village", "circle", "town"):
        one = getattr(here, name)
        if one and one == getattr(there, name):
            return name
    return "county"


# -- from words to facts -------------------------------------------------------------------------------------------------------------------

_WEEK = "一二三四五六日"


def weekdays(text: str) -> frozenset[int]:
    """The weekdays (0 Monday) of «周一至周五 9:00—11:00» or «周三、周六»; none where none is named, which means any."""
    text = text.replace("星期", "周").replace("周天", "周日")
    found: set[int] = set()
    for first, last in re.findall(f"周([{_WEEK}])(?:[至到—-]周?([{_WEEK}]))?", text):
        start, end = _WEEK.index(first), _WEEK.index(last or first)
        found |= set(range(start, end + 1)) if start <= end else {*range(start, 7), *range(end + 1)}
    return frozenset(found)


#: Which department a type of dispute usually concerns, by words its name holds, the likelier first (属事). Only a proposal.
DEPARTMENTS: dict[str, tuple[str, ...]] = {
    "01": ("民政", "妇"),
    "03": ("自然资源", "农业农村"),
    "04": ("市场监督", "市场监管"),
    "05": ("市场监督", "市场监管"),
    "07": ("自然资源", "林业", "农业农村"),
    "08": ("住房", "住建", "自然资源"),
    "09": ("生态环境", "环保"),
    "10": ("人力资源", "人社"),
    "11": ("人力资源", "人社"),
    "12": ("文化和旅游", "文旅"),
    "13": ("市场监督", "市场监管"),
    "14": ("市场监督", "市场监管"),
    "15": ("卫生健康", "卫健"),
    "16": ("公安", "交通"),
    "17": ("住房", "住建"),
}
#: The three of «3+N»: legal adviser, justice-office worker, local worthy (MED-6, 东阿); N comes with the dispute.
FIXED_PARTS = ("adviser", "justice", "worthy")
