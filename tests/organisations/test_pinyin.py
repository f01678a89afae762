"""Search keys in pinyin: surnames' own readings, place names, rare characters."""

import csv
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin.constants import PINYIN_DICT

from organisations import pinyin

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("单雄信", "shanxiongxin"),
        ("仇英", "qiuying"),
        ("区大相", "oudaxiang"),
        ("曾国藩", "zengguofan"),
        ("解珍", "xiezhen"),
        ("查良镛", "zhaliangyong"),
        ("任我行", "renwoxing"),
        ("朴正", "piaozheng"),
        ("盖叫天", "gejiaotian"),
        ("盖叫天", "gaijiaotian"),
        ("翟志刚", "zhaizhigang"),
        ("尉迟恭", "yuchigong"),
        ("万俟卨", "moqixie"),
        ("令狐冲", "linghuchong"),
        ("欧阳修", "ouyangxiu"),
        ("王长乐", "wangchangle"),
        ("吕布", "lvbu"),
        ("吕布", "lubu"),
        ("买买提·艾力", "maimaitiaili"),
        ("𠮷㛃䶮", "jijieyan"),
        ("Tom Lee", "tomlee"),
    ],
)
def test_people(name: str, reading: str) -> None:
    assert reading in pinyin.full(name).split()


def test_the_surname_reading_comes_first_and_the_ordinary_one_still_finds() -> None:
    assert pinyin.initials("单雄信") == "sxx dxx"
    assert pinyin.full("单雄信") == "shanxiongxin danxiongxin"
    assert pinyin.initials("盖叫天") == "gjt"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("招远市", "zys"), ("莘县", "sx"), ("东阿县", "dex"), ("马家堡村", "mjpc"), ("大夼", "dk"), ("夏甸镇", "xdz"), ("A3区", "a3q")],
)
def test_places(name: str, letters: str) -> None:
    assert letters in pinyin.place_initials(name).split()


def test_a_place_takes_no_surname_reading_it_does_not_have() -> None:
    assert pinyin.place_initials("尉迟恭") != pinyin.initials("尉迟恭")


def test_every_place_we_ship_has_keys_for_all_its_characters() -> None:
    with (ROOT / "organisations/data/divisions.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            for letters in pinyin.place_initials(row["name"]).split():
                assert len(letters) == sum(char.isalnum() for char in row["name"]), row


def test_common_endings_of_places_have_one_reading() -> None:
    assert pinyin.place_initials("金晖社区居民委员会") == "jhsqjmwyh"


def test_too_many_readings_are_cut_at_a_whole_word() -> None:
    name = "阿车长重单阿车长重单阿车长重单"
    words = pinyin.initials(name).split()
    assert words[0] == "accc" + "daccc" * 2 + "d"
    assert all(len(word) == len(name) for word in words)


def test_nothing_readable_gives_nothing() -> None:
    assert pinyin.full("") == pinyin.initials("·，。") == ""


@given(st.text(st.characters() | st.sampled_from("阿单长重乐行车莘堡会区都ab3"), max_size=70))
def test_keys_are_plain_and_bounded(text: str) -> None:
    for key in (pinyin.full, pinyin.initials, pinyin.place_full, pinyin.place_initials):
        words = key(text).split()
        assert len(words) == len(set(words)) <= 8
        assert len(key(text)) <= (60 if key in (pinyin.initials, pinyin.place_initials) else 400)
        assert all(word.isascii() and word.isalnum() and word == word.lower() for word in words)


def test_the_table_is_read_without_the_library() -> None:
    """The library's modules would keep 13 MB in every process, its phrases 45."""
    script = "import sys; from organisations import pinyin; assert pinyin.full('张三') == 'zhangsan'; assert 'pypinyin' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_every_character_reads_as_the_library_reads_it() -> None:
    for code, toned in PINYIN_DICT.items():
        if chr(code) in pinyin._POLYPHONES:
            continue
        usual = unicodedata.normalize("NFD", toned.split(",")[0]).replace("u\u0308", "v")
        plain = "".join(char for char in usual if "a" <= char <= "z")
        if plain and "v" not in plain:
            assert pinyin.full("好" + chr(code)).startswith("hao" + plain), (hex(code), toned)
