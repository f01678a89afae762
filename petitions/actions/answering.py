"""From acceptance to the delivered reply: hear, investigate, answer each point, sign, deliver; or decline, or guide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Unpack

from django.db import transaction

from casework import acting, deadlines, documents, folders, notices
from casework.models import Case
from casework.rules import NotAllowed, Outcome
from organisations import clock
from organisations.scope import Scope
from petitions import codes, papers, rules
from petitions.actions import act as beats
from petitions.actions import letters
from petitions.models import Guidance, Inquiry, Petition, Point, Refusal, Reply, Task
from petitions.queries import review as chain_queries
from petitions.rules import chain

#: What a decision of the unit brings to an end.
HANDLING_LIMITS = (
    "pet.forward",
    "pet.notify_forwarded",
    "pet.handle",
    "pet.suggest",
    "pet.simple_handle",
    "pet.promised",
    "pet.immediate",
    "pet.assign_report",
    "pet.redo",
)


@acting.whole
def hear(number: str, *, on: date, officers: Sequence[str], place: str, words: str, by: Scope, version: int | None = None) -> Petition:
    """Record that the petitioner was heard by at least two officers (条例§31(六), L-PET-61). Raises NotAllowed."""
    act = beats.begin("hear", number, by, version)
    return _inquire(act, Inquiry.Kind.HEARD, on=on, officers=officers, place=place, words=words)


@acting.whole
def investigate(
    number: str,
    *,
    on: date,
    officers: Sequence[str],
    place: str,
    words: str,
    evidence: str,
    by: Scope,
    version: int | None = None,
) -> Petition:
    """Record what was investigated and on what evidence (条例§31(六)). Raises NotAllowed."""
    act = beats.begin("investigate", number, by, version)
    return _inquire(act, Inquiry.Kind.INVESTIGATED, on=on, officers=officers, place=place, words=words, evidence=evidence)


def _inquire(act: beats.Act, kind: str, *, on: date, officers: Sequence[str], place: str, words: str, evidence: str = "") -> Petition:
    names = [name.strip() for name in officers if name.strip()]
    if len(set(names)) < rules.MIN_OFFICERS:
        raise NotAllowed(f"听取、调查须不少于{rules.MIN_OFFICERS}人，请写明姓名。", code="two_officers", status=422)
    if on > act.today:
        raise NotAllowed("日期不能晚于今天。", code="future", status=422)
    inquiry = Inquiry(
        petition=act.petition,
        kind=kind,
        on=on,
        officers="、".join(names),
        place=place,
        words=words,
        evidence=evidence,
        by=act.by.user,
        at=act.now,
    )
    act.new.append(inquiry)
    if kind == Inquiry.Kind.HEARD:
        beats.issue(act, lambda: [papers.letters.talk(act.petition, act.case, inquiry, act.today)])
    return beats.finish(act, text=words, detail={"on": on.isoformat(), "officers": "、".join(names), "evidence": evidence}, findable=words)


@acting.whole
def answer_point(number: str, *, no: int, support: str, result: str, ground: str, by: Scope, version: int | None = None) -> Petition:
    """Write one point's opinion, result and ground (条例§32). Raises NotAllowed."""
    act = beats.begin("answer_point", number, by, version)
    point = next(iter(folders.rows_of(act.case, Point, petition=act.petition, no=no)), None)
    if point is None:
        raise NotAllowed("没有这一项诉求。", code="no_point", status=422)
    point.support, point.result, point.ground = support, result, ground
    _check_answers([point], {})
    folders.change(act.case, point, "support", "result", "ground")
    return beats.finish(
        act,
        text=f"第{no}项：{result}",
        detail={"no": no, "support": codes.REPLY_SUPPORT[support].name, "ground": ground},
        findable=result,
    )


@acting.whole
def prepare(
    number: str,
    *,
    text: str,
    outcome: str,
    support: str,
    remedy_unit: str,
    by: Scope,
    version: int | None = None,
) -> Petition:
    """Submit the reply for signature: heard, investigated, every point answered, tasks confirmed. Raises NotAllowed."""
    act = beats.begin("prepare", number, by, version)
    if outcome not in rules.OUTCOMES_OF_REPLY:
        raise NotAllowed("请选择办理结果。", code="outcome", status=422)
    petition = act.petition
    points = papers.points_of(petition, act.case)
    rules.check_can_decide(_decision_facts(petition, act.case, points))
    _check_answers(points, {"答复意见": text, "复查机关": remedy_unit})
    chain.check_not_repeated(chain_queries.repetition(petition, points))
    act.new.append(Reply(petition=petition, text=text, outcome=outcome, remedy_unit=remedy_unit, prepared_by=by.user, prepared_at=act.now))
    petition.prepared_by_id, petition.settled_as, petition.support = by.user.id, outcome, support
    beats.tell(act, kind="petition.prepare", text=f"{act.case.number} 答复待审签：{act.case.title}", to_unit_id=act.case.unit_id)
    return beats.finish(act, text=text, detail={"outcome": Outcome(outcome).label})


