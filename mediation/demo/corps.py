"""The corps of the demo county: one town's villages in full, stations of a few more; trainings, two months of duties, and gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from casework.demo import World
from casework.rules import NotAllowed
from mediation import codes
from mediation.corps import rules
from mediation.corps.actions import appointments, committees, consents, county_rules, duty_log, joint, lessons
from mediation.corps.forms import MEASURES
from mediation.demo.ladder import staffed_rooms
from mediation.models import Mediator
from organisations import clock, synthetic
from organisations.models import Area, Unit, User
from organisations.roles import Role
from organisations.scope import Scope, scope_of

#: Towns beside the demo town that have their stations filled.
OTHER_TOWNS = 3
#: Days before the last one on which the county set its measures and wrote its people down.
BEGAN = 170
#: Weeks of duties told.
WEEKS = 9
KINDS = ("screening", "mediation", "publicity", "lecture")
PLACES = {
    "screening": "入户走访",
    "mediation": "村群众工作室",
    "consultation": "村群众工作室",
    "publicity": "村文化广场",
    "lecture": "村党群服务中心",
}
WORDS = {
    "screening": "走访十二户，了解邻里、土地、赡养情况，未发现新矛盾。",
    "mediation": "劝解邻里排水口角一起，双方当场和解。",
    "consultation": "解答土地承包、彩礼返还法律咨询四人次。",
    "publicity": "发放人民调解法、反诈宣传单六十份。",
    "lecture": "讲民法典相邻关系一课，村民三十余人参加。",
}
ACTIVITIES = (
    ("publicity", "{town}司法所", "{town}中心小学", "张所长、调解员3人、师生", 260, "法律进学校：讲未成年人保护和防欺凌，发放读本。"),
    ("publicity", "{town}司法所", "镇工业园", "司法所2人、调解员2人、企业职工", 85, "法律进企业：讲劳动合同和工资支付，现场解答12人。"),
    ("resettlement", "{town}司法所", "镇群众工作站", "司法所1人、村干部、帮教对象家属", 6, "对一名刑满释放人员落实帮教小组，联系到果品厂就业。"),
    ("court", "玲珑法庭", "镇群众工作站", "法官1人、站长、调解员2人", 4, "对三件土地承包纠纷提前研判，两件引导调解，一件告知诉讼。"),
    ("discipline", "{town}纪委", "镇政府二楼会议室", "镇纪委1人、站长", 3, "核对反映村账目的两件来访，一件转纪委，一件由村务监督委员会公开答复。"),
    ("publicity", "{town}司法所", "逢集大集", "司法所2人、新乡贤2人", 150, "法律进村居：赶集日设点，发放宣传品，登记咨询9人。"),
    ("court", "玲珑法庭", "法庭", "调解员4人", 4, "旁听相邻权案件庭审，庭后法官讲评。"),
)


@dataclass
class Corps:
    """Whoever writes the corps down, and the people already written."""

    world: World
    rng: Random
    people: dict[str, list[Mediator]] = field(default_factory=dict)
    scopes: dict[tuple[int, date], Scope] = field(default_factory=dict)

    def at(self, days_ago: int, hour: int = 16) -> datetime:
        return datetime.combine(self.world.until - timedelta(days=days_ago), time(hour), self.world.hours.on(self.world.until, self.rng).tzinfo)

    def by(self, key: str, role: Role, day: date) -> Scope | None:
        holders = self.world.roster.holders(self.world.unit_id(key), role, day)
        return self.scope(holders[0], day) if holders else None

    def scope(self, user_id: int, day: date) -> Scope:
        """Somebody's scope of that day, asked once."""
        if (user_id, day) not in self.scopes:
            self.scopes[user_id, day] = scope_of(User.objects.get(pk=user_id), day)
        return self.scopes[user_id, day]

    def office(self, day: date) -> Scope:
        found = self.by("centre", Role.OFFICE, day)
        if found is None:
            raise NotAllowed("县中心没有在岗的分流员。")
        return found

    def enter(self, unit: Unit, kind: str, *, way: str = "hired", since: int = 400, grade: str = "", user: User | None = None) -> Mediator:
        rng, sex = self.rng, "2" if self.rng.random() < 0.35 else "1"
        born = self.world.until.year - rng.randint(34, 68)
        number = synthetic.id_number(rng, area_code="370685", born_on=date(born, rng.randint(1, 12), rng.randint(1, 28)), sex=sex)
        from_on = self.world.until - timedelta(days=since)
        until_on = rules.usual_end(from_on, 3)
        contract = f"调聘〔{from_on.year}〕{len(self.people) * 7 + rng.randint(1, 99):03d}号" if way == "hired" else ""
        moment = self.at(min(since, BEGAN))
        with clock.at(moment):
            made = appointments.enter(
                appointments.Facts(
                    name=user.name if user else synthetic.name(rng, sex, born),
                    sex=sex,
                    kind=kind,
                    unit_id=unit.id,
                    born_year=born,
                    id_number=number,
                    phone=synthetic.phone(rng),
                    specialities=tuple(sorted(rng.sample([code for code, _ in codes.TYPES.choices[:10]], rng.randint(1, 3)))),
                    languages="招远话" if rng.random() < 0.3 else "",
                    is_civil_servant=kind == Mediator.Kind.JUSTICE,
                    user_id=user.pk if user else None,
                ),
                appointments.Term(
                    way=way,
                    from_on=from_on,
                    until_on=until_on,
                    decided_by="村民会议" if way == "elected" else "镇（街）党委政府",
                    contract_number=contract,
                    contract_from=from_on if contract else None,
                    contract_until=until_on if contract else None,
                ),
                grade=grade,
                by=self.office(moment.date()),
            )
        self.people.setdefault(kind, []).append(made)
        return made


