"""The talks themselves: rights told, a talk planned and held, what each side says (调解法§22–§24 §27; 75号令§28–30; L-MED-6, L-MED-20)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from casework import documents, gateway, notices, outbox, parties
from casework.rules import NotAllowed
from mediation.actions import act as beats
from mediation.models import Attendance, Challenge, Dispute, Informed, Mediating, Position, Session, SessionCall, Side
from mediation.papers import talks as papers
from mediation.papers.sheet import day_words, moment_words
from mediation.rules import talks as rules
from organisations.scope import Scope

#: What the minutes hold at least: what was said cannot be two words.
LEAST_WORDS = 10
MOST_POINTS = 8


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody of a side put the name to a paper."""

    party_id: int
    way: str


@dataclass(frozen=True, slots=True)
class Called:
    """How somebody of a side is told of a planned talk: a `SessionCall.Way`."""

    party_id: int
    way: str


@dataclass(frozen=True, slots=True)
class Said:
    """Where a side stands: its points, and the sum it asks or offers."""

    letter: str
    points: Sequence[str]
    wants: str = ""
    amount: Decimal | None = None


@transaction.atomic
def inform(number: str, *, signed: Sequence[Signed], on: date, by: Scope, version: int | None = None) -> Dispute:
    """Give out the notice of rights and duties and write down who signed it, a side at a time or all at once (75号令§30). Raises NotAllowed."""
    act = beats.begin("inform", number, by, version)
    letters = letters_of(act.dispute)
    told = set(_told(act.dispute))
    found = {letters[row.party_id]: row for row in signed if row.party_id in letters}
    new = {letter: row for letter, row in found.items() if letter not in told}
    if len(found) != len(signed) or not new:
        raise NotAllowed("请写明哪一方由谁签收；已经签收的一方不需要重复登记。", code="nobody", status=422)
    if not act.dispute.received_on <= on <= act.today:
        raise NotAllowed("签收日期须在申请（发现）之日以后，不能晚于今天。", code="wrong_day", status=422)
    notice = Informed.objects.filter(dispute=act.dispute).values_list("document_id", flat=True).first()
    document_id = notice or documents.issue(act.case, papers.rights(act.dispute, act.today), by=act.standing, at=act.now).pk
    Informed.objects.bulk_create(
        Informed(dispute=act.dispute, letter=letter, party_id=row.party_id, way=row.way, on=on, document_id=document_id, by=by.user, at=act.now)
        for letter, row in new.items()
    )
    return beats.finish(act, detail={"told": "、".join(Side.Letter(letter).label for letter in sorted(new)), "on": day_words(on)})


@transaction.atomic
def plan_session(
    number: str,
    *,
    kind: str,
    planned_at: datetime,
    place: str,
    letter: str = "",
    is_closed: bool = False,
    invited: str = "",
    called: Sequence[Called],
    by: Scope,
    version: int | None = None,
) -> Dispute:
    """Agree when and where to talk next, and tell each side of it (75号令§30); another date replaces the one before, which stays on record.

    By telephone or face to face they have been told already; a paper is issued (M15), a short message goes out without a word of
    the matter. Raises NotAllowed: a side nobody of whom is told, a message to somebody whose number is not on record.
    """
    act = beats.begin("plan_session", number, by, version)
    if planned_at <= act.now:
        raise NotAllowed("约定的时间须晚于现在；已经谈过的，请“记录调解”。", code="past", status=422)
    _check_kind(kind, letter)
    people = {side.party_id: side for side in Side.objects.filter(dispute=act.dispute).select_related("party")}
    told = {row.party_id: row.way for row in called if row.party_id in people}
    letters = {people[party_id].letter for party_id in told}
    rules.check_called({letter} if kind == Session.Kind.APART else {side.letter for side in people.values()}, letters)
    Session.objects.filter(dispute=act.dispute, state=Session.State.PLANNED).update(state=Session.State.OFF, off_because="改期")
    row = Session.objects.create(
        dispute=act.dispute,
        kind=kind,
        state=Session.State.PLANNED,
        letter=letter if kind == Session.Kind.APART else "",
        unit_id=act.case.unit_id,
        step=act.dispute.step,
        place=place,
        is_closed=is_closed,
        invited=invited,
        planned_at=planned_at,
        by=by.user,
        at=act.now,
    )
    _call(act, row, [people[party_id] for party_id in told], told)
    if act.case.handler_id and act.case.handler_id != by.user.id:
        notices.notify(act.case, kind="dispute.plan_session", text=f"{number} 已约定调解时间", at=act.now, to_user_id=act.case.handler_id)
    ways = [f"{people[party_id].party.name}（{SessionCall.Way(way).label}）" for party_id, way in told.items()]
    detail = {"planned_at": moment_words(planned_at), "place": place, "kind": _kind_words(kind, letter), "called": ways}
    return beats.finish(act, text=invited, detail=detail)


