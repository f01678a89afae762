"""What the page of a dispute shows of the talks: where the sides stand, what was said when, what is still to be done, how the agreement is kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from casework.queries.children import CaseRows, Child
from mediation.models import (
    Agreement,
    AgreementItem,
    Attendance,
    Challenge,
    Dispute,
    Ending,
    Informed,
    Mediating,
    Performance,
    Position,
    Prolongation,
    Session,
    SessionCall,
    Side,
    Signature,
)
from mediation.queries.mediators import is_team
from mediation.rules.states import HELD, State
from mediation.rules.talks import SIDES

_OF_SESSION = "t.session_id IN (SELECT id FROM mediation_session WHERE dispute_id = %(case)s)"
_OF_AGREEMENT = "t.agreement_id IN (SELECT id FROM mediation_agreement WHERE dispute_id = %(case)s)"

#: The rows of the talks, for the page's one statement.
TALK_ROWS: tuple[Child, ...] = (
    ("informed", Informed, "t.dispute_id = %(case)s", "t.letter"),
    ("mediators", Mediating, "t.dispute_id = %(case)s", "t.id"),
    ("challenges", Challenge, "t.mediating_id IN (SELECT id FROM mediation_mediating WHERE dispute_id = %(case)s)", "t.id"),
    ("sessions", Session, "t.dispute_id = %(case)s", "coalesce(t.began_at, t.planned_at), t.id"),
    ("attendance", Attendance, _OF_SESSION, "t.id"),
    ("positions", Position, "t.dispute_id = %(case)s", "t.id"),
    ("agreements", Agreement, "t.dispute_id = %(case)s", "t.id"),
    ("items", AgreementItem, _OF_AGREEMENT, "t.agreement_id, t.no"),
    ("signatures", Signature, _OF_AGREEMENT, "t.letter, t.id"),
    (
        "performances",
        Performance,
        "t.item_id IN (SELECT i.id FROM mediation_agreementitem i JOIN mediation_agreement a ON a.id = i.agreement_id WHERE a.dispute_id = %(case)s)",
        "t.id",
    ),
    ("endings", Ending, "t.dispute_id = %(case)s", "t.dispute_id"),
    ("calls", SessionCall, _OF_SESSION, "t.id"),
    ("prolongations", Prolongation, "t.dispute_id = %(case)s", "t.id"),
)

#: Dot colour and icon of a line of the history.
TALK_TONES: dict[str, tuple[str, str]] = {
    "inform": ("blue", "file-text"),
    "challenge": ("amber", "alert-triangle"),
    "decide_challenge": ("blue", "gavel"),
    "hold_session": ("green", "messages"),
    "plan_session": ("blue", "calendar-event"),
    "record_position": ("", "message-report"),
    "agree": ("green", "circle-check"),
    "prolong": ("amber", "clock"),
    "perform": ("green", "check"),
    "breach": ("red", "circle-x"),
    "mediate_again": ("blue", "refresh"),
    "terminate": ("amber", "circle-x"),
    "withdraw": ("amber", "arrow-back-up"),
}

#: Words for what a line's detail holds.
TALK_WORDS = {
    "told": "签收",
    "on": "日期",
    "challenged": "回避申请",
    "ground": "理由",
    "decision": "决定",
    "kind": "方式",
    "planned_at": "约定时间",
    "called": "已通知",
    "place": "地点",
    "of_side": "哪一方",
    "sum": "金额",
    "form": "形式",
    "total": "金额合计",
    "items": "事项",
    "owed": "事项",
    "proof": "凭证",
    "left": "余下",
    "days": "延长",
    "until": "延长到",
    "end_reason": "终止情形",
}


@dataclass(kw_only=True)
class TalkRows(CaseRows):
    """What the talks left behind on a dispute."""

    dispute: Dispute
    sides: list[Side]
    informed: list[Informed]
    mediators: list[Mediating]
    challenges: list[Challenge]
    sessions: list[Session]
    attendance: list[Attendance]
    positions: list[Position]
    agreements: list[Agreement]
    items: list[AgreementItem]
    signatures: list[Signature]
    performances: list[Performance]
    endings: list[Ending]
    prolongations: list[Prolongation]
    calls: list[SessionCall]

    @property
    def planned_calls(self) -> list[tuple[SessionCall, str]]:
        """Who was told of the talk that is planned, with the name."""
        planned = self.planned
        names = {person.pk: person.name for person in self.people}
        return [(row, names.get(row.party_id, "")) for row in self.calls if planned is not None and row.session_id == planned.pk]

    @property
    def letters(self) -> list[str]:
        """The sides there are, in order."""
        return sorted({side.letter for side in self.sides})

    @property
    def untold(self) -> list[str]:
        """Sides that have not signed the notice of rights."""
        told = {row.letter for row in self.informed}
        return [letter for letter in self.letters if letter not in told]

    @property
    def mediating(self) -> list[Mediating]:
        """Who mediates now, the leading one first."""
        return sorted((row for row in self.mediators if row.until_on is None), key=lambda row: (row.part != Mediating.Part.LEADING, row.pk))

    @property
    def challenge(self) -> Challenge | None:
        """The challenge about which a decision is awaited."""
        return next((row for row in self.challenges if row.decided_on is None), None)

    @property
    def challenge_lines(self) -> list[tuple[Challenge, str]]:
        """Every challenge, each with the name of the mediator it is about."""
        names = {row.pk: row.name for row in self.mediators}
        return [(row, names[row.mediating_id]) for row in self.challenges]

    @property
    def planned(self) -> Session | None:
        return next((row for row in self.sessions if row.state == Session.State.PLANNED), None)

    @property
    def talks(self) -> list[Session]:
        """The talks that took place, newest first."""
        return [row for row in reversed(self.sessions) if row.state == Session.State.HELD]

    @property
    def agreement(self) -> Agreement | None:
        """The agreement that stands."""
        return next((row for row in self.agreements if row.replaced_on is None), None)

    @property
    def owed(self) -> list[AgreementItem]:
        """The items of the agreement that stands."""
        row = self.agreement
        return [item for item in self.items if row is not None and item.agreement_id == row.pk]

    def side_name(self, letter: str) -> str:
        """The parties of a side by name."""
        people = {person.pk: person.name for person in self.people}
        return "、".join(people[side.party_id] for side in self.sides if side.letter == letter and not side.is_agent and side.party_id in people)


def is_timely(code: str, held: TalkRows, today: date) -> bool:
    """Whether the page has a reason to offer the act; the actions refuse the same with a sentence."""
    is_ready = not held.untold and held.challenge is None and bool(held.mediating)
    reasons = {
        "inform": bool(held.untold),
        "challenge": bool(held.mediating) and held.challenge is None,
        "decide_challenge": held.challenge is not None,
        "hold_session": is_ready,
        "agree": held.agreement is None if held.case.state == State.AGREED else is_ready and bool(held.talks),
        "prolong": any(row.key == "med.mediate" and _runs(row) for row in held.deadlines),
        "perform": any(item.done_on is None for item in held.owed),
        "breach": any(item.done_on is None and item.due_on < today for item in held.owed),
    }
    return reasons.get(code, True)


def _runs(row: object) -> bool:
    return getattr(row, "met_on", None) is None and getattr(row, "dropped_on", None) is None


# -- where the sides stand ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a side stands now."""

    letter: str
    label: str
    name: str
    points: tuple[str, ...]
    sum_words: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Gap:
    """The sums of the first two sides on one line; places are per cent of its width, `anchor` how the words hang."""

    a_words: str
    b_words: str
    a_at: str
    b_at: str
    a_anchor: str
    b_anchor: str
    from_at: str
    width: str
    words: str


