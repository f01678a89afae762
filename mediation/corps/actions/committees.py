"""People's mediation committees, their seats, and the households their norm is reckoned from (L-MED-1, MED-11)."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from mediation.corps import norms, rules, scope
from mediation.corps.actions import writing
from mediation.models import Committee, Households, Seat
from organisations import clock, directory
from organisations.models import AccessEntry
from organisations.rules import NotAllowed
from organisations.scope import Scope


@transaction.atomic
def set_up_committee(unit_id: int, *, name: str, on: date, by: Scope) -> Committee:
    """A people's mediation committee at a unit (调解法§8). Raises NotAllowed."""
    scope.keeper_at(by, unit_id)
    if on > clock.today():
        raise NotAllowed("设立日期不能晚于今天。", code="future", status=422)
    try:
        with transaction.atomic():
            made = Committee.objects.create(unit_id=unit_id, name=name, set_up_on=on, entered_by=by.user, entered_at=clock.now())
    except IntegrityError as error:
        raise NotAllowed("这个单位已经有调委会。", code="twice", status=422) from error
    writing.log_row(AccessEntry.Event.APPOINT, "committee", made.pk, name, by, unit_id, "设立调委会")
    return made


@transaction.atomic
def seat(committee_id: int, mediator_id: int, *, post: str, on: date, by: Scope) -> Seat:
    """Elect a member or the chair («chair» or «member»); a new chair follows the old, who stays a member. Raises NotAllowed."""
    now = clock.now()
    committee = Committee.objects.select_for_update().get(pk=committee_id, unit__in=scope.visible_units(by))
    scope.keeper_at(by, committee.unit_id)
    mediator = scope.visible(by).serving(timezone.localdate(now)).filter(pk=mediator_id).first()
    if mediator is None:
        raise NotAllowed("只有在任的队员可以进调委会。", code="not_serving", status=422)
    rules.check_on(on, begun=committee.set_up_on or date(2000, 1, 1), today=timezone.localdate(now), what="当选日期")
    sitting = list(Seat.objects.select_for_update().filter(committee=committee, until_on=None))
    for held in sitting:
        if held.mediator_id == mediator_id or (held.is_chair and post == "chair"):
            held.until_on = max(on, held.from_on)
            held.save(update_fields=["until_on"])
            if held.mediator_id != mediator_id:
                Seat.objects.create(committee=committee, mediator_id=held.mediator_id, from_on=on, by=by.user, at=now)
    if not any(held.mediator_id == mediator_id for held in sitting):
        rules.check_seat(committee, norms.on(timezone.localdate(now)), members=len(sitting))
    made = Seat.objects.create(committee=committee, mediator=mediator, is_chair=post == "chair", from_on=on, by=by.user, at=now)
    writing.log(AccessEntry.Event.APPOINT, mediator, by, f"{committee.name}{'主任' if made.is_chair else '委员'}")
    return made


@transaction.atomic
def unseat(seat_id: int, *, on: date, by: Scope) -> Seat:
    """A member leaves the committee. Raises Seat.DoesNotExist outside the scope, NotAllowed."""
    held = (
        Seat.objects.select_for_update(of=("self",))
        .select_related("committee", "mediator")
        .get(pk=seat_id, until_on=None, committee__unit__in=scope.visible_units(by))
    )
    scope.keeper_at(by, held.committee.unit_id)
    rules.check_on(on, begun=held.from_on, today=clock.today(), what="离任日期")
    held.until_on = on
    held.save(update_fields=["until_on"])
    writing.log(AccessEntry.Event.POST_END, held.mediator, by, f"离开{held.committee.name}")
    return held


@transaction.atomic
def count_households(area_id: int, n: int, *, on: date, by: Scope) -> Households:
    """How many households a village has, as counted on a day; the keeper of the village or above writes it. Raises NotAllowed."""
    tree = directory.current()
    rooms = [unit.id for unit in tree.units.values() if unit.area_id == area_id and unit.kind == "room" and unit.is_active]
    if not rooms:
        raise NotAllowed("这个村没有群众工作室，无法填报户数。", code="no_room", status=422)
    scope.keeper_at(by, rooms[0])
    if n < 1 or on > clock.today():
        raise NotAllowed("户数须大于 0，统计日期不能晚于今天。", code="count", status=422)
    made = Households.objects.create(area_id=area_id, n=n, counted_on=on, by=by.user, at=clock.now())
    writing.log_row(AccessEntry.Event.UNIT, "households", area_id, f"{tree.areas[area_id].path_name} {n} 户", by, rooms[0], f"统计日期 {on}")
    return made
