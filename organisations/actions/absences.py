"""Going away and coming back: who stands in, on what authority (beyond.md opening 29)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q

from organisations import access, clock, rules
from organisations.models import Absence, AccessEntry, Post, User
from organisations.roles import ADMIN_ROLES, Role
from organisations.rules import NotAllowed
from organisations.scope import Scope


@transaction.atomic
def go_away(*, user_id: int, substitute_id: int, from_on: date, until_on: date, authority: str, by: Scope) -> Absence:
    """Enter an absence, one's own or (as head) of one's staff. The substitute acts as «B 代 A». Raises NotAllowed."""
    user = User.objects.select_for_update().get(pk=user_id, is_active=True)
    units = _units_of(user.id)
    _check_may_enter(user, units, by)
    substitute = User.objects.get(pk=substitute_id, is_active=True)
    rules.check_absence(
        from_on=from_on,
        until_on=until_on,
        today=clock.today(),
        is_same_person=user.id == substitute.id,
        shares_unit=bool(units & _units_of(substitute.id)),
        is_substitute_away=_away(substitute.id, from_on, until_on),
    )
    if _away(user.id, from_on, until_on):
        raise NotAllowed("这段时间已有请假记录，请先结束原来的。", code="twice")
    absence = Absence.objects.create(
        user=user,
        substitute=substitute,
        from_on=from_on,
        until_on=until_on,
        authority=authority,
        entered_by=by.user,
    )
    _log(absence, by, f"{from_on} 至 {until_on}，{authority}")
    return absence


@transaction.atomic
def come_back(absence_id: int, *, by: Scope) -> Absence:
    """End an absence early: the substitute stands in no longer, at once. Raises NotAllowed."""
    absence = Absence.objects.select_for_update(of=("self",)).select_related("user", "substitute").get(pk=absence_id)
    _check_may_enter(absence.user, _units_of(absence.user_id), by)
    if absence.ended_at is not None or absence.until_on < clock.today():
        raise NotAllowed("这次请假已经结束。", code="ended")
    absence.ended_at = clock.now()
    absence.save(update_fields=["ended_at"])
    _log(absence, by, "提前结束")
    return absence


def end_with_account(user: User, by: Scope) -> None:
    """Nobody stands in for a closed account, nor does a closed account for anybody: the substitute's powers end with it."""
    running = Absence.objects.filter(Q(user=user) | Q(substitute=user), until_on__gte=clock.today(), ended_at=None)
    for absence in running.select_for_update(of=("self",)).select_related("user", "substitute"):
        absence.ended_at = clock.now()
        absence.save(update_fields=["ended_at"])
        _log(absence, by, f"{user.name}的账号停用，同时结束")


def _units_of(user_id: int) -> set[int]:
    return set(Post.objects.current(clock.today()).filter(user=user_id).exclude(role__in=ADMIN_ROLES).values_list("unit_id", flat=True))


def _check_may_enter(user: User, units: set[int], by: Scope) -> None:
    if by.is_admin:
        raise NotAllowed("三员不设业务代理。", code="admin", status=403)
    if user.id == by.user.id:
        return
    own = [s for s in by.standings if s.role == Role.HEAD]
    if not any(s.unit_id in units for s in own):
        raise NotAllowed("只能为本人，或由单位负责人为本单位人员登记请假。", code="wrong_role", status=403)


def _away(user_id: int, from_on: date, until_on: date) -> bool:
    return Absence.objects.filter(user=user_id, from_on__lte=until_on, until_on__gte=from_on, ended_at=None).exists()


def _log(absence: Absence, by: Scope, ground: str) -> None:
    access.log(
        AccessEntry.Event.ABSENCE,
        user=by.user,
        object_type="absence",
        object_id=absence.id,
        object_label=f"{absence.substitute.name} 代 {absence.user.name}",
        ground=ground,
    )
