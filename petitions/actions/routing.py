"""From the office's desk to the unit that answers: route, sign for, object, coordinate, accept, name the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from casework import acting, cases, deadlines, documents, folders, notices
from casework.models import Deadline
from casework.rules import NotAllowed
from organisations import directory
from organisations.models import Post
from organisations.roles import Role
from organisations.scope import Scope
from petitions import papers, rules
from petitions.actions import act as beats
from petitions.actions.naming import check_may_know, desk_of
from petitions.actions.tasks import cancel_tasks
from petitions.models import Dispatch, Objection, Petition, Precedent, Proposal, Task
from petitions.queries import accused
from petitions.queries.terms import simple_facts
from petitions.rules import Mode, State

#: The limits that hang on one unit's hold and fall away when it gives the case up.
UNIT_LIMITS = ("pet.notify_forwarded", "pet.object", "pet.simple_accept", "pet.promised", "pet.immediate", "pet.task", "pet.assign_report")


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What one assisting unit is asked to do (联动办)."""

    unit_id: int
    text: str
    due_on: date


@acting.whole
def route(
    number: str,
    *,
    mode: str,
    to_unit_id: int,
    words: str,
    by: Scope,
    version: int | None = None,
    duty: str = Dispatch.Duty.FORWARD,
    report_due_on: date | None = None,
    promised_on: date | None = None,
    agent_id: int | None = None,
    consent: str = "",
    tasks: Sequence[TaskFacts] = (),
) -> Petition:
    """Send the matter to the unit that has power over it, in one of the four modes (条例§22, HALL-2).

    Starts that unit's 15 days of notice and 5 working days of objection; every assisting unit gets its own task
    with its own date. Raises NotAllowed.
    """
    act = beats.begin("route", number, by, version)
    rules.check_mode(
        mode,
        today=act.today,
        promised_on=promised_on,
        has_agent=agent_id is not None,
        consent=consent,
        task_count=len(tasks),
    )
    if duty == Dispatch.Duty.ASSIGN and (report_due_on is None or report_due_on < act.today):
        raise NotAllowed("交办须写明报告期限，且不能早于今天。", code="report_due_needed", status=422)
    petition = act.petition
    if agent_id is not None:
        _check_agent(act, agent_id)
    petition.mode, petition.promised_on = mode, promised_on
    petition.agent_id, petition.agent_consent = agent_id, consent
    _give_tasks(act, to_unit_id, tasks)  # first: the letter to the responsible unit names who assists
    _hand_to(act, to_unit_id, words, duty=duty, mode=mode, report_due_on=report_due_on)
    act.case.handler_id = agent_id
    to_unit = directory.current().units[to_unit_id]
    return beats.finish(
        act,
        text=words,
        detail={"to_unit": to_unit.short_name, "mode": mode, "duty": duty, "tasks": len(tasks)},
    )


def _check_agent(act: beats.Act, agent_id: int) -> None:
    """The agent of a 代理办 is in office, is not complained about, and sees the case. Raises NotAllowed."""
    if act.case.confidential:
        raise NotAllowed("检举控告事项不能代理办。", code="protected", status=422)
    post = Post.objects.handling(act.today).filter(user=agent_id).select_related("user").first()
    if post is None:
        raise NotAllowed("代办人须是在岗工作人员。", code="agent_gone", status=422)
    rules.check_recusal(handler_name=post.user.name, respondent_name=act.petition.respondent_name)
    act.shown |= cases.show_to(act.case, {-agent_id})


