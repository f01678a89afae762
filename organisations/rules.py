"""What the organisation allows: who may appoint whom, how long a session lives, who stands in for whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator

from organisations.roles import ADMIN_ROLES, ROLES, Role

#: Days of the county's own time: what was typed by mistake (0001, 9999) is told and not reckoned with.
SENSIBLE_DAYS = [
    MinValueValidator(date(2000, 1, 1), "日期应在2000年至2100年之间。"),
    MaxValueValidator(date(2100, 12, 31), "日期应在2000年至2100年之间。"),
]
#: L-SEC-3: five wrong passwords or codes in a row lock the name for half an hour.
MAX_FAILURES = 5
LOCK = timedelta(minutes=30)
#: L-SEC-8: minutes without a touch; the security administrator may shorten it by role (a window: 10).
IDLE_MINUTES = 30
#: A second factor is asked for within this time after the password.
CODE_WITHIN = timedelta(minutes=5)
#: An absence longer than this is a change of post, not a substitution.
MAX_ABSENCE_DAYS = 180


class NotAllowed(Exception):
    """An act that may not happen, with a sentence a clerk understands and a stable code.

    `status` tells the doors how to answer: 409 wrong moment, 403 not yours to do, 422 input at fault.
    """

    def __init__(self, message: str, *, code: str = "not_allowed", status: int = 409) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status


def check_holds(roles: Collection[Role], needed: Role) -> None:
    """Each console belongs to one of the three administrators (L-SEC-4). Raises NotAllowed."""
    if needed not in roles:
        raise NotAllowed(f"此项由{ROLES[needed].label}办理。", code="wrong_role", status=403)


def check_appointment(held: frozenset[Role], role: Role, by: frozenset[Role], *, to_self: bool) -> None:
    """The three administrators are different persons and none holds a business post (L-SEC-4).

    Raises NotAllowed. `held` are the roles the person has now, `by` those of the appointing person.
    """
    if Role.SECURITY_ADMIN not in by:
        raise NotAllowed("任免岗位由安全管理员办理。", code="wrong_role", status=403)
    if to_self:
        raise NotAllowed("不能给自己任职，请由另一名安全管理员办理。", code="self", status=403)
    if role in ADMIN_ROLES and held:
        raise NotAllowed("三员须由不同的人担任，且不能兼任业务岗位。", code="separation")
    if role not in ADMIN_ROLES and held & ADMIN_ROLES:
        raise NotAllowed("三员不能兼任业务岗位，看不到信访件。", code="separation")


def check_period(from_on: date, until_on: date | None) -> None:
    if until_on is not None and until_on < from_on:
        raise NotAllowed("任职止日不能早于起日。", code="period", status=422)


def check_absence(*, from_on: date, until_on: date, today: date, is_same_person: bool, shares_unit: bool, is_substitute_away: bool) -> None:
    """Somebody of the same unit, present, stands in for a stated time (beyond.md opening 29). Raises NotAllowed."""
    if until_on < from_on:
        raise NotAllowed("结束日期不能早于开始日期。", code="period", status=422)
    if until_on < today:
        raise NotAllowed("结束日期已过，不能补记过去的请假。", code="past", status=422)
    if from_on < today:
        raise NotAllowed("代理从今天起才有效，开始日期不能早于今天。", code="past", status=422)
    if (until_on - from_on).days >= MAX_ABSENCE_DAYS:
        raise NotAllowed(f"请假最长 {MAX_ABSENCE_DAYS} 天，更长的请由安全管理员调整岗位。", code="too_long", status=422)
    if is_same_person:
        raise NotAllowed("代办人不能是本人。", code="itself", status=422)
    if not shares_unit:
        raise NotAllowed("代办人须是同一单位的在岗人员。", code="not_of_unit", status=422)
    if is_substitute_away:
        raise NotAllowed("代办人在这段时间也请假，请另选一人。", code="substitute_away", status=422)


def left_behind(open_items: Mapping[int, int], remaining_units: Collection[int], centre_id: int | None) -> dict[int, int]:
    """Open items, by unit, which a person could no longer work on with the posts that remain.

    A person at the centre may hold a case of any unit (HALL-14), so a remaining post there keeps everything.
    """
    if centre_id is not None and centre_id in remaining_units:
        return {}
    return {unit_id: count for unit_id, count in open_items.items() if count and unit_id not in remaining_units}


def password_expired(changed_at: datetime | None, now: datetime, days: int) -> bool:
    """L-SEC-3: at most `days` old. A password nobody has set oneself counts as expired."""
    return changed_at is None or now - changed_at > timedelta(days=days)
