"""The system administrator's acts on the tree of units (ORG-1…3). Paths below a moved unit move with it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from organisations import access, clock, directory, handover, pinyin, rules
from organisations.models import AccessEntry, Area, Post, Unit
from organisations.roles import Role
from organisations.rules import NotAllowed
from organisations.scope import Scope

#: Kinds that need a place, and of which level it may be: the one they answer for, or where an enterprise lies.
AREA_LEVELS: dict[str, tuple[Area.Level, ...]] = {
    Unit.Kind.CENTRE: (Area.Level.COUNTY,),
    Unit.Kind.STATION: (Area.Level.TOWN,),
    Unit.Kind.ROOM: (Area.Level.VILLAGE,),
    Unit.Kind.ENTERPRISE: (Area.Level.VILLAGE, Area.Level.TOWN),
}
#: Under whom the room of an enterprise stands (ORG-1): its town, its area, or the department it belongs to.
ABOVE_ENTERPRISE = (Unit.Kind.STATION, Unit.Kind.AREA_STATION, Unit.Kind.DEPARTMENT)


@transaction.atomic
def create(*, kind: str, name: str, short_name: str, parent_id: int, by: Scope, village_ids: Collection[int] = (), **facts: Any) -> Unit:
    """A new unit under another. `facts`: area_id, is_resident, contact, phone, address, credit_code. Raises NotAllowed."""
    rules.check_holds(by.roles, Role.SYSTEM_ADMIN)
    parent = Unit.objects.select_for_update().get(pk=parent_id)
    _check_open(parent)
    _check_kind(kind, facts.get("area_id"))
    _check_above(kind, parent)
    unit = Unit(
        kind=kind, name=name, short_name=short_name, parent=parent, path=f"new-{uuid.uuid4()}", initials=pinyin.place_initials(short_name), **facts
    )
    _save_named(unit)
    unit.path = f"{parent.path}{unit.id}/"
    unit.save(update_fields=["path"])
    _set_villages(unit, village_ids)
    _done(unit, by, "新建", {"after": {"名称": name, "上级": parent.short_name}})
    return unit


@transaction.atomic
def amend(unit_id: int, *, name: str, short_name: str, by: Scope, village_ids: Collection[int] = (), **facts: Any) -> Unit:
    """Rename or correct a unit; its history keeps the id, so old cases show the new name. Raises NotAllowed."""
    rules.check_holds(by.roles, Role.SYSTEM_ADMIN)
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    before = {"名称": unit.name, "简称": unit.short_name, "入驻大厅": unit.is_resident}
    unit.name, unit.short_name, unit.initials = name, short_name, pinyin.place_initials(short_name)
    for field, value in facts.items():
        setattr(unit, field, value)
    _check_kind(unit.kind, unit.area_id)
    _save_named(unit)
    _set_villages(unit, village_ids)
    _done(unit, by, "修改", {"before": before, "after": {"名称": name, "简称": short_name, "入驻大厅": unit.is_resident}})
    return unit


@transaction.atomic
def move(unit_id: int, *, parent_id: int, by: Scope) -> Unit:
    """Put a unit, with all below it, under another. Raises NotAllowed.

    Who may read a case is settled when it is routed; a moved unit's older cases stay readable by the former parent.
    """
    rules.check_holds(by.roles, Role.SYSTEM_ADMIN)
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    parent = Unit.objects.select_for_update().get(pk=parent_id)
    _check_open(parent)
    if unit.kind == Unit.Kind.CENTRE:
        raise NotAllowed("县中心是全树的根，不能移动。", code="root")
    if parent.path.startswith(unit.path):
        raise NotAllowed("不能移到自己或自己的下级之下。", code="cycle")
    _check_above(unit.kind, parent)
    if unit.parent_id == parent.id:
        return unit
    before, old = (unit.parent.short_name if unit.parent else ""), unit.path
    new = f"{parent.path}{unit.id}/"
    below = Unit.objects.filter(path__startswith=old)
    below.update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)))
    try:
        with transaction.atomic():
            Unit.objects.filter(pk=unit.pk).update(parent=parent)
    except IntegrityError as error:
        raise NotAllowed("新的上级下已有同名单位。", code="name_taken", status=422) from error
    unit.refresh_from_db()
    _done(unit, by, "移动", {"before": {"上级": before}, "after": {"上级": parent.short_name}})
    return unit


@transaction.atomic
def close(unit_id: int, *, successor_id: int | None, by: Scope) -> Unit:
    """Dissolve a unit (撤销) and name its successor; refused while it has people, units below or open cases. Raises NotAllowed."""
    rules.check_holds(by.roles, Role.SYSTEM_ADMIN)
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    today = clock.today()
    if unit.kind == Unit.Kind.CENTRE:
        raise NotAllowed("县中心不能撤销。", code="root")
    if unit.active_until is not None:
        raise NotAllowed("该单位已经撤销。", code="closed")
    if Unit.objects.filter(parent=unit, active_until=None).exists():
        raise NotAllowed("下面还有单位，请先移走或撤销。", code="children")
    people = Post.objects.current(today).filter(unit=unit).count()
    if people:
        raise NotAllowed(f"还有 {people} 个在任岗位，请先由安全管理员免去。", code="posts")
    waiting = handover.open_at_unit(unit.id)
    if waiting:
        raise NotAllowed(f"还有 {waiting} 件未办结，须办结或由县中心转其他单位后才能撤销。", code="open_items")
    if successor_id == unit.id:
        raise NotAllowed("承接单位不能是自己。", code="itself", status=422)
    if successor_id is not None:
        _check_open(Unit.objects.get(pk=successor_id))
    unit.active_until, unit.successor_id = today, successor_id
    unit.save(update_fields=["active_until", "successor"])
    _done(unit, by, "撤销", {"after": {"承接单位": unit.successor.short_name if unit.successor else ""}})
    return unit


def _check_open(unit: Unit) -> None:
    if unit.active_until is not None:
        raise NotAllowed(f"“{unit.short_name}”已撤销，请另选单位。", code="unit_closed")


def _check_kind(kind: str, area_id: int | None) -> None:
    levels = AREA_LEVELS.get(kind, ())
    if levels and (area_id is None or not Area.objects.filter(pk=area_id, level__in=levels).exists()):
        words = "或者".join(level.label for level in levels)
        raise NotAllowed(f"{Unit.Kind(kind).label}须选定属地（{words}）。", code="area_needed", status=422)


def _check_above(kind: str, parent: Unit) -> None:
    if kind == Unit.Kind.ENTERPRISE and parent.kind not in ABOVE_ENTERPRISE:
        raise NotAllowed("企业群众工作室须设在镇（街）、片区站或者县直部门之下。", code="parent", status=422)
    if parent.kind == Unit.Kind.ENTERPRISE:
        raise NotAllowed("企业群众工作室之下不再设单位。", code="parent", status=422)


def _set_villages(unit: Unit, village_ids: Collection[int]) -> None:
    """Only an area station has villages, and a village belongs to at most one of them (ORG-2)."""
    wanted = set(village_ids) if unit.kind == Unit.Kind.AREA_STATION else set()
    taken = Unit.villages.through.objects.filter(area_id__in=wanted, unit__active_until=None).exclude(unit_id=unit.id).select_related("area", "unit")
    first = taken.first()
    if first is not None:
        raise NotAllowed(f"{first.area.name}已归“{first.unit.short_name}”，一个村只能属于一个片区站。", code="village_taken", status=422)
    unit.villages.set(wanted)


def _save_named(unit: Unit) -> None:
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError as error:
        if "unit_short_name_once" in str(error):
            raise NotAllowed(
                f"已有单位的简称是“{unit.short_name}”，文号和清单会分不清。请加上镇街或行业，如“某某镇{unit.short_name}”。",
                code="short_name_taken",
                status=422,
            ) from error
        raise NotAllowed("同一上级下已有同名单位。", code="name_taken", status=422) from error


def _done(unit: Unit, by: Scope, what: str, detail: dict[str, Any]) -> None:
    directory.changed()
    access.log(
        AccessEntry.Event.UNIT,
        user=by.user,
        unit_id=unit.id,
        object_type="unit",
        object_id=unit.id,
        object_label=unit.name,
        ground=what,
        detail=detail,
    )
