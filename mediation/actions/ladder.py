"""Up the ladder: accept, try, fail, offer to the next body, be taken or given back (MED-2, MED-7); risk and alarm (调解法§25)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from casework import cases, deadlines, documents, notices
from casework.rules import NotAllowed, Outcome
from mediation import codes, rules
from mediation.actions import act as beats
from mediation.actions import people
from mediation.models import Alarm, Dispute, HandOver, Rung
from mediation.papers import talks as papers
from mediation.queries import ladder
from mediation.rules.ladder import LEAST_WORDS, STEPS, answer_by
from organisations import directory
from organisations.scope import Scope


@transaction.atomic
def accept(number: str, *, is_willing: bool, words: str = "", by: Scope, version: int | None = None) -> Dispute:
    """Take the dispute on. If one party clearly refuses, mediation must not take place (调解法§17). Raises NotAllowed."""
    act = beats.begin("accept", number, by, version)
    if not is_willing:
        raise NotAllowed("须双方都愿意调解。一方明确拒绝的，不得调解，请作“不予受理”并告知其他途径。", code="unwilling", status=422)
    dispute = act.dispute
    dispute.is_willing, dispute.accepted_on = True, act.today
    _hold(act, meet=["med.respond"], also=[deadlines.Start("med.mediate", act.today, "受理", act.case.unit_id)])
    documents.issue_many(act.case, papers.taken_on(dispute, act.today), by=act.standing, at=act.now)
    return beats.finish(act, text=words)


@transaction.atomic
def decline(number: str, *, reason: str, routes: Sequence[str], by: Scope, version: int | None = None) -> Dispute:
    """Not to be mediated: reserved matters, before a court, one party refuses (L-MED-23); the other lawful ways are named. Raises NotAllowed."""
    act = beats.begin("decline", number, by, version)
    if not routes:
        raise NotAllowed("请写明可以走的其他途径。", code="routes_needed", status=422)
    act.dispute.result, act.dispute.ended_on = "5", act.today
    _end_rung(act, Rung.End.OTHER_WAY, reason)
    deadlines.turn(act.case, on=act.today, meet=["med.respond"])
    cases.close(act.case, Outcome.REFUSED, act.now)
    names = [codes.WAYS[route].name for route in routes]
    return beats.finish(act, text=reason, detail={"routes": names})


@transaction.atomic
def assess(
    number: str,
    *,
    difficulty: str,
    scale: str,
    risk: str,
    facts: Sequence[str],
    review_on: date | None,
    by: Scope,
    version: int | None = None,
) -> Dispute:
    """Difficulty, scale and risk with the facts it rests on and the day it expires unless renewed (L-MED-25; opening 18). Raises NotAllowed."""
    act = beats.begin("assess", number, by, version)
    found = [fact.strip() for fact in facts if fact.strip()]
    if risk and not found:
        raise NotAllowed("风险等级须写明所依据的事实。", code="facts_needed", status=422)
    if risk and (review_on is None or review_on <= act.today):
        raise NotAllowed("风险等级须写明复核日期，且晚于今天；到期不复核的，等级失效。", code="review_needed", status=422)
    dispute = act.dispute
    dispute.difficulty, dispute.scale = difficulty, scale
    dispute.risk, dispute.risk_facts, dispute.risk_review_on = risk, found if risk else [], review_on if risk else None
    start = [deadlines.Start("med.risk", act.today, "评估风险", act.case.unit_id, review_on)] if risk else []
    deadlines.turn(act.case, on=act.today, drop=["med.risk"], start=start)
    cases.unmark(act.case, "group")
    if scale != "01":
        cases.mark(act.case, "group")
    detail = {
        "difficulty": codes.DIFFICULTIES[difficulty].name,
        "risk": Dispute.Risk(risk).label,
        "facts": found if risk else [],
        "review_on": review_on.isoformat() if risk and review_on else "",
    }
    return beats.finish(act, detail=detail)


@transaction.atomic
def alarm(
    number: str,
    *,
    facts: str,
    measures: str,
    police: str,
    told_at: datetime,
    by: Scope,
    version: int | None = None,
) -> Dispute:
    """It may turn into an offence: what was done about it, and the police told, by the minute (调解法§25, L-MED-7). Raises NotAllowed."""
    act = beats.begin("alarm", number, by, version)
    if told_at > act.now:
        raise NotAllowed("报告时间不能晚于现在。", code="future", status=422)
    Alarm.objects.create(dispute=act.dispute, facts=facts, measures=measures, police=police, told_at=told_at, by=by.user, at=act.now)
    cases.mark(act.case, "zdjjbz")
    centre_id = directory.current().centre_id
    for unit_id in {act.case.unit_id, centre_id} - {None}:
        notices.notify(act.case, kind="dispute.alarm", text=f"{number} 有激化危险，已报告公安：{facts}", at=act.now, to_unit_id=unit_id)
    return beats.finish(act, text=facts, detail={"measures": measures, "police": police, "told_at": told_at.isoformat()}, happened_at=told_at)


@transaction.atomic
def fail(number: str, *, words: str, by: Scope, version: int | None = None) -> Dispute:
    """This body could not settle it: where the parties differ, what was done. The next body reads it (MED-2). Raises NotAllowed."""
    act = beats.begin("fail", number, by, version)
    if len(words.strip()) < LEAST_WORDS:
        raise NotAllowed(f"请写明分歧在哪里、做过哪些工作，至少{LEAST_WORDS}个字：上一级要看。", code="words_needed", status=422)
    Rung.objects.filter(dispute=act.dispute, ended_on=None).update(words=words[:1000])
    return beats.finish(act, text=words, findable=words)


@transaction.atomic
def retry(number: str, *, words: str = "", by: Scope, version: int | None = None) -> Dispute:
    """Something has changed: the same body goes on."""
    return beats.finish(beats.begin("retry", number, by, version), text=words)


@transaction.atomic
def offer(number: str, *, reason: str, by: Scope, version: int | None = None) -> Dispute:
    """Offer the dispute to the next body. Until it is taken this one answers for it (opening 17). Raises NotAllowed."""
    act = beats.begin("offer", number, by, version)
    return _offer(act, act.dispute.step + 1, reason)


@transaction.atomic
def leap(number: str, *, to_step: int, urgency: str, reason: str, by: Scope, version: int | None = None) -> Dispute:
    """Past one or more steps, because it may come to harm: authorised by a head, the office or a leader, with its ground. Raises NotAllowed."""
    act = beats.begin("leap", number, by, version)
    if len(urgency.strip()) < LEAST_WORDS:
        raise NotAllowed(f"请写明有什么激化危险，至少{LEAST_WORDS}个字。", code="urgency_needed", status=422)
    return _offer(act, to_step, reason, urgency=urgency)


def _offer(act: beats.Act, to_step: int, reason: str, urgency: str = "") -> Dispute:
    dispute, case = act.dispute, act.case
    rules.check_next(dispute.step, to_step, is_leap=bool(urgency))
    body = ladder.bodies(act.today)[to_step]
    to_unit_id = ladder.seat(body, case.area_id)
    until = answer_by(act.now)
    HandOver.objects.create(
        dispute=dispute,
        from_state=case.state,
        from_step=dispute.step,
        to_step=to_step,
        from_unit_id=case.unit_id,
        to_unit_id=to_unit_id,
        reason=reason,
        urgency=urgency,
        offered_by=act.by.user,
        offered_at=act.now,
        answer_by=until,
    )
    act.shown |= cases.show_to(case, cases.unit_readers([to_unit_id]))
    deadlines.turn(case, on=act.today, start=[deadlines.Start(rules.HANDOVER, act.today, "移交", to_unit_id)])
    words = "紧急越级移交" if urgency else "移交"
    notices.notify(case, kind=f"dispute.{act.code}", text=f"{case.number} {words}待接收：{case.title}", at=act.now, to_unit_id=to_unit_id)
    if urgency:
        notices.notify(case, kind="dispute.leap", text=f"{case.number} 已紧急越级移交：{reason}", at=act.now, to_unit_id=case.unit_id)
    unit = directory.current().units[to_unit_id]
    detail = {"to_unit": unit.short_name, "step": body.name, "answer_by": until.isoformat(), "urgency": urgency}
    return beats.finish(act, text=reason, detail=detail)


@transaction.atomic
def take(number: str, *, words: str = "", by: Scope, version: int | None = None) -> Dispute:
    """The receiving body takes the dispute: from today it answers for it, the giver keeps sight of it. Raises NotAllowed."""
    act = beats.begin("take", number, by, version)
    row = _answer(act, HandOver.Answer.TAKEN, words)
    dispute, case = act.dispute, act.case
    body = ladder.bodies(act.today)[row.to_step]
    dispute.step, dispute.body = row.to_step, body.body
    is_new = dispute.accepted_on is None
    dispute.accepted_on = dispute.accepted_on or act.today
    case.unit_id, case.handler_id = row.to_unit_id, None
    # Each body's month of mediating runs from its own acceptance (75号令§33): the one below is over.
    month = deadlines.Start("med.mediate", act.today, "接收移交", case.unit_id)
    met = [rules.HANDOVER, rules.limit_of(row.from_step), "med.respond", "med.mediate", "med.extend"]
    due_on = _run(act, meet=met, also=[month])
    act.new.append(Rung(dispute=dispute, step=row.to_step, name=body.name, unit_id=row.to_unit_id, began_on=act.today, due_on=due_on))
    if is_new:
        documents.issue_many(case, papers.taken_on(dispute, act.today), by=act.standing, at=act.now)
    notices.notify(case, kind="dispute.take", text=f"{number} 已由{body.name}接收", at=act.now, to_unit_id=row.from_unit_id)
    unit = directory.current().units[row.from_unit_id]
    return beats.finish(act, text=words, detail={"from_unit": unit.short_name, "step": body.name})


@transaction.atomic
def give_back(number: str, *, words: str, by: Scope, version: int | None = None) -> Dispute:
    """The receiving body gives it back with a reason and what is still to be done: it stands where it stood. Raises NotAllowed."""
    act = beats.begin("give_back", number, by, version)
    if len(words.strip()) < LEAST_WORDS:
        raise NotAllowed(f"请写明退回的理由和还要做的工作，至少{LEAST_WORDS}个字。", code="words_needed", status=422)
    row = _answer(act, HandOver.Answer.GIVEN_BACK, words)
    deadlines.turn(act.case, on=act.today, meet=[rules.HANDOVER])
    cases.mark(act.case, "returned")
    notices.notify(act.case, kind="dispute.give_back", text=f"{number} 移交被退回：{words}", at=act.now, to_unit_id=row.from_unit_id)
    detail = {"from_unit": directory.current().units[row.to_unit_id].short_name}
    return beats.finish(act, to=row.from_state, text=words, detail=detail)


@transaction.atomic
def recall(number: str, *, words: str = "", by: Scope, version: int | None = None) -> Dispute:
    """The giver takes the offer back before it was answered. Raises NotAllowed."""
    act = beats.begin("recall", number, by, version)
    return _withdraw(act, words, is_leap=False)


@transaction.atomic
def call_off(number: str, *, words: str, by: Scope, version: int | None = None) -> Dispute:
    """The danger is over: a leap not yet answered is taken back by who may order one, not by the body it passed over. Raises NotAllowed."""
    act = beats.begin("call_off", number, by, version)
    if len(words.strip()) < LEAST_WORDS:
        raise NotAllowed(f"请写明为什么不再越级，至少{LEAST_WORDS}个字。", code="words_needed", status=422)
    return _withdraw(act, words, is_leap=True)


def _withdraw(act: beats.Act, words: str, *, is_leap: bool) -> Dispute:
    row = _answer(act, HandOver.Answer.RECALLED, words)
    if bool(row.urgency) != is_leap:
        other = STEPS["recall" if is_leap else "call_off"].label
        raise NotAllowed(f"请用“{other}”：逐级移交由移交的组织撤回，越级移交由有权越级的人撤回。", code="other_way")
    deadlines.turn(act.case, on=act.today, drop=[rules.HANDOVER])
    text = f"{act.case.number} {'越级' if is_leap else ''}移交已撤回"
    for unit_id in {row.to_unit_id, row.from_unit_id} if is_leap else {row.to_unit_id}:
        notices.notify(act.case, kind=f"dispute.{act.code}", text=text, at=act.now, to_unit_id=unit_id)
    return beats.finish(act, to=row.from_state, text=words)


def _answer(act: beats.Act, answer: str, words: str) -> HandOver:
    """Answer the hand-over that waits, and end the giver's rung when it is taken; the case row is locked, so there is one."""
    facts = {
        "dispute": act.dispute.pk,
        "answer": str(answer),
        "words": words[:1000],
        "by": act.by.user.pk,
        "at": act.now,
        "on": act.today,
        "is_taken": answer == HandOver.Answer.TAKEN,
        "handed_on": str(Rung.End.HANDED_ON),
    }
    (row,) = HandOver.objects.raw(_ANSWER, facts)
    return row