def _hand_to(
    act: beats.Act,
    to_unit_id: int,
    words: str,
    *,
    duty: str,
    mode: str,
    report_due_on: date | None = None,
    is_final: bool = False,
) -> None:
    """The hand-over itself: a dispatch row, the new responsible unit, its readers, its clocks, its notice."""
    case, petition = act.case, act.petition
    unit = directory.current().units.get(to_unit_id)
    if unit is None or not unit.is_active:
        raise NotAllowed("该单位不存在或已撤销，请另选。", code="unit_gone", status=422)
    if to_unit_id == directory.current().centre_id:
        # L-PET-04: the centre registers, forwards and supervises; the unit with power over the matter decides.
        raise NotAllowed("县中心不是有权处理的单位，请选择承办单位。", code="centre_decides_nothing", status=422)
    if unit.kind in directory.ROOMS:
        raise NotAllowed("群众工作室没有承办人，不能作承办单位；请选择镇街工作站或部门。", code="room_handles_nothing", status=422)
    if case.confidential:
        _name_readers(act, to_unit_id)
    else:
        act.shown |= cases.show_to(case, cases.unit_readers([to_unit_id]))
    sent = Dispatch(
        petition=petition,
        from_unit_id=act.standing.unit_id,
        to_unit_id=to_unit_id,
        duty=duty,
        mode=mode,
        words=words,
        report_due_on=report_due_on,
        is_final=is_final,
        sent_by=act.by.user,
        sent_at=act.now,
    )
    act.new.append(sent)
    case.unit_id, case.handler_id = to_unit_id, None
    petition.is_final_holder = is_final
    starts = [deadlines.Start("pet.notify_forwarded", act.today, "收到转送、交办", to_unit_id)]
    if not is_final:
        starts.append(deadlines.Start("pet.object", act.today, "收到转送、交办", to_unit_id))
    if not rules.why_not_simple(simple_facts(case, petition, mode=mode, is_assigned=duty == Dispatch.Duty.ASSIGN)):
        starts.append(deadlines.Start("pet.simple_accept", act.today, "收到转送、交办", to_unit_id))
    if report_due_on:
        starts.append(deadlines.Start("pet.assign_report", act.today, "交办", to_unit_id, report_due_on))
    if mode == Mode.IMMEDIATE:
        starts.append(deadlines.Start("pet.immediate", act.today, "立即办", to_unit_id))
    if petition.promised_on:
        starts.append(deadlines.Start("pet.promised", act.today, "承诺", to_unit_id, petition.promised_on))
    running = deadlines.turn(case, on=act.today, meet=["pet.forward"], start=starts)
    act.started += [row.pk for row in running if (row.key, row.unit_id) in {(start.key, start.unit_id) for start in starts}]
    beats.issue(act, lambda: papers.letters.dispatched(petition, case, sent, act.today))
    beats.tell(act, kind="petition.route", text=f"{case.number} 转来待签收：{case.title}", to_unit_id=to_unit_id)


def _name_readers(act: beats.Act, to_unit_id: int) -> None:
    """A protected case goes to named discipline contacts, never to the unit complained about (条例§30③)."""
    whom = accused.of(act.petition)
    if to_unit_id in accused.units_of(whom):
        raise NotAllowed("检举控告事项不得转给被检举、控告的单位（条例第三十条）。", code="accused_unit", status=422)
    named = accused.contacts(to_unit_id, whom)
    if not named:
        raise NotAllowed("该单位没有纪检联络员，检举控告事项不能转入。", code="no_discipline", status=422)
    act.shown |= cases.show_to(act.case, named)


