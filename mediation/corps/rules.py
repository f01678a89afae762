"""What holds for the corps: terms, staffing norms, training owed, the four at-leasts. Pure; the database is the caller's.

Sources: 调解法§8 §9 §14 §16 (L-MED-1, L-MED-2); MED-11, MED-12, MED-14; beyond.md on compulsory check-ins.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from mediation.models import Committee, CorpsRules, Duty, Mediator
from organisations.models import Unit
from organisations.rules import NotAllowed

Kind, DutyKind = Mediator.Kind, Duty.Kind

#: A term or contract that ends within so many days is listed.
EXPIRING_DAYS = 60
#: The ladder of promotion (MED-11): village → area station → town; the centre's own people stand beside it.
RUNGS = (Unit.Kind.ROOM, Unit.Kind.AREA_STATION, Unit.Kind.STATION, Unit.Kind.CENTRE)
#: Kinds of places with a norm of mediators (MED-11), and those where a committee must or may sit (调解法§8).
NORMED = frozenset({Unit.Kind.ROOM, Unit.Kind.AREA_STATION, Unit.Kind.STATION})
WITH_COMMITTEE = frozenset({Unit.Kind.ROOM, Unit.Kind.STATION})
#: L-MED-2: an adult citizen.
ADULT = 18
#: The shortest training that counts.
LEAST_DAYS = Decimal("0.5")
#: How long after the day a duty may still be written down; later it is no log any more.
LATE_DAYS = 31

#: The four at-leasts and which duties meet each (MED-14).
AT_LEASTS: tuple[tuple[str, frozenset[str]], ...] = (
    ("排查", frozenset({DutyKind.SCREENING})),
    ("咨询或调解", frozenset({DutyKind.CONSULTATION, DutyKind.MEDIATION})),
    ("宣传", frozenset({DutyKind.PUBLICITY})),
    ("讲座", frozenset({DutyKind.LECTURE})),
)
#: Whose duties are counted, and over which period: the worthy every week, the legal adviser every month.
WEEKLY, MONTHLY = frozenset({Kind.WORTHY}), frozenset({Kind.ADVISER})
BOUND = WEEKLY | MONTHLY


def county_rules(versions: Iterable[CorpsRules], day: date) -> CorpsRules:
    """The version in force on a day; what came with the program where the county has set none."""
    begun = [version for version in versions if version.valid_from <= day]
    return max(begun, key=lambda version: version.valid_from, default=CorpsRules(valid_from=date(2000, 1, 1)))


# -- people -----------------------------------------------------------------------------------------------------------------------------------


def check_person(*, name: str, born_year: int | None, today: date) -> None:
    """Named, and an adult (调解法§14, L-MED-2). Raises NotAllowed (422)."""
    if not name.strip():
        raise NotAllowed("请填写姓名。", code="name", status=422)
    if born_year is not None and today.year - born_year < ADULT:
        raise NotAllowed("人民调解员须由成年公民担任（调解法第十四条）。", code="minor", status=422)


def check_term(*, from_on: date, until_on: date, years: int) -> None:
    """A term of so many years at most (three: 调解法§9, L-MED-1). Raises NotAllowed (422)."""
    if until_on < from_on:
        raise NotAllowed("任期止日不能早于起日。", code="period", status=422)
    longest = _years_later(from_on, years)
    if until_on > longest:
        raise NotAllowed(f"任期最长 {years} 年（调解法第九条），止日不晚于 {longest:%Y年%-m月%-d日}。", code="too_long", status=422)


def usual_end(from_on: date, years: int) -> date:
    """The last day of a full term."""
    return _years_later(from_on, years) - timedelta(days=1)


def _years_later(day: date, years: int) -> date:
    if day.year + years > date.max.year:
        return date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def check_follows(from_on: date, *, earlier: date) -> None:
    """A new term begins after the one before it began. Raises NotAllowed (422)."""
    if from_on <= earlier:
        raise NotAllowed(f"新任期须晚于原任期的起日 {earlier:%Y年%-m月%-d日}。", code="period", status=422)


def check_contract(*, number: str, from_on: date | None, until_on: date | None) -> None:
    """A contract has both days and a number, or none of them. Raises NotAllowed (422)."""
    given = [bool(number), from_on is not None, until_on is not None]
    if any(given) and not all(given):
        raise NotAllowed("聘书（合同）的编号、起日、止日须一并填写。", code="contract", status=422)
    if from_on and until_on and until_on < from_on:
        raise NotAllowed("合同止日不能早于起日。", code="contract", status=422)


def check_home(kind: str, unit_kind: str, *, area_id: int | None, area_of_unit: int | None) -> None:
    """Somebody of a village sits at that village's room. Raises NotAllowed (422)."""
    if kind == Kind.JUSTICE and unit_kind == Unit.Kind.ROOM:
        raise NotAllowed("司法所人员的所在单位须是镇（街）、片区站或县级单位。", code="home", status=422)
    if unit_kind == Unit.Kind.ROOM and area_id not in (None, area_of_unit):
        raise NotAllowed("所在村与所在工作室不一致，请核对。", code="home", status=422)


def check_promotion(from_kind: str, to_kind: str, *, has_area_station: bool) -> None:
    """One rung at a time, village → area station → town; a village under no area station goes straight to the town (MED-11).

    Raises NotAllowed. A move on the same rung is a transfer and passes.
    """
    if from_kind not in RUNGS or to_kind not in RUNGS:
        raise NotAllowed("晋升（调任）只在村、片区站、镇（街）、县中心之间进行。", code="rung", status=422)
    up = RUNGS.index(Unit.Kind(to_kind)) - RUNGS.index(Unit.Kind(from_kind))
    if up > (1 if has_area_station or from_kind != Unit.Kind.ROOM else 2):
        raise NotAllowed("梯级选拔逐级进行：村 → 片区站 → 镇（街），不能越级。", code="rung", status=422)