#: One statement instead of three: a hand-over is taken many times a day, each time between two bodies' screens.
_ANSWER = """
WITH ended AS (
  UPDATE mediation_rung SET ended_on = %(on)s, "end" = %(handed_on)s WHERE dispute_id = %(dispute)s AND ended_on IS NULL AND %(is_taken)s
)
UPDATE mediation_handover SET answer = %(answer)s, words = %(words)s, answered_by_id = %(by)s, answered_at = %(at)s
 WHERE dispute_id = %(dispute)s AND answer = '' RETURNING *"""


def _hold(act: beats.Act, *, meet: Sequence[str], also: Sequence[deadlines.Start] = ()) -> None:
    """The body's own limit begins to run, and is written on its rung."""
    Rung.objects.filter(dispute=act.dispute, ended_on=None).update(due_on=_run(act, meet=meet, also=also))


def _run(act: beats.Act, *, meet: Sequence[str], also: Sequence[deadlines.Start]) -> date:
    """The limit of the step the dispute stands on begins to run; the day it ends."""
    key = rules.limit_of(act.dispute.step)
    running = deadlines.turn(act.case, on=act.today, meet=meet, start=[deadlines.Start(key, act.today, "本步接收", act.case.unit_id), *also])
    return next(row.due_on for row in running if row.key == key)