def _give_tasks(act: beats.Act, lead_unit_id: int, tasks: Sequence[TaskFacts]) -> None:
    if not tasks:
        return
    unit_ids = [task.unit_id for task in tasks]
    if lead_unit_id in unit_ids or len(set(unit_ids)) != len(unit_ids):
        raise NotAllowed("协办单位不能重复，也不能是牵头单位。", code="task_units", status=422)
    if act.case.confidential:
        raise NotAllowed("检举控告事项不能联动办理。", code="protected", status=422)
    units = directory.current().units
    if any(unit_id not in units or not units[unit_id].is_active or unit_id == directory.current().centre_id for unit_id in unit_ids):
        raise NotAllowed("协办单位不存在、已撤销或是县中心，请另选。", code="unit_gone", status=422)
    if any(units[unit_id].kind in directory.ROOMS for unit_id in unit_ids):
        raise NotAllowed("群众工作室没有承办人，不能作协办单位；请选择镇街工作站或部门。", code="room_handles_nothing", status=422)
    if any(task.due_on < act.today for task in tasks):
        raise NotAllowed("任务期限不能早于今天。", code="task_past", status=422)
    first = len(folders.rows_of(act.case, Task, petition=act.petition)) + 1
    numbered = enumerate(tasks, start=first)
    folders.add(act.case, *(Task(petition=act.petition, no=no, unit_id=task.unit_id, text=task.text, due_on=task.due_on) for no, task in numbered))
    act.shown |= cases.show_to(act.case, cases.unit_readers(unit_ids))
    running = deadlines.turn(
        act.case,
        on=act.today,
        start=[deadlines.Start("pet.task", act.today, "联动办任务", t.unit_id, t.due_on) for t in tasks],
    )
    act.started += [row.pk for row in running if row.key == "pet.task" and row.unit_id in unit_ids]
    for task in tasks:
        notices.notify(
            act.case,
            kind="petition.task",
            text=f"{act.case.number} 协办任务：{task.text}",
            at=act.now,
            to_unit_id=task.unit_id,
        )


@transaction.atomic
def propose(number: str, *, leader_id: int, words: str, by: Scope, version: int | None = None) -> Petition:
    """Put a major or urgent matter before a leader (条例§22(一)). Raises NotAllowed."""
    act = beats.begin("propose", number, by, version)
    in_office = Post.objects.current(act.today).filter(user=leader_id, role=Role.LEADER, user__is_active=True)
    if not in_office.exists():
        raise NotAllowed("请选择在岗的领导。", code="not_a_leader", status=422)
    check_may_know(act, leader_id)
    Proposal.objects.create(petition=act.petition, leader_id=leader_id, words=words, by=by.user, at=act.now)
    cases.show_to(act.case, {-leader_id})
    notices.notify(act.case, kind="petition.propose", text=f"{act.case.number} 请您批示：{act.case.title}", at=act.now, to_user_id=leader_id)
    return beats.finish(act, text=words)


@transaction.atomic
def instruct(number: str, *, words: str, by: Scope, version: int | None = None) -> Petition:
    """The leader's written instruction; the matter is back on the office's desk. Raises NotAllowed."""
    act = beats.begin("instruct", number, by, version)
    proposal = Proposal.objects.filter(petition=act.petition, instructed_at=None).first()
    # A leader may stand in for another: the standing that was asked is the one whose leader it is.
    asked = [s for s in by.standings if s.role in act.step.roles and proposal and proposal.leader_id == (s.on_behalf_of_id or by.user.id)]
    if proposal is None or not asked:
        raise NotAllowed("本件报请的不是您批示。", code="wrong_leader", status=403)
    act.standing = asked[0]
    proposal.instruction, proposal.instructed_at = words, act.now
    proposal.save(update_fields=["instruction", "instructed_at"])
    notices.notify(act.case, kind="petition.instruct", text=f"{act.case.number} 领导已批示", at=act.now, to_unit_id=act.case.unit_id)
    # The words stand in the proposal alone: history is read by everybody who sees the case (L-CLS-43).
    return beats.finish(act, is_internal=True)


@acting.whole
def sign(number: str, *, by: Scope, version: int | None = None) -> Petition:
    """Sign for what was forwarded or assigned; whoever signs owns it until handed over (HALL-14). Raises NotAllowed."""
    act = beats.begin("sign", number, by, version)
    rules.check_recusal(handler_name=by.user.name, respondent_name=act.petition.respondent_name)
    for sent in folders.rows_of(act.case, Dispatch, petition=act.petition, ended_at=None):
        sent.signed_by, sent.signed_at = by.user, act.now
        folders.change(act.case, sent, "signed_by", "signed_at")
    if act.case.handler_id is None:
        act.case.handler_id = by.user.id
    return beats.finish(act)


