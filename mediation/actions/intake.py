"""A dispute is written down: by application, on the committee's own initiative, or handed over by another organ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from casework import cases, deadlines, drafts, notices, parties, timeline
from casework.limits import FIRST_DAY
from casework.models import Case, Party
from casework.numbers import Docket
from casework.parties import PartyFacts
from casework.rules import NotAllowed, Place, check
from mediation import codes, rules
from mediation.models import Dispute, Rung, Side
from mediation.queries import ladder
from mediation.rules import STAGE_OF, STATE_LABELS, STEPS, State
from organisations import clock, directory
from organisations.scope import Scope

#: The group side speaks through at most five (L-MED-21).
MAX_REPRESENTATIVES = 5
POSITIONS = {"a": Party.Position.APPLICANT, "b": Party.Position.OPPONENT, "c": Party.Position.THIRD}


@dataclass(frozen=True, slots=True)
class SidePerson:
    """A party as typed, with its side. `facts.position` follows from the side."""

    letter: str
    facts: PartyFacts
    is_agent: bool = False
    is_representative: bool = False
    is_willing: bool | None = None


@dataclass(frozen=True)
class Intake:
    """What a registration of a dispute holds (L-MED-43, L-MED-45, L-MED-47), checked for shape by a form or serializer.

    `at_own_level`: the parties brought it to the registrar's own body directly (L-MED-24), not to the village's.
    """

    title: str
    story: str
    type_code: str
    area_id: int
    received_on: date
    people: Sequence[SidePerson]
    source: str = "1"
    difficulty: str = "2"
    scale: str = "01"
    demand: str = ""
    place: str = ""
    happened_on: date | None = None
    amount: Decimal | None = None
    people_count: int = 2
    is_willing: bool = False
    at_own_level: bool = False
    urgency: int = 0
    submission: UUID | None = None
    draft: UUID | None = None
    extra: dict[str, Any] | None = None


def register(intake: Intake, *, by: Scope) -> Dispute:
    """Write a dispute down: number, sides, the body that will decide whether to take it, three days for that (MED-2, L-MED-4).

    The same submission sent twice returns the first dispute. Raises NotAllowed (422 for what is missing).
    """
    _check(intake)
    try:
        return _register(intake, by=by)
    except IntegrityError:
        held = registered_before(intake.submission, by)
        if held is not None:
            return held
        if Case.objects.filter(submission=intake.submission).exclude(submission=None).exists():
            raise NotAllowed("这份表单已由另一位同事登记，请刷新后再填。", code="submission_taken") from None
        raise


def registered_before(submission: UUID | None, by: Scope) -> Dispute | None:
    """What this person's same form made when it was sent the first time (double click, back button), or None."""
    if submission is None:
        return None
    return Dispute.objects.select_related("case").filter(case__submission=submission, case__registered_by=by.user).first()


def _check(intake: Intake) -> None:
    sides = {person.letter for person in intake.people if not person.is_agent}
    if not {"a", "b"} <= sides:
        raise NotAllowed("请写明双方当事人：甲方（申请方）和乙方（被申请方）各至少一人。", code="two_sides", status=422)
    for letter in sides:
        if sum(person.is_representative for person in intake.people if person.letter == letter) > MAX_REPRESENTATIVES:
            raise NotAllowed("一方人数众多的，推选的代表不超过5人。", code="too_many", status=422)
    if any(person.is_agent and not person.facts.authority.strip() for person in intake.people):
        raise NotAllowed("代理人须写明授权依据（如授权委托书）。", code="authority_needed", status=422)
    if intake.received_on > clock.today():
        raise NotAllowed("申请（发现）日期不能晚于今天。", code="future", status=422)
    if intake.received_on < FIRST_DAY or (intake.happened_on is not None and intake.happened_on > intake.received_on):
        raise NotAllowed("发生日期不能晚于申请（发现）日期，请核对。", code="wrong_days", status=422)


