"""The way home: report to the centre, go back to the petitioner, close; or reopen, withdraw, void."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from casework import acting, cases, deadlines, folders, notices
from casework.rules import NotAllowed, Outcome
from organisations.scope import Scope
from petitions import codes, papers, rules
from petitions.actions import act as beats
from petitions.actions.answering import HANDLING_LIMITS, open_task_count
from petitions.actions.naming import desk_of, tell_desk
from petitions.actions.tasks import cancel_tasks
from petitions.actions.terms import end_suspension
from petitions.models import Dispatch, Feedback, Petition, Point, Reply
from petitions.queries import batches
from petitions.queries.acts import closable
from petitions.rules import State, chain, supervision

#: Nothing of ours runs any more once the case is closed or void; the citizen's rights run on.
ALL_DUTIES = (*HANDLING_LIMITS, *chain.ORGAN_LIMITS, "pet.object", "pet.task", "pet.simple_accept", "pet.suspended", "pet.urgent_report")


@acting.whole
def report(number: str, *, words: str, by: Scope, version: int | None = None) -> Petition:
    """The handler's result goes back to the office (HALL-3). Raises NotAllowed."""
    act = beats.begin("report", number, by, version)
    if open_task_count(act.petition, act.case):
        raise NotAllowed("联动办还有协办任务未确认，不能报中心。", code="tasks_open")
    sent = next(iter(folders.rows_of(act.case, Dispatch, petition=act.petition, ended_at=None, duty=Dispatch.Duty.ASSIGN)), None)
    if sent is not None:
        beats.issue(act, lambda: [papers.letters.result_report(act.petition, act.case, sent, words, by.user.name, act.today)])
    tell_desk(act, f"{act.case.number} 办理结果已报，请回访：{act.case.title}")
    return beats.finish(act, text=words, findable=words)


@acting.whole
def feedback(
    number: str,
    *,
    way: str,
    on: date,
    words: str,
    is_reached: bool,
    by: Scope,
    office_rating: str = "",
    unit_rating: str = "",
    reason: str = "",
    version: int | None = None,
) -> Petition:
    """Go back to the petitioner; office and unit are rated apart (L-CLS-20, L-CLS-25). Raises NotAllowed.

    An attempt that reached nobody is recorded and changes no state.
    """
    act = beats.begin("feedback", number, by, version)
    if on > act.today:
        raise NotAllowed("回访日期不能晚于今天。", code="future", status=422)
    if not is_reached:
        office_rating = unit_rating = ""
    if rules.DISSATISFIED in (office_rating, unit_rating) and not reason.strip():
        raise NotAllowed("评价为“不满意”的，请写明原因。", code="reason_needed", status=422)
    act.new.append(
        Feedback(
            petition=act.petition,
            way=way,
            on=on,
            words=words,
            is_reached=is_reached,
            office_rating=office_rating,
            unit_rating=unit_rating,
            reason=reason,
            by=by.user,
            at=act.now,
        )
    )
    if rules.DISSATISFIED in (office_rating, unit_rating):
        cases.mark(act.case, "dissatisfied")
    if is_reached and "dissatisfied" in act.case.marks:
        deadlines.turn(act.case, on=act.today, meet=["pet.call_back"])
    if office_rating and unit_rating and rules.DISSATISFIED not in (office_rating, unit_rating):
        cases.unmark(act.case, "dissatisfied")
    detail = {
        "way": rules.FeedbackWay(way).label,
        "on": on.isoformat(),
        "office_rating": codes.SATISFACTION_LEVELS.label(office_rating) if office_rating else "",
        "unit_rating": codes.SATISFACTION_LEVELS.label(unit_rating) if unit_rating else "",
        "reason": reason,
        "is_reached": is_reached,
    }
    to = None if is_reached else act.case.state
    return beats.finish(act, to=to, text=words, detail=detail, findable=words)


@acting.whole
def close(number: str, *, by: Scope, words: str = "", version: int | None = None) -> Petition:
    """Conclude: reply and feedback stand, no task is open (HALL-1). The outcome is the reply's. Raises NotAllowed."""
    act = beats.begin("close", number, by, version)
    petition = act.petition
    if supervision.SUPERVISED in act.case.marks:
        raise NotAllowed("本件正在督办，督办办结以后才能办结。", code="supervised")
    rules.check_closable(**closable(petition, act.case))
    deadlines.turn(act.case, on=act.today, drop=ALL_DUTIES)
    cases.close(act.case, petition.settled_as, act.now)
    return beats.finish(act, text=words, detail={"outcome": Outcome(petition.settled_as).label})