def write(world: World, horizon: datetime) -> list[str]:
    """Tell the corps; what was refused is returned, in words: none is expected."""
    rooms = list(staffed_rooms(world))
    if not rooms:
        return []
    corps = Corps(world, Random(f"corps:{world.seed}"))  # noqa: S311  (a demo county, not a secret)
    town = Counter(area.code[:9] for area, _ in rooms).most_common(1)[0][0]
    refused = []
    for part in (_measures, _villages, _stations, _committees, _careers, _trainings, _duties, _activities):
        try:
            part(corps, town)
        except NotAllowed as refusal:
            refused.append(f"调解队伍 {part.__name__.lstrip('_')}：{refusal.message}")
    return refused


def _measures(corps: Corps, town: str) -> None:
    """The bureau of justice is named; positions stay off."""
    moment = corps.at(BEGAN + 10)
    by = corps.by("centre", Role.SYSTEM_ADMIN, moment.date())
    if by is None:
        return
    with clock.at(moment):
        usual = rules.county_rules([], moment.date())
        measures = {name: getattr(usual, name) for name in MEASURES if name != "bureau"}
        bureau = corps.world.county.units["司法局"]
        county_rules.set_rules({**measures, "bureau": bureau}, valid_from=moment.date(), reason="明确主管部门为县司法局", by=by)


def _villages_of(corps: Corps, town: str) -> Iterator[tuple[Area, Unit]]:
    for code, area in corps.world.county.areas.items():
        if len(code) == 12 and code.startswith(town) and code in corps.world.county.units:
            yield area, corps.world.county.units[code]


def _villages(corps: Corps, town: str) -> None:
    """Every village of the demo town: households mostly known, one or two mediators, worthies here and there, some nobody."""
    rng = corps.rng
    staffed = {unit.id for _, unit in staffed_rooms(corps.world)}
    for index, (area, unit) in enumerate(list(_villages_of(corps, town))[:60]):
        households = rng.choice((120, 180, 240, 290, 320, 410, 560))
        if index % 9 != 8:
            moment = corps.at(BEGAN - 5)
            with clock.at(moment):
                committees.count_households(area.id, households, on=moment.date(), by=corps.office(moment.date()))
        if index % 11 == 10 and unit.id not in staffed:
            continue
        corps.enter(unit, Mediator.Kind.VILLAGE, since=rng.randint(200, 900), grade=rng.choice(("", "4", "4", "3")))
        if households > 300 and index % 3:
            corps.enter(unit, Mediator.Kind.PEOPLES, way="elected", since=rng.randint(200, 900))
        if unit.id in staffed or index % 7 == 0:
            corps.enter(unit, Mediator.Kind.WORTHY, way="appointed", since=rng.randint(120, 600))

    for area, unit in staffed_rooms(corps.world):
        if not area.code.startswith(town):
            corps.enter(unit, Mediator.Kind.VILLAGE, since=rng.randint(200, 900), grade=rng.choice(("", "4")))


