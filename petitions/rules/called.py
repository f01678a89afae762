"""Whether words typed by a person name somebody of the staff, or the county's centre (L-PET-85, L-PET-86).

Spaces count for nothing inside a name («马　国强»). What is only the beginning of a longer name is nobody: «王芳芳» is not
王芳, «县中心医院» not the centre. Where it cannot be told the words do name: wrongly kept out of a matter harms less than
wrongly let in. The box of the form says what no words say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

#: Shorter words than this say nobody's name.
_SHORTEST_NAME = 2
#: From this length on a person's name is whole: what follows is the sentence («马国强收受礼品»).
_WHOLE_NAME = 3
#: A name without its county that is shorter is the name of many (信访局).
_SHORTEST_UNIT = 4
_HAN = r"\u3400-\u9fff"
_TITLES = "[正副]?(?:主任|局长|书记|科长|股长|所长|站长|镇长|乡长|县长|市长|区长|部长|处长|组长|队长|院长|校长|主席|会长|秘书|委员|主管|经理)"
_PERSONS = "同志|先生|女士|领导|负责人|干部|工作人员|职员|科员|办事员|窗口"
#: What goes on after a whole name: a particle, or what the person is said to have done.
_GOES_ON = "的|等|和|与|及|跟|同|在|是|对|向|把|被|让|叫|以|利用|收|受|索|贪|吃|拿|要|涉|违|滥|私|骗|打|骂|不|没|作风|态度|本人|一家|夫妇|家"
_OF_THE_UNIT = (
    "窗口|工作人员|人员|职工|员工|全体|某|有人|里|内|办公室|登记|接待|大厅|前台|值班|内部|班子|一名|一个|某些|个别|部分|多次|长期|刁难|推诿|拒绝|违规"
)


def _spaced(name: str) -> str:
    return r"\s*".join(re.escape(char) for char in "".join(name.split()))


@lru_cache(maxsize=4096)
def _person(name: str) -> re.Pattern[str] | None:
    bare = "".join(name.split())
    if len(bare) < _SHORTEST_NAME:
        return None
    if len(bare) >= _WHOLE_NAME:
        return re.compile(_spaced(bare))
    return re.compile(rf"{_spaced(bare)}(?=$|\s|[^{_HAN}]|{_TITLES}|{_PERSONS}|{_GOES_ON})")


def names_person(name: str, words: str) -> bool:
    """The words name that person («马国强主任»). A namesake is meant too: nothing in the words tells them apart."""
    pattern = _person(name)
    return pattern is not None and pattern.search(words) is not None


def names_unit(name: str, short_name: str, county: str, staff: Iterable[str], words: str) -> bool:
    """The words name the centre: by its name, by its name without the county, or by its short name as a whole word."""
    full, core = "".join(name.split()), "".join(name.split()).removeprefix("".join(county.split()))
    if full and re.search(_spaced(full), words):
        return True
    if len(core) >= _SHORTEST_UNIT and _of_this_county(core).search(words):
        return True
    people = "|".join(_spaced(one) for one in staff if one.strip())
    ends = rf"$|\s|[^{_HAN}]|{_TITLES}|{_PERSONS}|{_GOES_ON}|{_OF_THE_UNIT}|[{_HAN}]某{'|' + people if people else ''}"
    return bool(short_name.strip()) and re.search(rf"{_spaced(short_name)}(?={ends})", words) is not None


@lru_cache(maxsize=16)
def _of_this_county(core: str) -> re.Pattern[str]:
    """That name, unless a town, a village or a province stands before it («阜山镇群众工作中心» is another house)."""
    return re.compile(rf"(?<![镇乡村省])(?<!街道)(?<!社区){_spaced(core)}")
