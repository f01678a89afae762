"""What moves a limit: the one extension, standing still, and the simple procedure with its way back (条例§34, L-SIM)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from casework import cases, deadlines, documents, limits, notices, timeline
from casework.models import Case, Deadline
from casework.rules import NotAllowed, Outcome
from organisations import cipher, clock, identity
from organisations.scope import Scope
from petitions import codes, rules
from petitions.actions import act as beats
from petitions.actions import supervision
from petitions.actions.answering import HANDLING_LIMITS
from petitions.actions.intake import fill_points
from petitions.models import Dispatch, Extension, Petition, Point, Reply, Suspension, Task, Telling
from petitions.papers import terms as papers
from petitions.queries.terms import simple_facts
from petitions.rules import State

#: What a simple answer may end in; a refusal leaves the simple way (L-SIM-3 ②).
SIMPLE_OUTCOMES = (Outcome.SOLVED, Outcome.EXPLAINED)
#: How a simple answer counts as delivered: handed over, or by electronic ways; a call is no delivery of its own kind.
DELIVERED_BY = {Telling.Way.ORAL: "1", Telling.Way.PAPER: "1", Telling.Way.SMS: "3", Telling.Way.ONLINE: "3", Telling.Way.PHONE: ""}

#: reply_support where the points were answered differently.
PARTLY = "4"


@dataclass(frozen=True, slots=True)
class Told:
    """Time, way, number and person of what was told without a letter (L-SIM-5)."""

    way: str
    at: datetime
    person: str
    number: str = ""


# -- extension -----------------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_extension(number: str, *, days: int, reason: str, by: Scope, key: str = "", version: int | None = None) -> Petition:
    """Ask the head for more days before the handling limit ends (条例§34). `key` names another limit only to be refused (L-PET-23).

    Raises NotAllowed: no such limit, too late, too long, asked or extended before.
    """
    act = beats.begin("ask_extension", number, by, version)
    key = key or rules.handling_key(act.petition.purpose)
    rules.check_extendable(key, _limit_name(key))
    rules.check_filled({"延期理由": reason})
    deadline = Deadline.objects.select_related("limit").filter(case=act.case, key=key, met_on=None, dropped_on=None).first()
    if deadline is None:
        raise NotAllowed("本件现在没有正在计算的办理期限，不能申请延期。", code="not_running")
    rules.check_extension_in_time(act.today, deadline.due_on, "申请")
    rules.check_days(days, deadline.limit.max_extension or 0)
    if Extension.objects.filter(deadline=deadline, is_approved=None).exists():
        raise NotAllowed("已经申请延期，等待负责人批准。", code="asked_before")
    deadlines.check_extension(deadline, deadline.events.all(), days, act.today)
    Extension.objects.create(
        petition=act.petition,
        deadline=deadline,
        days=days,
        reason=reason,
        requested_by=by.user,
        requested_at=act.now,
        was_due_on=deadline.due_on,
    )
    cases.mark(act.case, rules.EXTENSION_ASKED)
    notices.notify(
        act.case,
        kind="petition.ask_extension",
        text=f"{act.case.number} 申请延期{days}日，请在{deadline.due_on:%-m月%-d日}前审批：{reason}",
        at=act.now,
        to_unit_id=act.case.unit_id,
    )
    return beats.finish(act, text=reason, detail={"days": days, "due_on": deadline.due_on.isoformat()})


@transaction.atomic
def approve_extension(number: str, *, words: str = "", by: Scope, version: int | None = None) -> Petition:
    """The head lengthens the limit, on its last day at the latest; the person is told why in writing (条例§34, L-PET-22).

    Raises NotAllowed: nothing asked, the same person, too late.
    """
    act = beats.begin("approve_extension", number, by, version)
    asked = _asked(act)
    beats.check_second(act, asked.requested_by_id, "延期")
    rules.check_extension_in_time(act.today, asked.deadline.due_on, "批准")
    was_due_on = asked.deadline.due_on
    moved = deadlines.extend(
        act.case, asked.deadline, days=asked.days, reason=asked.reason, cites=asked.deadline.limit.cites, by=act.standing, at=act.now
    )
    _decide(act, asked, is_approved=True, words=words)
    asked.was_due_on, asked.new_due_on = was_due_on, moved.due_on
    if not act.petition.is_anonymous:
        paper = papers.extension(act.petition, act.case, asked, moved, act.standing, act.today)
        asked.document = documents.issue(act.case, paper, by=act.standing, at=act.now)
    asked.save()
    cases.mark(act.case, rules.EXTENDED)
    detail = {"days": asked.days, "was_due_on": was_due_on.isoformat(), "due_on": moved.due_on.isoformat()}
    return beats.finish(act, text=words, detail=detail)


@transaction.atomic
def refuse_extension(number: str, *, words: str, by: Scope, version: int | None = None) -> Petition:
    """The date stays as it is; it may be asked for once more before it has passed. Raises NotAllowed."""
    act = beats.begin("refuse_extension", number, by, version)
    asked = _asked(act)
    beats.check_second(act, asked.requested_by_id, "延期")
    _decide(act, asked, is_approved=False, words=words)
    asked.save()
    return beats.finish(act, text=words, detail={"days": asked.days, "due_on": asked.deadline.due_on.isoformat()})


def _limit_name(key: str) -> str:
    versions = limits.current().limits.get(key, ())
    return versions[0].name if versions else key


def _asked(act: beats.Act) -> Extension:
    """The request that waits, with its limit still running. Raises NotAllowed."""
    running = Extension.objects.filter(petition=act.petition, is_approved=None, deadline__met_on=None, deadline__dropped_on=None)
    asked = running.select_related("deadline__limit").first()
    if asked is None:
        raise NotAllowed("本件没有待批准的延期申请。", code="nothing_asked")
    return asked


def _decide(act: beats.Act, asked: Extension, *, is_approved: bool, words: str) -> None:
    asked.is_approved, asked.decided_by, asked.decided_at, asked.decision_words = is_approved, act.by.user, act.now, words
    cases.unmark(act.case, rules.EXTENSION_ASKED)
    said = "已批准延期" if is_approved else f"延期申请未获批准：{words}"
    notices.notify(
        act.case,
        kind=f"petition.{act.code}",
        text=f"{act.case.number} {said}",
        at=act.now,
        to_user_id=act.case.handler_id or asked.requested_by_id,
    )


# -- suspension ----------------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def suspend(number: str, *, ground: str, words: str, evidence: str, expected_until_on: date, by: Scope, version: int | None = None) -> Petition:
    """The matter waits for something outside: its limits stand still, a date to look again runs, the person is told.

    Raises NotAllowed.
    """
    act = beats.begin("suspend", number, by, version)
    rules.check_suspension(words=words, evidence=evidence, today=act.today, expected_until_on=expected_until_on)
    rules.check_filled({"说明": words, "依据材料": evidence})
    row = codes.SUSPENSION_GROUNDS[ground]
    deadlines.suspend(act.case, on=act.today, reason=f"{row.name}：{words}"[:300], cites=row.cites, by=act.standing, at=act.now)
    again = deadlines.Start("pet.suspended", act.today, "中止办理", act.case.unit_id, expected_until_on)
    deadlines.turn(act.case, on=act.today, start=[again])
    held = Suspension(
        petition=act.petition,
        ground=ground,
        words=words,
        evidence=evidence,
        from_on=act.today,
        expected_until_on=expected_until_on,
        by=by.user,
        at=act.now,
    )
    if not act.petition.is_anonymous:
        held.document = documents.issue(act.case, papers.suspension(act.petition, act.case, held, act.today), by=act.standing, at=act.now)
    held.save()
    _tell_handler(act, f"{act.case.number} 已中止办理：{row.name}")
    detail = {"ground": row.name, "evidence": evidence, "until_on": expected_until_on.isoformat()}
    return beats.finish(act, text=words, detail=detail, findable=words)


@transaction.atomic
def set_expected(number: str, *, expected_until_on: date, words: str, by: Scope, version: int | None = None) -> Petition:
    """The matter goes on waiting, to another date to look again; its limits stand still as before. Raises NotAllowed."""
    act = beats.begin("set_expected", number, by, version)
    held = Suspension.objects.get(petition=act.petition, resumed_on=None)
    rules.check_expected(words=words, today=act.today, was_on=held.expected_until_on, until_on=expected_until_on)
    rules.check_filled({"调整原因": words})
    was_on = held.expected_until_on.isoformat() if held.expected_until_on else ""
    detail = {"was_until_on": was_on, "until_on": expected_until_on.isoformat()}
    held.expected_until_on = expected_until_on
    held.save(update_fields=["expected_until_on"])
    again = deadlines.Start("pet.suspended", act.today, "调整预计恢复日期", act.case.unit_id, expected_until_on)
    deadlines.turn(act.case, on=act.today, start=[again])
    _tell_handler(act, f"{act.case.number} 预计恢复日期改为{expected_until_on:%-m月%-d日}：{words}")
    return beats.finish(act, text=words, detail=detail, findable=words)


@transaction.atomic
def resume(number: str, *, words: str, by: Scope, version: int | None = None) -> Petition:
    """What the matter waited for is there: its limits run on from today, the person is told the new date. Raises NotAllowed."""
    act = beats.begin("resume", number, by, version)
    held = end_suspension(act, words)
    deadlines.turn(act.case, on=act.today, meet=["pet.suspended"])
    deadlines.resume(act.case, on=act.today, by=act.standing, at=act.now, reason=words)
    if held is not None and not act.petition.is_anonymous:
        paper = papers.resumption(act.petition, act.case, held, act.today)
        held.resume_document = documents.issue(act.case, paper, by=act.standing, at=act.now)
        held.save(update_fields=["resume_document"])
    _tell_handler(act, f"{act.case.number} 已恢复办理")
    detail = {"due_on": act.case.due_on.isoformat()} if act.case.due_on else {}
    return beats.finish(act, text=words, detail=detail, findable=words)


def end_suspension(act: beats.Act, words: str) -> Suspension | None:
    """The matter waits no longer, whether it goes on or is taken back; None where it did not wait."""
    if act.case.state != State.SUSPENDED:
        return None
    held = Suspension.objects.filter(petition=act.petition, resumed_on=None).first()
    if held is not None:
        held.resumed_on, held.resumed_by, held.resume_words = act.today, act.by.user, words[:300]
        held.save(update_fields=["resumed_on", "resumed_by", "resume_words"])
    return held


def _tell_handler(act: beats.Act, text: str) -> None:
    if act.case.handler_id is not None:
        notices.notify(act.case, kind=f"petition.{act.code}", text=text, at=act.now, to_user_id=act.case.handler_id)


# -- the simple procedure ------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def accept_simple(
    number: str,
    *,
    ground: str,
    is_supportable: bool,
    is_outside_procedures: bool,
    words: str,
    told: Told,
    by: Scope,
    version: int | None = None,
) -> Petition:
    """Accept for the simple procedure, within three working days of receipt, and tell the person by any way (L-SIM-1…5).

    The ten working days run from today. `is_supportable` and `is_outside_procedures` are the clerk's statements on
    L-SIM-3 ② ③. Raises NotAllowed with the exact exclusion.
    """
    act = beats.begin("accept_simple", number, by, version)
    sent = Dispatch.objects.get(petition=act.petition, ended_at=None)
    tasks = Task.objects.filter(petition=act.petition).exclude(state=Task.State.CANCELLED).count()
    facts = simple_facts(act.case, act.petition, mode=sent.mode, is_assigned=sent.duty == Dispatch.Duty.ASSIGN, task_count=tasks)
    rules.check_simple(facts, is_supportable=is_supportable, is_outside_procedures=is_outside_procedures)
    received_on = rules.local_date(sent.sent_at)
    rules.check_simple_in_time(act.today, _simple_until(act, received_on))
    act.petition.simple_ground, act.petition.accepted_on = ground, act.today
    if act.case.handler_id is None:
        rules.check_recusal(handler_name=by.user.name, respondent_name=act.petition.respondent_name)
        act.case.handler_id = by.user.id
    deadlines.turn(
        act.case,
        on=act.today,
        meet=["pet.notify_forwarded", "pet.simple_accept"],
        drop=["pet.object"],
        start=[deadlines.Start("pet.simple_handle", act.today, "受理之日", act.case.unit_id)],
    )
    cases.mark(act.case, rules.SIMPLE)
    _record(act, Telling.About.ACCEPTED, told, words, since=received_on)
    return beats.finish(act, text=words, detail={"ground": codes.SIMPLE_GROUNDS[ground].name, **_told_words(told)})


def _simple_until(act: beats.Act, received_on: date) -> date:
    """The last day to choose the simple way. A case routed before this limit was kept has no row of it: it is counted."""
    held = Deadline.objects.filter(case=act.case, key="pet.simple_accept", met_on=None, dropped_on=None).first()
    return held.due_on if held else deadlines.preview("pet.simple_accept", received_on).due_on


@transaction.atomic
def answer_simple(
    number: str,
    *,
    results: Mapping[int, tuple[str, str, str]],
    text: str,
    outcome: str,
    told: Told,
    by: Scope,
    version: int | None = None,
) -> Petition:
    """The answer was given by word of mouth, call, message, online or on paper: recorded point by point (L-SIM-4, L-SIM-5).

    The record (P12) is issued; the person's rights run from the day they were told. Raises NotAllowed.
    """
    act = beats.begin("answer_simple", number, by, version)
    if outcome not in SIMPLE_OUTCOMES:
        raise NotAllowed("简易答复只能是“已解决”或“已解释说明”。", code="outcome", status=422)
    rules.check_simple_results({no: support for no, (support, _, _) in results.items()})
    fill_points(act.petition, results)
    points = list(Point.objects.filter(petition=act.petition))
    for point in points:
        rules.check_point(rules.Answered(point.no, point.text, point.result, point.ground))
    rules.check_filled({"答复内容": text})
    told_on = rules.local_date(told.at)
    row = _record(act, Telling.About.ANSWERED, told, text, since=act.petition.accepted_on or act.today)
    Reply.objects.create(
        petition=act.petition,
        text=text,
        outcome=outcome,
        prepared_by=by.user,
        prepared_at=act.now,
        approved_by=by.user,
        approved_at=act.now,
        delivery=DELIVERED_BY[Telling.Way(told.way)],
        delivered_on=told_on,
        receiver=row.person,
        proof=f"{row.get_way_display()} {row.number}".strip(),
    )
    supports = {point.support for point in points}
    petition = act.petition
    petition.settled_as, petition.support = outcome, supports.pop() if len(supports) == 1 else PARTLY
    petition.replied_on, petition.delivered_on = act.today, told_on
    rights = [deadlines.Start("pet.satisfaction", told_on, "收到处理意见"), deadlines.Start("pet.review_apply", told_on, "收到答复")]
    deadlines.turn(act.case, on=act.today, meet=HANDLING_LIMITS, start=rights)
    row.document = documents.issue(act.case, papers.simple_answer(petition, act.case, row, points, outcome, act.today), by=act.standing, at=act.now)
    row.save(update_fields=["document"])
    cases.unmark(act.case, rules.SIMPLE_LATE)
    return beats.finish(act, text=text, detail={"outcome": Outcome(outcome).label, **_told_words(told)}, findable=text)


@transaction.atomic
def convert(number: str, *, words: str, told: Told, by: Scope, version: int | None = None) -> Petition:
    """The head puts the matter on the normal procedure: 60 days from the original acceptance, no fresh start (L-SIM-6).

    Raises NotAllowed.
    """
    act = beats.begin("convert", number, by, version)
    rules.check_filled({"转换理由": words})
    accepted_on = act.petition.accepted_on or act.today
    act.petition.converted_on = act.today
    key = rules.handling_key(act.petition.purpose)
    deadlines.turn(act.case, on=act.today, drop=["pet.simple_handle"], start=[deadlines.Start(key, accepted_on, "受理之日", act.case.unit_id)])
    row = _record(act, Telling.About.CONVERTED, told, words, since=accepted_on)
    if not act.petition.is_anonymous:
        row.document = documents.issue(act.case, papers.conversion(act.petition, act.case, words, act.today), by=act.standing, at=act.now)
        row.save(update_fields=["document"])
    cases.unmark(act.case, rules.SIMPLE, rules.SIMPLE_LATE)
    _tell_handler(act, f"{act.case.number} 已转为普通程序办理")
    detail = {"due_on": act.case.due_on.isoformat() if act.case.due_on else "", **_told_words(told)}
    return beats.finish(act, text=words, detail=detail, findable=words)


def offer_conversions(most: int = 500) -> int:
    """Say on each simple matter whose ten working days are over that it may leave the simple way; once. Returns how many (L-SIM-4)."""
    by = supervision.clock_scope()
    late = Deadline.objects.filter(key="pet.simple_handle", due_on__lt=clock.today(), met_on=None, dropped_on=None, case__state=State.SIMPLE)
    if by is None:
        return 0
    waiting = late.exclude(case__marks__contains=[rules.SIMPLE_LATE]).order_by("due_on").values_list("case_id", "due_on")
    return sum(_offer_conversion(case_id, due_on, by) for case_id, due_on in waiting[:most])


@transaction.atomic
def _offer_conversion(case_id: int, due_on: date, by: Scope) -> bool:
    """The house's own line in the history, a mark for the lists, a notice to the unit. False when somebody was quicker."""
    case, now = Case.objects.select_for_update().get(pk=case_id), clock.now()
    if case.state != State.SIMPLE or rules.SIMPLE_LATE in case.marks:
        return False
    text = f"简易答复期限已于{due_on:%-m月%-d日}届满，简易办理不得延期。请尽快答复，或由单位负责人转为普通程序办理。"
    cases.mark(case, rules.SIMPLE_LATE)
    timeline.record(case, act="petition.offer_conversion", label="提示转为普通程序", standing=by.standings[0], at=now, text=text, is_internal=True)
    notices.notify(case, kind="petition.offer_conversion", text=f"{case.number} {text}", at=now, to_unit_id=case.unit_id)
    cases.save(case)
    return True