def stands(held: TalkRows) -> list[Stand]:
    """The newest points and the newest sum of each side."""
    return [_stand(held, letter) for letter in held.letters]


def _stand(held: TalkRows, letter: str) -> Stand:
    own = [row for row in held.positions if row.letter == letter]
    points = next((row for row in reversed(own) if row.points), None)
    money = next((row for row in reversed(own) if row.amount is not None), None)
    words = f"{money.get_wants_display()} {_yuan(money.amount)} 元" if money is not None and money.amount is not None else ""
    return Stand(letter, SIDES[letter], held.side_name(letter), tuple(points.points) if points else (), words, own[-1].on if own else None)


def gap(held: TalkRows) -> Gap | None:
    """Both sides' sums, how far apart they are and how far they were at first; None until both have named one."""
    sums = {letter: [row.amount for row in held.positions if row.letter == letter and row.amount is not None] for letter in ("a", "b")}
    if not sums["a"] or not sums["b"]:
        return None
    a, b = sums["a"][-1], sums["b"][-1]
    most = max(a, b, Decimal(1)) * Decimal("1.15")
    now, first = abs(a - b), abs(sums["a"][0] - sums["b"][0])
    words = "双方金额已经一致" if not now else f"差距 {_yuan(now)} 元"
    if now and first != now:
        words += f"（开始时 {_yuan(first)} 元）"
    at = {"a": a / most * 96 + 2, "b": b / most * 96 + 2}
    return Gap(
        a_words=_yuan(a),
        b_words=_yuan(b),
        a_at=f"{at['a']:.1f}%",
        b_at=f"{at['b']:.1f}%",
        a_anchor=_anchor(at["a"]),
        b_anchor=_anchor(at["b"]),
        from_at=f"{min(at.values()):.1f}%",
        width=f"{abs(at['a'] - at['b']):.1f}%",
        words=words,
    )


#: Nearer to an end than this the words would leave the picture.
_EDGE = 22


def _anchor(at: Decimal) -> str:
    return "start" if at < _EDGE else "end" if at > 100 - _EDGE else "middle"


def _cents(amount: Decimal | None) -> str:
    """«12,000.00», always with the cents, as an account is written."""
    return f"{amount:,.2f}" if amount is not None else ""


def _yuan(amount: Decimal | None) -> str:
    """«12,000», «12,000.50»."""
    return f"{amount:,.2f}".removesuffix(".00") if amount is not None else ""


