"""What leaders do: instructions with an answer, receptions, and hard cases they take on themselves (条例§18②, L-CLS-40…43).

The words of an instruction are read by leaders, the office and the unit it names; history, search and exports say only
that there is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from casework import cases, documents, notices
from casework.rules import NotAllowed
from organisations import directory
from organisations.models import Post
from organisations.roles import ROLES, Role
from organisations.scope import Scope
from petitions import codes
from petitions.actions import act as beats
from petitions.actions.naming import check_may_know, desk_of
from petitions.actions.supervision import Term, meet_clock, run_clock, stand_for, unit_name
from petitions.models import Instruction, Petition, Reception, Sponsorship, SponsorVisit
from petitions.papers import supervision as papers
from petitions.rules import supervision as ladder

INSTRUCTION_TERM = Term("", "pet.instruction")
SPONSOR_TERM = Term("", "pet.sponsor")


# -- 批示 ------------------------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def give_instruction(number: str, *, words: str, unit_id: int, by: Scope, due_on: date | None = None, version: int | None = None) -> Petition:
    """A leader's written instruction on any case they see, to a unit, with a date or without (L-CLS-43). Raises NotAllowed."""
    act = beats.begin("give_instruction", number, by, version)
    leader_id = act.standing.on_behalf_of_id or by.user.id
    _instruct(act, leader_id, words, unit_id, due_on)
    desk_id = desk_of(act)
    if unit_id != desk_id:
        text = f"{act.case.number} 领导批示已交{unit_name(unit_id)}落实"
        notices.notify(act.case, kind="petition.give_instruction", text=text, at=act.now, to_unit_id=desk_id)
    return beats.finish(act, detail=_task_detail(unit_id, due_on), is_internal=True)


def _instruct(act: beats.Act, leader_id: int, words: str, unit_id: int, due_on: date | None) -> Instruction:
    if due_on is not None and due_on < act.today:
        raise NotAllowed("反馈期限不能早于今天。", code="due_past", status=422)
    show_to_unit(act, unit_id)
    row = Instruction.objects.create(petition=act.petition, leader_id=leader_id, words=words, unit_id=unit_id, due_on=due_on, at=act.now)
    if due_on is not None:
        run_clock(act, INSTRUCTION_TERM, unit_id, "领导批示", due_on)
    text = f"{act.case.number} 领导批示由你单位落实，请查看：{act.case.title}"
    notices.notify(act.case, kind="petition.give_instruction", text=text, at=act.now, to_unit_id=unit_id)
    return row


@transaction.atomic
def answer_instruction(number: str, *, no: int, text: str, by: Scope, version: int | None = None) -> Petition:
    """The unit reports what came of it; the leader is told. Raises NotAllowed."""
    act = beats.begin("answer_instruction", number, by, version)
    row = _instruction(act, no)
    if row.replied_at is not None:
        raise NotAllowed("这一项批示已经反馈过了。", code="wrong_moment")
    stand_for(act, row.unit_id)
    row.reply, row.replied_by, row.replied_at = text, by.user, act.now
    row.save(update_fields=["reply", "replied_by", "replied_at"])
    others = Instruction.objects.filter(petition=act.petition, unit=row.unit_id, replied_at=None).values_list("due_on", flat=True)
    meet_clock(act, INSTRUCTION_TERM, row.unit_id, "领导批示", [due_on for due_on in others if due_on])
    note = f"{act.case.number} {unit_name(row.unit_id)}已反馈批示落实情况，请阅"
    notices.notify(act.case, kind="petition.answer_instruction", text=note, at=act.now, to_user_id=row.leader_id)
    return beats.finish(act, detail={"from": unit_name(row.unit_id)}, is_internal=True)


@transaction.atomic
def acknowledge_instruction(number: str, *, no: int, by: Scope, version: int | None = None) -> Petition:
    """The leader who gave it has read the answer. Raises NotAllowed."""
    act = beats.begin("acknowledge_instruction", number, by, version)
    row = _instruction(act, no)
    mine = [s for s in by.standings if s.role is Role.LEADER and row.leader_id == (s.on_behalf_of_id or by.user.id)]
    if not mine:
        raise NotAllowed("这一项批示不是您作出的。", code="wrong_leader", status=403)
    if row.replied_at is None or row.seen_at is not None:
        raise NotAllowed("落实情况还没有反馈，或您已经阅知。", code="wrong_moment")
    act.standing = mine[0]
    row.seen_at = act.now
    row.save(update_fields=["seen_at"])
    notices.notify(act.case, kind="petition.seen_instruction", text=f"{act.case.number} 领导已阅批示落实情况", at=act.now, to_unit_id=row.unit_id)
    return beats.finish(act, detail={"from": unit_name(row.unit_id)}, is_internal=True)


def _instruction(act: beats.Act, no: int) -> Instruction:
    row = Instruction.objects.filter(petition=act.petition, pk=no).first()
    if row is None:
        raise NotAllowed("没有这一项批示。", code="no_instruction", status=422)
    return row


