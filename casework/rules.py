"""What holds for every case, whatever its kind: stages, and how an act is described, allowed and refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import models
from django.utils import timezone

from organisations.roles import ROLES, Role
from organisations.rules import NotAllowed
from organisations.scope import Scope, Standing

__all__ = [
    "NO_BUSINESS",
    "STAGES",
    "NotAllowed",
    "Outcome",
    "Place",
    "Step",
    "Urgency",
    "Where",
    "allowed",
    "check",
    "check_second_person",
    "local_date",
    "role_words",
    "who",
]

#: What an administrator is told at a door to business (L-SEC-4).
NO_BUSINESS = "您的岗位管理系统本身，看不到信访件。"

#: The six stages every list and case header shows; `Case.stage` is 1-based.
STAGES = ("登记", "分流", "受理", "办理", "反馈", "评价")


class Outcome(models.TextChoices):
    """How a case ended. Never added together in a report (beyond.md opening 20)."""

    SOLVED = "solved", "已解决"
    EXPLAINED = "explained", "已解释说明"
    NOT_OURS = "not_ours", "不属本级"
    REFUSED = "refused", "不予受理"
    WITHDRAWN = "withdrawn", "已撤回"
    VOIDED = "voided", "已作废"
    UNSETTLED = "unsettled", "未调成，已告知途径"


class Urgency(models.IntegerChoices):
    NORMAL = 0, "一般"
    PRESSING = 1, "较急"
    URGENT = 2, "紧急"


class Where(StrEnum):
    """At which unit the role must be held."""

    CENTRE = "centre"
    HOLDER = "holder"
    TASK = "task"
    ANY = "any"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Step:
    """One act: from which states, to which, by whom, citing what. The table of steps is the procedure (办理规程).

    `to` None keeps the state. `explain` is what the button's tooltip and the printed procedure say. `key` opens its form on the page.
    """

    label: str
    frm: frozenset[str]
    to: str | None
    roles: frozenset[Role]
    where: Where
    cites: str
    explain: str = ""
    primary: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """What `who` needs to know of the case: who holds it and whose tasks hang on it."""

    state: str
    unit_id: int
    centre_id: int | None
    handler_id: int | None
    is_confidential: bool
    task_unit_ids: frozenset[int] = frozenset()


def who(step: Step, place: Place, scope: Scope) -> Standing | None:
    """The standing by which this person may do the step on that case, or None.

    On a protected case the discipline contact stands for every role at any unit (L-PET-53, L-PET-86).
    """
    roles = step.roles
    if place.is_confidential:
        roles = roles | {Role.DISCIPLINE}
        discipline = scope.holds({Role.DISCIPLINE}, handler_id=place.handler_id)
        if discipline is not None:
            return discipline
    if step.where is Where.ANY:
        return scope.holds(roles, handler_id=place.handler_id)
    if step.where is Where.CENTRE:
        return scope.holds(roles, place.centre_id, place.handler_id)
    if step.where is Where.HOLDER:
        return scope.holds(roles, place.unit_id, place.handler_id)
    if step.where is Where.TASK:
        found = (scope.holds(roles, unit_id, place.handler_id) for unit_id in sorted(place.task_unit_ids))
        return next((standing for standing in found if standing), None)
    if place.handler_id == scope.user.id:
        return scope.home
    return scope.holds({Role.OFFICE}, place.centre_id) or scope.holds({Role.HEAD} | step.roles, place.unit_id, place.handler_id)


def allowed(steps: dict[str, Step], place: Place, scope: Scope) -> dict[str, Step]:
    """The acts this person may do on that case in its state, in the table's order. Buttons are drawn from this."""
    return {code: step for code, step in steps.items() if place.state in step.frm and who(step, place, scope) is not None}


def check(steps: dict[str, Step], code: str, place: Place, scope: Scope, state_labels: dict[str, str]) -> Standing:
    """The standing the act is done by. Raises NotAllowed: 403 for the wrong person, 409 for the wrong moment."""
    step = steps[code]
    standing = who(step, place, scope)
    if standing is None:
        raise NotAllowed(f"“{step.label}”由{role_words(step)}办理，您没有这个岗位。", code="wrong_role", status=403)
    if place.state not in step.frm:
        now = state_labels[place.state]
        raise NotAllowed(
            f"本件现在是“{now}”，不能“{step.label}”。可能已有同事办理，请刷新后再看。",
            code="wrong_moment",
        )
    return standing


def role_words(step: Step) -> str:
    """«承办单位的单位负责人» — who does a step, for refusals and for the printed procedure."""
    place = {
        Where.CENTRE: "县中心的",
        Where.HOLDER: "责任单位的",
        Where.TASK: "任务单位的",
        Where.ANY: "",
        Where.OWNER: "首问责任人或",
    }[step.where]
    return place + "、".join(words(step.roles))


def words(roles: Iterable[Role]) -> list[str]:
    return [facts.label for role, facts in ROLES.items() if role in set(roles)]


def check_second_person(first_id: int | None, second_id: int, what: str) -> None:
    """Whoever proposes does not approve (L-PET-51, L-PET-71). Raises NotAllowed."""
    if first_id == second_id:
        raise NotAllowed(f"{what}须由另一人审批，不能自己批自己。", code="same_person", status=403)


def local_date(moment: datetime) -> date:
    """The calendar day of an instant in the county's time zone."""
    return timezone.localdate(moment)