def _record(act: beats.Act, about: str, told: Told, words: str, *, since: date) -> Telling:
    """Write down how the person was told. Who gave no name cannot be told in person: only the time is asked for."""
    rules.check_told_at(told.at, now=act.now, since=since)
    if not act.petition.is_anonymous:
        rules.check_told(way=told.way, number=told.number, person=told.person)
    shown, token = _number(told.number)
    return Telling.objects.create(
        petition=act.petition,
        about=about,
        way=told.way,
        told_at=told.at,
        person=told.person.strip() or "匿名",
        number=shown,
        number_token=token,
        words=words,
        by=act.by.user,
        at=act.now,
    )


def _number(typed: str) -> tuple[str, str]:
    """The number as the eye may see it and as it is kept (L-SEC-3). What is no telephone number stays as typed."""
    try:
        digits = identity.normalise_phone(typed)
    except identity.IdentityError:
        return typed.strip()[:40], ""
    return identity.mask_phone(digits), cipher.encrypt(digits)


def _told_words(told: Told) -> dict[str, str]:
    """For the history: number masked."""
    shown, _ = _number(told.number)
    moment = timezone.localtime(told.at)
    return {"way": Telling.Way(told.way).label, "told_at": f"{moment:%Y-%m-%d %H:%M}", "receiver": told.person, "told_number": shown}