# -- 领导接访 --------------------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def record_reception(
    number: str,
    *,
    leader_id: int,
    mode: str,
    on: date,
    place: str,
    opinion: str,
    by: Scope,
    unit_id: int | None = None,
    due_on: date | None = None,
    version: int | None = None,
) -> Petition:
    """A leader received the person: what was said, who does it until when; the record is a paper (P24, L-PET-70). Raises NotAllowed.

    With a unit the opinion is a task of that unit, answered like any instruction.
    """
    act = beats.begin("record_reception", number, by, version)
    post = leader_post(act, leader_id)
    if on > act.today:
        raise NotAllowed("接访日期不能晚于今天。", code="future", status=422)
    if due_on is not None and unit_id is None:
        raise NotAllowed("写了办结时限的，请选择责任单位。", code="unit_needed", status=422)
    check_may_know(act, leader_id)
    cases.show_to(act.case, {-leader_id})
    row = Reception(
        petition=act.petition,
        leader_id=leader_id,
        post=f"{post.unit.short_name}{post.title or ROLES[Role.LEADER].label}"[:60],
        mode=mode,
        on=on,
        place=place,
        opinion=opinion,
        unit_id=unit_id,
        due_on=due_on,
        by=by.user,
        at=act.now,
    )
    row.document = documents.issue(
        act.case, papers.reception_record(act.petition, act.case, row, post.user.name, act.today), by=act.standing, at=act.now
    )
    row.save(force_insert=True)
    if unit_id is not None:
        _instruct(act, leader_id, opinion, unit_id, due_on)
    detail = {"leader": post.user.name, "way": codes.RECEPTION_MODES[mode].name, "place": place}
    if unit_id is not None:
        detail |= _task_detail(unit_id, due_on)
    return beats.finish(act, detail=detail)


# -- 领导包案 --------------------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def sponsor(
    number: str,
    *,
    leader_id: int,
    undertaking_unit_id: int,
    plan: str,
    from_on: date,
    until_on: date,
    by: Scope,
    assisting_unit_id: int | None = None,
    guarantees: Sequence[str] = tuple(codes.FOUR_GUARANTEES),
    version: int | None = None,
) -> Petition:
    """A leader takes on a hard case: the leader leads, a unit undertakes, the village assists and warns (HALL-15, L-CLS-42). Raises NotAllowed."""
    act = beats.begin("sponsor", number, by, version)
    if act.case.confidential:
        raise NotAllowed("检举控告事项不作包案。", code="protected", status=422)
    if Sponsorship.objects.filter(petition=act.petition, ended_at=None).exists():
        raise NotAllowed("本件已有领导包案，请先结束再另行安排。", code="sponsored_before")
    post = leader_post(act, leader_id)
    if until_on < max(from_on, act.today):
        raise NotAllowed("包案截止日期不能早于开始日期和今天。", code="period", status=422)
    if assisting_unit_id == undertaking_unit_id:
        raise NotAllowed("协助单位不能与承办单位相同。", code="same_unit", status=422)
    cases.show_to(act.case, {-leader_id})
    for unit_id in (undertaking_unit_id, assisting_unit_id):
        if unit_id is not None:
            show_to_unit(act, unit_id)
    row = Sponsorship(
        petition=act.petition,
        leader_id=leader_id,
        undertaking_unit_id=undertaking_unit_id,
        assisting_unit_id=assisting_unit_id,
        guarantees=list(guarantees),
        plan=plan,
        from_on=from_on,
        until_on=until_on,
        by=by.user,
        at=act.now,
    )
    paper = papers.sponsorship_form(act.petition, act.case, row, post.user.name, (), act.today)
    row.document = documents.issue(act.case, paper, by=act.standing, at=act.now)
    row.save(force_insert=True)
    cases.mark(act.case, ladder.SPONSORED)
    run_clock(act, SPONSOR_TERM, undertaking_unit_id, "领导包案", until_on)
    text = f"{act.case.number} 由{post.user.name}包案，{until_on.month}月{until_on.day}日前化解：{act.case.title}"
    notices.notify(act.case, kind="petition.sponsor", text=text, at=act.now, to_user_id=leader_id)
    for unit_id in (undertaking_unit_id, assisting_unit_id):
        if unit_id is not None:
            notices.notify(act.case, kind="petition.sponsor", text=text, at=act.now, to_unit_id=unit_id)
    detail = {"leader": post.user.name, "to_unit": unit_name(undertaking_unit_id), "due_on": until_on.isoformat()}
    if assisting_unit_id is not None:
        detail["assisting"] = unit_name(assisting_unit_id)
    return beats.finish(act, text=plan, detail=detail)


