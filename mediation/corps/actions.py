"""The acts on the corps: take in, renew, promote, grade, end; consents; committees; training; duties; joint activities; the county's measures.

Every act runs in one transaction, reads the clock once, fetches its row through the scope, writes a line of the career where it
concerns the person's office, and a line of the access log: an appointment is no case, so no case history holds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from casework.models import Case
from mediation.corps import norms, photos, rules, scope
from mediation.models import (
    Activity,
    Appointment,
    Attended,
    CareerStep,
    Committee,
    CorpsRules,
    Duty,
    Households,
    Mediator,
    Seat,
    Training,
)
from organisations import access, cipher, clock, directory, identity, pinyin
from organisations.models import AccessEntry, User
from organisations.roles import Role
from organisations.rules import NotAllowed, check_holds
from organisations.scope import Scope, Standing

Event, Step = AccessEntry.Event, CareerStep.Kind


@dataclass(frozen=True, slots=True)
class Facts:
    """A person of the corps as typed. Numbers in clear; they are never stored so. An empty number keeps the one that is there."""

    name: str
    sex: str
    kind: str
    unit_id: int
    born_year: int | None = None
    area_id: int | None = None
    id_number: str = ""
    phone: str = ""
    specialities: tuple[str, ...] = ()
    languages: str = ""
    notes: str = ""
    is_civil_servant: bool = False
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A term of office as decided, with its contract if there is one."""

    way: str
    from_on: date
    until_on: date
    decided_by: str
    contract_number: str = ""
    contract_from: date | None = None
    contract_until: date | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a phone said it was; accuracy in metres."""

    latitude: Decimal
    longitude: Decimal
    accuracy: int


# -- people -----------------------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def enter(facts: Facts, term: Term, *, grade: str = "", by: Scope) -> Mediator:
    """Take somebody into the corps with a first term (调解法§9, §14). Raises NotAllowed."""
    now = clock.now()
    standing = scope.keeper_at(by, facts.unit_id)
    mediator = Mediator(grade=grade, entered_by=by.user, entered_at=now)
    _put(mediator, facts)
    _insert(mediator)
    _appoint(mediator, term, by, now)
    _career(mediator, Step.ENTER, term.from_on, standing, now, to_unit_id=mediator.unit_id, to_grade=grade, decided_by=term.decided_by)
    _log(Event.APPOINT, mediator, by, f"入队任职：{term.from_on} 至 {term.until_on}，{term.decided_by}")
    return mediator


@transaction.atomic
def amend(mediator_id: int, facts: Facts, *, words: str, by: Scope) -> Mediator:
    """Correct what is written of a person; the unit changes by promotion only. Raises NotAllowed."""
    mediator, standing, now = _begin(mediator_id, by)
    if facts.unit_id != mediator.unit_id:
        raise NotAllowed("更换所在单位请用“晋升（调任）”。", code="unit", status=422)
    before = _plain(mediator)
    _put(mediator, facts)
    after = _plain(mediator)
    changed = {label: [before[label], after[label]] for label in after if before[label] != after[label]}
    if not changed:
        return mediator
    try:
        with transaction.atomic():
            mediator.save()
    except IntegrityError as error:
        raise _twice(error) from error
    _career(mediator, Step.AMEND, timezone.localdate(now), standing, now, words=f"{'、'.join(changed)}：{words}")
    _log(Event.APPOINT, mediator, by, f"修改资料：{words}", detail={"changed": changed})
    return mediator


@transaction.atomic
def renew(mediator_id: int, term: Term, *, by: Scope) -> Appointment:
    """Another term after the last, which ends as expired when it is over or the new one begins. Raises NotAllowed."""
    mediator, standing, now = _begin(mediator_id, by)
    running = _open(mediator)
    if running is not None:
        rules.check_follows(term.from_on, earlier=running.from_on)
        _close(running, min(running.until_on + timedelta(days=1), term.from_on), Appointment.End.EXPIRED, "")
    made = _appoint(mediator, term, by, now)
    _career(mediator, Step.RENEW, term.from_on, standing, now, to_unit_id=mediator.unit_id, decided_by=term.decided_by)
    _log(Event.APPOINT, mediator, by, f"续任：{term.from_on} 至 {term.until_on}，{term.decided_by}")
    return made


@transaction.atomic
def promote(mediator_id: int, unit_id: int, term: Term, *, words: str, by: Scope) -> Mediator:
    """Call somebody up one rung: village → area station → town, or across (MED-11). The keeper of the new unit decides. Raises NotAllowed."""
    mediator, _, now = _begin(mediator_id, by)
    standing = scope.keeper_at(by, unit_id)
    tree = directory.current()
    here, there = tree.units[mediator.unit_id], tree.units[unit_id]
    if here.id == there.id:
        raise NotAllowed("已经在这个单位。", code="same_unit", status=422)
    has_area_station = any(here.area_id in unit.village_ids for unit in tree.units.values() if unit.is_active)
    rules.check_promotion(here.kind, there.kind, has_area_station=has_area_station)
    running = _open(mediator)
    if running is not None:
        rules.check_follows(term.from_on, earlier=running.from_on)
        _close(running, term.from_on, Appointment.End.MOVED, words)
    mediator.unit_id = unit_id
    mediator.save(update_fields=["unit"])
    _appoint(mediator, term, by, now)
    _career(mediator, Step.PROMOTE, term.from_on, standing, now, from_unit_id=here.id, to_unit_id=there.id, decided_by=term.decided_by, words=words)
    _log(Event.APPOINT, mediator, by, f"{here.short_name} → {there.short_name}：{words}")
    return mediator


@transaction.atomic
def regrade(mediator_id: int, grade: str, *, on: date, decided_by: str, words: str, by: Scope) -> Mediator:
    """Give a grade; the history keeps the earlier one and who decided. Raises NotAllowed."""
    mediator, standing, now = _begin(mediator_id, by)
    if mediator.user_id == by.user.id:
        raise NotAllowed("不能评定自己的等级。", code="self", status=403)
    if grade == mediator.grade:
        raise NotAllowed(f"现在就是{mediator.get_grade_display()}。", code="same_grade", status=422)
    rules.check_on(on, begun=date(2000, 1, 1), today=timezone.localdate(now), what="评定日期")
    before, mediator.grade = mediator.grade, grade
    mediator.save(update_fields=["grade"])
    _career(mediator, Step.GRADE, on, standing, now, from_grade=before, to_grade=grade, decided_by=decided_by, words=words)
    _log(Event.APPOINT, mediator, by, f"评定为{mediator.get_grade_display()}：{words}")
    return mediator


@transaction.atomic
def end(mediator_id: int, *, on: date, reason: str, words: str, by: Scope) -> Mediator:
    """End the running term, with its reason; seats in committees end with it. Raises NotAllowed."""
    mediator, standing, now = _begin(mediator_id, by)
    running = _open(mediator)
    if running is None:
        raise NotAllowed(f"{mediator.name}已经离任。", code="ended")
    rules.check_on(on, begun=running.from_on, today=timezone.localdate(now), what="离任日期")
    _close(running, on, reason, words)
    for seat in Seat.objects.select_for_update().filter(mediator=mediator, until_on=None):
        seat.until_on = max(on, seat.from_on)
        seat.save(update_fields=["until_on"])
    _career(mediator, Step.END, on, standing, now, from_unit_id=mediator.unit_id, words=f"{running.get_end_display()}：{words}")
    _log(Event.POST_END, mediator, by, f"{running.get_end_display()}：{words}")
    return mediator


def _begin(mediator_id: int, by: Scope) -> tuple[Mediator, Standing, datetime]:
    """The row through the scope, locked, and the post that writes it. Raises Mediator.DoesNotExist outside the scope, NotAllowed."""
    mediator = scope.visible(by).select_for_update(of=("self",)).get(pk=mediator_id)
    return mediator, scope.keeper_at(by, mediator.unit_id), clock.now()


def _put(mediator: Mediator, facts: Facts) -> None:
    tree = directory.current()
    unit = tree.units[facts.unit_id]
    if not unit.is_active:
        raise NotAllowed(f"“{unit.short_name}”已撤销，请另选单位。", code="unit_closed")
    rules.check_person(name=facts.name, born_year=facts.born_year, today=clock.today())
    rules.check_home(facts.kind, unit.kind, area_id=facts.area_id, area_of_unit=unit.area_id)
    if facts.user_id is not None and not User.objects.filter(pk=facts.user_id, is_clock=False, is_active=True).exists():
        raise NotAllowed("关联的账号不存在或已停用。", code="user", status=422)
    mediator.name, mediator.initials = facts.name, pinyin.initials(facts.name)
    mediator.sex, mediator.born_year, mediator.kind = facts.sex, facts.born_year, facts.kind
    mediator.unit_id = facts.unit_id
    mediator.area_id = facts.area_id or (unit.area_id if unit.kind == "room" else None)
    mediator.specialities, mediator.languages, mediator.notes = list(facts.specialities), facts.languages, facts.notes
    mediator.is_civil_servant, mediator.user_id = facts.is_civil_servant, facts.user_id
    if facts.id_number:
        mediator.id_token = cipher.encrypt(facts.id_number)
        mediator.id_index = cipher.blind_index("id", facts.id_number)
        mediator.id_masked = identity.mask_id(facts.id_number)
    if facts.phone:
        mediator.phone_token = cipher.encrypt(facts.phone)
        mediator.phone_index = cipher.blind_index("phone", facts.phone)
        mediator.phone_masked = identity.mask_phone(facts.phone)


def _insert(mediator: Mediator) -> None:
    try:
        with transaction.atomic():
            mediator.save(force_insert=True)
    except IntegrityError as error:
        raise _twice(error) from error


def _twice(error: IntegrityError) -> NotAllowed:
    if "user_id" in str(error):
        return NotAllowed("这个账号已经关联了另一名队员。", code="twice", status=422)
    return NotAllowed("这个证件号码已经登记在队伍里，请查询后续任或调任。", code="twice", status=422)


def _plain(mediator: Mediator) -> dict[str, str]:
    """What the log may show of a row: masked numbers only."""
    return {
        "姓名": mediator.name,
        "性别": mediator.get_sex_display(),
        "出生年份": str(mediator.born_year or ""),
        "类别": mediator.get_kind_display(),
        "证件号码": mediator.id_masked,
        "电话": mediator.phone_masked,
        "擅长纠纷": ",".join(mediator.specialities),
        "语言": mediator.languages,
        "备注": mediator.notes,
        "公职人员": "是" if mediator.is_civil_servant else "否",
        "账号": str(mediator.user_id or ""),
    }


def _open(mediator: Mediator) -> Appointment | None:
    return Appointment.objects.select_for_update().filter(mediator=mediator, ended_on=None).first()


def _close(appointment: Appointment, on: date, reason: str, words: str) -> None:
    appointment.ended_on, appointment.end, appointment.end_words = on, reason, words
    appointment.save(update_fields=["ended_on", "end", "end_words"])


def _appoint(mediator: Mediator, term: Term, by: Scope, now: datetime) -> Appointment:
    rules.check_term(from_on=term.from_on, until_on=term.until_on, years=norms.on(term.from_on).term_years)
    rules.check_contract(number=term.contract_number, from_on=term.contract_from, until_on=term.contract_until)
    if not term.decided_by.strip():
        raise NotAllowed("请写明由谁推选或决定。", code="decided_by", status=422)
    return Appointment.objects.create(
        mediator=mediator,
        unit_id=mediator.unit_id,
        way=term.way,
        from_on=term.from_on,
        until_on=term.until_on,
        decided_by=term.decided_by,
        contract_number=term.contract_number,
        contract_from=term.contract_from,
        contract_until=term.contract_until,
        entered_by=by.user,
        entered_at=now,
    )


def _career(mediator: Mediator, kind: CareerStep.Kind, on: date, standing: Standing | None, now: datetime, **facts: Any) -> CareerStep:
    """One line of the person's history. Without a standing the person did it."""
    by_id = standing.user_id if standing else (mediator.user_id or 0)
    label = f"{standing.user_name}（{standing.label}）" if standing else f"{mediator.name}（本人）"
    return CareerStep.objects.create(mediator=mediator, kind=kind, on=on, by_id=by_id, by_label=label[:80], at=now, **facts)


