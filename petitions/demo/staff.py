"""The people of the demo county: about 300, every role, some gone, some away with a substitute, three administrators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from organisations import access, clock, pinyin, synthetic
from organisations.identity import FEMALE, MALE
from organisations.models import Absence, AccessEntry, Area, Post, RolePolicy, Unit, User
from organisations.roles import Role
from petitions.demo import units
from petitions.demo.hours import MORNING, ZONE
from petitions.demo.units import County

#: One known password for every demo sign-in; a county in service never has it (`seed_county --bare`).
DEMO_PASSWORD = "Yimen-Yanshi-2026"  # noqa: S105  (known to everybody, on purpose)
CLOCK_LOGIN = "xitong"
#: The unit whose people the table of sign-ins names, beside the centre and one town.
DEMO_DEPARTMENT = "自然资源和规划局"


@dataclass(frozen=True, slots=True)
class Hire:
    """A person to be hired. Named are only the people of the sign-in table and their colleagues."""

    unit: str
    role: Role
    title: str
    name: str = ""
    sex: str = MALE
    from_on: date | None = None
    until_on: date | None = None


ADMINISTRATORS = (
    Hire("centre", Role.SYSTEM_ADMIN, "系统管理员", "陈系文"),
    Hire("centre", Role.SECURITY_ADMIN, "安全管理员", "高安宁", FEMALE),
    Hire("centre", Role.AUDIT_ADMIN, "审计管理员", "彭审言"),
)
CENTRE = (
    Hire("centre", Role.WINDOW_CLERK, "接访科科员", "刘晓燕", FEMALE),
    Hire("centre", Role.WINDOW_CLERK, "接访科科员", "王丽丽", FEMALE),
    Hire("centre", Role.WINDOW_CLERK, "接访科科员", "曲永刚"),
    Hire("centre", Role.WINDOW_CLERK, "接访科科员", "迟海霞", FEMALE),
    Hire("centre", Role.WINDOW_CLERK, "来信网信科科员", "温文静", FEMALE),
    Hire("centre", Role.OFFICE, "办信科科长", "孙志远"),
    Hire("centre", Role.OFFICE, "督查科科长", "周敏", FEMALE),
    Hire("centre", Role.OFFICE, "综合科科长", "杜春生"),
    Hire("centre", Role.OFFICE, "办信科科员", "林雪梅", FEMALE),
    Hire("centre", Role.HEAD, "中心主任", "马国强"),
    Hire("centre", Role.HEAD, "中心副主任", "滕淑芬", FEMALE),
    Hire("centre", Role.LEADER, "县委副书记、政法委书记", "李建国"),
    Hire("centre", Role.LEADER, "县政府副县长", "尹秀兰", FEMALE),
    Hire("centre", Role.LEADER, "县委常委、组织部长", "董立峰"),
    Hire("centre", Role.AUDITOR, "审计员", "赵立新"),
    Hire("centre", Role.DISCIPLINE, "派驻纪检组组长", "郑伟"),
)
DEPARTMENT = (
    Hire(DEMO_DEPARTMENT, Role.HEAD, "副局长", "吴刚"),
    Hire(DEMO_DEPARTMENT, Role.HANDLER, "信访科科长", "王海涛"),
    Hire(DEMO_DEPARTMENT, Role.HANDLER, "信访科科员", "宋涛"),
    Hire(units.DISCIPLINE_UNIT, Role.DISCIPLINE, "信访室主任", "纪明"),
    Hire(units.DISCIPLINE_UNIT, Role.DISCIPLINE, "信访室副主任", "罗正华"),
    Hire(units.DISCIPLINE_UNIT, Role.DISCIPLINE, "第一纪检监察室干部", "方敬之"),
    Hire(units.DISCIPLINE_UNIT, Role.HEAD, "常务副书记", "谭书平"),
    Hire(units.GOVERNMENT, Role.HANDLER, "复查复核办公室科员", "曹明德"),
    Hire(units.GOVERNMENT, Role.HEAD, "复查复核办公室主任", "秦正声"),
)
TOWN = (
    Hire("town", Role.HEAD, "站长（副书记兼）", "李国栋"),
    Hire("town", Role.HANDLER, "副站长", "张磊"),
    Hire("town", Role.HANDLER, "工作人员", "何雪", FEMALE),
    Hire("town", Role.OVERSEER, "督导员", "郭志强"),
    Hire("town", Role.MEDIATOR, "人民调解员", "田和平"),
    Hire("village", Role.VILLAGE_CADRE, "村党支部书记", "孙德福"),
    Hire("village", Role.GRID_WORKER, "专职网格员", "何建平"),
)
#: One person in each enterprise's room, as firms have them.
ENTERPRISE = (
    Hire("enterprise:示例机械厂", Role.VILLAGE_CADRE, "工会主席", "栾德民"),
    Hire("enterprise:示例果品公司", Role.VILLAGE_CADRE, "人事经理", "战秀萍", FEMALE),
    Hire("enterprise:示例纺织厂", Role.VILLAGE_CADRE, "工会副主席", "逄丽娟", FEMALE),
    Hire("enterprise:示例建筑公司", Role.VILLAGE_CADRE, "项目副经理", "尉学军"),
)
#: Stations and departments that also have a discipline contact of their own.
WITH_DISCIPLINE = ("公安局", "自然资源和规划局", "住房和城乡建设局", "农业农村局", "教育和体育局", "卫生健康局", "民政局", "财政局")


@dataclass
class Staff:
    """Who was hired, by login."""

    people: dict[str, User] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)


def demo_town(county: County) -> str:
    """The code of the town whose people are in the sign-in table."""
    towns = [code for code in county.areas if len(code) == 9]
    return towns[len(towns) // 2]


def write_clock_user() -> User:
    """The user row 系统 that acts for the clock; nobody can sign in as it."""
    user = User(username=CLOCK_LOGIN, name="系统", initials="xt", is_clock=True, is_active=False, must_change_password=False)
    user.set_unusable_password()
    user.save(force_insert=True)
    return user


def write_administrators(county: County, staff: Staff, *, from_on: date, changed_at: datetime | None, password: str) -> list[User]:
    """The three separated administrators (L-SEC-4). With `changed_at` None the password must be changed at first sign-in."""
    rng = Random("administrators")  # noqa: S311  (telephones of a demo county)
    clock_user = User.objects.get(is_clock=True)
    return _hire(county, staff, ADMINISTRATORS, rng, from_on, changed_at=changed_at, password=password, appointed_by=clock_user)


def write(county: County, rng: Random, *, start: date, until: date, changed_at: datetime) -> Staff:
    """Everybody, their posts and absences. `start` is the first day of the cases, `until` the last."""
    staff = Staff()
    write_clock_user()
    template = User()
    template.set_password(DEMO_PASSWORD)
    since = start - timedelta(days=60)
    administrators = write_administrators(county, staff, from_on=since - timedelta(days=10), changed_at=changed_at, password=template.password)
    security = administrators[1]
    # Whoever tries the demo has no authenticator at hand; a county in service keeps the roles' own rule (L-SEC-4).
    RolePolicy.objects.bulk_create(RolePolicy(role=hire.role, second_factor=False) for hire in ADMINISTRATORS)
    hires = [*CENTRE, *_departments(), *_towns(county), *_gone(start)]
    hires = _with_changes(hires, start, until)
    _hire(county, staff, hires, rng, since, changed_at=changed_at, password=template.password, appointed_by=security)
    units.write_enterprises(county, demo_town(county))
    own = Random("enterprises")  # noqa: S311  (telephones; of its own, so that nobody else's change)
    _hire(county, staff, ENTERPRISE, own, since, changed_at=changed_at, password=template.password, appointed_by=security)
    _write_absences(county, rng, start, until, entered_by=security)
    return staff


def _departments() -> Iterator[Hire]:
    yield from DEPARTMENT
    for department in units.DEPARTMENTS:
        if department.name in (DEMO_DEPARTMENT, units.DISCIPLINE_UNIT, units.GOVERNMENT):
            continue
        yield Hire(department.name, Role.HEAD, "分管负责人")
        yield Hire(department.name, Role.HANDLER, "信访科科长" if department.is_resident else "办公室主任")
        if department.is_resident:
            yield Hire(department.name, Role.HANDLER, "驻大厅工作人员", sex=FEMALE)
    for name in WITH_DISCIPLINE:
        yield Hire(name, Role.DISCIPLINE, "派驻纪检监察组组长")


def _towns(county: County) -> Iterator[Hire]:
    chosen = demo_town(county)
    for code in (c for c in county.areas if len(c) == 9):
        villages = [c for c in county.areas if len(c) == 12 and c.startswith(code)]
        if code == chosen:
            yield from (_at(hire, code, villages[0]) for hire in TOWN)
        else:
            yield Hire(code, Role.HEAD, "站长（副书记兼）")
            yield Hire(code, Role.HANDLER, "副站长")
            yield Hire(code, Role.HANDLER, "工作人员", sex=FEMALE)
            yield Hire(code, Role.OVERSEER, "督导员")
            yield Hire(code, Role.MEDIATOR, "人民调解员")
        yield Hire(code, Role.DISCIPLINE, "纪委书记")
        areas = [key for key in county.units if key.startswith(f"area:{code}")]
        yield from (Hire(key, Role.OVERSEER, "片区站站长") for key in areas[:1])
        for village in villages[1:4]:
            yield Hire(village, Role.VILLAGE_CADRE, "党支部书记、村（居）委会主任")
        for village in villages[1:3]:
            yield Hire(village, Role.GRID_WORKER, "专职网格员", sex=FEMALE)


def _at(hire: Hire, town: str, village: str) -> Hire:
    return Hire(town if hire.unit == "town" else village, hire.role, hire.title, hire.name, hire.sex)


def _gone(start: date) -> Iterator[Hire]:
    """Posts that ended before the first case: the list of people shows them as former."""
    for number, unit in enumerate(("centre", "水务局", "民政局", "交通运输局")):
        role = Role.WINDOW_CLERK if unit == "centre" else Role.HEAD
        yield Hire(unit, role, "已退休", from_on=start - timedelta(days=55), until_on=start - timedelta(days=20 - number))


def _with_changes(hires: Sequence[Hire], start: date, until: date) -> list[Hire]:
    """In six departments the first handler moves on in the middle of the two years and a successor comes."""
    changed: list[Hire] = []
    moved: set[str] = set()
    days = (until - start).days
    for hire in hires:
        chosen = hire.role is Role.HANDLER and not hire.name and hire.title == "信访科科长" and len(moved) < 6 and hire.unit not in moved
        if chosen:
            moved.add(hire.unit)
            last = start + timedelta(days=days * (2 + len(moved)) // 12)
            changed.append(Hire(hire.unit, hire.role, hire.title, until_on=last))
            changed.append(Hire(hire.unit, hire.role, hire.title, from_on=last + timedelta(days=1)))
        else:
            changed.append(hire)
    return changed


def _hire(
    county: County,
    staff: Staff,
    hires: Sequence[Hire],
    rng: Random,
    since: date,
    *,
    changed_at: datetime | None,
    password: str,
    appointed_by: User,
) -> list[User]:
    named = {hire.name for hire in (*ADMINISTRATORS, *CENTRE, *DEPARTMENT, *TOWN, *ENTERPRISE)}
    users = []
    for hire in hires:
        name = hire.name or _new_name(rng, hire.sex, named)
        named.add(name)
        gone = hire.until_on is not None and hire.until_on < since + timedelta(days=60)
        users.append(
            User(
                username=_login(name, staff),
                name=name,
                initials=pinyin.initials(name),
                staff_number=f"{len(staff.taken):04d}",
                phone=synthetic.phone(rng),
                is_active=not gone,
                password=password,
                must_change_password=changed_at is None,
                password_changed_at=changed_at,
            )
        )
    made = User.objects.bulk_create(users)
    posts = Post.objects.bulk_create(
        Post(
            user=user,
            unit=county.units[hire.unit],
            role=hire.role,
            title=hire.title,
            from_on=hire.from_on or since,
            until_on=hire.until_on,
            appointed_by=appointed_by,
            ended_by=appointed_by if hire.until_on else None,
        )
        for user, hire in zip(made, hires, strict=True)
    )
    _log_appointments(posts, by=appointed_by)
    staff.people.update({user.username: user for user in made})
    return made


def _log_appointments(posts: Sequence[Post], *, by: User) -> None:
    """Appointments belong in the access log (L-SEC-5), each on the morning of its first day."""
    for post in sorted(posts, key=lambda post: post.from_on):
        with clock.at(min(clock.now(), datetime.combine(post.from_on, MORNING[0], ZONE))):
            access.log(
                AccessEntry.Event.APPOINT,
                user=by,
                unit_id=post.unit_id,
                object_type="post",
                object_id=post.id,
                object_label=f"{post.user.name} · {post.unit.short_name} · {post.get_role_display()}",
                ground=f"{post.from_on} 起" + (f"至 {post.until_on}" if post.until_on else ""),
            )


def _new_name(rng: Random, sex: str, taken: set[str]) -> str:
    while True:
        name = synthetic.name(rng, sex, rng.randint(1966, 1996))
        if name not in taken:
            return name


def _login(name: str, staff: Staff) -> str:
    stem = pinyin.full(name).split()[0][:24] or "ren"
    login, number = stem, 1
    while login in staff.taken:
        number += 1
        login = f"{stem}{number}"
    staff.taken.add(login)
    return login


def _write_absences(county: County, rng: Random, start: date, until: date, *, entered_by: User) -> None:
    """Leave with a substitute of another post, so that history shows «B 代 A»; two of them on the last days."""
    days = (until - start).days
    spans = [(day, day + timedelta(days=rng.randint(6, 12))) for day in (start + timedelta(days=days * part // 10) for part in (1, 4, 7))]
    now = [(until - timedelta(days=4), until + timedelta(days=6))]
    rows: list[Absence] = []
    resident = [d.name for d in units.DEPARTMENTS if d.is_resident and d.name != DEMO_DEPARTMENT]
    for number, unit in enumerate((DEMO_DEPARTMENT, *resident[:7])):
        head = _in_post(county.units[unit], Role.HEAD, until)
        away = spans if number % 2 == 0 else [spans[1]]
        if number == 3:
            away = [*away, *now]
        for first, last in away:
            rows.append(_absence(head, _in_post(county.units[unit], Role.HANDLER, last, place=-1), first, last, entered_by))
    centre = county.units["centre"]
    for absent, substitute in (("周敏", "王丽丽"), ("李建国", "马国强"), ("杜春生", "曲永刚")):
        for first, last in [spans[0], spans[2], *(now if absent == "杜春生" else [])]:
            rows.append(_absence(_named(absent, centre), _named(substitute, centre), first, last, entered_by))
    Absence.objects.bulk_create(rows)


def _absence(user: User, substitute: User, first: date, last: date, entered_by: User) -> Absence:
    return Absence(
        user=user,
        substitute=substitute,
        from_on=first,
        until_on=last,
        authority=f"年休假，单位授权书〔{first.year}〕第{first.month}号",
        entered_by=entered_by,
    )


def _in_post(unit: Unit, role: Role, day: date, place: int = 0) -> User:
    posts = list(Post.objects.current(day).filter(unit=unit, role=role).select_related("user").order_by("id"))
    return posts[place].user


def _named(name: str, unit: Unit) -> User:
    return User.objects.get(name=name, posts__unit=unit)


@dataclass(frozen=True, slots=True)
class Held:
    user_id: int
    name: str
    from_on: date
    until_on: date | None


class Roster:
    """Who holds which post on which day, and who stands in for whom. Read once from the database."""

    def __init__(self) -> None:
        self.posts: dict[tuple[int, str], list[Held]] = {}
        for post in Post.objects.select_related("user").order_by("id"):
            self.posts.setdefault((post.unit_id, post.role), []).append(Held(post.user_id, post.user.name, post.from_on, post.until_on))
        self.names = dict(User.objects.values_list("id", "name"))
        self.away: dict[int, list[tuple[date, date, int]]] = {}
        for absence in Absence.objects.order_by("id"):
            self.away.setdefault(absence.user_id, []).append((absence.from_on, absence.until_on, absence.substitute_id))

    def holders(self, unit_id: int, role: Role, day: date) -> list[int]:
        """Users who hold the role at the unit that day, in the order they were hired."""
        return [
            held.user_id for held in self.posts.get((unit_id, role), []) if held.from_on <= day and (held.until_on is None or day <= held.until_on)
        ]

    def acting(self, user_id: int, day: date) -> int:
        """The person, or their substitute while they are away."""
        for first, last, substitute_id in self.away.get(user_id, []):
            if first <= day <= last:
                return substitute_id
        return user_id

    def turning_days(self) -> dict[int, list[date]]:
        """By user the days on which their powers may change: between two of them a scope stays the same.

        What turns is a post of their own, or an absence of somebody they stand in for.
        """
        days: dict[int, set[date]] = {user_id: set() for user_id in self.names}
        for holders in self.posts.values():
            for held in holders:
                days[held.user_id].update(_edges(held.from_on, held.until_on))
        own = {user_id: set(found) for user_id, found in days.items()}
        for user_id, spans in self.away.items():
            for first, last, substitute_id in spans:
                days[substitute_id].update(_edges(first, last) | own[user_id])
        return {user_id: sorted(found) for user_id, found in days.items()}


def _edges(first: date, last: date | None) -> set[date]:
    return {first} if last is None else {first, last + timedelta(days=1)}


def unit_keys(county_code: str) -> County:
    """The units that `units.write` wrote, found again after an interruption."""
    county = County(name=Area.objects.get(code=county_code).name)
    county.areas = {area.code: area for area in Area.objects.order_by("code")}
    by_name = {f"{county.name}{d.name}": d.name for d in units.DEPARTMENTS}
    for unit in Unit.objects.select_related("area").order_by("path"):
        if unit.kind == Unit.Kind.CENTRE:
            county.units["centre"] = unit
        elif unit.kind == Unit.Kind.DEPARTMENT:
            county.units[by_name[unit.name]] = unit
        elif unit.kind == Unit.Kind.ENTERPRISE:
            county.units[f"enterprise:{unit.short_name}"] = unit
        elif unit.area is not None:
            county.units[unit.area.code] = unit
    return county
