"""Pinyin search keys for names of people and places, with every reading a clerk may type.

A surname with a reading of its own comes first (单 shan), the ordinary reading follows (dan):
both find the person. Characters are read one by one from pypinyin's character table; its phrase
table is not loaded (45 MB a process, and no use for names).
"""

from __future__ import annotations

import json
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import distribution
from typing import NamedTuple

_MOST_KEYS = 8
# What the columns hold. The usual readings come first, so that the rare ones are left out.
_LONGEST_INITIALS = 60
_LONGEST_FULL = 400

# Readings a surname has; the first one is the usual one.
_SURNAMES: dict[str, tuple[str, ...]] = {
    "单": ("shan",), "区": ("ou",), "解": ("xie",), "查": ("zha",), "朴": ("piao",), "盖": ("ge", "gai"),
    "翟": ("zhai", "di"), "覃": ("qin", "tan"), "洗": ("xian",), "员": ("yun", "yuan"), "种": ("chong",),
    "秘": ("bi", "mi"), "繁": ("po", "fan"), "乜": ("nie",), "黑": ("he", "hei"), "折": ("she", "zhe"), "乐": ("yue", "le"),
    "召": ("shao", "zhao"), "句": ("gou", "ju"), "隗": ("wei", "kui"), "祭": ("zhai", "ji"), "郗": ("xi", "chi"),
    "郇": ("xun", "huan"), "谌": ("chen", "shen"), "牟": ("mu", "mou"), "阚": ("kan",), "柏": ("bai", "bo"), "么": ("yao",),
    "晟": ("cheng", "sheng"), "长": ("zhang", "chang"), "重": ("chong", "zhong"), "粘": ("nian", "zhan"),
    "适": ("kuo", "shi"), "莘": ("shen", "xin"), "难": ("ning", "nan"), "行": ("xing", "hang"), "郄": ("qie", "xi"),
    "角": ("jue", "jiao"), "能": ("nai", "neng"), "佴": ("nai",), "强": ("qiang", "jiang"), "会": ("gui", "hui"),
    "阿": ("a", "e"), "隽": ("juan", "jun"),
}  # fmt: skip

_COMPOUND_SURNAMES: dict[str, tuple[str, ...]] = {
    "尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "长孙": ("zhang", "sun"), "澹台": ("tan", "tai"), "单于": ("chan", "yu"),
    "令狐": ("ling", "hu"), "宰父": ("zai", "fu"), "亓官": ("qi", "guan"), "鲜于": ("xian", "yu"), "尉犁": ("yu", "li"),
    "拓跋": ("tuo", "ba"), "皇甫": ("huang", "fu"), "夏侯": ("xia", "hou"), "乐正": ("yue", "zheng"), "漆雕": ("qi", "diao"),
    "呼延": ("hu", "yan"),
}  # fmt: skip

# Other characters with two living readings in given names and in places; usual one first.
_POLYPHONES: dict[str, tuple[str, ...]] = {
    "乐": ("le", "yue"), "行": ("xing", "hang"), "长": ("chang", "zhang"), "重": ("chong", "zhong"),
    "朝": ("chao", "zhao"), "晟": ("sheng", "cheng"), "茜": ("qian", "xi"), "娜": ("na", "nuo"), "传": ("chuan", "zhuan"),
    "盛": ("sheng", "cheng"), "觉": ("jue", "jiao"), "藏": ("zang", "cang"), "都": ("du", "dou"), "会": ("hui", "kuai"),
    "六": ("liu", "lu"), "铅": ("qian", "yan"), "洞": ("dong", "tong"), "涡": ("wo", "guo"), "尉": ("wei", "yu"),
    "蔚": ("wei", "yu"), "番": ("fan", "pan"), "厦": ("sha", "xia"), "埔": ("pu", "bu"), "堡": ("bao", "pu", "bu"),
    "泊": ("bo", "po"), "柏": ("bai", "bo"), "巷": ("xiang", "hang"), "荥": ("xing", "ying"), "莘": ("shen", "xin"),
    "阿": ("a", "e"), "牟": ("mu", "mou"), "车": ("che", "ju"), "隽": ("jun", "juan"), "调": ("tiao", "diao"),
    "宿": ("su", "xiu"), "曾": ("zeng", "ceng"), "单": ("dan", "shan"), "解": ("jie", "xie"), "盖": ("gai", "ge"),
    "区": ("qu", "ou"), "仇": ("qiu", "chou"), "查": ("cha", "zha"), "折": ("zhe", "she"), "系": ("xi", "ji"),
    "率": ("shuai", "lv"), "降": ("jiang", "xiang"), "朴": ("pu", "piao"), "校": ("xiao", "jiao"), "弹": ("dan", "tan"),
    "着": ("zhuo", "zhe"), "薄": ("bo", "bao"), "卜": ("bu",), "峙": ("zhi", "shi"), "冯": ("feng", "ping"),
    "的": ("de", "di"), "还": ("huan", "hai"), "没": ("mei", "mo"), "省": ("sheng", "xing"), "种": ("zhong", "chong"),
    "翟": ("zhai", "di"), "覃": ("qin", "tan"), "贾": ("jia", "gu"), "缪": ("miao", "mou"), "员": ("yuan", "yun"),
    "句": ("ju", "gou"), "祭": ("ji", "zhai"), "给": ("gei", "ji"), "角": ("jiao", "jue"), "𠮷": ("ji",),
}  # fmt: skip