# -- the talks as a list ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk as a line: what it was, who was there, how long it took."""

    row: Session
    label: str
    minutes: int
    there: str


def talks(held: TalkRows) -> list[Talk]:
    """Talks that took place, newest first."""
    return [_talk(held, row) for row in held.talks]


def _talk(held: TalkRows, row: Session) -> Talk:
    label = f"与{held.side_name(row.letter)}单独谈话" if row.letter else row.get_kind_display()
    lasted = (row.ended_at - row.began_at) if row.began_at and row.ended_at else timedelta()
    there = "、".join(f"{one.name}" for one in held.attendance if one.session_id == row.pk and one.part != Attendance.Part.RECORDER)
    return Talk(row, label, int(lasted.total_seconds()) // 60, there)


# -- what is still to be done ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ToDo:
    """A line of «本步要做»: done or not, and the act that does it where this person may."""

    words: str
    is_done: bool
    act: str


def todo(held: TalkRows, acts: Collection[str]) -> list[ToDo]:
    """What this body has to do before the dispute can be settled, from the facts on the page; nothing once it is."""
    if held.case.state not in HELD:
        return _kept(held, acts)
    said = {row.letter for row in held.positions}
    lines = [
        (f"各方签收权利义务告知书（{len(held.letters) - len(held.untold)} / {len(held.letters)}）", not held.untold, "inform"),
        ("确定调解员", bool(held.mediating), "name_mediator"),
        ("约定时间，通知参加的人", held.planned is not None or bool(held.talks), "plan_session"),
        (f"调解并记录（{len(held.talks)} 次）", bool(held.talks), "hold_session"),
        ("记下双方的意见", {"a", "b"} <= said, "record_position"),
    ]
    if held.challenge is not None:
        lines.insert(2, ("决定调解员是否回避", False, "decide_challenge"))
    if held.dispute.difficulty == "3":
        lines.append(("疑难复杂的，组成“3+N”团队共同调解", is_team(held.mediators), "form_team"))
    return [ToDo(words, is_done, act if act in acts and not is_done else "") for words, is_done, act in lines]


def before_agreeing(held: TalkRows) -> int:
    """How much has to be done before an agreement can be written down, though a talk was held (调解法§23; MED-7)."""
    if held.case.state not in HELD:
        return 0
    return int(held.challenge is not None) + int(held.dispute.difficulty == "3" and not is_team(held.mediators))


def _kept(held: TalkRows, acts: Collection[str]) -> list[ToDo]:
    if held.case.state not in (State.AGREED, State.BREACHED):
        return []
    if held.agreement is None:
        return [ToDo("写下协议逐项的内容", is_done=False, act="agree" if "agree" in acts else "")]
    act = "perform" if "perform" in acts else ""
    return [
        ToDo(f"第{item.no}项 {item.what}（{item.due_on:%-m月%-d日}前）", item.done_on is not None, "" if item.done_on else act) for item in held.owed
    ]


# -- the agreement ---------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Owing:
    """An item with what was done of it: `tone` is ok, warn, bad or empty."""

    item: AgreementItem
    who: str
    sum_words: str
    state: str
    tone: str
    proofs: tuple[Performance, ...]


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreement with its items and signatures."""

    row: Agreement
    items: tuple[Owing, ...]
    signed: str
    #: «6,500.00 元，已付 4,000.00 元», empty where no money is owed.
    sum_words: str


def agreements(held: TalkRows, today: date) -> list[Agreed]:
    """The agreement that stands first, the replaced ones after it."""
    people: Mapping[int, str] = {person.pk: person.name for person in held.people}
    found = []
    for row in sorted(held.agreements, key=lambda row: (row.replaced_on is not None, -row.pk)):
        items = tuple(_owing(held, item, today) for item in held.items if item.agreement_id == row.pk)
        signed = "、".join(f"{people.get(s.party_id, '')}（{s.get_way_display()}）" for s in held.signatures if s.agreement_id == row.pk)
        paid = sum((one.item.paid for one in items), Decimal(0))
        found.append(Agreed(row, items, signed, f"{_cents(row.total)} 元，已付 {_cents(paid)} 元" if row.total else ""))
    return found


def _owing(held: TalkRows, item: AgreementItem, today: date) -> Owing:
    who = f"{SIDES[item.debtor]} {held.side_name(item.debtor)} → {SIDES[item.creditor]} {held.side_name(item.creditor)}"
    proofs = tuple(row for row in held.performances if row.item_id == item.pk)
    if item.done_on is not None:
        state, tone = f"{item.done_on:%-m月%-d日} 已履行", "ok"
    elif item.due_on < today:
        state, tone = f"已过期 {(today - item.due_on).days} 天", "bad"
    else:
        left = (item.due_on - today).days
        state, tone = ("今天到期" if not left else f"还有 {left} 天"), "warn" if left <= SOON else ""
    if item.paid and item.done_on is None:
        state = f"已付 {_yuan(item.paid)} 元，{state}"
    return Owing(item, who, _cents(item.amount) or "—", state, tone, proofs)


#: Days before the due date from which an item is amber.
SOON = 7