def _stations(corps: Corps, town: str) -> None:
    """Area stations and towns, the demo town's in full, a few others with gaps; the town's mediator has a login."""
    rng, county = corps.rng, corps.world.county
    towns = [code for code in county.areas if len(code) == 9 and code in county.units]
    chosen = [town, *[code for code in towns if code != town][:OTHER_TOWNS]]
    for number, code in enumerate(chosen):
        station = county.units[code]
        logins = corps.world.roster.holders(station.id, Role.MEDIATOR, corps.world.until) if number == 0 else []
        if logins:
            corps.enter(station, Mediator.Kind.PEOPLES, since=500, grade="2", user=User.objects.get(pk=logins[0]))
        for _ in range((2, 3, 2, 1)[number]):
            corps.enter(station, Mediator.Kind.PEOPLES, since=rng.randint(200, 800), grade=rng.choice(("3", "2")))
        corps.enter(station, Mediator.Kind.JUSTICE, way="appointed", since=600)
        for unit in Unit.objects.filter(parent=station, kind=Unit.Kind.AREA_STATION).order_by("path"):
            for _ in range(rng.choice((1, 2, 2)) if number < 3 else 1):
                corps.enter(unit, Mediator.Kind.PEOPLES, since=rng.randint(200, 1060), grade=rng.choice(("4", "3")))
            if number == 0:
                corps.enter(unit, Mediator.Kind.ADVISER, since=rng.randint(150, 500))


def _committees(corps: Corps, town: str) -> None:
    """The town's committee complete; a few villages' with what the law wants still missing."""
    moment = corps.at(BEGAN - 20)
    with clock.at(moment):
        by = corps.office(moment.date())
        day = moment.date()
        station = corps.world.county.units[town]
        _elect(station, f"{station.short_name}人民调解委员会", day, by, most=5)
        for _, unit in (room for room in staffed_rooms(corps.world) if room[0].code.startswith(town)):
            _elect(unit, f"{unit.short_name.removesuffix('工作室')}人民调解委员会", day, by, most=3)


def _elect(unit: Unit, name: str, day: date, by: Scope, *, most: int) -> None:
    board = committees.set_up_committee(unit.id, name=name, on=day, by=by)
    members = list(Mediator.objects.serving(day).filter(unit=unit).order_by("id")[:most])
    for number, person in enumerate(members):
        committees.seat(board.pk, person.pk, post="chair" if number == 0 else "member", on=day, by=by)


def _careers(corps: Corps, town: str) -> None:
    """Somebody promoted to the town, somebody graded, somebody gone, some who agreed to be shown."""
    rng = corps.rng
    moment = corps.at(60)
    day = moment.date()
    with clock.at(moment):
        by = corps.office(day)
        station = corps.world.county.units[town]
        area_stations = set(Unit.objects.filter(parent=station, kind=Unit.Kind.AREA_STATION).values_list("id", flat=True))
        below = [person for person in corps.people[Mediator.Kind.PEOPLES] if person.unit_id in area_stations]
        if below:
            term = appointments.Term("hired", day, rules.usual_end(day, 3), "镇党委政府")
            appointments.promote(below[0].pk, station.id, term, words="连续两年调成率在片区前列，梯级选拔到镇站。", by=by)
            appointments.regrade(below[0].pk, "1", on=day, decided_by="县司法局", words="等级评定", by=by)
        leaver = corps.people[Mediator.Kind.VILLAGE][3]
        appointments.end(leaver.pk, on=day, reason="resigned", words="随子女外出居住，本人申请辞任。", by=by)
        for person in corps.people[Mediator.Kind.PEOPLES][:8] + corps.people[Mediator.Kind.WORTHY][:3]:
            consents.consent(person.pk, hours=rng.choice(("周一至周五 9:00—11:00", "每天 14:00—16:00", "周二、周四 9:00—17:00")), by=by)


