"""A county small enough to read at a glance, with one persona for each role (architecture §13).

招远市 370685
├─ 阜山镇 370685104 ── 九曲村 370685104201, 老翅村 370685104202
└─ 辛庄镇 370685109 ── 东良村 370685109201
县中心 → 阜山镇站 → 片区站 → 九曲村室, 老翅村室;  辛庄镇站 → 东良村室;  自然资源局, 人社局 (入驻), 水务局, 纪委监委, 市政府 (复查复核)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import Model

from casework import limits
from casework.models import Holiday, Limit
from organisations import clock, directory, pinyin
from organisations.models import Area, Post, Unit, User
from organisations.roles import Role
from organisations.scope import Scope, scope_of

PASSWORD = "Yimen-Ceshi-2026"
#: PBKDF2 is slow on purpose; every persona has this one hash of PASSWORD, made once per process.
_hash = ""
#: Limits and holidays as the database gave them out, by table; read once per process.
_shipped: dict[type[Model], bytes] = {}


@dataclass
class County:
    areas: dict[str, Area] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def scope(self, person: str) -> Scope:
        """The persona's scope as of the clock's today."""
        return scope_of(self.people[person], clock.today())


PERSONAS: dict[str, tuple[str, Role, str]] = {
    "clerk": ("刘晓燕", Role.WINDOW_CLERK, "centre"),
    "clerk2": ("王丽丽", Role.WINDOW_CLERK, "centre"),
    "office": ("孙志远", Role.OFFICE, "centre"),
    "office2": ("周敏", Role.OFFICE, "centre"),
    "centre_head": ("马国强", Role.HEAD, "centre"),
    "leader": ("李建国", Role.LEADER, "centre"),
    "auditor": ("赵审", Role.AUDITOR, "centre"),
    "discipline": ("郑廉", Role.DISCIPLINE, "centre"),
    "handler": ("王海涛", Role.HANDLER, "land"),
    "handler2": ("宋涛", Role.HANDLER, "land"),
    "head": ("吴刚", Role.HEAD, "land"),
    "town_handler": ("张磊", Role.HANDLER, "fushan"),
    "town_head": ("李国栋", Role.HEAD, "fushan"),
    "other_handler": ("何雪", Role.HANDLER, "xinzhuang"),
    "labour_handler": ("吴倩", Role.HANDLER, "labour"),
    "labour_head": ("钱进", Role.HEAD, "labour"),
    "water_handler": ("陶军", Role.HANDLER, "water"),
    "review_handler": ("林复", Role.HANDLER, "government"),
    "review_head": ("秦明远", Role.HEAD, "government"),
    "discipline_handler": ("纪明", Role.DISCIPLINE, "discipline_unit"),
    "village_cadre": ("孙村", Role.VILLAGE_CADRE, "jiuqu"),
    "grid_worker": ("何建平", Role.GRID_WORKER, "jiuqu"),
    "mediator": ("田和", Role.MEDIATOR, "fushan"),
    "overseer": ("郭督", Role.OVERSEER, "fushan"),
    "system_admin": ("系管", Role.SYSTEM_ADMIN, "centre"),
    "security_admin": ("安管", Role.SECURITY_ADMIN, "centre"),
    "audit_admin": ("审管", Role.AUDIT_ADMIN, "centre"),
}

_AREAS = [
    ("county", "370685", "招远市", Area.Level.COUNTY, None),
    ("fushan", "370685104", "阜山镇", Area.Level.TOWN, "county"),
    ("xinzhuang", "370685109", "辛庄镇", Area.Level.TOWN, "county"),
    ("jiuqu", "370685104201", "九曲村", Area.Level.VILLAGE, "fushan"),
    ("laochi", "370685104202", "老翅村", Area.Level.VILLAGE, "fushan"),
    ("dongliang", "370685109201", "东良村", Area.Level.VILLAGE, "xinzhuang"),
]
_UNITS = [
    ("centre", Unit.Kind.CENTRE, "招远市群众工作中心", "县中心", None, "county"),
    ("fushan", Unit.Kind.STATION, "阜山镇群众工作站", "阜山镇", "centre", "fushan"),
    ("xinzhuang", Unit.Kind.STATION, "辛庄镇群众工作站", "辛庄镇", "centre", "xinzhuang"),
    ("fushan_area", Unit.Kind.AREA_STATION, "阜山片区信访维稳工作站", "阜山片区站", "fushan", None),
    ("jiuqu", Unit.Kind.ROOM, "九曲村群众工作室", "九曲村", "fushan", "jiuqu"),
    ("laochi", Unit.Kind.ROOM, "老翅村群众工作室", "老翅村", "fushan", "laochi"),
    ("dongliang", Unit.Kind.ROOM, "东良村群众工作室", "东良村", "xinzhuang", "dongliang"),
    ("land", Unit.Kind.DEPARTMENT, "招远市自然资源和规划局", "自然资源局", "centre", None),
    ("labour", Unit.Kind.DEPARTMENT, "招远市人力资源和社会保障局", "人社局", "centre", None),
    ("water", Unit.Kind.DEPARTMENT, "招远市水务局", "水务局", "centre", None),
    ("discipline_unit", Unit.Kind.DEPARTMENT, "招远市纪委监委", "纪委监委", "centre", None),
    ("government", Unit.Kind.DEPARTMENT, "招远市人民政府", "市政府", "centre", None),
]


def build() -> County:
    """Write the county into the database; limits and holidays too. Thousands of tests begin here, so every table is one statement."""
    put_shipped_limits()
    ids = reserve({Area: len(_AREAS), Unit: len(_UNITS), User: len(PERSONAS) + 1})
    county = County()
    for key, code, name, level, parent in _AREAS:
        county.areas[key] = Area(
            id=next(ids[Area]),
            code=code,
            name=name,
            level=level,
            parent=county.areas.get(parent or ""),
            pinyin=pinyin.place_full(name),
            initials=pinyin.place_initials(name),
        )
    Area.objects.bulk_create(county.areas.values())
    for key, kind, name, short, parent, area in _UNITS:
        unit = new_unit(kind, name, short, county.units.get(parent or ""), county.areas.get(area or ""))
        unit.id = next(ids[Unit])
        unit.path = f"{unit.parent.path if unit.parent else '/'}{unit.id}/"
        unit.is_resident = key == "labour"
        county.units[key] = unit
    Unit.objects.bulk_create(county.units.values())
    county.units["fushan_area"].villages.set([county.areas["jiuqu"], county.areas["laochi"]])
    clock_user = User(id=next(ids[User]), username="xitong", name="系统", initials="xt", is_clock=True, is_active=False)
    for key, (name, _role, _unit) in PERSONAS.items():
        county.people[key] = new_person(key, name)
        county.people[key].id = next(ids[User])
    User.objects.bulk_create([clock_user, *county.people.values()])
    Post.objects.bulk_create(
        Post(user=county.people[key], unit=county.units[unit], role=role, from_on=date(2020, 1, 1), appointed_by=clock_user)
        for key, (_name, role, unit) in PERSONAS.items()
    )
    directory.forget()
    limits.forget()
    return county


def put_shipped_limits() -> None:
    """What `limits.load_defaults` writes. Its thousand rows are made once in a process and copied in as text from then on."""
    with connection.cursor() as db:
        if not _shipped:
            limits.load_defaults()
            for model in (Limit, Holiday):
                with db.copy(f"COPY {written(model)} TO STDOUT") as rows:
                    _shipped[model] = b"".join(bytes(row) for row in rows)
            return
        for model, text in _shipped.items():
            with db.copy(f"COPY {written(model)} FROM STDIN") as rows:
                rows.write(text)
    limits.changed()


def written(model: type[Model]) -> str:
    """The table with all columns but the id, which the table gives."""
    columns = ", ".join(f'"{column.column}"' for column in model._meta.concrete_fields if not column.primary_key)
    return f"{model._meta.db_table} ({columns})"


def reserve(wanted: dict[type[Model], int]) -> dict[type[Model], Iterator[int]]:
    """Ids from the tables' own sequences, all in one statement: rows that name one another can then be written table by table."""
    parts = ", ".join(
        f"(SELECT array_agg(nextval(pg_get_serial_sequence('{model._meta.db_table}', 'id'))) FROM generate_series(1, {count}))"
        for model, count in wanted.items()
    )
    with connection.cursor() as db:
        db.execute(f"SELECT {parts}")
        return dict(zip(wanted, map(iter, db.fetchone()), strict=True))


def make_unit(kind: str, name: str, short: str, parent: Unit | None, area: Area | None) -> Unit:
    unit = new_unit(kind, name, short, parent, area)
    unit.save()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    unit.save()
    return unit


def new_unit(kind: str, name: str, short: str, parent: Unit | None, area: Area | None) -> Unit:
    return Unit(
        kind=kind,
        name=name,
        short_name=short,
        parent=parent,
        path=f"/unplaced-{name}/",
        area=area,
        initials=pinyin.place_initials(short),
        phone="0535-8210000",
    )


def make_person(username: str, name: str) -> User:
    user = new_person(username, name)
    user.save()
    return user


def new_person(username: str, name: str) -> User:
    global _hash
    user = User(
        username=username,
        name=name,
        initials=pinyin.initials(name),
        must_change_password=False,
        password_changed_at=clock.now(),
    )
    if not _hash:
        user.set_password(PASSWORD)
        _hash = user.password
    user.password = _hash
    return user


def make_post(user: User, unit: Unit, role: Role, *, by: User, from_on: date = date(2020, 1, 1)) -> Post:
    return Post.objects.create(user=user, unit=unit, role=role, from_on=from_on, appointed_by=by)
