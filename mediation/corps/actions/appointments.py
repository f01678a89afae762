"""A person of the corps: taken in, corrected, renewed, promoted, graded, ended (MED-11, L-MED-1, L-MED-2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from mediation.chamber.rules import OPEN
from mediation.corps import norms, rules, scope
from mediation.corps.actions import writing
from mediation.models import Appointment, CareerStep, Invited, Mediator, Seat
from mediation.queries import naming
from organisations import cipher, clock, directory, identity, pinyin
from organisations.models import AccessEntry, User
from organisations.rules import NotAllowed
from organisations.scope import Scope

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


@transaction.atomic
def enter(facts: Facts, term: Term, *, grade: str = "", by: Scope) -> Mediator:
    """Take somebody into the corps with a first term (调解法§9, §14). Raises NotAllowed."""
    now = clock.now()
    standing = scope.keeper_at(by, facts.unit_id)
    if grade and facts.user_id in writing.selves(by):
        raise NotAllowed("不能评定自己的等级。", code="self", status=403)
    mediator = Mediator(grade=grade, entered_by=by.user, entered_at=now)
    _put(mediator, facts)
    _insert(mediator)
    _appoint(mediator, term, by, now)
    writing.career(mediator, Step.ENTER, term.from_on, standing, now, to_unit_id=mediator.unit_id, to_grade=grade, decided_by=term.decided_by)
    writing.log(Event.APPOINT, mediator, by, f"入队任职：{term.from_on} 至 {term.until_on}，{term.decided_by}")
    return mediator


@transaction.atomic
def amend(mediator_id: int, facts: Facts, *, words: str, by: Scope) -> Mediator:
    """Correct what is written of a person; the unit changes by promotion only. Raises NotAllowed."""
    mediator, standing, now = writing.begin(mediator_id, by)
    if facts.unit_id != mediator.unit_id:
        raise NotAllowed("更换所在单位请用“晋升（调任）”。", code="unit", status=422)
    # Grade, pay and withholding are never one's own; whoever could take their account off the row for a while would decide them.
    if facts.user_id != mediator.user_id and not writing.selves(by).isdisjoint({facts.user_id, mediator.user_id}):
        raise NotAllowed("不能更改与您本人（或者您代为办理的同事）账号的关联，请由其他经办人修改。", code="self", status=403)
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
    writing.career(mediator, Step.AMEND, timezone.localdate(now), standing, now, words=f"{'、'.join(changed)}：{words}")
    writing.log(Event.APPOINT, mediator, by, f"修改资料：{words}", detail={"changed": changed})
    return mediator


@transaction.atomic
def renew(mediator_id: int, term: Term, *, by: Scope) -> Appointment:
    """Another term after the last, which ends as expired when it is over or the new one begins. Raises NotAllowed."""
    mediator, standing, now = writing.begin(mediator_id, by)
    running = _open(mediator)
    if running is not None:
        rules.check_follows(term.from_on, earlier=running.from_on)
        _close(running, min(running.until_on + timedelta(days=1), term.from_on), Appointment.End.EXPIRED, "")
    made = _appoint(mediator, term, by, now)
    writing.career(mediator, Step.RENEW, term.from_on, standing, now, to_unit_id=mediator.unit_id, decided_by=term.decided_by)
    writing.log(Event.APPOINT, mediator, by, f"续任：{term.from_on} 至 {term.until_on}，{term.decided_by}")
    return made


@transaction.atomic
def promote(mediator_id: int, unit_id: int, term: Term, *, words: str, by: Scope) -> Mediator:
    """Call somebody up one rung: village → area station → town, or across (MED-11). The keeper of the new unit decides. Raises NotAllowed."""
    mediator, _, now = writing.begin(mediator_id, by)
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
    writing.career(
        mediator, Step.PROMOTE, term.from_on, standing, now, from_unit_id=here.id, to_unit_id=there.id, decided_by=term.decided_by, words=words
    )
    writing.log(Event.APPOINT, mediator, by, f"{here.short_name} → {there.short_name}：{words}")
    return mediator


@transaction.atomic
def regrade(mediator_id: int, grade: str, *, on: date, decided_by: str, words: str, by: Scope) -> Mediator:
    """Give a grade; the history keeps the earlier one and who decided. Raises NotAllowed."""
    mediator, standing, now = writing.begin(mediator_id, by)
    if mediator.user_id == by.user.id:
        raise NotAllowed("不能评定自己的等级。", code="self", status=403)
    if grade == mediator.grade:
        raise NotAllowed(f"现在就是{mediator.get_grade_display()}。", code="same_grade", status=422)
    rules.check_on(on, begun=date(2000, 1, 1), today=timezone.localdate(now), what="评定日期")
    before, mediator.grade = mediator.grade, grade
    mediator.save(update_fields=["grade"])
    writing.career(mediator, Step.GRADE, on, standing, now, from_grade=before, to_grade=grade, decided_by=decided_by, words=words)
    writing.log(Event.APPOINT, mediator, by, f"评定为{mediator.get_grade_display()}：{words}")
    return mediator


@transaction.atomic
def end(mediator_id: int, *, on: date, reason: str, words: str, by: Scope) -> Mediator:
    """End the running term, with its reason; seats in committees end with it. Raises NotAllowed."""
    mediator, standing, now = writing.begin(mediator_id, by)
    running = _open(mediator)
    if running is None:
        raise NotAllowed(f"{mediator.name}已经离任。", code="ended")
    rules.check_on(on, begun=running.from_on, today=timezone.localdate(now), what="离任日期")
    _check_nothing_left(mediator)
    _close(running, on, reason, words)
    for seat in Seat.objects.select_for_update().filter(mediator=mediator, until_on=None):
        seat.until_on = max(on, seat.from_on)
        seat.save(update_fields=["until_on"])
    writing.career(mediator, Step.END, on, standing, now, from_unit_id=mediator.unit_id, words=f"{running.get_end_display()}：{words}")
    writing.log(Event.POST_END, mediator, by, f"{running.get_end_display()}：{words}")
    return mediator


def _check_nothing_left(mediator: Mediator) -> None:
    """Nobody leaves the corps with disputes and conversations that name him (HALL-14). Raises NotAllowed."""
    numbers = list(naming.of_member(mediator.pk).values_list("dispute__case__number", flat=True).distinct()[:4])
    talking = Invited.objects.filter(mediator=mediator, declined_at=None, conversation__state__in=OPEN)
    numbers += talking.values_list("conversation__number", flat=True)[:4]
    if numbers:
        listed = "、".join(numbers[:4]) + ("等" if len(numbers) > 4 else "")
        raise NotAllowed(f"{mediator.name}还在调解或者接待：{listed}。请先在各件“移交经办工作”，再办离任。", code="open_items")


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
