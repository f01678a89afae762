"""掌上调解室 in the demo county: hours set, questions asked, answered, an hour agreed, legal aid granted, one still waiting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID, uuid5

from casework.demo import World
from casework.rules import NotAllowed
from mediation.chamber import actions, entrance, queries
from mediation.chamber.rules import Ground, Meeting, State, Verdict, Way
from mediation.demo.ladder import staffed_rooms
from mediation.demo.story import KEEPING
from mediation.models import Conversation, Mediator
from organisations import clock, synthetic
from organisations.models import User
from organisations.scope import Scope, scope_of
from organisations.synthetic import Place

_SPACE = UUID("4f9b1d2a-6c1e-5b7e-9a53-0c5d6f1e2a10")
#: (what, the answer, how it goes on).
TALKS = (
    ("邻居家的杨树长过了墙，落叶堵了我家屋檐的水。", "您先别砍，我明天到两家看看，再约你们一起说。", "taken"),
    ("老父亲去世后，弟兄三个为老房子怎么分说不到一起。", "这件事当面说更清楚，您选个时间来站里。", "offered"),
    ("在果品厂干了四个月，工资还欠两个月的。", "请把出勤记录和转账截图准备好，我联系厂里。", "booked"),
    ("和对门因为停车吵了几句，现在已经说开了。", "好，邻里之间多体谅，有事再找我。", "closed"),
    ("承包地的地界和邻居对不上，差了两垄。", "", "waiting"),
)
AID = ("工地上摔伤了腰，老板不给认工伤，想请律师。", "一家四口，爱人在家带孩子，靠我打零工，一个月三千元左右。")


def write(world: World, horizon: datetime) -> list[str]:
    """Told by the mediators who agreed to be shown; none of them, no story. What was refused is returned, in words."""
    with clock.at(horizon):
        people = list(queries.online().order_by("unit__path", "name", "pk")[: len(TALKS)])
    refused = []
    places = [area for area, _ in staffed_rooms(world)]
    for index, (what, reply, ending) in enumerate(TALKS if people and places else ()):
        rng = Random(f"chamber:{world.seed}:{index}")  # noqa: S311  (a demo county, not a secret)
        moment = world.hours.later(world.hours.on(world.until - timedelta(days=5 - index), rng), rng, days=0)
        host = people[index % len(people)]
        keeper = _keeper(world, host.unit_id, moment)
        if moment > horizon or keeper is None:
            continue
        try:
            with clock.at(moment):
                _hours(host, keeper)
                number = _asked(world, rng, index, what, places[index % len(places)].code, mediators=[host.pk])
            with clock.at(min(moment + timedelta(minutes=40), horizon)):
                _goes_on(number, host, reply, ending, keeper, index)
        except NotAllowed as refusal:
            refused.append(f"掌上调解室 {index}：{refusal}")
    return [*refused, *_aid(world, horizon, places[0].code if places else "")]


def _hours(host: Mediator, keeper: Scope) -> None:
    actions.set_hours(host.pk, [0, 2, 4], [(time(9), time(11)), (time(14, 30), time(16, 30))], by=keeper)


def _asked(world: World, rng: Random, index: int, what: str, code: str, *, mediators: list[int], aid: actions.Aid | None = None) -> str:
    area = world.county.areas[code]
    place = Place(code, world.county.name, world.county.areas[code[:9]].name, area.name)
    person = synthetic.person(rng, place, today=clock.today())
    form = uuid5(_SPACE, str(index))
    matter = actions.Matter(
        name=person.name,
        phone=person.phone,
        area_id=area.id,
        place="",
        what=what,
        way=Way.AID if aid else Way.TALK,
        mediator_ids=mediators,
        aid=aid,
    )
    return actions.ask(matter, submission=form, code=entrance.code_of(form, "demo")).number


def _goes_on(number: str, host: Mediator, reply: str, ending: str, keeper: Scope, index: int) -> None:
    if reply:
        actions.answer(number, reply, key=uuid5(_SPACE, f"reply {index}"), by=keeper)
    do = ENDINGS.get(ending)
    if do is not None:
        do(number, host, keeper)


def _offer(number: str, host: Mediator, keeper: Scope) -> None:
    days = queries.free(host.pk)
    actions.offer(number, host.pk, days[0].slots[0].at, by=keeper)


def _book(number: str, host: Mediator, _: Scope) -> None:
    days = queries.free(host.pk)
    actions.book(Conversation.objects.get(number=number).pk, host.pk, days[0].slots[-1].at)


def _close(number: str, _: Mediator, keeper: Scope) -> None:
    actions.close(number, words="双方已经自行和好。", by=keeper)


ENDINGS: dict[str, Callable[[str, Mediator, Scope], None]] = {Meeting.OFFERED: _offer, Meeting.BOOKED: _book, State.CLOSED: _close}


def _aid(world: World, horizon: datetime, code: str) -> list[str]:
    """A request for legal aid, granted the next working day."""
    unit_id = queries.aid_unit_id()
    rng = Random(f"chamber-aid:{world.seed}")  # noqa: S311  (a demo county, not a secret)
    moment = world.hours.later(world.hours.on(world.until - timedelta(days=6), rng), rng, days=0)
    keeper = _keeper(world, unit_id, moment) if unit_id else None
    if not code or keeper is None or moment > horizon:
        return []
    what, income = AID
    try:
        with clock.at(moment):
            number = _asked(world, rng, len(TALKS), what, code, mediators=[], aid=actions.Aid(Ground.WAGES, income))
        with clock.at(world.hours.later(moment, rng, days=1)):
            words = "请带身份证、工友证言和病历，到公共法律服务中心法律援助窗口办手续。"
            actions.decide_aid(number, verdict=Verdict.GRANTED, words=words, by=keeper)
    except NotAllowed as refusal:
        return [f"掌上调解室 法律援助：{refusal}"]
    return []


def _keeper(world: World, unit_id: int, moment: datetime) -> Scope | None:
    """Somebody in office at the unit that day."""
    day = moment.date()
    for role in KEEPING:
        holders = world.roster.holders(unit_id, role, day)
        if holders:
            return scope_of(User.objects.get(pk=world.roster.acting(holders[0], day)), day)
    return None