def _call(act: beats.Act, row: Session, people: Sequence[Side], ways: Mapping[int, str]) -> None:
    """Each one told in the way chosen: one paper for all who get one, a message for each who gets one."""
    way = SessionCall.Way
    on_paper = [side for side in people if ways[side.party_id] == way.PAPER]
    paper = papers.invitation(act.dispute, row, [side.party.name for side in on_paper], act.today) if on_paper else None
    document = documents.issue(act.case, paper, by=act.standing, at=act.now) if paper else None
    for side in people:
        if ways[side.party_id] == way.SMS:
            _send_message(act, row, side)
    SessionCall.objects.bulk_create(
        SessionCall(
            session=row,
            party_id=side.party_id,
            letter=side.letter,
            way=ways[side.party_id],
            document=document if side in on_paper else None,
            by=act.by.user,
            at=act.now,
        )
        for side in people
    )


def _send_message(act: beats.Act, row: Session, side: Side) -> None:
    """To the number on record, at the hour, without a word of the matter (L-SEC). Raises NotAllowed where there is none."""
    phone = parties.facts_of(side.party).phone
    if not phone or not gateway.has("sms"):
        raise NotAllowed(f"{side.party.name}没有登记电话，或者没有开通短信，请换一种方式通知。", code="no_phone", status=422)
    text = outbox.sms_text("meeting", number=act.case.number, moment=row.planned_at)
    outbox.post_sms(phone, text, key=f"meeting:{row.pk}:{side.party_id}", at=act.now, useless_after=row.planned_at)


@transaction.atomic
def hold_session(
    number: str,
    *,
    kind: str,
    began_at: datetime,
    ended_at: datetime,
    place: str,
    present: Collection[int],
    minutes: str,
    gist: str,
    letter: str = "",
    is_closed: bool = False,
    mediator_ids: Collection[int] = (),
    recorder: str = "",
    guests: Sequence[str] = (),
    is_agreed_to_guests: bool = False,
    said: Sequence[Said] = (),
    by: Scope,
    version: int | None = None,
) -> Dispute:
    """Write down a talk: who was there, what was said, what came of it; from the first one on the dispute is being mediated.

    `present` are ids of parties and agents, `mediator_ids` of `Mediating` rows. Raises NotAllowed: a side has not signed
    the notice of its rights, a challenge waits, nobody of the side was there, guests without consent.
    """
    act = beats.begin("hold_session", number, by, version)
    letters = letters_of(act.dispute)
    rules.check_informed(set(letters.values()), _told(act.dispute), waiting_challenge(act.dispute))
    _check_kind(kind, letter)
    if not began_at < ended_at <= act.now:
        raise NotAllowed("结束时间须晚于开始时间，且不能晚于现在。", code="wrong_time", status=422)
    there = {letters[party_id] for party_id in present if party_id in letters}
    _check_present(kind, letter, there, set(letters.values()))
    mediators = list(Mediating.objects.filter(dispute=act.dispute, until_on=None, pk__in=mediator_ids))
    if not mediators:
        raise NotAllowed("请勾选主持或参加的调解员；还没有的，先“确定调解员”（调解法§19）。", code="no_mediator", status=422)
    if guests and not is_agreed_to_guests:
        raise NotAllowed("邀请其他人参加，须经各方当事人同意（调解法§20）。", code="guests", status=422)
    if len(minutes.strip()) < LEAST_WORDS:
        raise NotAllowed(f"请写明调解经过，至少{LEAST_WORDS}个字。", code="minutes_needed", status=422)
    row = Session.objects.filter(dispute=act.dispute, state=Session.State.PLANNED).first() or Session(dispute=act.dispute, by=by.user, at=act.now)
    row.kind, row.letter, row.state = kind, letter if kind == Session.Kind.APART else "", Session.State.HELD
    row.unit_id, row.step, row.place, row.is_closed = act.case.unit_id, act.dispute.step, place, is_closed
    row.began_at, row.ended_at, row.minutes, row.gist = began_at, ended_at, minutes, gist
    row.save()
    _write_attendance(row, present, mediators, recorder or by.user.name, guests, letters)
    _write_said(act, said, row)
    document = documents.issue(act.case, papers.minutes(act.dispute, row, act.today), by=act.standing, at=act.now)
    Session.objects.filter(pk=row.pk).update(document=document)
    detail = {"kind": _kind_words(kind, letter), "place": place, "mediator": "、".join(held.name for held in mediators)}
    return beats.finish(act, text=gist, detail=detail, happened_at=began_at, findable=f"{gist} {minutes}")


