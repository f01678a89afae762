"""Places and units of one county, from the division codes the State publishes (organisations/data/divisions.csv)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from organisations import directory, pinyin
from organisations.models import Area, Unit
from organisations.synthetic import short_place_name

DIVISIONS = Path(directory.__file__).parent / "data" / "divisions.csv"
DEFAULT_COUNTY = "370685"
#: A county's area telephone code; shown on papers, called by nobody.
TELEPHONE = {"370685": "0535", "371522": "0635", "371524": "0635", "411281": "0398", "441427": "0753", "150623": "0477"}
#: 招远市 has 734 villages in 65 areas: between ten and twelve villages to an area station (ORG-2).
VILLAGES_PER_AREA = 11.1


class Department(NamedTuple):
    """Name without the county's, what people call it, whether it sits in the hall."""

    name: str
    short: str
    is_resident: bool = False


DEPARTMENTS = (
    Department("公安局", "公安局", True),
    Department("民政局", "民政局", True),
    Department("司法局", "司法局", True),
    Department("人力资源和社会保障局", "人社局", True),
    Department("自然资源和规划局", "自然资源局", True),
    Department("住房和城乡建设局", "住建局", True),
    Department("交通运输局", "交通运输局", True),
    Department("水务局", "水务局", True),
    Department("农业农村局", "农业农村局", True),
    Department("卫生健康局", "卫健局", True),
    Department("教育和体育局", "教体局", True),
    Department("市场监督管理局", "市场监管局", True),
    Department("综合行政执法局", "综合执法局", True),
    Department("医疗保障局", "医保局", True),
    Department("退役军人事务局", "退役军人局", True),
    Department("纪委监委", "纪委监委"),
    Department("组织部", "组织部"),
    Department("宣传部", "宣传部"),
    Department("政法委员会", "政法委"),
    Department("发展和改革局", "发改局"),
    Department("工业和信息化局", "工信局"),
    Department("财政局", "财政局"),
    Department("生态环境分局", "生态环境分局"),
    Department("文化和旅游局", "文旅局"),
    Department("应急管理局", "应急局"),
    Department("审计局", "审计局"),
    Department("行政审批服务局", "审批服务局"),
    Department("商务局", "商务局"),
    Department("统计局", "统计局"),
    Department("信访局", "信访局"),
    Department("残疾人联合会", "残联"),
    Department("消防救援大队", "消防大队"),
    Department("人民法院", "法院"),
    Department("人民检察院", "检察院"),
    Department("税务局", "税务局"),
    Department("供电公司", "供电公司"),
    Department("总工会", "总工会"),
    Department("妇女联合会", "妇联"),
    Department("大数据中心", "大数据中心"),
    Department("气象局", "气象局"),
    Department("人民政府", "政府"),
)
DISCIPLINE_UNIT = "纪委监委"
#: The higher body of every department and town: its office reviews their decisions (复查复核). Its short name tells county, city and banner apart.
GOVERNMENT = "人民政府"


@dataclass(frozen=True, slots=True)
class Division:
    level: str
    code: str
    name: str
    parent_code: str


@dataclass
class County:
    """The written units by what the plan calls them: «centre», a department's name, a division code, «area:code»."""

    name: str
    areas: dict[str, Area] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)


def divisions(county_code: str) -> list[Division]:
    """The county, its towns and villages in code order; empty for a code the file does not hold."""
    with DIVISIONS.open(encoding="utf-8", newline="") as file:
        rows = [
            Division(row["level"], row["code"], row["name"], row["parent_code"]) for row in csv.DictReader(file) if row["county_code"] == county_code
        ]
    return sorted(rows, key=lambda row: (len(row.code), row.code))


def counties() -> dict[str, str]:
    """Codes and names of the counties that can be seeded."""
    with DIVISIONS.open(encoding="utf-8", newline="") as file:
        return {row["county_code"]: row["county_name"] for row in csv.DictReader(file)}