def _end_rung(act: beats.Act, end: str, words: str) -> None:
    changes = {"words": words[:1000]} if words else {}
    Rung.objects.filter(dispute=act.dispute, ended_on=None).update(ended_on=act.today, end=end, **changes)


@transaction.atomic
def name_mediator(
    number: str,
    *,
    to_user_id: int | None = None,
    mediator_id: int | None = None,
    reason: str,
    by: Scope,
    version: int | None = None,
) -> Dispute:
    """Who mediates: somebody in office or a member of the corps, named by the body or agreed to by all sides (调解法§19).

    Whoever has an account sees the case from now on; nobody with an interest of his own, nobody a side objected to (调解法§23).
    Raises NotAllowed.
    """
    act = beats.begin("name_mediator", number, by, version)
    if (to_user_id is None) == (mediator_id is None):
        raise NotAllowed("请选择一位调解员。", code="one_mediator", status=422)
    mediating = people.appoint_member(act, mediator_id, reason) if mediator_id is not None else people.appoint_official(act, to_user_id or 0, reason)
    if mediating.user_id is not None:
        text = f"{number} 由您调解：{act.case.title}"
        notices.notify(act.case, kind="dispute.name_mediator", text=text, at=act.now, to_user_id=mediating.user_id)
    unit = directory.current().units.get(mediating.unit_id or 0)
    return beats.finish(act, text=reason, detail={"mediator": f"{mediating.name}（{unit.short_name}）" if unit else mediating.name})


@transaction.atomic
def void(number: str, *, reason: str, by: Scope, version: int | None = None) -> Dispute:
    """Registered in error: the number stays. Raises NotAllowed."""
    act = beats.begin("void", number, by, version)
    if HandOver.objects.filter(dispute=act.dispute).exists():
        raise NotAllowed("已经移交过的纠纷不能作废。", code="moved")
    _end_rung(act, Rung.End.ENDED, reason)
    deadlines.turn(act.case, on=act.today, drop=["med.respond", "med.risk"])
    cases.close(act.case, Outcome.VOIDED, act.now)
    return beats.finish(act, text=reason)