@transaction.atomic
def object_to(number: str, *, reason: str, by: Scope, suggested_unit_id: int | None = None, version: int | None = None) -> Petition:
    """Object within five working days (条例§23③); a second return goes to the coordination desk. Raises NotAllowed."""
    act = beats.begin("object", number, by, version)
    rules.check_ground(reason, "异议理由")
    dispatch = Dispatch.objects.get(petition=act.petition, ended_at=None)
    if dispatch.is_final:
        raise NotAllowed("责任单位已经协调裁定，不能再提异议。", code="final")
    if Objection.objects.filter(dispatch=dispatch).exists():
        raise NotAllowed("本次转办已提过异议，中心已答复，应由本单位办理。", code="objected_before")
    limit = Deadline.objects.filter(case=act.case, key="pet.object", met_on=None, dropped_on=None).first()
    if limit is not None and act.today > limit.due_on:
        raise NotAllowed(f"异议期（5个工作日）已于 {limit.due_on:%m月%d日} 届满，应由本单位办理（条例第二十三条）。", code="too_late")
    raised = Objection.objects.create(dispatch=dispatch, reason=reason, suggested_unit_id=suggested_unit_id, by=by.user, at=act.now)
    documents.issue(
        act.case, papers.letters.objection(act.petition, act.case, dispatch, raised, by.user.name, act.today), by=act.standing, at=act.now
    )
    earlier = Objection.objects.filter(dispatch__petition=act.petition, decision=Objection.Decision.RETURNED).count()
    to_desk = rules.objection_goes_to_desk(earlier)
    deadlines.turn(act.case, on=act.today, meet=["pet.object"])
    notices.notify(
        act.case,
        kind="petition.object",
        text=f"{act.case.number} {dispatch.to_unit.short_name}提出异议：{reason}",
        at=act.now,
        to_unit_id=dispatch.from_unit_id,
    )
    return beats.finish(act, to=State.DISPUTED if to_desk else None, text=reason)


@transaction.atomic
def agree_return(number: str, *, words: str, by: Scope, version: int | None = None) -> Petition:
    """The objection holds: the case is back on the routing desk; its own 15 days never start afresh. Raises NotAllowed."""
    act = beats.begin("agree_return", number, by, version)
    dispatch = _decide_objection(act, Objection.Decision.RETURNED, words)
    dispatch.ended_at = act.now
    dispatch.save(update_fields=["ended_at"])
    cancel_tasks(act)
    # Not the acting post's unit: on a protected case a discipline contact of any unit may stand here.
    act.case.unit_id, act.case.handler_id = desk_of(act), by.user.id
    cases.mark(act.case, "returned")
    deadlines.turn(
        act.case,
        on=act.today,
        drop=UNIT_LIMITS,
        start=[deadlines.Start("pet.forward", act.petition.received_on, "收到信访事项", act.case.unit_id)],
    )
    return beats.finish(act, text=words, detail={"from_unit": dispatch.to_unit.short_name})


@transaction.atomic
def refuse_return(number: str, *, words: str, by: Scope, version: int | None = None) -> Petition:
    """The objection does not hold: the unit keeps the case and may not object to it again. Raises NotAllowed."""
    act = beats.begin("refuse_return", number, by, version)
    rules.check_ground(words, "不同意退回的理由")
    dispatch = _decide_objection(act, Objection.Decision.REFUSED, words)
    notices.notify(
        act.case,
        kind="petition.refuse_return",
        text=f"{act.case.number} 异议未获同意，请签收办理",
        at=act.now,
        to_unit_id=dispatch.to_unit_id,
    )
    return beats.finish(act, text=words)