@transaction.atomic
def record_sponsor_work(number: str, *, kind: str, on: date, words: str, by: Scope, version: int | None = None) -> Petition:
    """What one of the three parties did: the leader's visit, the unit's work, the village's warning (HALL-15). Raises NotAllowed."""
    act = beats.begin("record_sponsor_work", number, by, version)
    row = _sponsorship(act)
    unit_id = _party(act, row)
    if kind == SponsorVisit.Kind.WARNING and unit_id is None:
        raise NotAllowed("动态预警由承办单位或协助的村（社区）报告。", code="not_a_warner", status=422)
    if not row.from_on <= on <= act.today:
        raise NotAllowed("日期不早于包案开始那天，不晚于今天。", code="date", status=422)
    SponsorVisit.objects.create(sponsorship=row, kind=kind, unit_id=unit_id, on=on, words=words, by=by.user, at=act.now)
    if kind == SponsorVisit.Kind.WARNING:
        text = f"{act.case.number} 包案预警：{words}"
        notices.notify(act.case, kind="petition.sponsor_warning", text=text, at=act.now, to_user_id=row.leader_id)
        for told in {row.undertaking_unit_id, desk_of(act)} - {unit_id}:
            notices.notify(act.case, kind="petition.sponsor_warning", text=text, at=act.now, to_unit_id=told)
    detail = {"way": SponsorVisit.Kind(kind).label, "on": on.isoformat()}
    return beats.finish(act, text=words, detail=detail, is_internal=True, findable=words)


@transaction.atomic
def end_sponsorship(number: str, *, result: str, by: Scope, version: int | None = None) -> Petition:
    """The leader, or the office for them, says what came of it; the form is printed whole (P25). Raises NotAllowed."""
    act = beats.begin("end_sponsorship", number, by, version)
    row = _sponsorship(act)
    if act.standing.role is Role.LEADER and row.leader_id != (act.standing.on_behalf_of_id or by.user.id):
        raise NotAllowed("本件的包案领导不是您。", code="wrong_leader", status=403)
    row.result, row.ended_by, row.ended_at = result, by.user, act.now
    visits = SponsorVisit.objects.filter(sponsorship=row).select_related("unit", "by")
    paper = papers.sponsorship_form(act.petition, act.case, row, row.leader.name, visits, act.today)
    row.document = documents.issue(act.case, paper, by=act.standing, at=act.now)
    row.save(update_fields=["result", "ended_by", "ended_at", "document"])
    meet_clock(act, SPONSOR_TERM, row.undertaking_unit_id, "领导包案", ())
    act.case.marks = [code for code in act.case.marks if code != ladder.SPONSORED]
    return beats.finish(act, text=result, detail={"leader": row.leader.name})


def _sponsorship(act: beats.Act) -> Sponsorship:
    row = Sponsorship.objects.filter(petition=act.petition, ended_at=None).select_related("leader").first()
    if row is None:
        raise NotAllowed("本件没有领导包案。", code="not_sponsored")
    return row


def _party(act: beats.Act, row: Sponsorship) -> int | None:
    """Whose record it is: None for the leader's, else the undertaking or assisting unit, or the office for the leader. Raises NotAllowed."""
    for standing in act.by.standings:
        if standing.role is Role.LEADER and row.leader_id == (standing.on_behalf_of_id or act.by.user.id):
            act.standing = standing
            return None
    for unit_id in (row.undertaking_unit_id, row.assisting_unit_id):
        found = act.by.holds(act.step.roles, unit_id) if unit_id is not None else None
        if found is not None:
            act.standing = found
            return unit_id
    office = act.by.holds({Role.OFFICE}, directory.current().centre_id)
    if office is None:
        raise NotAllowed("包案记录由包案领导、承办单位和协助的村（社区）填写。", code="wrong_party", status=403)
    act.standing = office
    return None


# -- people and units named ------------------------------------------------------------------------------------------------------------------


def leader_post(act: beats.Act, leader_id: int) -> Post:
    """The leader's post today. Raises NotAllowed."""
    posts = Post.objects.current(act.today).filter(user=leader_id, role=Role.LEADER, user__is_active=True)
    post = posts.select_related("user", "unit").order_by("id").first()
    if post is None:
        raise NotAllowed("请选择在岗的领导。", code="not_a_leader", status=422)
    return post


def show_to_unit(act: beats.Act, unit_id: int) -> None:
    """A unit named in an act learns of the matter; of a protected one only who holds it or the centre may be named (L-PET-86). Raises NotAllowed."""
    unit = directory.current().units.get(unit_id)
    if unit is None or not unit.is_active:
        raise NotAllowed("该单位不存在或已撤销，请另选。", code="unit_gone", status=422)
    if not act.case.confidential:
        cases.show_to(act.case, cases.unit_readers([unit_id]))
    elif unit_id not in (act.case.unit_id, desk_of(act)):
        raise NotAllowed("检举控告事项只能交承办单位或县中心的知情人员落实。", code="protected", status=422)


def _task_detail(unit_id: int, due_on: date | None) -> dict[str, str]:
    return {"to_unit": unit_name(unit_id), **({"due_on": due_on.isoformat()} if due_on else {})}
