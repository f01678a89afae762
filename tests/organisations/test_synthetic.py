"""Synthetic people and petitions: deterministic, valid by every check, nobody's, and varied."""

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations import identity, synthetic
from organisations.synthetic import Place, Story

DATA = Path(synthetic.__file__).parent / "data"
TODAY = date(2026, 11, 22)
VILLAGE = Place("370685104201", "招远市", "夏甸镇", "小李家村")
COMMUNITY = Place("370685001001", "招远市", "罗峰街道", "晨钟社区")

seeds = st.integers(0, 2**32)
places = st.sampled_from([VILLAGE, COMMUNITY, Place("150623", "鄂托克前旗", "昂素镇", "乌提嘎查"), Place("441427102", "蕉岭县", "蕉城镇")])


def tell(seed: int, place: Place = VILLAGE, category: str | None = None) -> Story:
    return synthetic.story(Random(seed), place, on=TODAY, category=category)


@given(seeds, places)
def test_people_pass_every_check_of_real_ones(seed: int, place: Place) -> None:
    person = synthetic.person(Random(seed), place, today=TODAY)
    parsed = identity.parse_id(person.id_number, today=TODAY)
    assert (parsed.number, parsed.born_on, parsed.sex) == (person.id_number, person.born_on, person.sex)
    assert 18 <= parsed.age_on(TODAY) <= 90
    assert identity.normalise_phone(person.phone) == person.phone
    assert identity.normalise_name(person.name) == person.name
    assert person.address.startswith(place.county + place.town)


@given(seeds, places)
def test_people_are_nobody(seed: int, place: Place) -> None:
    person = synthetic.person(Random(seed), place, today=TODAY)
    assert person.id_number[:4] == place.code[:4]
    assert person.id_number[4:6] == "99"
    assert person.phone.startswith("142")


def test_no_county_has_the_code_we_use() -> None:
    with (DATA / "provinces_cities_counties.csv").open(encoding="utf-8") as rows:
        codes = {row["code"] for row in csv.DictReader(rows) if row["level"] == "county"}
    assert len(codes) > 2800
    assert not [code for code in codes if code[4:6] == "99"]


def test_the_same_seed_gives_the_same_county() -> None:
    def county() -> list[object]:
        rng = Random(7)
        return [(synthetic.person(rng, VILLAGE, today=TODAY), synthetic.story(rng, VILLAGE, on=TODAY)) for _ in range(50)]

    assert county() == county()


def test_names_are_spread_and_some_are_rare() -> None:
    rng = Random(3)
    names = [synthetic.name(rng, identity.MALE) for _ in range(5000)]
    surnames = Counter(name[0] for name in names)
    assert surnames.most_common(1)[0][0] in "王李张"
    assert len(surnames) > 120
    assert any("䶮" in name for name in names)
    assert any("𠮷" in name for name in names)
    assert len(set(names)) > 2000


def test_a_thousand_people_have_a_thousand_numbers() -> None:
    rng = Random(5)
    people = [synthetic.person(rng, VILLAGE, today=TODAY) for _ in range(1000)]
    assert len({person.id_number for person in people}) == 1000
    assert len({person.phone for person in people}) == 1000


@pytest.mark.parametrize(
    ("official", "short"),
    [
        ("小李家村村民委员会", "小李家村"),
        ("沟子村民委员会", "沟子村"),
        ("魁星东社区居民委员会", "魁星东社区"),
        ("民安社区居委会", "民安社区"),
        ("陂角村委会", "陂角村"),
        ("吉祥苑居委会", "吉祥苑社区"),
        ("乌提嘎查", "乌提嘎查"),
    ],
)
def test_short_place_names(official: str, short: str) -> None:
    assert synthetic.short_place_name(official) == short


@given(seeds, places)
def test_a_story_is_whole(seed: int, place: Place) -> None:
    story = tell(seed, place)
    for text in (story.title, story.text, story.reply, story.finding, story.accused_unit, story.accused_person):
        assert not set("[]{}|>") & set(text), text
    assert 1 <= len(story.title) <= 60
    assert 1 <= len(story.demands) <= 4
    assert all(demand.text in story.text for demand in story.demands)
    assert all(demand.support in {"1", "2", "3"} for demand in story.demands)
    assert all(demand.result in story.reply for demand in story.demands)
    assert story.finding in story.reply
    assert story.headcount >= 1
    assert story.department in synthetic.departments()
    assert synthetic.department_of(story.category) == story.department
    assert story.is_protected == (story.purpose == "03")


@pytest.mark.parametrize("category", synthetic.categories())
def test_every_story_can_be_told_anywhere(category: str) -> None:
    for place in (VILLAGE, COMMUNITY):
        for seed in range(20):
            story = tell(seed, place, category)
            assert story.category == category
            assert "{" not in story.text + story.reply


def test_every_template_uses_only_slots_that_exist_and_every_choice_is_closed() -> None:
    known = {*synthetic._SLOTS, "heads"}
    for row in json.loads((DATA / "stories.json").read_text(encoding="utf-8")):
        demands = [text for demand in row["demands"] for text in demand.values()]
        for text in [*row["titles"], *row["facts"], *demands, row["finding"], row["accused_unit"], row["accused_person"]]:
            assert set(synthetic._SLOT.findall(text)) <= known, text
            assert text.count("[") == text.count("]") == len(synthetic._CHOICE.findall(text)), text


def test_two_thousand_cases_look_different() -> None:
    rng = Random(11)
    stories = [synthetic.story(rng, VILLAGE, on=TODAY) for _ in range(2000)]
    assert len({story.text for story in stories}) > 1980
    assert len({story.title for story in stories}) > 1000
    assert len({story.category for story in stories}) >= 80
    assert len({story.category[:2] for story in stories}) == 19
    groups = sum(story.headcount >= 5 for story in stories)
    assert 200 < groups < 600
    assert 40 < sum(story.is_protected for story in stories) < 150
    assert 800 < sum(story.is_solved for story in stories) < 1600


def test_a_community_in_town_has_no_village_matters() -> None:
    stories = [tell(seed, COMMUNITY) for seed in range(500)]
    assert not [story for story in stories if story.category.startswith("01")]
    assert not [story.text for story in stories if "村民" in story.text]
    assert not [story.accused_unit for story in stories if "村民委员会" in story.accused_unit]


def test_the_town_office_is_named_as_it_is_called() -> None:
    assert tell(1, VILLAGE, "180303").accused_unit == "夏甸镇人民政府"
    assert tell(1, COMMUNITY, "180303").accused_unit == "罗峰街道办事处"
    assert tell(1, COMMUNITY, "180303").accuses_town_office
    assert "镇" not in tell(1, COMMUNITY, "100202").reply


def test_the_same_matter_told_again_keeps_its_facts() -> None:
    first = tell(4, VILLAGE, "040805")
    again = synthetic.retell(Random(99), first, VILLAGE, on=date(2027, 1, 5))
    assert again.category == first.category
    assert again.accused_unit == first.accused_unit
    assert again.slots["builder"] == first.slots["builder"]
    assert again.slots["boss"] == first.slots["boss"]
    assert again.text != first.text


def test_an_unknown_category_is_refused() -> None:
    with pytest.raises(KeyError):
        tell(1, VILLAGE, "123456")
    assert synthetic.department_of("123456") is None


def test_departments_are_real_kinds() -> None:
    assert {"自然资源和规划局", "人力资源和社会保障局", "住房和城乡建设局", "民政局", "公安局", "信访局"} <= set(synthetic.departments())
    assert synthetic.TOWN_OFFICE not in synthetic.departments()