def _log(event: AccessEntry.Event, mediator: Mediator, by: Scope, ground: str, **facts: Any) -> None:
    access.log(
        event,
        user=by.user,
        unit_id=mediator.unit_id,
        object_type="mediator",
        object_id=mediator.pk,
        object_label=f"{mediator.name} · {mediator.get_kind_display()}",
        ground=ground,
        **facts,
    )


# -- consents and numbers ---------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def consent(mediator_id: int, *, hours: str, by: Scope) -> Mediator:
    """The person agrees to be shown on the public page at stated hours (MED-9). Raises NotAllowed."""
    mediator, standing, now = _begin_own(mediator_id, by)
    if not hours.strip():
        raise NotAllowed("请填写网上服务时间，如“周一至周五 9:00—11:00”。", code="hours", status=422)
    today = timezone.localdate(now)
    mediator.consented_on, mediator.withdrawn_on, mediator.online_hours = today, None, hours.strip()
    mediator.save(update_fields=["consented_on", "withdrawn_on", "online_hours"])
    _career(mediator, Step.CONSENT, today, standing, now, words=hours.strip())
    _log(Event.APPOINT, mediator, by, f"同意网上公开：{hours.strip()}")
    return mediator


@transaction.atomic
def withdraw(mediator_id: int, *, by: Scope) -> Mediator:
    """The consent is taken back; from today nobody is shown. Raises NotAllowed."""
    mediator, standing, now = _begin_own(mediator_id, by)
    today = timezone.localdate(now)
    if not rules.consents(mediator.consented_on, mediator.withdrawn_on, today):
        raise NotAllowed("现在没有生效的同意。", code="no_consent")
    mediator.withdrawn_on = today
    mediator.save(update_fields=["withdrawn_on"])
    _career(mediator, Step.WITHDRAW, today, standing, now)
    _log(Event.APPOINT, mediator, by, "撤回网上公开")
    return mediator