def check_on(day: date, *, begun: date, today: date, what: str) -> None:
    """A fact lies between the beginning of what it is about and today. Raises NotAllowed (422)."""
    if day > today:
        raise NotAllowed(f"{what}不能晚于今天。", code="future", status=422)
    if day < begun:
        raise NotAllowed(f"{what}不能早于 {begun:%Y年%-m月%-d日}。", code="before", status=422)


# -- staffing (MED-11) and committees (L-MED-1) ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gap:
    """One place: how many there should be, how many there are. `needed` is None while the number of households is unknown."""

    unit_id: int
    needed: int | None
    present: int
    households: int | None = None

    @property
    def missing(self) -> int:
        return max(0, (self.needed or 0) - self.present)

    @property
    def is_met(self) -> bool:
        return self.needed is not None and self.missing == 0


def needed(norms: CorpsRules, unit_kind: str, households: int | None) -> int | None:
    """How many mediators a room, an area station or a town should have; None where the households are not known, 0 where no norm holds."""
    if unit_kind == Unit.Kind.ROOM:
        if households is None:
            return None
        return norms.small_village_people if households <= norms.small_village else norms.large_village_people
    return {Unit.Kind.AREA_STATION: norms.area_station_people, Unit.Kind.STATION: norms.town_people}.get(Unit.Kind(unit_kind), 0)


def faults(norms: CorpsRules, *, members: int, women: int, chairs: int) -> list[str]:
    """What a committee lacks: three to nine members, one chair, women among them (调解法§8)."""
    found = []
    if members < norms.committee_least:
        found.append(f"成员 {members} 人，少于 {norms.committee_least} 人")
    if members > norms.committee_most:
        found.append(f"成员 {members} 人，多于 {norms.committee_most} 人")
    if chairs != 1:
        found.append("没有主任")
    if members and not women:
        found.append("没有妇女成员")
    return found


def check_seat(committee: Committee, norms: CorpsRules, *, members: int) -> None:
    """No more than the law's nine. Raises NotAllowed."""
    if members >= norms.committee_most:
        raise NotAllowed(f"{committee.name}已有 {members} 人，调委会最多 {norms.committee_most} 人（调解法第八条）。", code="full")


# -- training (MED-12) --------------------------------------------------------------------------------------------------------------------------


def short_by(norms: CorpsRules, days: Decimal) -> Decimal:
    """How many days of the year's training are still missing."""
    return max(Decimal(0), norms.training_days - days)


def check_attendance(whole: Decimal, days: Iterable[Decimal]) -> None:
    """Nobody attended longer than it lasted. Raises NotAllowed (422)."""
    for attended in days:
        if not 0 < attended <= whole:
            raise NotAllowed(f"实到天数须大于 0、不超过 {whole.normalize():f} 天。", code="days", status=422)


# -- duties (MED-14) ---------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Period:
    """A week (Monday to Sunday) or a month in which each at-least is owed once."""

    label: str
    first: date
    last: date


def periods(kind: str, year: int, month: int) -> list[Period]:
    """The periods of one person in one month: its weeks for a worthy (a week belongs to the month of its Thursday), the month for an adviser."""
    first = date(year, month, 1)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if kind not in WEEKLY:
        return [Period(f"{month}月", first, last)] if kind in MONTHLY else []
    thursday = first + timedelta(days=(3 - first.weekday()) % 7)
    weeks = []
    while thursday <= last:
        monday = thursday - timedelta(days=3)
        weeks.append(Period(f"{monday:%-m.%-d}—{monday + timedelta(days=6):%-m.%-d}", monday, monday + timedelta(days=6)))
        thursday += timedelta(days=7)
    return weeks


def unmet(done: Collection[str]) -> list[str]:
    """Names of the at-leasts that none of the duties of a period meets."""
    return [name for name, kinds in AT_LEASTS if not kinds & set(done)]


def check_duties_kept(norms: CorpsRules) -> None:
    """The county may switch the log off as a whole (beyond.md: no compulsory check-ins). Raises NotAllowed (403)."""
    if not norms.keeps_duties:
        raise NotAllowed("本县没有启用“四个至少”履职登记。", code="switched_off", status=403)


def check_position(norms: CorpsRules, mediator: Mediator, day: date, *, is_for_another: bool) -> None:
    """A position only where the county allows it and the person consents, and only the person's own. Raises NotAllowed (403)."""
    if not norms.takes_positions:
        raise NotAllowed("本县没有开启定位，不记录位置。", code="no_positions", status=403)
    if is_for_another:
        raise NotAllowed("代填不能记录位置。", code="no_positions", status=403)
    if not consents(mediator.position_consented_on, mediator.position_withdrawn_on, day):
        raise NotAllowed("本人没有同意记录位置。", code="no_positions", status=403)


def consents(given_on: date | None, withdrawn_on: date | None, day: date) -> bool:
    """A consent stands from its day until the day it is withdrawn."""
    return given_on is not None and given_on <= day and (withdrawn_on is None or withdrawn_on > day)


def check_duty_day(on: date, today: date) -> None:
    """Not ahead of time, and soon enough to be a log. Raises NotAllowed (422)."""
    if on > today:
        raise NotAllowed("履职日期不能晚于今天。", code="future", status=422)
    if (today - on).days > LATE_DAYS:
        raise NotAllowed(f"只能补记 {LATE_DAYS} 天以内的履职。", code="too_late", status=422)