@transaction.atomic
def coordinate(number: str, *, to_unit_id: int, words: str, by: Scope, version: int | None = None) -> Petition:
    """The coordination desk decides for good, and the decision is kept as a precedent (条例§24①). Raises NotAllowed."""
    act = beats.begin("coordinate", number, by, version)
    rules.check_ground(words, "裁定理由")
    held = _decide_objection(act, Objection.Decision.COORDINATED, words)
    held.ended_at = act.now
    held.save(update_fields=["ended_at"])
    earlier = set(Dispatch.objects.filter(petition=act.petition).values_list("to_unit_id", flat=True))
    cancel_tasks(act)
    deadlines.turn(act.case, on=act.today, drop=UNIT_LIMITS)
    _hand_to(act, to_unit_id, words, duty=held.duty, mode=held.mode, report_due_on=held.report_due_on, is_final=True)
    detail = {"to_unit": directory.current().units[to_unit_id].short_name, "precedent": _keep_precedent(act, to_unit_id, words, earlier)}
    return beats.finish(act, text=words, detail=detail)


def _keep_precedent(act: beats.Act, to_unit_id: int, words: str, earlier: set[int]) -> int | None:
    """What was decided is offered for the next such case; of a protected one nothing is offered to anybody (L-PET-86)."""
    if act.case.confidential:
        return None
    precedent = Precedent.objects.create(
        topic_code=act.case.topic_code,
        town_code=act.case.town_code,
        unit_id=to_unit_id,
        reason=words,
        petition=act.petition,
        decided_by=act.by.user,
        decided_at=act.now,
    )
    precedent.not_units.set(earlier - {to_unit_id})
    return precedent.pk


@acting.whole
def accept(number: str, *, words: str, by: Scope, version: int | None = None) -> Petition:
    """Tell the petitioner in writing that the matter is received, and how it will be handled (条例§23③).

    The 60 days count from the notice, at the latest from the day the notice was due (L-PET-20). Raises NotAllowed.
    """
    act = beats.begin("accept", number, by, version)
    rules.check_filled({"受理意见": words})
    notice = next(iter(folders.rows_of(act.case, Deadline, case=act.case, key="pet.notify_forwarded", met_on=None, dropped_on=None)), None)
    base = min(act.today, notice.due_on) if notice else act.today
    act.petition.accepted_on = act.today
    if act.case.handler_id is None:
        rules.check_recusal(handler_name=by.user.name, respondent_name=act.petition.respondent_name)
        act.case.handler_id = by.user.id
    deadlines.turn(
        act.case,
        on=act.today,
        meet=["pet.notify_forwarded"],
        drop=["pet.object", "pet.simple_accept"],
        start=[deadlines.Start(rules.handling_key(act.petition.purpose), base, "受理之日", act.case.unit_id)],
    )
    # L-PET-32: nobody is owed a letter whose name or address is not known; the acceptance itself stands.
    if not act.petition.is_anonymous:
        beats.issue(act, lambda: [papers.acceptance(act.petition, act.case, act.today)])
    return beats.finish(act, text=words)


@transaction.atomic
def designate(number: str, *, person_id: int, words: str = "", by: Scope, version: int | None = None) -> Petition:
    """Name the person of the unit who handles the matter; who is complained about may not (条例§28③). Raises NotAllowed."""
    act = beats.begin("designate", number, by, version)
    post = Post.objects.handling(act.today).filter(user=person_id, unit=act.case.unit_id).select_related("user").first()
    if post is None:
        raise NotAllowed("只能指定本单位在岗人员，领导和审计员除外。", code="not_of_unit", status=422)
    rules.check_recusal(handler_name=post.user.name, respondent_name=act.petition.respondent_name)
    check_may_know(act, person_id)
    act.case.handler_id = person_id
    act.shown |= cases.show_to(act.case, {-person_id} if act.case.confidential else set())
    notices.notify(act.case, kind="petition.designate", text=f"{act.case.number} 由您承办：{act.case.title}", at=act.now, to_user_id=person_id)
    return beats.finish(act, text=words, detail={"to": post.user.name})


def _decide_objection(act: beats.Act, decision: str, words: str) -> Dispatch:
    dispatch = Dispatch.objects.select_related("to_unit").get(petition=act.petition, ended_at=None)
    Objection.objects.filter(dispatch=dispatch).update(decision=decision, decided_by=act.by.user, decided_at=act.now, words=words)
    return dispatch