@transaction.atomic
def consent_position(mediator_id: int, *, by: Scope) -> Mediator:
    """The person, nobody for them, agrees that a duty may carry a position (beyond.md). Raises NotAllowed."""
    mediator, now = _begin_self(mediator_id, by)
    today = timezone.localdate(now)
    if not norms.on(today).takes_positions:
        raise NotAllowed("本县没有开启定位，无须同意。", code="no_positions", status=403)
    mediator.position_consented_on, mediator.position_withdrawn_on = today, None
    mediator.save(update_fields=["position_consented_on", "position_withdrawn_on"])
    _career(mediator, Step.POSITION_CONSENT, today, None, now)
    _log(Event.APPOINT, mediator, by, "本人同意记录定位")
    return mediator


@transaction.atomic
def withdraw_position(mediator_id: int, *, by: Scope) -> Mediator:
    """Taken back by the person at any time. Raises NotAllowed."""
    mediator, now = _begin_self(mediator_id, by)
    today = timezone.localdate(now)
    if not rules.consents(mediator.position_consented_on, mediator.position_withdrawn_on, today):
        raise NotAllowed("现在没有生效的同意。", code="no_consent")
    mediator.position_withdrawn_on = today
    mediator.save(update_fields=["position_withdrawn_on"])
    _career(mediator, Step.POSITION_WITHDRAW, today, None, now)
    _log(Event.APPOINT, mediator, by, "本人撤回定位同意")
    return mediator