def _check_answers(points: Iterable[Point], texts: Mapping[str, str]) -> None:
    """Point by point and as a whole: an answer, not a template. What an old ledger sent out stands as it was sent. Raises NotAllowed."""
    if clock.is_from_ledger():
        return
    for point in points:
        rules.check_point(rules.Answered(point.no, point.text, point.result, point.ground))
    rules.check_filled(texts)


def _decision_facts(petition: Petition, case: Case, points: Sequence[Point]) -> rules.Decision:
    kinds = {row.kind for row in folders.rows_of(case, Inquiry, petition=petition)}
    return rules.Decision(
        purpose=petition.purpose,
        has_heard=Inquiry.Kind.HEARD in kinds,
        has_investigated=Inquiry.Kind.INVESTIGATED in kinds,
        unanswered_points=tuple(point.no for point in points if not point.is_answered),
        open_tasks=open_task_count(petition, case),
    )


def open_task_count(petition: Petition, case: Case) -> int:
    """Tasks of a joint handling that are neither confirmed nor cancelled."""
    return sum(row.state not in (Task.State.CONFIRMED, Task.State.CANCELLED) for row in folders.rows_of(case, Task, petition=petition))


@acting.whole
def reply(number: str, *, words: str = "", by: Scope, version: int | None = None) -> Petition:
    """The head signs: the decision letter is issued and the handling limit met (条例§32 §34). Raises NotAllowed."""
    act = beats.begin("reply", number, by, version)
    (current,) = folders.rows_of(act.case, Reply, petition=act.petition, approved_at=None, sent_back_at=None)
    beats.check_second(act, current.prepared_by_id, "答复")
    points = papers.points_of(act.petition, act.case)
    _check_answers(points, {"答复意见": current.text, "复查机关": current.remedy_unit})
    chain.check_says_what_is_new(chain_queries.repetition(act.petition, points), words)
    current.approved_by, current.approved_at = by.user, act.now
    folders.change(act.case, current, "approved_by", "approved_at")
    act.petition.replied_on = act.today
    deadlines.turn(act.case, on=act.today, meet=HANDLING_LIMITS)
    documents.issue(act.case, papers.decision(act.petition, act.case, current, act.today), by=act.standing, at=act.now)
    return beats.finish(act, text=words, detail={"outcome": Outcome(current.outcome).label}, findable=current.text)


@transaction.atomic
def send_back(number: str, *, words: str, by: Scope, version: int | None = None) -> Petition:
    """The head wants it changed; the text stays with the handler. Raises NotAllowed."""
    act = beats.begin("send_back", number, by, version)
    current = Reply.objects.filter(petition=act.petition, approved_at=None, sent_back_at=None).get()
    current.sent_back_at, current.sent_back_words = act.now, words
    current.save(update_fields=["sent_back_at", "sent_back_words"])
    notices.notify(
        act.case,
        kind="petition.send_back",
        text=f"{act.case.number} 答复退回修改：{words}",
        at=act.now,
        to_user_id=current.prepared_by_id,
    )
    return beats.finish(act, text=words, is_internal=True)


@acting.whole
def deliver(
    number: str,
    *,
    delivery: str,
    delivered_on: date,
    by: Scope,
    version: int | None = None,
    **how: Unpack[letters.How],
) -> Petition:
    """Record how and when the reply reached the person; the right to review runs from receipt (条例§35, L-TIME-8).

    Attempts that reached nobody before it are kept by `letters.serve`. Raises NotAllowed.
    """
    act = beats.begin("deliver", number, by, version)
    current = [row for row in folders.rows_of(act.case, Reply, petition=act.petition) if row.approved_at is not None][-1]
    answered_on = rules.local_date(current.approved_at or act.now)
    paper = letters.answer_paper(act.petition, act.case)
    detail = letters.deliver_paper(act, paper, way=delivery, delivered_on=delivered_on, answered_on=answered_on, how=how)
    current.delivery, current.posted_on, current.delivered_on = delivery, how.get("posted_on"), delivered_on
    current.receiver, current.proof = how.get("receiver", ""), how.get("proof", "")
    folders.change(act.case, current, "delivery", "posted_on", "delivered_on", "receiver", "proof")
    act.petition.delivered_on = delivered_on
    rights = [deadlines.Start("pet.satisfaction", delivered_on, "收到处理意见")]
    if current.outcome in rules.OUTCOMES_OF_REPLY and not (current.outcome == Outcome.REFUSED and chain_queries.ends_in_no_more(act.petition)):
        rights.append(deadlines.Start("pet.review_apply", delivered_on, "收到书面答复"))
    deadlines.turn(act.case, on=act.today, start=rights)
    return beats.finish(act, detail=detail)


