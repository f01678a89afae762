"""Who mediates a dispute: appointed, accepted, challenged; never somebody who is a party to it (调解法§19 §20 §23; L-MED-5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from casework import cases, notices
from casework.models import Party
from casework.rules import NotAllowed
from mediation.actions import act as beats
from mediation.models import Challenge, Dispute, Mediating, Side
from organisations.scope import Scope


def appoint(
    act: beats.Act,
    *,
    name: str,
    unit_id: int | None,
    user_id: int | None = None,
    mediator_id: int | None = None,
    chosen: str = Mediating.Chosen.NAMED,
    part: str = Mediating.Part.LEADING,
    accepted_by: Sequence[str] = (),
    words: str = "",
) -> Mediating:
    """Write down who mediates from now on. A new leading mediator replaces the one before, and the case is theirs.

    Refused: a party or agent of this dispute, and whoever had to step aside here (调解法§23). Raises NotAllowed.
    """
    if Party.objects.filter(case=act.case, name=name).exists():
        raise NotAllowed(f"{name}与本案当事人（代理人）同名。当事人不能调解自己的纠纷；确系同名的，请换一位调解员。", code="is_party", status=422)
    same = {"mediating__user_id": user_id} if user_id is not None else {"mediating__user": None, "mediating__name": name}
    if Challenge.objects.filter(mediating__dispute=act.dispute, is_upheld=True, **same).exists():
        raise NotAllowed(f"{name}已经因当事人申请回避，不能再调解本件。", code="stepped_aside", status=422)
    running = Mediating.objects.filter(dispute=act.dispute, until_on=None)
    if part == Mediating.Part.LEADING:
        running.filter(part=part).update(until_on=act.today, ended_because="更换主持调解员")
        if user_id is not None:
            act.case.handler_id = user_id
    if user_id is not None:
        running.filter(user_id=user_id).update(until_on=act.today, ended_because="分工变更")
        act.shown |= cases.show_to(act.case, {-user_id})
    return Mediating.objects.create(
        dispute=act.dispute,
        user_id=user_id,
        mediator_id=mediator_id,
        name=name,
        unit_id=unit_id,
        chosen=chosen,
        part=part,
        accepted_by=list(accepted_by),
        words=words[:500],
        since_on=act.today,
        by=act.by.user,
        at=act.now,
    )


@transaction.atomic
def challenge(
    number: str, *, mediating_id: int, letter: str, ground: str, words: str, raised_on: date, by: Scope, version: int | None = None
) -> Dispute:
    """A side asks that a mediator step aside: from now on nothing is mediated until that is decided (调解法§23). Raises NotAllowed."""
    act = beats.begin("challenge", number, by, version)
    row = Mediating.objects.filter(pk=mediating_id, dispute=act.dispute, until_on=None).first()
    if row is None:
        raise NotAllowed("这位调解员现在不调解本件。", code="not_mediating")
    if Challenge.objects.filter(mediating=row, decided_on=None).exists():
        raise NotAllowed("已有一份回避申请等待决定。", code="challenged")
    if raised_on > act.today:
        raise NotAllowed("提出日期不能晚于今天。", code="future", status=422)
    Challenge.objects.create(mediating=row, letter=letter, ground=ground, words=words, raised_on=raised_on, by=by.user, at=act.now)
    notices.notify(act.case, kind="dispute.challenge", text=f"{number} 当事人要求调解员{row.name}回避", at=act.now, to_unit_id=act.case.unit_id)
    side = f"{Side.Letter(letter).label}要求{row.name}回避"
    return beats.finish(act, text=words, detail={"challenged": side, "ground": Challenge.Ground(ground).label})


@transaction.atomic
def decide_challenge(number: str, *, is_upheld: bool, words: str, by: Scope, version: int | None = None) -> Dispute:
    """Whether the mediator steps aside; the one concerned does not decide about it (调解法§23). Raises NotAllowed."""
    act = beats.begin("decide_challenge", number, by, version)
    row = Challenge.objects.filter(mediating__dispute=act.dispute, decided_on=None).select_related("mediating").first()
    if row is None:
        raise NotAllowed("没有等待决定的回避申请。", code="no_challenge")
    held = row.mediating
    if held.user_id is not None and held.user_id == by.user.id:
        raise NotAllowed("不能决定自己是否回避，请由其他负责人决定。", code="self", status=403)
    row.is_upheld, row.decided_on, row.decided_words, row.decided_by = is_upheld, act.today, words[:500], by.user
    row.save(update_fields=["is_upheld", "decided_on", "decided_words", "decided_by"])
    if is_upheld:
        held.until_on, held.ended_because = act.today, "应当回避"
        held.save(update_fields=["until_on", "ended_because"])
        if act.case.handler_id == held.user_id:
            act.case.handler_id = None
    detail = {"mediator": held.name, "decision": "应当回避，另行确定调解员" if is_upheld else "不需要回避"}
    return beats.finish(act, text=words, detail=detail)