@transaction.atomic
def record_position(number: str, *, said: Said, by: Scope, version: int | None = None) -> Dispute:
    """What a side wants now, by telephone or at a visit; the newest of a side is where it stands (调解法§22). Raises NotAllowed."""
    act = beats.begin("record_position", number, by, version)
    if said.letter not in letters_of(act.dispute).values():
        raise NotAllowed("本件没有这一方当事人。", code="no_side", status=422)
    _write_said(act, [said], None)
    detail = {"of_side": Side.Letter(said.letter).label, "sum": _sum_words(said)}
    return beats.finish(act, text="；".join(said.points), detail=detail)


def waiting_challenge(dispute: Dispute) -> str:
    """The name of the mediator about whom a decision is awaited, or nothing."""
    found = Challenge.objects.filter(mediating__dispute=dispute, decided_on=None).values_list("mediating__name", flat=True).first()
    return found or ""


def letters_of(dispute: Dispute) -> dict[int, str]:
    """On which side each party and agent stands."""
    return dict(Side.objects.filter(dispute=dispute).values_list("party_id", "letter"))


def _told(dispute: Dispute) -> Collection[str]:
    return Informed.objects.filter(dispute=dispute).values_list("letter", flat=True)


def _check_kind(kind: str, letter: str) -> None:
    if kind == Session.Kind.APART and not letter:
        raise NotAllowed("分别谈话请选择和哪一方谈。", code="no_side", status=422)


def _check_present(kind: str, letter: str, there: Collection[str], sides: Collection[str]) -> None:
    if kind == Session.Kind.JOINT and not {"a", "b"} <= set(there):
        raise NotAllowed("当面调解须双方（本人或者代理人）到场；只有一方的，请选“分别谈话”。", code="one_side", status=422)
    if kind == Session.Kind.APART and set(there) != {letter}:
        raise NotAllowed("分别谈话只有谈话的一方到场，请核对到场人员。", code="other_side", status=422)


def _write_attendance(
    row: Session, present: Collection[int], mediators: Sequence[Mediating], recorder: str, guests: Sequence[str], letters: dict[int, str]
) -> None:
    sides = Side.objects.filter(party_id__in=present, dispute=row.dispute).select_related("party").order_by("letter", "is_agent", "party_id")
    part = Attendance.Part
    found = [
        Attendance(session=row, part=part.AGENT if side.is_agent else part.PARTY, name=side.party.name, party=side.party, letter=side.letter)
        for side in sides
    ]
    found += [Attendance(session=row, part=part.MEDIATOR, name=held.name) for held in mediators]
    found.append(Attendance(session=row, part=part.RECORDER, name=recorder[:60]))
    found += [Attendance(session=row, part=part.GUEST, name=name[:60]) for name in guests]
    Attendance.objects.bulk_create(found)


def _write_said(act: beats.Act, said: Sequence[Said], session: Session | None) -> None:
    rows = []
    for one in said:
        points = [point.strip()[:120] for point in one.points if point.strip()][:MOST_POINTS]
        if one.amount is not None and not one.wants:
            raise NotAllowed("写了金额的，请选“要求”还是“愿出”。", code="wants_needed", status=422)
        if not points and one.amount is None:
            continue
        rows.append(
            Position(
                dispute=act.dispute,
                session=session,
                letter=one.letter,
                points=points,
                wants=one.wants if one.amount is not None else "",
                amount=one.amount,
                on=act.today,
                by=act.by.user,
                at=act.now,
            )
        )
    if session is None and not rows:
        raise NotAllowed("请写明这一方的意见或金额。", code="nothing_said", status=422)
    Position.objects.bulk_create(rows)


def _sum_words(said: Said) -> str:
    return f"{Position.Wants(said.wants).label} {said.amount:.2f} 元" if said.amount is not None and said.wants else ""


def _kind_words(kind: str, letter: str) -> str:
    return f"与{Side.Letter(letter).label}单独谈话" if kind == Session.Kind.APART else "当面调解"