def _begin_own(mediator_id: int, by: Scope) -> tuple[Mediator, Standing | None, datetime]:
    """As `_begin`, and the person may do it too (then without a standing)."""
    mediator = scope.visible(by).select_for_update(of=("self",)).get(pk=mediator_id)
    standing = None if mediator.user_id == by.user.id else scope.keeper_at(by, mediator.unit_id)
    return mediator, standing, clock.now()


def _begin_self(mediator_id: int, by: Scope) -> tuple[Mediator, datetime]:
    mediator = scope.visible(by).select_for_update(of=("self",)).get(pk=mediator_id)
    if mediator.user_id != by.user.id:
        raise NotAllowed("定位只能由本人同意、本人撤回。", code="not_self", status=403)
    return mediator, clock.now()


@transaction.atomic
def reveal_phone(mediator_id: int, *, by: Scope) -> str:
    """The telephone in clear, on record before it is shown (L-SEC-7). Raises NotAllowed."""
    mediator = scope.visible(by).get(pk=mediator_id)
    if not mediator.phone_token:
        raise NotAllowed("没有登记电话。", code="empty", status=422)
    _log(Event.REVEAL, mediator, by, "", field="电话")
    return cipher.decrypt(mediator.phone_token)


# -- committees and households ------------------------------------------------------------------------------------------------------------------


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
    _log_row(Event.APPOINT, "committee", made.pk, name, by, unit_id, "设立调委会")
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
    _log(Event.APPOINT, mediator, by, f"{committee.name}{'主任' if made.is_chair else '委员'}")
    return made


