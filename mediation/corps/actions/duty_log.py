"""The log of duties behind the four at-leasts: in, out, and taken out of the count (MED-14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from casework.models import Case
from mediation.corps import norms, photos, rules, scope
from mediation.corps.actions import writing
from mediation.models import Duty
from organisations import clock
from organisations.models import AccessEntry
from organisations.rules import NotAllowed
from organisations.scope import Scope


@dataclass(frozen=True, slots=True)
class Position:
    """Where a phone said it was; accuracy in metres."""

    latitude: Decimal
    longitude: Decimal
    accuracy: int


@dataclass(frozen=True, slots=True)
class Done:
    """A duty as written down. `left_at` None: checked in, not yet out."""

    kind: str
    came_at: datetime
    place: str
    left_at: datetime | None = None
    words: str = ""
    people_count: int | None = None
    case_number: str = ""
    photo: UploadedFile | None = None
    position: Position | None = None


@transaction.atomic
def log_duty(mediator_id: int, done: Done, *, by: Scope) -> Duty:
    """Check in, or write a duty down afterwards: the person, or a keeper for them (marked so). Raises NotAllowed."""
    mediator, standing, now = writing.begin_own(mediator_id, by)
    today = timezone.localdate(now)
    measures = norms.on(today)
    rules.check_duties_kept(measures)
    on = timezone.localdate(done.came_at)
    rules.check_duty_day(on, today)
    if done.came_at > now or (done.left_at is not None and not done.came_at <= done.left_at <= now):
        raise NotAllowed("签到、签退时间不能晚于现在，签退不能早于签到。", code="time", status=422)
    if not mediator.appointments.running(on).exists():
        raise NotAllowed(f"{mediator.name}当日不在任期内。", code="not_serving")
    if done.position is not None:
        rules.check_position(measures, mediator, today, is_for_another=standing is not None)
    case = _case(done.case_number, by)
    kept = photos.keep(done.photo) if done.photo is not None else photos.NONE
    if kept.sha256 and Duty.objects.filter(photo_sha256=kept.sha256, voided_at=None).exists():
        raise NotAllowed("这张照片已经用过，请上传本次的照片。", code="same_photo", status=422)
    return Duty.objects.create(
        mediator=mediator,
        kind=done.kind,
        came_at=done.came_at,
        left_at=done.left_at,
        on=on,
        place=done.place,
        words=done.words,
        people_count=done.people_count,
        case=case,
        photo_sha256=kept.sha256,
        photo_size=kept.size,
        latitude=done.position.latitude if done.position else None,
        longitude=done.position.longitude if done.position else None,
        accuracy=done.position.accuracy if done.position else None,
        by=by.user,
        is_for_another=standing is not None,
        at=now,
    )


def _case(number: str, by: Scope) -> Case | None:
    if not number:
        return None
    case = Case.objects.visible_to(by).filter(number=number).first()
    if case is None:
        raise NotAllowed(f"没有找到编号为 {number} 的纠纷，请核对。", code="case", status=422)
    return case


@transaction.atomic
def leave(duty_id: int, *, words: str, by: Scope) -> Duty:
    """Check out: the duty ends now. Raises NotAllowed."""
    duty, now = _own_duty(duty_id, by)
    if duty.left_at is not None:
        raise NotAllowed("已经签退。", code="left")
    if timezone.localdate(now) != duty.on:
        raise NotAllowed("只能在签到当天签退；过后请作废重记。", code="too_late")
    duty.left_at, duty.words = now, words or duty.words
    duty.save(update_fields=["left_at", "words"])
    return duty


@transaction.atomic
def void_duty(duty_id: int, *, reason: str, by: Scope) -> Duty:
    """Taken out of the count; the row, its photo and the reason stay. Raises NotAllowed."""
    duty, now = _own_duty(duty_id, by)
    if len(reason.strip()) < 2:
        raise NotAllowed("请写明作废的原因。", code="reason", status=422)
    duty.voided_at, duty.voided_by, duty.void_reason = now, by.user, reason.strip()
    duty.save(update_fields=["voided_at", "voided_by", "void_reason"])
    writing.log(AccessEntry.Event.APPOINT, duty.mediator, by, f"作废履职记录 {duty.on} {duty.get_kind_display()}：{reason.strip()}")
    return duty


def _own_duty(duty_id: int, by: Scope) -> tuple[Duty, datetime]:
    duty = Duty.objects.select_for_update(of=("self",)).select_related("mediator").get(pk=duty_id, mediator__in=scope.visible(by))
    if duty.mediator.user_id != by.user.id:
        scope.keeper_at(by, duty.mediator.unit_id)
    if duty.voided_at is not None:
        raise NotAllowed("这条记录已经作废。", code="voided")
    return duty, clock.now()
