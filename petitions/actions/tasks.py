"""The tasks of a joint handling (联动办): signed for, reported, confirmed or returned (appendix B, Task)."""

from __future__ import annotations

from django.db import transaction

from casework import deadlines, notices
from casework.models import Deadline
from casework.rules import NotAllowed
from organisations.scope import Scope
from petitions.actions import act as beats
from petitions.models import Petition, Task


@transaction.atomic
def sign_task(number: str, *, no: int, by: Scope, version: int | None = None) -> Petition:
    """The assisting unit signs for its task. Raises NotAllowed."""
    act = beats.begin("sign_task", number, by, version)
    task = _own_task(act, no, Task.State.WAITING)
    task.state = Task.State.SIGNED
    task.save(update_fields=["state"])
    return beats.finish(act, text=task.text, detail={"no": no})


@transaction.atomic
def report_task(number: str, *, no: int, result: str, by: Scope, version: int | None = None) -> Petition:
    """The assisting unit says what it did. Raises NotAllowed."""
    act = beats.begin("report_task", number, by, version)
    task = _own_task(act, no, Task.State.SIGNED)
    task.state, task.result = Task.State.REPORTED, result
    task.reported_by, task.reported_at = by.user, act.now
    task.save(update_fields=["state", "result", "reported_by", "reported_at"])
    _stop_clock(act, task)
    notices.notify(
        act.case,
        kind=f"petition.report_task.{no}",
        text=f"{act.case.number} 协办任务{no}已反馈，请确认",
        at=act.now,
        to_unit_id=act.case.unit_id,
    )
    return beats.finish(act, text=result, detail={"no": no}, findable=result)


@transaction.atomic
def confirm_task(number: str, *, no: int, by: Scope, version: int | None = None) -> Petition:
    """The lead unit confirms; when all are confirmed the reply may go out (HALL-2). Raises NotAllowed."""
    act = beats.begin("confirm_task", number, by, version)
    task = _task(act, no, Task.State.REPORTED)
    task.state, task.confirmed_at = Task.State.CONFIRMED, act.now
    task.save(update_fields=["state", "confirmed_at"])
    return beats.finish(act, text=task.text, detail={"no": no})


@transaction.atomic
def return_task(number: str, *, no: int, reason: str, by: Scope, version: int | None = None) -> Petition:
    """The result is not enough: back to the assisting unit, to its old date. Raises NotAllowed."""
    act = beats.begin("return_task", number, by, version)
    task = _task(act, no, Task.State.REPORTED)
    task.state = Task.State.SIGNED
    task.save(update_fields=["state"])
    deadlines.turn(
        act.case,
        on=act.today,
        start=[deadlines.Start("pet.task", act.today, "退回协办任务", task.unit_id, task.due_on)],
    )
    notices.notify(
        act.case,
        kind=f"petition.return_task.{no}",
        text=f"{act.case.number} 协办任务{no}退回：{reason}",
        at=act.now,
        to_unit_id=task.unit_id,
    )
    return beats.finish(act, text=reason, detail={"no": no})


def cancel_tasks(act: beats.Act) -> None:
    """What was asked of assisting units falls away with the hold it belonged to; confirmed results stay."""
    Task.objects.filter(petition=act.petition).exclude(state=Task.State.CONFIRMED).update(state=Task.State.CANCELLED)


def _task(act: beats.Act, no: int, state: str) -> Task:
    task = Task.objects.filter(petition=act.petition, no=no).first()
    if task is None:
        raise NotAllowed("没有这项任务。", code="no_task", status=422)
    if task.state != state:
        raise NotAllowed(f"任务现在是“{task.get_state_display()}”，不能“{act.step.label}”。", code="wrong_moment")
    return task


def _own_task(act: beats.Act, no: int, state: str) -> Task:
    task = _task(act, no, state)
    standing = act.by.holds(act.step.roles, task.unit_id)
    if standing is None:
        raise NotAllowed("这项任务不是本单位的。", code="wrong_unit", status=403)
    act.standing = standing
    return task


def _stop_clock(act: beats.Act, task: Task) -> None:
    """Only this unit's task clock stops; the other units' run on."""
    Deadline.objects.filter(case=act.case, key="pet.task", unit=task.unit_id, met_on=None, dropped_on=None).update(met_on=act.today)
    deadlines.turn(act.case, on=act.today)