# Not first in a place's name these are 社区, 开发区 and 委员会, never 区 Ou or 会稽 Kuaiji.
_INSIDE_PLACES: dict[str, tuple[str, ...]] = {"区": ("qu",), "会": ("hui",)}


class _Table(NamedTuple):
    """Code points in order, for each the place of its first reading among the toneless readings."""

    characters: array[int]
    places: array[int]
    readings: list[str]

    def reading(self, char: str) -> str:
        """The usual reading without its tone (u with dots is v); empty when the character has none."""
        place = bisect_left(self.characters, ord(char))
        known = place < len(self.characters) and self.characters[place] == ord(char)
        return self.readings[self.places[place]] if known else ""


@lru_cache(maxsize=1)
def _table() -> _Table:
    """A third of a megabyte made of the character table that lies in pypinyin as JSON; its module would keep 13 MB in every process."""
    with open(str(distribution("pypinyin").locate_file("pypinyin/pinyin_dict.json")), "rb") as file:
        toned = json.load(file)
    first = {int(code): _toneless(readings.split(",")[0]) for code, readings in toned.items()}
    readings = sorted(set(first.values()) - {""})
    place_of = {reading: place for place, reading in enumerate(readings)}
    characters = array("I", sorted(code for code, reading in first.items() if reading))
    return _Table(characters, array("H", (place_of[first[code]] for code in characters)), readings)


def load() -> None:
    """Read the table now: a server does it once, before its workers are forked."""
    _table()


@lru_cache(maxsize=8192)
def _readings(char: str) -> tuple[str, ...]:
    """Readings of one character without tones; () when it is neither Chinese nor a letter or digit."""
    if char.isascii():
        return (char.lower(),) if char.isalnum() else ()
    known = _POLYPHONES.get(char)
    if known is None:
        usual = _table().reading(char)
        if not usual:
            folded = unicodedata.normalize("NFKC", char)
            return _readings(folded) if folded != char and len(folded) == 1 else ()
        known = (usual,)
    if any("v" in reading for reading in known):
        return tuple(dict.fromkeys((*known, *(r.replace("v", "u") for r in known))))
    return known


def _toneless(toned: str) -> str:
    folded = unicodedata.normalize("NFD", toned)
    folded = folded.replace("u\u0308", "v")
    return "".join(char for char in folded if "a" <= char <= "z")


def _choices(name: str, surname: bool) -> list[tuple[str, ...]]:
    """For each character of the name its readings, the surname's own ones first."""
    choices = [_readings(char) for char in name]
    if not surname:
        for place in range(1, len(name)):
            choices[place] = _INSIDE_PLACES.get(name[place], choices[place])
    elif name:
        compound = _COMPOUND_SURNAMES.get(name[:2]) if len(name) > 2 else None
        if compound is not None:
            choices[0], choices[1] = (compound[0],), (compound[1],)
        elif name[0] in _SURNAMES:
            choices[0] = tuple(dict.fromkeys((*_SURNAMES[name[0]], *choices[0])))
    return [readings for readings in choices if readings]


def _combine(choices: Iterable[tuple[str, ...]], longest: int) -> str:
    keys = [""]
    for readings in choices:
        keys = list(dict.fromkeys(key + reading for key in keys for reading in readings))
        del keys[_MOST_KEYS:]
    joined = " ".join(key for key in keys if key)
    if len(joined) <= longest:
        return joined
    return joined[:longest] if len(keys[0]) >= longest else joined[: longest + 1].rpartition(" ")[0]


def initials(name: str) -> str:
    """First letters of a person's name, one word per reading: 单雄信 gives ``sxx dxx``."""
    return _initials(name, surname=True)


def full(name: str) -> str:
    """Toneless pinyin of a person's name, one word per reading: 仇英 gives ``qiuying chouying``."""
    return _full(name, surname=True)


def place_initials(name: str) -> str:
    """First letters of a place or unit, no surname rule."""
    return _initials(name, surname=False)


def place_full(name: str) -> str:
    """Toneless pinyin of a place or unit, no surname rule."""
    return _full(name, surname=False)


@lru_cache(maxsize=4096)
def _initials(name: str, surname: bool) -> str:
    choices = _choices(name, surname)
    return _combine((tuple(dict.fromkeys(r[0] for r in readings)) for readings in choices), _LONGEST_INITIALS)


@lru_cache(maxsize=4096)
def _full(name: str, surname: bool) -> str:
    return _combine(_choices(name, surname), _LONGEST_FULL)