def areas_of(villages: list[Division]) -> Iterator[list[Division]]:
    """A town's villages cut into neighbouring areas of about eleven."""
    count = max(1, round(len(villages) / VILLAGES_PER_AREA))
    for part in range(count):
        yield villages[part * len(villages) // count : (part + 1) * len(villages) // count]


def write(county_code: str) -> County:
    """Write places, centre, departments, stations, area stations and rooms into an empty database."""
    rows = divisions(county_code)
    county = County(name=rows[0].name)
    _write_areas(county, rows)
    villages_of = {
        town.code: [row for row in rows if row.level == Area.Level.VILLAGE and row.parent_code == town.code]
        for town in rows
        if town.level == Area.Level.TOWN
    }
    _write_units(county, [("centre", _unit(county, Unit.Kind.CENTRE, f"{county.name}群众工作中心", "县中心", area=rows[0].code))], "")
    _write_units(county, list(_departments(county)), "centre")
    _write_units(
        county,
        [
            (code, _unit(county, Unit.Kind.STATION, f"{county.areas[code].name}群众工作站", county.areas[code].name, area=code))
            for code in villages_of
        ],
        "centre",
    )
    for town, villages in villages_of.items():
        parts = list(areas_of(villages)) if villages else []
        _write_units(county, [(f"area:{part[0].code}", _area_station(county, part)) for part in parts], town)
        for part in parts:
            county.units[f"area:{part[0].code}"].villages.set([county.areas[row.code] for row in part])
        _write_units(county, [(row.code, _room(county, row)) for row in villages], town)
    directory.changed()
    directory.forget()
    return county


#: Enterprises of the demo county with a room of their own: what they are called, and the department they belong to; without one, their town.
#: The names say that there is no such firm.
ENTERPRISES = (("示例机械厂", ""), ("示例果品公司", ""), ("示例纺织厂", ""), ("示例建筑公司", "住房和城乡建设局"))


def write_enterprises(county: County, town: str) -> None:
    """The enterprises' rooms, in the first villages of that town. A county in service makes its own in the browser."""
    villages = [code for code in county.areas if len(code) == 12 and code.startswith(town)]
    for number, (name, department) in enumerate(ENTERPRISES):
        unit = _unit(county, Unit.Kind.ENTERPRISE, f"{name}群众工作室", name, area=villages[number % len(villages)])
        _write_units(county, [(f"enterprise:{name}", unit)], department or town)
    directory.changed()
    directory.forget()


def _write_areas(county: County, rows: list[Division]) -> None:
    for level in Area.Level.values:
        made = Area.objects.bulk_create(
            Area(
                code=row.code,
                level=row.level,
                name=short_place_name(row.name),
                parent=county.areas.get(row.parent_code),
                pinyin=pinyin.place_full(short_place_name(row.name)),
                initials=pinyin.place_initials(short_place_name(row.name)),
            )
            for row in rows
            if row.level == level
        )
        county.areas.update({area.code: area for area in made})


def _unit(county: County, kind: str, name: str, short: str, *, area: str = "", is_resident: bool = False) -> Unit:
    return Unit(
        kind=kind,
        name=name,
        short_name=short,
        area=county.areas.get(area),
        is_resident=is_resident,
        initials=pinyin.place_initials(short),
    )


def _departments(county: County) -> Iterator[tuple[str, Unit]]:
    for department in DEPARTMENTS:
        short = f"{county.name[-1]}{department.short}" if department.name == GOVERNMENT else department.short
        unit = _unit(county, Unit.Kind.DEPARTMENT, f"{county.name}{department.name}", short, is_resident=department.is_resident)
        yield department.name, unit


def _told_apart(county: County, area: Area) -> str:
    """The village's name; with its town's before it where another village of the county is called the same."""
    alone = [other.name for other in county.areas.values()].count(area.name) == 1
    return area.name if alone or area.parent is None else f"{area.parent.name}{area.name}"


def _area_station(county: County, villages: list[Division]) -> Unit:
    stem = _told_apart(county, county.areas[villages[0].code]).removesuffix("社区").removesuffix("村")
    return _unit(county, Unit.Kind.AREA_STATION, f"{stem}片区信访维稳工作站", f"{stem}片区站")


def _room(county: County, village: Division) -> Unit:
    name = _told_apart(county, county.areas[village.code])
    return _unit(county, Unit.Kind.ROOM, f"{name}群众工作室", f"{name}工作室", area=village.code)


def _write_units(county: County, keyed: list[tuple[str, Unit]], parent_key: str) -> None:
    """One level below one parent; the path needs the ids, so it is filled in after."""
    parent = county.units.get(parent_key)
    code = TELEPHONE.get(next(iter(county.areas))[:6], "0000")
    for number, (key, unit) in enumerate(keyed, start=1):
        unit.parent = parent
        unit.path = f"?{key}"
        unit.phone = f"{code}-82{len(county.units) % 100:02d}{number % 1000:03d}"
    made = Unit.objects.bulk_create([unit for _, unit in keyed])
    for unit in made:
        unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    Unit.objects.bulk_update(made, ["path"])
    county.units.update(keyed)