@transaction.atomic
def reopen(number: str, *, reason: str, due_on: date, by: Scope, version: int | None = None) -> Petition:
    """Handled again by the same unit, to a date the office sets; the first limit's record stays (L-CLS-26).

    Each point must be decided anew (its words stay to be worked on). What the centre itself answered or guided
    elsewhere goes back to its routing desk: the centre decides nothing (L-PET-04). Raises NotAllowed.
    """
    act = beats.begin("reopen", number, by, version)
    if due_on < act.today:
        raise NotAllowed("重新办理的期限不能早于今天。", code="due_past", status=422)
    if act.petition.concluded_on is not None:
        raise NotAllowed("本件已三级终结，不能重新办理；有新的事实、理由的，请另行登记（条例第三十六条）。", code="concluded")
    cases.reopen(act.case)
    act.petition.reopened += 1
    act.petition.settled_as = ""
    act.petition.replied_on = act.petition.delivered_on = None
    Point.objects.filter(petition=act.petition).update(support="")
    cases.mark(act.case, "reopened")
    deadlines.turn(
        act.case,
        on=act.today,
        meet=["pet.call_back"],
        start=[deadlines.Start("pet.assign_report", act.today, "重新办理", act.case.unit_id, due_on)],
    )
    notices.notify(
        act.case,
        kind="petition.reopen",
        text=f"{act.case.number} 须重新办理：{reason}",
        at=act.now,
        to_unit_id=act.case.unit_id,
    )
    is_ours = act.case.unit_id == desk_of(act)
    return beats.finish(act, to=State.RETURNED if is_ours else None, text=reason, detail={"due_on": due_on.isoformat()})


@transaction.atomic
def withdraw(number: str, *, words: str, by: Scope, version: int | None = None) -> Petition:
    """The petitioner takes it back of their own will; the office still goes back to them before it closes."""
    act = beats.begin("withdraw", number, by, version)
    Reply.objects.create(
        petition=act.petition,
        text=words,
        outcome=Outcome.WITHDRAWN,
        prepared_by=by.user,
        prepared_at=act.now,
        approved_by=by.user,
        approved_at=act.now,
    )
    act.petition.settled_as = Outcome.WITHDRAWN
    end_suspension(act, words)
    cancel_tasks(act)
    deadlines.turn(act.case, on=act.today, drop=ALL_DUTIES)
    tell_desk(act, f"{act.case.number} 信访人撤回，请回访核实")
    return beats.finish(act, text=words)


@transaction.atomic
def void(number: str, *, reason: str, by: Scope, version: int | None = None) -> Petition:
    """A registration made in error; the number stays, so that the series has no gap (L-PET-37). Raises NotAllowed."""
    act = beats.begin("void", number, by, version)
    if Dispatch.objects.filter(petition=act.petition).exists():
        raise NotAllowed("本件已经分流过，不能作废。", code="routed_before")
    deadlines.turn(act.case, on=act.today, drop=(*ALL_DUTIES, *supervision.LIMITS))
    cases.close(act.case, Outcome.VOIDED, act.now)
    return beats.finish(act, to=State.VOIDED, text=reason)


@transaction.atomic
def retract(number: str, *, reason: str, by: Scope, version: int | None = None) -> Petition:
    """Take an imported case back with its whole batch; only what came from a ledger can be (ALL-7). Raises NotAllowed.

    A protected one is voided by who brought it in, or by its contact when the office has asked for the whole batch: a complaint
    is not buried by the one person who holds it (L-PET-86).
    """
    act = beats.begin("retract", number, by, version)
    batch = batches.batch_of(act.case)
    if batch is None:
        raise NotAllowed("本件不是批量导入的，不能撤销导入。", code="not_imported")
    if act.case.confidential and by.user.id != batch.by_id and batches.UNDO_ASKED not in batch.options:
        raise NotAllowed("检举控告类事项，要在县中心提出撤销整批导入以后才能撤销。", code="not_asked")
    end_suspension(act, reason)
    deadlines.turn(act.case, on=act.today, drop=(*ALL_DUTIES, "pet.satisfaction", "pet.review_apply", "pet.rereview_apply", *supervision.LIMITS))
    cases.close(act.case, Outcome.VOIDED, act.now)
    return beats.finish(act, text=reason)
