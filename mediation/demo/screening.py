"""Three months of 排查 in the demo county: rounds by the clock, some late, some missed, some with findings, most with nothing found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random
from uuid import UUID

from casework.demo import World
from casework.rules import NotAllowed
from mediation.actions import intake as intakes
from mediation.actions import ladder
from mediation.demo.ladder import QUARRELS
from mediation.demo.story import NobodyThere, Story, on_side
from mediation.models import Finding, Round
from mediation.screening import actions
from mediation.screening.actions import Call, Found, Report
from organisations import clock, synthetic
from organisations.models import Area, Unit, User
from organisations.roles import Role
from organisations.scope import Scope, scope_of
from organisations.synthetic import Place

WEEKS = 13
#: Who reports at each kind of unit, the usual one first.
REPORTING = {
    Unit.Kind.ROOM: (Role.GRID_WORKER, Role.VILLAGE_CADRE),
    Unit.Kind.ENTERPRISE: (Role.VILLAGE_CADRE,),
    Unit.Kind.STATION: (Role.HANDLER, Role.HEAD),
    Unit.Kind.DEPARTMENT: (Role.HANDLER, Role.HEAD),
    Unit.Kind.CENTRE: (Role.OFFICE,),
}
PLACES = ("一组、二组", "三组至五组", "村东头、集市周边", "沿街商铺和出租房", "独居老人和困难家庭", "在建工地、合作社")
#: Where somebody goes round in an enterprise.
SHOPS = ("一车间、二车间", "仓库、装卸班", "职工宿舍和食堂", "外来务工人员、新进职工")
#: Disputes out of findings are begun in the last days only, so that their terms still run; before, things were settled at the door.
FRESH = timedelta(days=20)
MOST_DISPUTES = 6
#: What was settled on the spot, its type, and how.
SMALL = (
    ("邻居夜间放音乐吵闹", "02", "当场劝说，把音量调低，双方认可。"),
    ("两户因浇地先后争吵", "07", "按轮水表排定次序，当场和好。"),
    ("婆媳因照看孩子拌嘴", "01", "与两人分别谈心，答应各让一步。"),
    ("路边堆肥挡住巷道", "02", "当天清走，邻居没有意见。"),
    ("商户因占道摆摊争执", "05", "重新划定摊位，双方都同意。"),
)
#: The same in an enterprise.
SMALL_AT_WORK = (
    ("班组长与职工因排班争吵", "11", "当面把排班说开，重新排定，双方认可。"),
    ("两名职工因宿舍用水拌嘴", "02", "班组长出面劝和，约定了用水先后。"),
    ("职工对加班费算法有疑问", "11", "人事当面核对考勤，少算的补发，本人认可。"),
)


def write(world: World, horizon: datetime) -> list[str]:
    """Open, report and remind in the order of time; what was refused is returned, in words: none is expected."""
    begin = world.until - timedelta(weeks=WEEKS)
    days = [begin + timedelta(days=n) for n in range((world.until - begin).days + 1)]
    for day in days:
        if day.weekday() == 0 or day.day in (1, 16) or day == begin:
            with clock.at(_moment(day, time(0, 20), horizon)):
                actions.open_rounds()
    _open_campaign(world)
    teller = _Teller(world, horizon)
    events: list[tuple[datetime, str, Callable[[], object]]] = [(_moment(day, time(7, 30), horizon), "", actions.remind) for day in days]
    events += teller.reports()
    for moment, _, happen in sorted(events, key=lambda event: event[:2]):
        if moment <= horizon:
            with clock.at(moment):
                happen()
    return teller.refused


def _moment(day: date, at: time, horizon: datetime) -> datetime:
    return datetime.combine(day, at, horizon.tzinfo)


def _open_campaign(world: World) -> None:
    """Before the year ends the office asks the villages about unpaid wages (重点人群)."""
    rng = Random(f"screening:campaign:{world.seed}")  # noqa: S311  (a demo county, not a secret)
    moment = world.hours.on(world.until - timedelta(days=6), rng)
    office = world.roster.holders(world.unit_id("centre"), Role.OFFICE, moment.date())
    rooms = (
        Round.objects.filter(unit__kind__in=[Unit.Kind.ROOM, Unit.Kind.ENTERPRISE]).order_by("unit__path").values_list("unit", flat=True).distinct()
    )
    call = Call(
        name="岁末欠薪专项排查",
        occasion="group",
        focus="在建工地、季节性用工、种植大户：有没有拖欠工钱，有没有多人串联讨薪。",
        from_on=moment.date(),
        until_on=moment.date() + timedelta(days=8),
        due_on=moment.date() + timedelta(days=9),
        unit_ids=tuple(rooms),
        submission=UUID(int=rng.getrandbits(128), version=4),
    )
    with clock.at(moment):
        if office and call.unit_ids:
            actions.open_campaign(call, by=_scope(world.roster.acting(office[0], moment.date()), moment.date()))


def _scope(user_id: int, day: date) -> Scope:
    return scope_of(User.objects.get(pk=user_id), day)


@dataclass
class _Teller:
    """Chance comes from the unit's name and the period alone, so that the same seed gives the same county."""

    world: World
    horizon: datetime
    refused: list[str] = field(default_factory=list)
    begun: int = 0

    def reports(self) -> list[tuple[datetime, str, Callable[[], object]]]:
        """(moment, name, what happens) of each round that is reported: about one in sixteen never is, one in sixteen late."""
        told: list[tuple[datetime, str, Callable[[], object]]] = []
        for row in Round.objects.select_related("unit", "campaign").order_by("from_on", "unit__path"):
            name = f"{row.unit.name} {row.title}"
            rng = Random(f"screening:{self.world.seed}:{name}")  # noqa: S311
            fate = rng.random()
            if fate < 0.06:
                continue
            late = row.due_on + timedelta(days=1 + rng.randrange(3))
            in_time = row.from_on + timedelta(days=rng.randrange(1, max(2, (row.until_on - row.from_on).days - 1)))
            moment = self.world.hours.later(self.world.hours.on(late if fate < 0.12 else in_time, rng), rng, days=0)
            told.append((moment, name, partial(self._tell, row, moment, rng)))
        return told

    def _tell(self, row: Round, moment: datetime, rng: Random) -> None:
        try:
            self._report(row, moment, rng)
        except (NotAllowed, NobodyThere) as refusal:
            self.refused.append(f"排查 {row.unit.name} {row.period}：{refusal}")

    def _report(self, row: Round, moment: datetime, rng: Random) -> None:
        by = self._reporter(row.unit, moment.date())
        area = self._place(row.unit)
        # Every third village never finds anything: whether that can be true is what the coverage page asks.
        finds = (
            row.campaign is None and area is not None and area.level == Area.Level.VILLAGE and int(area.code[-3:]) % 3 != 0 and rng.random() < 0.16
        )
        is_firm = row.unit.kind == Unit.Kind.ENTERPRISE
        told = SMALL_AT_WORK if is_firm else SMALL
        small = told[rng.randrange(len(told))]
        fresh = finds and not is_firm and moment > self.horizon - FRESH and self.begun < MOST_DISPUTES
        quarrel = QUARRELS[rng.randrange(len(QUARRELS))]
        people = self._people(area, rng, moment.date()) if area is not None else []
        names = {"a": people[0].name, "b": people[1].name} if people else {}
        what, type_code = (quarrel.story.format(**names), quarrel.type_code) if fresh else small[:2]
        found = Found(what, f"{names['a']}与{names['b']}", area.id, type_code, signs=("repeated",) if fresh else ()) if finds and area else None
        actions.report(
            row.pk,
            Report(
                who=by.user.name,
                place=(SHOPS if is_firm else PLACES)[rng.randrange(len(SHOPS if is_firm else PLACES))],
                households=rng.randrange(2, 9) if is_firm else rng.randrange(6, 40),
                visited_on=min(moment.date(), row.until_on),
                visited_at=time(8, rng.choice((0, 10, 20))),
                found=(found,) if found else (),
            ),
            by=by,
        )
        if not found:
            return
        finding = row.findings.get()
        if fresh:
            self._begin_dispute(finding, people, quarrel.title.format(**names), quarrel.demand, by, moment, rng)
        elif moment < self.horizon - timedelta(days=4):
            actions.settle(finding.pk, words=small[2], by=by)

    def _begin_dispute(
        self, finding: Finding, people: list[synthetic.Person], title: str, demand: str, by: Scope, moment: datetime, rng: Random
    ) -> None:
        """The finding becomes a dispute, which the room takes the next days."""
        self.begun += 1
        intake = intakes.Intake(
            title=title,
            story=finding.what,
            type_code=finding.type_code,
            area_id=finding.area_id,
            received_on=moment.date(),
            people=[on_side(letter, person, finding.area_id) for letter, person in zip("ab", people, strict=True)],
            source="2",
            demand=demand,
            is_willing=True,
        )
        story = Story(self.world, actions.begin_dispute(finding.pk, intake, by=by), rng, moment, self.horizon)
        story.then(1, ladder.accept, is_willing=True, words="入户征询双方，都愿意调解。")

    def _reporter(self, unit: Unit, day: date) -> Scope:
        """Somebody in office there that day. Raises NobodyThere."""
        for role in REPORTING[Unit.Kind(unit.kind)]:
            holders = self.world.roster.holders(unit.pk, role, day)
            if holders:
                return _scope(self.world.roster.acting(holders[0], day), day)
        raise NobodyThere(f"{unit.pk} {day}")

    def _place(self, unit: Unit) -> Area | None:
        return next((area for area in self.world.county.areas.values() if area.pk == unit.area_id), None)

    def _people(self, area: Area, rng: Random, day: date) -> list[synthetic.Person]:
        town = self.world.county.areas.get(area.code[:9])
        place = Place(area.code, self.world.county.name, town.name if town else "", area.name)
        return [synthetic.person(rng, place, today=day) for _ in range(2)]