@transaction.atomic
def unseat(seat_id: int, *, on: date, by: Scope) -> Seat:
    """A member leaves the committee. Raises NotAllowed."""
    held = Seat.objects.select_for_update(of=("self",)).select_related("committee", "mediator").get(pk=seat_id, until_on=None)
    scope.keeper_at(by, held.committee.unit_id)
    rules.check_on(on, begun=held.from_on, today=clock.today(), what="离任日期")
    held.until_on = on
    held.save(update_fields=["until_on"])
    _log(Event.POST_END, held.mediator, by, f"离开{held.committee.name}")
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
    _log_row(Event.UNIT, "households", area_id, f"{tree.areas[area_id].path_name} {n} 户", by, rooms[0], f"统计日期 {on}")
    return made


def _log_row(event: AccessEntry.Event, kind: str, key: int, label: str, by: Scope, unit_id: int, ground: str) -> None:
    access.log(event, user=by.user, unit_id=unit_id, object_type=kind, object_id=key, object_label=label, ground=ground)


# -- training -----------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lesson:
    """A training, meeting, case observed or hearing attended; `attended`: days by person."""

    kind: str
    name: str
    on: date
    days: Decimal
    place: str
    unit_id: int
    teacher: str = ""
    attended: Mapping[int, Decimal] = field(default_factory=dict)