def _trainings(corps: Corps, town: str) -> None:
    """Courses of the county and the town, a meeting a month, a case watched, a hearing attended. Some missed one."""
    station = corps.world.county.units[town]
    everybody = [person for kind in (Mediator.Kind.PEOPLES, Mediator.Kind.VILLAGE) for person in corps.people[kind]]
    told: tuple[tuple[int, str, str, str, str, str], ...] = (
        (130, "course", "人民调解法和调解文书制作", "2", "县司法局培训室", "县司法局基层股"),
        (95, "meeting", "月例会：疑难纠纷讲评", "0.5", "镇群众工作站", ""),
        (80, "course", "土地承包、相邻关系纠纷调解", "1", "镇政府会议室", "玲珑法庭法官"),
        (64, "meeting", "月例会：回访情况通报", "0.5", "镇群众工作站", ""),
        (45, "observation", "观摩宅基地纠纷调解", "0.5", "镇群众工作站", "调解员示范"),
        (33, "hearing", "旁听相邻权纠纷庭审", "0.5", "玲珑法庭", "（案由）相邻关系"),
        (20, "course", "心理疏导和沟通技巧", "1", "镇政府会议室", "县心理咨询协会"),
    )
    for ago, kind, name, days, place, teacher in told:
        moment = corps.at(ago)
        with clock.at(moment):
            serving = set(Mediator.objects.serving(moment.date()).values_list("pk", flat=True))
            attended = {person.pk: Decimal(days) for person in everybody if person.pk in serving and corps.rng.random() < 0.8}
            lesson = lessons.Lesson(kind, name, moment.date(), Decimal(days), place, station.id, teacher, attended)
            lessons.hold_training(lesson, by=corps.office(moment.date()))


def _duties(corps: Corps, town: str) -> None:
    """Worthies week by week, advisers month by month, by the village cadre or the office; here and there one is missing."""
    monday = corps.world.until - timedelta(days=corps.world.until.weekday() + 7 * WEEKS)
    for week in range(WEEKS + 1):
        for number, person in enumerate(corps.people.get(Mediator.Kind.WORTHY, ())):
            for place, kind in enumerate(KINDS):
                if corps.rng.random() < (0.97 if number % 4 else 0.72):
                    _log(corps, person, kind, monday + timedelta(days=7 * week + place))
    for number, person in enumerate(corps.people.get(Mediator.Kind.ADVISER, ())):
        for month in range(3):
            first = (corps.world.until.replace(day=1) - timedelta(days=30 * month)).replace(day=1)
            for place, kind in enumerate(("screening", "consultation", "publicity", "lecture")):
                if number % 5 or place != 3:
                    _log(corps, person, kind, first + timedelta(days=4 + 4 * place))


def _log(corps: Corps, person: Mediator, kind: str, day: date) -> None:
    if day >= corps.world.until:
        return
    ago = (corps.world.until - day).days
    moment = corps.at(ago, 17)
    with clock.at(moment):
        by = _writer(corps, person, day)
        begun = corps.at(ago, corps.rng.choice((8, 9, 14)))
        done = duty_log.Done(
            kind=kind,
            came_at=begun,
            left_at=begun + timedelta(minutes=corps.rng.choice((45, 60, 90))),
            place=PLACES[kind],
            words=WORDS[kind],
            people_count=corps.rng.randint(8, 40) if kind in ("publicity", "lecture") else None,
        )
        duty_log.log_duty(person.pk, done, by=by)


def _writer(corps: Corps, person: Mediator, day: date) -> Scope:
    """The village cadre where there is one, else the office of the centre."""
    cadres = corps.world.roster.holders(person.unit_id, Role.VILLAGE_CADRE, day)
    return corps.scope(cadres[0], day) if cadres else corps.office(day)


def _activities(corps: Corps, town: str) -> None:
    """Joint activities of the demo town over the months."""
    station = corps.world.county.units[town]
    for number, (kind, partner, place, participants, people, outcome) in enumerate(ACTIVITIES):
        moment = corps.at(8 + 19 * number)
        with clock.at(moment):
            name = station.area.name if station.area else station.short_name
            by = corps.by(town, Role.HANDLER, moment.date()) or corps.office(moment.date())
            joint.record_activity(
                joint.Meeting(kind, station.id, moment.date(), place.format(town=name), partner.format(town=name), participants, outcome, people),
                by=by,
            )