@transaction.atomic
def decline(number: str, *, code: str, words: str, remedy: str, by: Scope, version: int | None = None) -> Petition:
    """Propose not to accept: coded reason, text, remedy; a second person decides (L-PET-51). Raises NotAllowed."""
    act = beats.begin("decline", number, by, version)
    if len(words.strip()) < rules.MIN_GROUND or not remedy.strip():
        raise NotAllowed("请写明不予受理的理由和救济途径（条例第四十四条）。", code="ground_needed", status=422)
    rules.check_filled({"事实和理由": words, "救济途径": remedy})
    if chain_queries.closes_for_good(code) and "号" not in words and chain_queries.last_word(act.case) is None:
        raise NotAllowed("不再受理须写明终结意见的文号和日期，或者先把本件与已终结的事项关联为重复件。", code="last_word_needed", status=422)
    Refusal.objects.create(
        petition=act.petition,
        code=code,
        words=words,
        remedy=remedy,
        from_state=act.case.state,
        proposed_by=by.user,
        proposed_at=act.now,
    )
    return beats.finish(act, text=words, detail={"code": code, "reason": codes.DECLINE_REASONS[code].name, "remedy": remedy})


@transaction.atomic
def approve_decline(number: str, *, words: str = "", by: Scope, version: int | None = None) -> Petition:
    """The second person agrees: the written notice of non-acceptance is issued, to be delivered. Raises NotAllowed."""
    act = beats.begin("approve_decline", number, by, version)
    refusal = Refusal.objects.get(petition=act.petition, is_approved=None)
    beats.check_second(act, refusal.proposed_by_id, "不予受理")
    rules.check_filled({"事实和理由": refusal.words, "救济途径": refusal.remedy})
    _decide(refusal, by, act, is_approved=True, words=words)
    Reply.objects.create(
        petition=act.petition,
        text=refusal.words,
        outcome=Outcome.REFUSED,
        prepared_by=refusal.proposed_by,
        prepared_at=refusal.proposed_at,
        approved_by=by.user,
        approved_at=act.now,
    )
    act.petition.settled_as, act.petition.replied_on = Outcome.REFUSED, act.today
    deadlines.turn(act.case, on=act.today, meet=HANDLING_LIMITS, drop=["pet.object", "pet.simple_accept"])
    word = chain_queries.last_word(act.case) if chain_queries.closes_for_good(refusal.code) else None
    paper = papers.refusal(
        act.petition, act.case, refusal, act.today, last_word=word.sentence if word else "", last_number=word.number if word else ""
    )
    documents.issue(act.case, paper, by=act.standing, at=act.now)
    return beats.finish(act, text=words)


@transaction.atomic
def reject_decline(number: str, *, words: str, by: Scope, version: int | None = None) -> Petition:
    """The matter is to be accepted after all: back to where it was. Raises NotAllowed."""
    act = beats.begin("reject_decline", number, by, version)
    refusal = Refusal.objects.get(petition=act.petition, is_approved=None)
    _decide(refusal, by, act, is_approved=False, words=words)
    return beats.finish(act, to=refusal.from_state, text=words)


def _decide(refusal: Refusal, by: Scope, act: beats.Act, *, is_approved: bool, words: str) -> None:
    refusal.is_approved, refusal.decided_by, refusal.decided_at = is_approved, by.user, act.now
    refusal.decision_words = words
    refusal.save(update_fields=["is_approved", "decided_by", "decided_at", "decision_words"])


@transaction.atomic
def guide(
    number: str,
    *,
    routes: Sequence[str],
    answers: Mapping[str, str],
    words: str,
    by: Scope,
    version: int | None = None,
) -> Petition:
    """Tell the person which lawful route is theirs (条例§31(一)–(五), L-CLS-2); the notice is to be delivered."""
    act = beats.begin("guide", number, by, version)
    if not routes or any(code not in codes.LAWFUL_ROUTES or code == codes.PETITION_ROUTE for code in routes):
        raise NotAllowed("请选择应走的法定途径。", code="routes_needed", status=422)
    rules.check_filled({"告知内容": words})
    guidance = Guidance.objects.create(petition=act.petition, routes=list(routes), answers=dict(answers), words=words, by=by.user, at=act.now)
    Reply.objects.create(
        petition=act.petition,
        text=words,
        outcome=Outcome.NOT_OURS,
        prepared_by=by.user,
        prepared_at=act.now,
        approved_by=by.user,
        approved_at=act.now,
    )
    act.petition.settled_as, act.petition.replied_on = Outcome.NOT_OURS, act.today
    deadlines.turn(act.case, on=act.today, meet=HANDLING_LIMITS, drop=["pet.object", "pet.simple_accept"])
    documents.issue(act.case, papers.guidance(act.petition, act.case, guidance, act.today), by=act.standing, at=act.now)
    names = [codes.LAWFUL_ROUTES[code].name for code in routes]
    return beats.finish(act, text=words, detail={"routes": names}, findable=words)
