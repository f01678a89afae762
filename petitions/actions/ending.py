"""三级终结: the last word, what the unit goes on doing after it, and a right to review that nobody used (条例§36④ §37)."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from casework import cases, deadlines, notices
from casework.models import Case, Deadline
from casework.rules import NotAllowed
from organisations import clock, directory
from organisations.scope import Scope
from petitions.actions import act as beats
from petitions.actions.naming import tell_desk
from petitions.models import FollowUp, Petition
from petitions.queries import review as queries
from petitions.rules import chain

#: What a base unit owes after the last word: it runs on after the case is closed, each task by its own row.
FOLLOW_UP = "pet.follow_up"


@transaction.atomic
def conclude(number: str, *, by: Scope, words: str = "", version: int | None = None) -> Petition:
    """The person let the term for 复查 or 复核 pass: the matter is concluded, the case closed if it was not (L-PET-11). Raises NotAllowed."""
    act = beats.begin("conclude", number, by, version)
    petition, case = act.petition, act.case
    if petition.concluded_on is not None:
        raise NotAllowed("本件已经三级终结。", code="concluded_before")
    right = queries.open_right(petition)
    if not right.is_late(act.today):
        raise NotAllowed(
            f"信访人在 {right.due_on.year}年{right.due_on.month}月{right.due_on.day}日 前还可以申请{right.word}，不能终结。", code="too_early"
        )
    petition.concluded_on = right.due_on
    unmark_lapsed(case)
    cases.mark(case, "concluded")
    deadlines.turn(case, on=act.today, drop=[right.key, *chain.ORGAN_LIMITS])
    if case.is_open:
        cases.close(case, petition.settled_as, act.now)
    return beats.finish(act, text=words or f"未在规定期限内申请{right.word}", detail={"concluded_on": right.due_on.isoformat()})


@transaction.atomic
def follow_up(number: str, *, unit_id: int, text: str, due_on: date, by: Scope, version: int | None = None) -> Petition:
    """Give a base unit something to do for the person after the last word; the matter itself stays closed (条例§37③). Raises NotAllowed."""
    act = beats.begin("follow_up", number, by, version)
    unit = directory.current().units.get(unit_id)
    if act.petition.concluded_on is None:
        raise NotAllowed("本件还没有终结，帮扶任务在终结之后交办（条例第三十七条）。", code="not_concluded")
    if unit is None or not unit.is_active or unit_id == directory.current().centre_id:
        raise NotAllowed("请选择承担帮扶任务的基层单位。", code="unit_gone", status=422)
    if due_on < act.today:
        raise NotAllowed("任务期限不能早于今天。", code="task_past", status=422)
    task = FollowUp.objects.create(petition=act.petition, unit_id=unit_id, text=text, due_on=due_on, by=by.user, at=act.now)
    deadlines.turn(act.case, on=act.today, start=[deadlines.Start(FOLLOW_UP, act.today, "交办帮扶任务", unit_id, due_on, item=task.pk)])
    cases.show_to(act.case, cases.unit_readers([unit_id]))
    notices.notify(act.case, kind="petition.follow_up", text=f"{number} 帮扶任务：{text}", at=act.now, to_unit_id=unit_id)
    return beats.finish(act, text=text, detail={"to_unit": unit.short_name, "due_on": due_on.isoformat()})


@transaction.atomic
def finish_follow_up(number: str, *, task_id: int, result: str, by: Scope, version: int | None = None) -> Petition:
    """The base unit says what it did for the person. Raises NotAllowed."""
    act = beats.begin("finish_follow_up", number, by, version)
    task = FollowUp.objects.filter(petition=act.petition, pk=task_id, done_on=None).first()
    standing = by.holds(act.step.roles, task.unit_id) if task else None
    if task is None or standing is None:
        raise NotAllowed("没有这项待反馈的帮扶任务，或不是您单位的。", code="no_task", status=422)
    act.standing = standing
    task.result, task.done_by, task.done_on = result, by.user, act.today
    task.save(update_fields=["result", "done_by", "done_on"])
    deadlines.meet_item(act.case, FOLLOW_UP, task.pk, on=act.today)
    tell_desk(act, f"{number} 帮扶任务已反馈：{task.text}")
    return beats.finish(act, text=result, findable=result)


def unmark_lapsed(case: Case) -> None:
    case.marks = [mark for mark in case.marks if mark != "lapsed"]


def mark_lapsed(most: int = 500) -> int:
    """Mark the cases whose term for 复查 or 复核 passed unused; the office concludes them, no counter does. Returns how many."""
    today = clock.today()
    found = Deadline.objects.filter(key__in=chain.RIGHT_KEY.values(), due_on__lt=today, met_on=None, dropped_on=None).order_by("id")
    ids = list(found.values_list("pk", "case_id")[:most])
    for deadline_id, case_id in ids:
        _mark_lapsed(deadline_id, case_id, today)
    return len(ids)


@transaction.atomic
def _mark_lapsed(deadline_id: int, case_id: int, today: date) -> None:
    """One right that nobody used: its row is ended, the case bears the mark. A mark is no act: version and history stay."""
    case = Case.objects.select_for_update().get(pk=case_id)
    if Deadline.objects.filter(pk=deadline_id, met_on=None, dropped_on=None).update(dropped_on=today) and not case.confidential:
        cases.mark(case, "lapsed")
        case.save(update_fields=["marks"])
