"""People and petitions that do not exist, for the demo county, the tests and the benchmark.

Every function takes a ``random.Random``: the same seed gives the same county. Nothing here can be
anybody's:

* identity numbers have a right checksum, a possible birth date and a county code ending in 99 under
  the real prefecture (``370699``): GB/T 2260 never gave 99 to a county, so no such number was issued;
* telephones begin with 142, which no operator holds for subscribers;
* firms, estates, roads and schools carry invented words, places are those handed in.

The stories are templates in ``data/stories.json``: ``[a|b]`` chooses, ``{slot}`` fills in, and a slot
keeps its value through one story. Department names are without the county's; ``TOWN_OFFICE``
stands for the town or subdistrict of the place.
"""

import json
import math
import re
from bisect import bisect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from random import Random

from organisations.identity import FEMALE, MALE, check_digit

TOWN_OFFICE = "镇街"
PHONE_PREFIX = "142"
COUNTY_NEVER_ASSIGNED = "99"

_DATA = Path(__file__).parent / "data"

# --- people -----------------------------------------------------------------------------------

_RARE_SHARE = 0.01
_OCCUPATIONS = ["01"] * 11 + ["02"] * 4 + ["12"] * 3 + ["15"] * 3 + ["16"] * 2 + ["13", "03", "08", "09", "10", "17"]
_NATIONS = ["01"] * 60 + ["02", "03", "11", "15"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody lives or something happened; ``code`` has 6, 9 or 12 digits."""

    code: str
    county: str
    town: str
    village: str = ""

    @property
    def is_urban(self) -> bool:
        return self.village.endswith("社区")

    @property
    def town_office(self) -> str:
        """夏甸镇人民政府, 罗峰街道办事处."""
        return self.town + ("办事处" if self.town.endswith("街道") else "人民政府")

    @property
    def locality(self) -> str:
        return self.town + self.village


@dataclass(frozen=True, slots=True)
class Person:
    """``sex``, ``occupation`` and ``nation`` are codes; ``id_number`` and ``phone`` are in clear and belong to nobody."""

    name: str
    sex: str
    born_on: date
    id_number: str
    phone: str
    address: str
    occupation: str
    nation: str


def short_place_name(official: str) -> str:
    """What people call a village: 小李家村村民委员会 is 小李家村, 沟子村民委员会 is 沟子村, 民安社区居委会 is 民安社区."""
    for ending, word in (("居民委员会", "社区"), ("居委会", "社区"), ("村民委员会", "村"), ("村委会", "村")):
        if official.endswith(ending):
            stem = official[: -len(ending)]
            return stem if stem.endswith((word, "社区", "嘎查")) else stem + word
    return official


@dataclass(frozen=True, slots=True)
class _Names:
    """Surnames with weights (per thousand, roughly as counted) and given names by sex and by when one was born."""

    surnames: list[str]
    sums: list[int]
    given: dict[str, list[list[str]]]
    rare: list[str]


@lru_cache(maxsize=1)
def _names() -> _Names:
    table = json.loads((_DATA / "names.json").read_text(encoding="utf-8"))
    given = {sex: [line.split() for line in table[key]] for sex, key in ((MALE, "male"), (FEMALE, "female"))}
    return _Names(list(table["surnames"]), list(accumulate(table["surnames"].values())), given, table["rare"].split())


def surname(rng: Random) -> str:
    names = _names()
    return names.surnames[bisect(names.sums, rng.random() * names.sums[-1])]


def name(rng: Random, sex: str, born_year: int = 1970) -> str:
    """A name of the time; one in a hundred has a character that many programs cannot write."""
    if rng.random() < _RARE_SHARE:
        return surname(rng) + rng.choice(_names().rare)
    generation = 0 if born_year < 1965 else 1 if born_year < 1985 else 2
    return surname(rng) + rng.choice(_names().given[sex][generation])


def id_number(rng: Random, *, area_code: str, born_on: date, sex: str) -> str:
    """A number that passes every check and that nobody holds: see the module's first lines."""
    sequence = rng.randrange(1, 1000, 2) if sex == MALE else rng.randrange(2, 1000, 2)
    first = f"{area_code[:4]}{COUNTY_NEVER_ASSIGNED}{born_on:%Y%m%d}{sequence:03d}"
    return first + check_digit(first)


def phone(rng: Random) -> str:
    """Eleven digits of the shape of a mobile number under a prefix nobody holds."""
    return f"{PHONE_PREFIX}{rng.randrange(10**8):08d}"


def address(rng: Random, place: Place) -> str:
    """A dwelling in the place: village, group and number, or building, entrance and room."""
    if place.is_urban:
        room = f"{rng.randint(1, 6)}0{rng.randint(1, 3)}"
        return f"{place.county}{place.locality}{rng.randint(1, 30)}号楼{rng.randint(1, 5)}单元{room}室"
    return f"{place.county}{place.locality}{rng.randint(1, 9)}组{rng.randint(1, 160)}号"


def person(rng: Random, place: Place, *, today: date, sex: str | None = None) -> Person:
    """An adult who lives in the place. Petitioners are mostly between forty and seventy-five."""
    chosen = sex or (MALE if rng.random() < 0.6 else FEMALE)
    age = min(88, max(19, round(rng.gauss(56, 13))))
    born_on = today - timedelta(days=age * 365 + age // 4 + rng.randrange(1, 365))
    return Person(
        name=name(rng, chosen, born_on.year),
        sex=chosen,
        born_on=born_on,
        id_number=id_number(rng, area_code=place.code, born_on=born_on, sex=chosen),
        phone=phone(rng),
        address=address(rng, place),
        occupation=rng.choice(_OCCUPATIONS),
        nation=rng.choice(_NATIONS),
    )


# --- stories ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Demand:
    """One numbered request and the answer the unit gave: ``support`` is a code of 处理意见 (1 支持, 2 解释说明, 3 不予支持)."""

    text: str
    support: str
    result: str


@dataclass(frozen=True, slots=True)
class Story:
    """A whole petition: what is told, asked and answered. ``department`` handles it by its nature."""

    category: str
    purpose: str
    department: str
    assisting: tuple[str, ...]
    title: str
    text: str
    demands: tuple[Demand, ...]
    accused_unit: str
    accused_person: str
    accuses_town_office: bool
    headcount: int
    finding: str
    reply: str
    slots: Mapping[str, str] = field(compare=False, repr=False)

    @property
    def is_protected(self) -> bool:
        return self.purpose == "03"

    @property
    def is_solved(self) -> bool:
        return all(demand.support == "1" for demand in self.demands)


@dataclass(frozen=True, slots=True)
class _DemandTemplate:
    text: str
    granted: str
    refused: str


@dataclass(frozen=True, slots=True)
class _Template:
    category: str
    purpose: str
    weight: int
    department: str
    assisting: tuple[str, ...]
    accused_unit: str
    accused_person: str
    heads: tuple[int, int]
    titles: tuple[str, ...]
    facts: tuple[str, ...]
    demands: tuple[_DemandTemplate, ...]
    finding: str

    @property
    def is_rural(self) -> bool:
        """Not told in an urban community: village land, village committees, fields."""
        return self.category.startswith("01") or self.category in _RURAL or "{village}村" in self.accused_unit


_RURAL = frozenset({"020103", "020203", "020402", "020506", "030202", "070601", "100501", "100901", "140101"})


@dataclass(frozen=True, slots=True)
class _Drawer:
    """Templates to draw from by their weights."""

    rows: list[_Template]
    sums: list[int]

    def draw(self, rng: Random) -> _Template:
        return self.rows[bisect(self.sums, rng.random() * self.sums[-1])]


@lru_cache(maxsize=1)
def _templates() -> dict[str, _Template]:
    """By category code."""
    rows: dict[str, _Template] = {}
    for row in json.loads((_DATA / "stories.json").read_text(encoding="utf-8")):
        rows[row["category"]] = _Template(
            **{key: row[key] for key in ("category", "purpose", "weight", "department", "accused_unit", "accused_person", "finding")},
            assisting=tuple(row["assisting"]),
            heads=(row["heads"][0], row["heads"][1]),
            titles=tuple(row["titles"]),
            facts=tuple(row["facts"]),
            demands=tuple(_DemandTemplate(**demand) for demand in row["demands"]),
        )
    return rows


@lru_cache(maxsize=2)
def _drawer(is_urban: bool) -> _Drawer:
    rows = [row for row in _templates().values() if not (is_urban and row.is_rural)]
    return _Drawer(rows, list(accumulate(row.weight for row in rows)))


def categories() -> list[str]:
    """The category codes that have a story."""
    return list(_templates())


def departments() -> list[str]:
    """Every department a story goes to or asks for help, most asked first; without ``TOWN_OFFICE``."""
    counts: dict[str, int] = {}
    for row in _templates().values():
        for unit in (row.department, *row.assisting):
            counts[unit] = counts.get(unit, 0) + row.weight
    counts.pop(TOWN_OFFICE, None)
    return sorted(counts, key=lambda unit: -counts[unit])


def department_of(category: str) -> str | None:
    """The department that handles a category by its nature, where there is a story for it."""
    row = _templates().get(category)
    return row.department if row else None


def story(rng: Random, place: Place, *, on: date, category: str | None = None) -> Story:
    """A petition told on a day about a place; of a given category (KeyError if there is no story) or drawn by frequency."""
    template = _templates()[category] if category else _drawer(place.is_urban).draw(rng)
    return _tell(template, _Telling(rng, place, on, {}))


def retell(rng: Random, earlier: Story, place: Place, *, on: date) -> Story:
    """The same matter brought again on a later day: same firm, persons, sums and dates, other words."""
    kept = {key: value for key, value in earlier.slots.items() if key not in _FRESH_SLOTS}
    return _tell(_templates()[earlier.category], _Telling(rng, place, on, kept))


def _tell(template: _Template, telling: "_Telling") -> Story:
    rng, say = telling.rng, telling.say
    headcount = _headcount(rng, template.heads)
    title = say(rng.choice(template.titles))
    facts = [say(fact) for fact in template.facts]
    demands = _demands(telling, template)
    finding = say(template.finding)
    accuses_town_office = template.accused_unit == "{town}"
    return Story(
        category=template.category,
        purpose=template.purpose,
        department=template.department,
        assisting=template.assisting,
        title=title,
        text=_petition_text(telling, template.purpose, headcount, facts, demands),
        demands=demands,
        accused_unit=telling.place.town_office if accuses_town_office else say(template.accused_unit),
        accused_person=say(template.accused_person),
        accuses_town_office=accuses_town_office,
        headcount=headcount,
        finding=finding,
        reply=_reply_text(telling, title, finding, demands),
        slots=telling.known,
    )


def _headcount(rng: Random, heads: tuple[int, int]) -> int:
    """Four in five come with the fewest; the rest spread over the whole range, small groups far more often."""
    low, high = heads
    if high == low or rng.random() < 0.8:
        return min(high, low + rng.choice((0, 0, 0, 1)))
    return int(low * math.pow(high / low, rng.random()))


_ALWAYS_ANSWERED = frozenset({"03", "05", "06"})


def _demands(telling: "_Telling", template: _Template) -> tuple[Demand, ...]:
    rng = telling.rng
    count = min(len(template.demands), rng.choice((2, 2, 3, 3, 4)))
    picked = sorted(rng.sample(range(len(template.demands)), count))
    is_generous = template.purpose in _ALWAYS_ANSWERED or rng.random() < 0.6
    return tuple(_demand(telling, template.demands[place], is_granted=is_generous or rng.random() < 0.5) for place in picked)


def _demand(telling: "_Telling", template: _DemandTemplate, *, is_granted: bool) -> Demand:
    if is_granted:
        return Demand(telling.say(template.text), "1", telling.say(template.granted))
    if not template.refused:
        return Demand(telling.say(template.text), "2", telling.say(_EXPLAINED))
    is_explained = any(word in template.refused for word in ("解释", "说明", "告知", "引导", "建议", "暂"))
    return Demand(telling.say(template.text), "2" if is_explained else "3", telling.say(template.refused))


_EXPLAINED = (
    "[相关工作尚在推进，已向信访人说明进展和预计时间|该项工作涉及多个部门，已列入后续计划，并向信访人作了说明"
    "|经核实部分情况与反映不一致，已当面向信访人说明]"
)
_OPENINGS = {
    True: "[我们是|我们都是]{place}的[村民|群众]，[现联名反映以下问题|一共{heads}人，推选代表来反映情况|有一件事向领导反映]。",
    False: "[我是{place}[村民]，现反映以下问题|我家住{place}|本人系{place}居民，有事向领导反映|{town}群众，有一事相求]。",
}
_CLOSINGS = (
    "[望领导派人调查处理|恳请上级部门给予解决|希望尽快给个答复|请领导为民作主|盼复|如不属实，本人愿负责任"
    "|以上情况属实，恳请尽快处理|我们只想要一个公道|多次反映没有结果，这次希望能真正解决|谢谢领导]。"
)
_GENTLE_CLOSINGS = "[谢谢|盼复，谢谢|谢谢领导|望予考虑]。"
_GENTLE = frozenset({"04", "05", "06"})
_NUMERALS = "一二三四五六"


def _petition_text(telling: "_Telling", purpose: str, headcount: int, facts: list[str], demands: tuple[Demand, ...]) -> str:
    telling.known["heads"] = str(headcount)
    opening = telling.say(_OPENINGS[headcount >= 5].replace("[村民]", "村民"))
    asked = "；".join(f"{_NUMERALS[number]}、{demand.text}" for number, demand in enumerate(demands))
    closing = telling.say(_GENTLE_CLOSINGS if purpose in _GENTLE else _CLOSINGS)
    return f"{opening}{''.join(facts)}\n{telling.say('[请求|诉求|我们的要求|具体要求]')}：{asked}。\n{closing}"


def _reply_text(telling: "_Telling", title: str, finding: str, demands: tuple[Demand, ...]) -> str:
    received = telling.say("[信访事项收悉|问题已收悉|一事]，[经调查核实|经实地走访并查阅资料|经会同有关单位核查]，现答复如下：")
    opening = f"您反映的“{title.removeprefix('反映')}”{received}"
    points = "\n".join(f"（{_NUMERALS[number]}）关于“{demand.text}”：{demand.result}。" for number, demand in enumerate(demands))
    closing = telling.say("[感谢您对我们工作的监督和支持|如有疑问，请与承办人联系|我们将跟踪落实，欢迎继续监督]。")
    return f"{opening}\n一、调查情况：{finding}\n二、处理意见：\n{points}\n{closing}"


_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_TOWN = re.compile("(?<!乡)镇")
_FRESH_SLOTS = frozenset({"heads", "soon", "soonmonth", "nextyear", "endmonth"})


class _Telling:
    """One story being told: choices are drawn, slots are filled once and kept."""

    def __init__(self, rng: Random, place: Place, on: date, known: dict[str, str]) -> None:
        self.rng = rng
        self.place = place
        self.on = on
        self.known = known

    def say(self, template: str) -> str:
        chosen = _CHOICE.sub(lambda found: self.rng.choice(found[1].split("|")), template)
        if self.place.town.endswith("街道"):
            chosen = _TOWN.sub("街道", chosen.replace("镇政府", "街道办事处"))
        if self.place.is_urban:
            chosen = chosen.replace("村民委员会", "居民委员会").replace("村民", "居民").replace("村里", "社区")
        return _SLOT.sub(lambda found: self.slot(found[1]), chosen)

    def slot(self, key: str) -> str:
        if key not in self.known:
            self.known[key] = _SLOTS[key](self)
        return self.known[key]

    def before(self, least: int, most: int) -> date:
        return self.on - timedelta(days=self.rng.randint(least, most))

    def after(self, least: int, most: int) -> date:
        return self.on + timedelta(days=self.rng.randint(least, most))

    def firm(self, *endings: str) -> str:
        return f"{self.place.county.rstrip('市县旗区')}{self.word()}{self.rng.choice(endings)}"

    def word(self) -> str:
        return self.rng.choice(_WORDS)

    def man(self) -> str:
        return name(self.rng, MALE if self.rng.random() < 0.8 else FEMALE, self.rng.randint(1955, 1990))


_WORDS = [a + b for a in "云禾砚澜栖蔚竹岚芷汀榆槿" for b in "粟青墨岩舟陌畔川麓漪原庭"]

_Slot = Callable[[_Telling], str]


def _number(low: int, high: int) -> _Slot:
    return lambda telling: str(telling.rng.randint(low, high))


def _tenths(low: float, high: float) -> _Slot:
    return lambda telling: f"{telling.rng.uniform(low, high):.1f}"


def _rounded(low: int, high: int, step: int) -> _Slot:
    return lambda telling: str(telling.rng.randrange(low, high, step))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _month(day: date) -> str:
    return f"{day.year}年{day.month}月"


_SLOTS: dict[str, _Slot] = {
    "town": lambda t: t.place.town,
    "village": lambda t: t.place.village or t.place.town,
    "place": lambda t: t.place.locality,
    "community": lambda t: t.place.village if t.place.is_urban else f"{t.word()}小区",
    "group": lambda t: f"{t.rng.randint(1, 9)}组",
    "road": lambda t: f"{t.word()}{t.rng.choice(('路', '街', '大街', '东路', '西路'))}",
    "river": lambda t: f"{t.word()[0]}{t.rng.choice('东西南北')}河",
    "estate": lambda t: f"{t.word()}{t.rng.choice(('苑', '花园', '新城', '华府', '小区', '家园', '名邸'))}",
    "project": lambda t: f"{t.word()}{t.rng.choice(('大道拓宽工程', '产业园项目', '安置楼项目', '污水管网工程', '光伏发电项目', '高速连接线'))}",
    "developer": lambda t: t.firm("置业有限公司", "房地产开发有限公司"),
    "builder": lambda t: t.firm("建筑工程有限公司", "建筑劳务有限公司", "市政工程有限公司"),
    "property": lambda t: t.firm("物业服务有限公司", "物业管理有限公司"),
    "heating": lambda t: t.firm("热力有限公司", "供热公司"),
    "factory": lambda t: t.firm("机械厂", "化工有限公司", "食品有限公司", "铸造厂", "纸业有限公司", "电子有限公司", "石材厂", "服装厂"),
    "oldfactory": lambda t: f"原{t.firm('化肥厂', '棉纺厂', '农机厂', '水泥厂', '酿酒厂')}",
    "mine": lambda t: t.firm("矿业有限公司", "金矿", "石料厂"),
    "coop": lambda t: t.firm("果蔬专业合作社", "农业发展有限公司", "苗木专业合作社"),
    "shop": lambda t: f"{t.word()}{t.rng.choice(('烧烤店', '饭店', '健身房', '美容院', '超市', '洗车行', '熟食店'))}",
    "eatery": lambda t: f"{t.word()}{t.rng.choice(('烧烤店', '饭店', '大排档', '火锅店', '小吃店', '熟食店'))}",
    "clinic": lambda t: f"{t.word()}{t.rng.choice(('诊所', '美容工作室', '养生馆'))}",
    "hospital": lambda t: f"{t.word()}{t.rng.choice(('医院', '骨科医院'))}",
    "school": lambda t: f"{t.word()}{t.rng.choice(('小学', '中学', '学校', '实验小学'))}",
    "trainer": lambda t: f"{t.word()}{t.rng.choice(('教育培训学校', '艺术中心', '少儿编程'))}",
    "invest": lambda t: f"{t.word()}{t.rng.choice(('投资咨询公司', '养老服务公司', '资金互助社'))}",
    "elder": lambda t: f"{t.word()}{t.rng.choice(('养老院', '颐养中心'))}",
    "scenic": lambda t: f"{t.word()}{t.rng.choice(('风景区', '滑雪场', '古村落景区'))}",
    "bus": lambda t: f"城乡公交{t.rng.randint(2, 60)}路",
    "express": lambda t: f"{t.word()}快递",
    "platform": lambda t: f"{t.word()}{t.rng.choice(('外卖平台', '网约车平台', '配送站'))}",
    "telecom": lambda t: f"{t.word()}通信",
    "cadre": lambda t: t.man(),
    "boss": lambda t: t.man(),
    "other": lambda t: t.man(),
    "doctor": lambda t: t.man(),
    "mu": _tenths(1, 12),
    "smu": _tenths(0.2, 1.9),
    "bigmu": _number(20, 480),
    "metre": _number(2, 6),
    "smetre": _tenths(0.3, 1.6),
    "house": _number(18, 190),
    "yuan": _rounded(2000, 60000, 200),
    "syuan": _rounded(260, 3900, 20),
    "wan": _tenths(1.2, 68),
    "smallwan": _tenths(1, 9.8),
    "muwan": _tenths(3.2, 6.8),
    "mortgage": _rounded(1800, 4900, 50),
    # What each worker is owed, and all of them together.
    "share": _rounded(3000, 14000, 500),
    "wage": lambda t: f"{int(t.slot('people1')) * int(t.slot('share')) / 10_000:.1f}",
    "fee": _tenths(0.8, 2.6),
    "months": _number(3, 26),
    "months1": _number(2, 6),
    "years": _number(4, 28),
    "years1": _number(2, 4),
    "age": _number(61, 84),
    "kin": _number(4, 7),
    "households": _number(6, 95),
    "people": _number(12, 320),
    "people1": _number(3, 38),
    "no": _number(5, 36),
    "no1": _number(2, 9),
    "year": lambda t: str(t.on.year - t.rng.randint(2, 8)),
    "oldyear": lambda t: str(t.rng.randint(1984, 2003)),
    "oldyear2": lambda t: str(t.rng.randint(2004, 2010)),
    "veryoldyear": lambda t: str(t.rng.randint(1958, 1964)),
    "veryoldyear2": lambda t: str(t.rng.randint(1965, 1979)),
    "endyear": lambda t: str(t.on.year + t.rng.randint(1, 12)),
    "nextyear": lambda t: str(t.on.year + 1),
    "endmonth": lambda t: _month(t.after(120, 600)),
    "since": lambda t: _month(t.before(40, 700)),
    "day": lambda t: _day(t.before(4, 200)),
    "month": lambda t: str(t.before(20, 120).month),
    "soon": lambda t: _day(t.after(10, 25)),
    "soonmonth": lambda t: str(t.after(30, 90).month),
}
