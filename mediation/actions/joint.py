"""Bodies together: sent to another body and what came back (MED-3, MED-4), 会诊 (MED-5), to a petition and back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from casework import cases, deadlines, documents, notices, referrals
from casework.models import Party
from casework.referrals import Matter
from casework.rules import NotAllowed, Outcome, local_date
from mediation import codes, rules
from mediation.actions import act as beats
from mediation.models import Assignment, BodyReferral, Consultation, Dispute, Rung, Side
from mediation.papers import joint as papers
from mediation.rules import State
from mediation.rules.closing import follow_up_key
from mediation.rules.joint import check_report
from mediation.rules.ladder import LEAST_WORDS
from organisations import directory
from organisations.models import Post
from organisations.scope import Scope

#: Limits that stop when the quarrel is over: the month, its prolongation, the risk to be looked at again.
MEDIATING_LIMITS = ("med.mediate", "med.extend")

#: Characters of a reason for not taking a dispute at least.
LEAST_REASON = 5


@transaction.atomic
def refer_body(
    number: str,
    *,
    body: str,
    to_unit_id: int | None,
    outside: str = "",
    consent: str,
    reason: str,
    by: Scope,
    version: int | None = None,
) -> Dispute:
    """Send the dispute to another body, of the house or outside, with both parties' agreement (L-MED-24); M13 goes with it. Raises NotAllowed.

    Until that body reports, this one answers for the dispute and its limit runs on.
    """
    act = beats.begin("refer_body", number, by, version)
    if to_unit_id is None and not outside.strip():
        raise NotAllowed("请选择接收单位；系统里没有的，写明组织名称。", code="no_receiver", status=422)
    if to_unit_id == act.case.unit_id:
        raise NotAllowed("接收单位就是本单位，不用移送。", code="itself", status=422)
    row = BodyReferral.objects.create(
        dispute=act.dispute,
        body=body,
        from_unit_id=act.case.unit_id,
        to_unit_id=to_unit_id,
        outside="" if to_unit_id else outside.strip(),
        reason=reason,
        consent=consent,
        sent_by=by.user,
        sent_at=act.now,
    )
    row.document = documents.issue(act.case, papers.commission(act.dispute, row, act.today), by=act.standing, at=act.now)
    row.save(update_fields=["document"])
    if to_unit_id is not None:
        act.shown |= cases.show_to(act.case, cases.unit_readers([to_unit_id]))
        text = f"{number} 移送你单位调处，待接收：{act.case.title}"
        notices.notify(act.case, kind="dispute.refer_body", text=text, at=act.now, to_unit_id=to_unit_id)
    start = [deadlines.Start(rules.HANDOVER, act.today, "移送", row.answering_unit_id)]
    deadlines.turn(act.case, on=act.today, start=start)
    detail = {"body": codes.BODIES[body].name, "to_unit": receiver(row), "consent": consent}
    return beats.finish(act, text=reason, detail=detail)


@transaction.atomic
def accept_body(number: str, *, words: str = "", by: Scope, version: int | None = None) -> Dispute:
    """The receiving body takes it; for a body outside the house the keeper writes down that it did. Raises NotAllowed."""
    act = beats.begin("accept_body", number, by, version)
    row = _open(act)
    if row.answer:
        raise NotAllowed("已经接收过了，办结后请反馈结果。", code="taken_before")
    _answer(act, row, BodyReferral.Answer.TAKEN, words)
    _tell_sender(act, row, f"{number} 已由{receiver(row)}接收")
    return beats.finish(act, text=words, detail={"body": row.get_body_display(), "to_unit": receiver(row)})


@transaction.atomic
def return_body(number: str, *, words: str, by: Scope, version: int | None = None) -> Dispute:
    """The receiving body does not take it: the sender mediates on. Raises NotAllowed."""
    act = beats.begin("return_body", number, by, version)
    row = _open(act)
    if row.answer:
        raise NotAllowed("已经接收的，请“反馈调处结果”：未能解决的在那里退回。", code="taken_before")
    if len(words.strip()) < LEAST_REASON:
        raise NotAllowed(f"请写明为什么不能接收，至少{LEAST_REASON}个字：移送的组织要据此另想办法。", code="words_needed", status=422)
    _answer(act, row, BodyReferral.Answer.RETURNED, words)
    cases.mark(act.case, "returned")
    _tell_sender(act, row, f"{number} 被{receiver(row)}退回：{words}")
    return beats.finish(act, text=words, detail={"body": row.get_body_display(), "to_unit": receiver(row)})


@transaction.atomic
def recall_body(number: str, *, words: str, by: Scope, version: int | None = None) -> Dispute:
    """The sender takes it back before it was taken: nobody is stuck with a body that does not answer. Raises NotAllowed."""
    act = beats.begin("recall_body", number, by, version)
    row = _open(act)
    if row.answer:
        raise NotAllowed("对方已经接收，不能撤回；请等待反馈结果。", code="taken_before")
    _answer(act, row, BodyReferral.Answer.RECALLED, words)
    if row.to_unit_id is not None:
        notices.notify(act.case, kind="dispute.recall_body", text=f"{number} 移送已撤回", at=act.now, to_unit_id=row.to_unit_id)
    return beats.finish(act, text=words, detail={"body": row.get_body_display(), "to_unit": receiver(row)})


@transaction.atomic
def report_body(
    number: str,
    *,
    result: str,
    way: str = "",
    ended_on: date | None = None,
    words: str,
    by: Scope,
    version: int | None = None,
) -> Dispute:
    """What came of it there: agreed, dealt with by law, or back to mediation (MED-3, MED-4; L-MED-24 «reports back»). Raises NotAllowed."""
    act = beats.begin("report_body", number, by, version)
    row = _open(act)
    check_report(result, way, is_taken=row.answer == BodyReferral.Answer.TAKEN)
    day = ended_on or act.today
    if not local_date(row.sent_at) <= day <= act.today:
        raise NotAllowed("办结日期应在移送以后、今天以前（含当日）。", code="wrong_day", status=422)
    row.result, row.report, row.ended_on = result, words, day
    row.way = way if result == BodyReferral.Result.DECIDED else "mediated" if result == BodyReferral.Result.AGREED else ""
    row.reported_by, row.reported_at = by.user, act.now
    row.save(update_fields=["result", "report", "ended_on", "way", "reported_by", "reported_at"])
    _tell_sender(act, row, f"{number} {receiver(row)}反馈：{row.get_result_display()}")
    to = State.MEDIATING
    if result == BodyReferral.Result.AGREED:
        settle_elsewhere(act, row.body, day)
        to = State.AGREED
    elif result == BodyReferral.Result.DECIDED:
        end_elsewhere(act, row.body, way, day)
        to = State.ENDED
    detail = {
        "body": row.get_body_display(),
        "result": row.get_result_display(),
        "way": row.get_way_display() if row.way else "",
        "ended_on": day.isoformat(),
    }
    return beats.finish(act, to=to, text=words, detail=detail, findable=words)


def settle_elsewhere(act: beats.Act, body: str, on: date) -> None:
    """Agreed before another body or the court desk: that body counts, and the visit afterwards is owed (MED-3; L-MED-50)."""
    dispute = act.dispute
    dispute.body, dispute.way, dispute.result, dispute.agreed_on = body, "mediated", "1", on
    Rung.objects.filter(dispute=dispute, ended_on=None).update(ended_on=act.today, end=Rung.End.SETTLED)
    visit = deadlines.Start(follow_up_key(dispute.difficulty), on, "达成协议", act.case.unit_id)
    deadlines.turn(act.case, on=act.today, meet=[rules.limit_of(dispute.step), *MEDIATING_LIMITS], drop=["med.risk"], start=[visit])


def end_elsewhere(act: beats.Act, body: str, way: str, on: date) -> None:
    """Dealt with by the word of another body or of the court: mediation ends, the way is kept for the figures (MED-3: 1+5)."""
    dispute = act.dispute
    dispute.body, dispute.way, dispute.result, dispute.ended_on = body, way, "6", on
    Rung.objects.filter(dispute=dispute, ended_on=None).update(ended_on=act.today, end=Rung.End.OTHER_WAY)
    deadlines.turn(act.case, on=act.today, meet=[rules.limit_of(dispute.step), *MEDIATING_LIMITS], drop=["med.risk"])


def receiver(row: BodyReferral) -> str:
    """What the receiving body is called."""
    return directory.current().units[row.to_unit_id].short_name if row.to_unit_id else row.outside


def _open(act: beats.Act) -> BodyReferral:
    """The sending that waits; the case row is locked, so there is one."""
    return BodyReferral.objects.get(dispute=act.dispute, result="", answer__in=(BodyReferral.Answer.WAITING, BodyReferral.Answer.TAKEN))


def _answer(act: beats.Act, row: BodyReferral, answer: str, words: str) -> None:
    row.answer, row.words, row.answered_by, row.answered_at = answer, words[:500], act.by.user, act.now
    row.save(update_fields=["answer", "words", "answered_by", "answered_at"])
    deadlines.turn(act.case, on=act.today, meet=[rules.HANDOVER])


def _tell_sender(act: beats.Act, row: BodyReferral, text: str) -> None:
    notices.notify(act.case, kind=f"dispute.{act.code}", text=text, at=act.now, to_unit_id=row.from_unit_id)


# -- 会诊 ----------------------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def consult(
    number: str,
    *,
    held_at: datetime,
    place: str,
    member_ids: Sequence[int],
    outside: Sequence[str] = (),
    minutes: str,
    conclusion: str,
    by: Scope,
    version: int | None = None,
) -> Dispute:
    """Sit together over a difficult quarrel: who, where, what was said, what was decided (MED-5). Raises NotAllowed."""
    act = beats.begin("consult", number, by, version)
    if held_at > act.now:
        raise NotAllowed("会诊时间不能晚于现在：会诊以后再登记。", code="future", status=422)
    posts = {post.user_id: post for post in _in_office(act, member_ids)}
    members = [f"{post.user.name}（{post.unit.short_name}）" for post in posts.values()] + [name.strip() for name in outside if name.strip()]
    if len(members) < 2:
        raise NotAllowed("会诊至少两人参加，请写明参加人员。", code="too_few", status=422)
    Consultation.objects.create(
        dispute=act.dispute,
        held_at=held_at,
        place=place,
        members=[name[:80] for name in members],
        minutes=minutes,
        conclusion=conclusion,
        convened_by=by.user,
        at=act.now,
    )
    act.shown |= cases.show_to(act.case, {-user_id for user_id in posts})
    for user_id in posts:
        notices.notify(act.case, kind="dispute.consult", text=f"{number} 会诊：{conclusion}", at=act.now, to_user_id=user_id)
    detail = {"members": members, "place": place, "conclusion": conclusion}
    return beats.finish(act, text=minutes, detail=detail, happened_at=held_at, findable=f"{minutes} {conclusion}")


@transaction.atomic
def assign(number: str, *, to_user_id: int, relation: str, letter: str, reason: str, by: Scope, version: int | None = None) -> Dispute:
    """Send somebody to one side because of what binds them, with the reason kept; the person sees the case from now on (MED-5). Raises NotAllowed."""
    act = beats.begin("assign", number, by, version)
    post = next(iter(_in_office(act, [to_user_id])), None)
    if post is None:
        raise NotAllowed("安排的人须是在岗人员。", code="not_in_office", status=422)
    if Party.objects.filter(case=act.case, name=post.user.name).exists():
        raise NotAllowed(f"{post.user.name}与当事人同名，当事人本人不能做自己的工作，请核对。", code="party", status=422)
    if not Side.objects.filter(dispute=act.dispute, letter=letter).exists():
        raise NotAllowed(f"本件没有{Side.Letter(letter).label}，请选择当事人所在的一方。", code="no_side", status=422)
    if len(reason.strip()) < LEAST_WORDS:
        raise NotAllowed(f"请写明为什么是他（她）：与当事人什么关系，至少{LEAST_WORDS}个字。", code="words_needed", status=422)
    if Assignment.objects.filter(dispute=act.dispute, person=to_user_id, letter=letter, until_on=None).exists():
        raise NotAllowed(f"已经安排{post.user.name}做这一方的工作。", code="assigned_before")
    Assignment.objects.create(
        dispute=act.dispute, person_id=to_user_id, relation=relation, letter=letter, reason=reason, assigned_by=by.user, at=act.now
    )
    act.shown |= cases.show_to(act.case, {-to_user_id})
    side = Side.Letter(letter).label
    text = f"{number} 请您做{side}的工作：{reason}"
    notices.notify(act.case, kind="dispute.assign", text=text, at=act.now, to_user_id=to_user_id)
    bond = codes.BONDS[relation].name.split("：")[0]
    detail = {"mediator": f"{post.user.name}（{post.unit.short_name}）", "bond": bond, "side": side}
    return beats.finish(act, text=reason, detail=detail)


def _in_office(act: beats.Act, user_ids: Sequence[int]) -> list[Post]:
    """One post of each of these people who is in office today."""
    found = Post.objects.current(act.today).filter(user__in=user_ids, user__is_active=True).select_related("user", "unit").order_by("user_id", "id")
    return list({post.user_id: post for post in reversed(found)}.values())[::-1]


# -- petitions -----------------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def refer_petition(number: str, *, sort: str, reason: str, by: Scope, version: int | None = None) -> Dispute:
    """What turns out to be a matter for the petition procedure goes to the centre; the dispute stays here (条例§17 §22). Raises NotAllowed."""
    act = beats.begin("refer_petition", number, by, version)
    dispute = act.dispute
    points = [line.strip() for line in dispute.demand.splitlines() if line.strip()] or [act.case.title]
    matter = Matter(story=dispute.story, points=[point[:300] for point in points], sort=sort)
    made = referrals.refer(act.case, matter, to="petition", reason=reason, by=act.standing, at=act.now)
    return beats.finish(act, text=reason, detail={"other": made.number})


@transaction.atomic
def return_referral(number: str, *, reason: str, by: Scope, version: int | None = None) -> Dispute:
    """Not to be mediated here: back to the desk it came from, with the reason; the number stays (L-MED-24). Raises NotAllowed."""
    act = beats.begin("return_referral", number, by, version)
    source = referrals.send_back(act.case, reason=reason, by=act.standing, at=act.now)
    Rung.objects.filter(dispute=act.dispute, ended_on=None).update(ended_on=act.today, end=Rung.End.OTHER_WAY, words=reason)
    deadlines.turn(act.case, on=act.today, drop=["med.respond", "med.risk"])
    cases.close(act.case, Outcome.VOIDED, act.now)
    return beats.finish(act, text=reason, detail={"other": source.number})