@transaction.atomic
def hold_training(lesson: Lesson, *, by: Scope) -> Training:
    """Write down what was held and who came (L-MED-2, MED-12). Raises NotAllowed."""
    scope.keeper_at(by, lesson.unit_id)
    if lesson.on > clock.today():
        raise NotAllowed("日期不能晚于今天：登记的是已经举办的培训。", code="future", status=422)
    rules.check_attendance(lesson.days, lesson.attended.values())
    known = set(scope.visible(by).filter(pk__in=lesson.attended).values_list("pk", flat=True))
    if known != set(lesson.attended):
        raise NotAllowed("名单里有不在您管理范围内的人员。", code="outside", status=422)
    made = Training.objects.create(
        kind=lesson.kind,
        name=lesson.name,
        on=lesson.on,
        days=lesson.days,
        place=lesson.place,
        teacher=lesson.teacher,
        unit_id=lesson.unit_id,
        by=by.user,
        at=clock.now(),
    )
    Attended.objects.bulk_create(Attended(training=made, mediator_id=person, days=days) for person, days in sorted(lesson.attended.items()))
    _log_row(Event.APPOINT, "training", made.pk, f"{made.get_kind_display()} {made.name}", by, lesson.unit_id, f"{len(lesson.attended)} 人参加")
    return made


# -- duties (四个至少) ---------------------------------------------------------------------------------------------------------------------------


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
    mediator, standing, now = _begin_own(mediator_id, by)
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
    _log(Event.APPOINT, duty.mediator, by, f"作废履职记录 {duty.on} {duty.get_kind_display()}：{reason.strip()}")
    return duty


def _own_duty(duty_id: int, by: Scope) -> tuple[Duty, datetime]:
    duty = Duty.objects.select_for_update(of=("self",)).select_related("mediator").get(pk=duty_id, mediator__in=scope.visible(by))
    if duty.mediator.user_id != by.user.id:
        scope.keeper_at(by, duty.mediator.unit_id)
    if duty.voided_at is not None:
        raise NotAllowed("这条记录已经作废。", code="voided")
    return duty, clock.now()


# -- joint activities (站办联动) -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Meeting:
    """Something done together with another body."""

    kind: str
    unit_id: int
    on: date
    place: str
    partner: str
    participants: str
    outcome: str
    people_count: int | None = None


@transaction.atomic
def record_activity(meeting: Meeting, *, by: Scope) -> Activity:
    """Write a joint activity down (MED-15). Raises NotAllowed."""
    scope.keeper_at(by, meeting.unit_id)
    if meeting.on > clock.today():
        raise NotAllowed("日期不能晚于今天。", code="future", status=422)
    made = Activity.objects.create(
        kind=meeting.kind,
        unit_id=meeting.unit_id,
        on=meeting.on,
        place=meeting.place,
        partner=meeting.partner,
        participants=meeting.participants,
        people_count=meeting.people_count,
        outcome=meeting.outcome,
        by=by.user,
        at=clock.now(),
    )
    _log_row(Event.APPOINT, "activity", made.pk, f"{made.get_kind_display()} {made.partner}", by, meeting.unit_id, "站办联动")
    return made


# -- the county's measures -----------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def set_rules(measures: Mapping[str, Any], *, valid_from: date, reason: str, by: Scope) -> CorpsRules:
    """A new version of the county's measures, from a day not in the past (L-CUR-7). Raises NotAllowed."""
    check_holds(by.roles, Role.SYSTEM_ADMIN)
    now = clock.now()
    if valid_from < timezone.localdate(now):
        raise NotAllowed("施行日不能早于今天。", code="past", status=422)
    latest = CorpsRules.objects.select_for_update().first()
    if latest is not None and valid_from <= latest.valid_from:
        raise NotAllowed(f"已有自 {latest.valid_from:%Y年%-m月%-d日} 起施行的版本，新版本须更晚。", code="not_later", status=422)
    if measures["committee_least"] > measures["committee_most"]:
        raise NotAllowed("调委会最少人数不能多于最多人数。", code="range", status=422)
    made = CorpsRules.objects.create(**measures, valid_from=valid_from, reason=reason, set_by=by.user, set_at=now)
    access.log(
        Event.POLICY,
        user=by.user,
        object_type="corps_rules",
        object_id=made.pk,
        object_label=f"调解队伍标准，自 {valid_from} 起",
        ground=reason,
        detail={"after": {name: str(value) for name, value in measures.items()}},
    )
    return made
