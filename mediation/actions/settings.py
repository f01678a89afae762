"""The county sets its ladder: a change is a new version of one step from a day on (MED-2)."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from casework.rules import NotAllowed
from mediation import codes
from mediation.models import LadderStep
from mediation.queries import ladder
from organisations import access, clock
from organisations.models import AccessEntry
from organisations.roles import Role
from organisations.rules import check_holds
from organisations.scope import Scope


@transaction.atomic
def set_step(no: int, *, name: str, body: str, chair: str, record: str, valid_from: date, reason: str, by: Scope) -> LadderStep:
    """A new version of one step. What runs on the step goes on under the body it began with. Raises NotAllowed."""
    check_holds(by.roles, Role.SYSTEM_ADMIN)
    now = ladder.bodies(clock.today())[no]
    if valid_from < clock.today():
        raise NotAllowed("新版本只能从今天或以后施行，不能改变已经过去的日子。", code="past", status=422)
    if body not in codes.BODIES:
        raise NotAllowed("请选择组织类型。", code="body", status=422)
    if (name, body, chair, record) == (now.name, now.body, now.chair, now.record):
        raise NotAllowed("没有改动任何内容。", code="nothing_changed", status=422)
    try:
        with transaction.atomic():
            row = LadderStep.objects.create(
                no=no,
                name=name,
                level=now.level,
                body=body,
                chair=chair,
                record=record,
                valid_from=valid_from,
                changed_by=by.user,
                changed_at=clock.now(),
                reason=reason,
            )
    except IntegrityError:
        raise NotAllowed("这一步已经有一个从那天起施行的版本。", code="same_day", status=422) from None
    access.log(
        AccessEntry.Event.POLICY,
        user=by.user,
        object_type="ladder_step",
        object_id=str(no),
        object_label=f"三级六步第{no}步",
        ground=reason,
        detail={"from": now.name, "to": name, "valid_from": valid_from.isoformat()},
    )
    return row
