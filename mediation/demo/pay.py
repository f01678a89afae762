"""Pay of the demo town and of where disputes were archived: a sheet fixed by three people, one checked and waiting, one in the making."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from casework.demo import World
from casework.rules import NotAllowed
from mediation.demo.ladder import staffed_rooms
from mediation.models import Dispute, Mediator
from mediation.pay import actions, queries
from mediation.pay.rules import WHOLE
from mediation.rules import State
from organisations import clock
from organisations.models import User
from organisations.roles import Role
from organisations.scope import Scope, scope_of

#: How long before the last day of the demo the sheets of a month are made.
_MONTHS = 2
#: Stations with sheets.
_STATIONS = 3


def write(world: World, horizon: datetime) -> list[str]:
    """Tell the pay; what was refused is returned, in words: none is expected."""
    rooms = list(staffed_rooms(world))
    if not rooms:
        return []
    rng = Random(f"pay:{world.seed}")  # noqa: S311  (a demo county, not a secret)
    first = horizon.date().replace(day=1)
    months = [_before(first, number) for number in range(_MONTHS, 0, -1)]
    refused = []
    for number, station_id in enumerate(_stations(rooms[0][1].pk)):
        try:
            if number == 0:
                _withheld(world, station_id, months[0], rng)
            for month in months:
                _sheet(world, station_id, month, rng, is_last=month == months[-1])
            _begun(world, station_id, first, world.hours.on((horizon - timedelta(days=3)).date(), rng), horizon)
        except NotAllowed as refusal:
            refused.append(f"调解员补贴：{refusal.message}")
    return refused


def _stations(room_id: int) -> list[int]:
    """The demo town's station, then those where a dispute was settled and archived."""
    archived = Dispute.objects.filter(case__state=State.ARCHIVED, result="1").order_by("case__number").values_list("case__unit", flat=True)
    found = [queries.sheet_unit(unit_id) for unit_id in (room_id, *archived)]
    return list(dict.fromkeys(unit_id for unit_id in found if unit_id is not None))[:_STATIONS]


def _begun(world: World, station_id: int, month: date, moment: datetime, horizon: datetime) -> None:
    """The running month's sheet, in the making."""
    keeper = _by(world, station_id, moment.date(), Role.HANDLER)
    if keeper is None or moment > horizon or moment.date() < month:
        return
    with clock.at(moment):
        actions.draft(station_id, month, by=keeper)
        _state_parts(station_id, month, keeper)


def _before(month: date, number: int) -> date:
    for _ in range(number):
        month = (month - timedelta(days=1)).replace(day=1)
    return month


def _by(world: World, unit_id: int, day: date, *roles: Role, but: tuple[int, ...] = ()) -> Scope | None:
    """Somebody in one of these offices there that day, who has not signed the sheet yet."""
    for role in roles:
        for holder in world.roster.holders(unit_id, role, day):
            if holder not in but:
                return scope_of(User.objects.get(pk=holder), day)
    return None


def _withheld(world: World, station_id: int, month: date, rng: Random) -> None:
    """Somebody failed last year's assessment."""
    moment = world.hours.on(month + timedelta(days=4), rng)
    by = _by(world, station_id, moment.date(), Role.HEAD)
    units = queries.covered(station_id)
    person = Mediator.objects.filter(unit__in=units, kind=Mediator.Kind.VILLAGE, user=None).order_by("unit__path", "name").last()
    if by is None or person is None:
        return
    with clock.at(moment):
        actions.withhold(person.pk, year=month.year - 1, from_on=month, words="全年只参加培训1天，群众评议末位，考核不合格。", by=by)


def _sheet(world: World, station_id: int, month: date, rng: Random, *, is_last: bool) -> None:
    """Drafted on the first working days of the next month, checked, and fixed unless it is the newest one."""
    moment = world.hours.on((month + timedelta(days=32)).replace(day=3), rng)
    keeper = _by(world, station_id, moment.date(), Role.HANDLER)
    if keeper is None or moment.date() > world.until:
        return
    with clock.at(moment):
        sheet = actions.draft(station_id, month, by=keeper)
        _state_parts(station_id, month, keeper)
    signed = (keeper.user.pk,)
    moment = world.hours.later(moment, rng, days=1)
    head = _by(world, station_id, moment.date(), Role.HEAD, but=signed)
    if head is None or moment.date() > world.until:
        return
    with clock.at(moment):
        actions.check(sheet.pk, by=head)
    centre_id = world.unit_id("centre")
    moment = world.hours.later(moment, rng, days=2)
    last = _by(world, centre_id, moment.date(), Role.HEAD, Role.LEADER, but=(*signed, head.user.pk))
    if is_last or last is None or moment.date() > world.until:
        return
    with clock.at(moment):
        actions.fix(sheet.pk, by=last)


def _state_parts(station_id: int, month: date, by: Scope) -> None:
    """Cases whose mediators have no login: the keeper states who did it, one or two of the village's people."""
    for case, _ in queries.waiting(station_id, month):
        if case.parts or not case.is_archived:
            continue
        dispute = queries.case_of(case.number, by)
        corps = Mediator.objects.filter(is_civil_servant=False).order_by("name", "id")
        people = list(corps.filter(unit=dispute.case.unit_id)[:2] or corps.filter(unit__in=queries.covered(station_id))[:2])
        if people:
            each = WHOLE // len(people)
            actions.state_parts(case.number, parts={person.pk: each for person in people}, by=by)