@transaction.atomic
def _register(intake: Intake, *, by: Scope) -> Dispute:
    tree, now = directory.current(), clock.now()
    if tree.centre_id is None:
        raise NotAllowed("还没有设置县群众工作中心，不能登记。请联系系统管理员。", code="no_centre")
    place = Place("", tree.centre_id, tree.centre_id, None, is_confidential=False)
    standing = check(STEPS, "register", place, by, {"": "新件", **STATE_LABELS})
    step, empty = ladder.manned(_first_step(intake, by), intake.area_id, clock.today())
    body = ladder.bodies(clock.today())[step]
    case = _new_case(intake, by, now, ladder.seat(body, intake.area_id))
    running = deadlines.build(case, [deadlines.Start("med.respond", intake.received_on, "收到申请", case.unit_id)])
    readers = {-by.user.id} | cases.unit_readers([case.unit_id, case.registered_unit_id], case.area_id)
    county = next(area for area in tree.areas.values() if area.level == "county")
    docket = Docket(county.code, clock.today().year, "TJ")
    cases.number_later(case, docket)
    entry = timeline.record(
        case,
        act="dispute.register",
        label=STEPS["register"].label,
        standing=standing,
        at=now,
        text=f"{empty}没有工作人员，由上一级组织受理。" if empty else "",
        detail={
            "step": body.name,
            "source": codes.SOURCES[intake.source].name,
            "difficulty": codes.DIFFICULTIES[intake.difficulty].name,
            **(intake.extra or {}),
        },
        deferred=True,
    )
    dispute = _new_dispute(case, intake, step, body.body)
    people = _people(case, intake.people)
    row: Any
    for row in (dispute, *running, *people):
        row.case = case
    sides = _sides(dispute, people, intake.people)
    rung = Rung(dispute=dispute, step=step, name=body.name, unit_id=case.unit_id, began_on=clock.today())
    draft = drafts.become(intake.draft, case, by) if intake.draft else []
    hanging = [*running, *people, dispute, *sides, rung]
    cases.open_case(case, entry, readers, _findable(intake), hanging, *draft, row=dispute, docket=docket)
    dispute.case = case
    dispute._state.adding = False
    if case.unit_id not in by.unit_ids:
        notices.notify(case, kind="dispute.register", text=f"{case.number} 新登记纠纷待受理：{case.title}", at=now, to_unit_id=case.unit_id)
    return dispute


def _first_step(intake: Intake, by: Scope) -> int:
    """The lowest body of the place; the registrar's own level where the parties came to it directly (L-MED-24)."""
    lowest = ladder.lowest(intake.area_id)
    home = by.home
    if not intake.at_own_level or home is None:
        return lowest
    kind = directory.current().units[home.unit_id].kind
    level = next((name for name, seat in ladder.SEATS.items() if seat == kind), "county")
    return max(lowest, ladder.FIRST_OF[level])


def _new_case(intake: Intake, by: Scope, now: Any, unit_id: int) -> Case:
    tree = directory.current()
    area = tree.areas[intake.area_id]
    home = by.home
    return Case(
        kind=rules.CODE,
        title=intake.title,
        subject=_subject(intake),
        state=State.APPLIED,
        stage=STAGE_OF[State.APPLIED],
        state_since=now,
        area_id=area.id,
        town_code=area.town_code,
        topic_code=rules.TOPIC + intake.type_code,
        topic=codes.TYPES[intake.type_code].name,
        unit_id=unit_id,
        registered_by=by.user,
        registered_unit_id=home.unit_id if home else tree.centre_id or unit_id,
        opened_at=now,
        urgency=intake.urgency,
        headcount=max(intake.people_count, len(intake.people)),
        marks=["group"] if intake.scale != "01" else [],
        submission=intake.submission,
    )


def _new_dispute(case: Case, intake: Intake, step: int, body: str) -> Dispute:
    return Dispute(
        case=case,
        type_code=intake.type_code,
        source=intake.source,
        difficulty=intake.difficulty,
        scale=intake.scale,
        story=intake.story,
        demand=intake.demand,
        place=intake.place,
        happened_on=intake.happened_on,
        received_on=intake.received_on,
        amount=intake.amount,
        people_count=max(intake.people_count, len(intake.people)),
        is_willing=intake.is_willing,
        step=step,
        body=body,
    )


def _people(case: Case, people: Sequence[SidePerson]) -> list[Party]:
    facts = [replace(person.facts, position=Party.Position.AGENT if person.is_agent else POSITIONS[person.letter]) for person in people]
    built = parties.build(case, facts)
    cases.key_later(built)
    return built


def _sides(dispute: Dispute, people: Sequence[Party], typed: Sequence[SidePerson]) -> list[Side]:
    return [
        Side(
            party=party,
            dispute=dispute,
            letter=person.letter,
            is_agent=person.is_agent,
            is_representative=person.is_representative,
            is_willing=person.is_willing,
        )
        for party, person in zip(people, typed, strict=True)
    ]


def _subject(intake: Intake) -> str:
    """«陈桂兰 与 陈德旺»: who quarrels, as lists show it."""
    first = {letter: next(p.facts.name for p in intake.people if p.letter == letter and not p.is_agent) for letter in ("a", "b")}
    return f"{first['a']} 与 {first['b']}"[:80]


def _findable(intake: Intake) -> str:
    names = " ".join(person.facts.name for person in intake.people)
    return "\n".join(part for part in (intake.title, names, intake.story, intake.demand, intake.place) if part)
