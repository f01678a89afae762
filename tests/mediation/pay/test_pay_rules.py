"""The money: exact to the cent, monotone, capped, never twice (MED-13, L-MED-60…63)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation.pay import rules
from mediation.pay.rules import SHIPPED, ZERO, CaseFacts, Facts, MediatorFacts, State

MAY = date(2026, 5, 1)
ALL_YEAR = ((date(2026, 1, 1), date(2026, 12, 31)),)


def person(pk: int = 1, **facts) -> MediatorFacts:
    return MediatorFacts(**{"id": pk, "name": f"调解员{pk}", "kind": "peoples", "grade": "4", "grade_words": "四级", "terms": ALL_YEAR, **facts})


def case(pk: int = 1, **facts) -> CaseFacts:
    usual = {
        "number": f"TJ370685-2026-{pk:06}",
        "agreed_on": date(2026, 5, 1 + pk % 28),
        "difficulty": "2",
        "difficulty_words": "一般",
        "people": 2,
        "satisfaction": "1",
        "type_code": "02",
        "area_id": pk,
        "parties": frozenset({f"甲{pk}", f"乙{pk}"}),
        "text": f"第{pk}件",
        "parts": ((1, 100),),
    }
    return CaseFacts(id=pk, **{**usual, **facts})


def compute(mediators, cases, settings=SHIPPED, others=()):
    return rules.compute(MAY, Facts(mediators, cases, others), settings)


def rewards(lines):
    return [line for line in lines if line.kind is rules.Kind.REWARD]


parts = st.lists(st.integers(1, 100), min_size=1, max_size=6).map(lambda found: tuple(enumerate(found, start=1)))
money = st.decimals(min_value=0, max_value=5000, places=2)


@given(money, parts)
def test_shares_add_up_to_the_cent(amount, stated):
    divided = rules.shares(amount, stated)
    assert sum(divided.values(), ZERO) == amount
    assert all(share >= 0 and share == share.quantize(rules.CENT) for share in divided.values())


@given(money, parts)
def test_no_share_is_a_cent_away_from_what_was_stated(amount, stated):
    whole = sum(part for _, part in stated)
    assert all(abs(rules.shares(amount, stated)[who] - amount * part / whole) < rules.CENT for who, part in stated)


@given(st.sampled_from("1234"), st.sampled_from("1234"), st.integers(1, 60), st.integers(0, 60), st.sampled_from("1293"))
def test_harder_and_more_people_never_pay_less(one, other, count, more, satisfaction):
    easy, hard = sorted((one, other))
    less = rules.reward(case(difficulty=easy, people=count, satisfaction=satisfaction), SHIPPED)
    assert less <= rules.reward(case(difficulty=hard, people=count + more, satisfaction=satisfaction), SHIPPED)


@given(st.sampled_from("1234"), st.integers(0, 500), st.sampled_from("1293"))
def test_a_reward_lies_between_50_and_400_and_rises_with_satisfaction(difficulty, count, satisfaction):
    found = rules.reward(case(difficulty=difficulty, people=count, satisfaction=satisfaction), SHIPPED)
    assert Decimal(50) <= found <= Decimal(400)
    assert found <= rules.reward(case(difficulty=difficulty, people=count, satisfaction="1"), SHIPPED)


cases_strategy = st.lists(
    st.tuples(
        st.sampled_from("1234"), st.integers(1, 30), st.sampled_from("1293"), st.booleans(), st.booleans(), parts.filter(lambda p: len(p) <= 4)
    ),
    max_size=12,
).map(
    lambda rows: [
        case(pk, difficulty=hard, people=people, satisfaction=liked, is_archived=filed, is_paid=paid, parts=stated)
        for pk, (hard, people, liked, filed, paid, stated) in enumerate(rows, start=1)
    ]
)


@given(cases_strategy, st.one_of(st.none(), st.integers(0, 900).map(Decimal)))
def test_a_sheet_is_the_same_twice_pays_no_case_twice_and_keeps_the_cap(cases, cap):
    settings = replace(SHIPPED, month_cap=cap)
    people = [person(pk, is_civil_servant=pk == 4) for pk in range(1, 7)]
    lines = compute(people, cases, settings)
    assert lines == compute(people, list(cases), settings)
    found = rewards(lines)
    assert len({(line.case_id, line.mediator_id) for line in found}) == len(found)
    by_case = {item.id: item for item in cases}
    assert all(by_case[line.case_id].is_archived and not by_case[line.case_id].is_paid for line in found)
    for case_id in {line.case_id for line in found}:
        assert sum(line.share for line in found if line.case_id == case_id) == rules.reward(by_case[case_id], settings)
    assert all(ZERO <= line.amount <= line.share for line in lines)
    for one in people:
        drawn = sum((line.amount for line in found if line.mediator_id == one.id), ZERO)
        assert cap is None or drawn <= cap
    paid = [replace(item, is_paid=item.is_paid or item.id in {line.case_id for line in found}) for item in cases]
    assert rewards(compute(people, paid, settings)) == []


def test_the_sentence_names_every_factor():
    (line,) = rewards(compute([person()], [case(difficulty="3", people=4, satisfaction="2")]))
    assert line.amount == Decimal("216.00")
    for word in ("TJ370685-2026-000001", "200.00元", "涉及4人系数1.2", "基本满意系数0.9", "216.00元", "已归档", "已履行"):
        assert word in line.words


def test_under_the_least_and_over_the_most_say_so():
    least, most = rewards(compute([person()], [case(1, difficulty="1", satisfaction="3"), case(2, difficulty="4", people=40)]))
    assert (least.amount, most.amount) == (Decimal(50), Decimal(400))
    assert "最低标准50.00元" in least.words
    assert "最高标准400.00元" in most.words


def test_subsidy_by_grade_and_by_the_day():
    whole, part = compute([person(), person(2, grade="1", grade_words="一级", terms=((date(2026, 5, 12), date(2026, 12, 31)),))], [])
    assert whole.amount == Decimal("1500.00")
    assert part.amount == Decimal("1161.29")
    assert "任职20天（共31天）" in part.words


@pytest.mark.parametrize(
    ("mediators", "parts"), [([], ()), ([5], (100,)), ([5, 6], (50, 50)), ([5, 6, 7], (34, 33, 33)), (list(range(7)), (15, 15, 14, 14, 14, 14, 14))]
)
def test_parts_nobody_stated_are_equal_and_make_a_whole(mediators, parts):
    assert rules.equal_parts(mediators) == tuple(zip(mediators, parts, strict=True))


@pytest.mark.parametrize(("count", "factor"), [(0, "1.0"), (2, "1.0"), (3, "1.2"), (9, "1.2"), (10, "1.5"), (60, "1.5")])
def test_the_number_of_people_reaches_its_threshold(count, factor):
    assert rules.people_factor(count, SHIPPED) == Decimal(factor)


@pytest.mark.parametrize(
    ("terms", "days"),
    [
        (((date(2026, 5, 1), date(2026, 5, 1)),), 1),
        (((date(2026, 5, 31), date(2026, 6, 30)),), 1),
        (((date(2026, 1, 1), date(2026, 5, 30)),), 30),
        (((date(2026, 5, 1), date(2026, 5, 10)), (date(2026, 5, 10), date(2026, 5, 12))), 12),
        (((date(2026, 4, 1), date(2026, 4, 30)), (date(2026, 6, 1), date(2026, 6, 30))), 0),
    ],
)
def test_both_ends_of_a_term_are_days_in_office_and_none_counts_twice(terms, days):
    assert rules.days_in_office(MAY, terms) == days


def test_what_lies_on_another_sheet_of_the_month_uses_the_cap_up():
    (line,) = rewards(compute([person(drawn=Decimal(2900))], [case(difficulty="3")]))
    assert (line.share, line.amount) == (Decimal("200.00"), Decimal("100.00"))
    assert "已到上限3,000.00元，实发100.00元" in line.words
    (nothing,) = rewards(compute([person(drawn=Decimal(3100))], [case(difficulty="3")]))
    assert nothing.amount == ZERO


def test_a_month_is_approved_from_the_day_after_it_on_a_sheet_made_since():
    last, after = date(2026, 5, 31), date(2026, 6, 1)
    assert rules.too_early(MAY, last, last)[0] == "month_running"
    assert rules.too_early(MAY, last, after)[0] == "drafted_early"
    assert rules.too_early(MAY, after, after) == ("", "")


def test_a_civil_servant_gets_nothing_and_his_part_goes_to_nobody():
    people = [person(), person(2, is_civil_servant=True)]
    lines = rewards(compute(people, [case(parts=((1, 60), (2, 40)))]))
    assert [(line.amount, line.share, line.state) for line in lines] == [
        (Decimal("72.00"), Decimal("72.00"), State.DUE),
        (ZERO, Decimal("48.00"), State.NONE),
    ]
    assert not [line for line in compute(people, []) if line.mediator_id == 2]


def test_after_a_failed_assessment_everything_is_withheld_with_the_reason():
    late = person(withheld_from=date(2026, 5, 20), withheld_why="2025年度考核不合格")
    lines = compute([late], [case()])
    assert {line.state for line in lines} == {State.WITHHELD}
    assert rules.total(lines) == ZERO
    assert all("2025年度考核不合格" in line.reason and line.share > 0 for line in lines)
    assert {line.state for line in compute([replace(late, withheld_from=date(2026, 6, 1))], [case()])} == {State.DUE}


def test_conditions_of_the_law():
    assert "归档" in rules.why_not(case(is_archived=False), SHIPPED)
    assert "履行" in rules.why_not(case(is_performed=False), SHIPPED)
    assert "成功" in rules.why_not(case(is_success=False), SHIPPED)
    assert rules.why_not(case(is_oral=True), SHIPPED) == ""
    assert "口头" in rules.why_not(case(is_oral=True), replace(SHIPPED, is_oral_paid=False))


STORY = "陈桂兰与陈德旺因宅基地排水沟走向发生争吵，双方各执一词，村调委会多次上门劝说，最后同意各让半米，共同修沟。"


def test_twins_are_held_until_a_person_clears_them():
    first = case(1, area_id=7, agreed_on=date(2026, 5, 3), text=STORY)
    twin = case(2, area_id=7, agreed_on=date(2026, 5, 9), text=STORY.replace("半米", "一米"))
    one, two = rewards(compute([person()], [twin, first]))
    assert (one.case_id, one.state, two.state) == (1, State.DUE, State.HELD)
    assert first.number in two.reason
    assert (two.amount, two.share) == (ZERO, Decimal(120))
    cleared = rewards(compute([person()], [first, replace(twin, verdict="pay", verdict_words="两条沟")]))
    assert [line.state for line in cleared] == [State.DUE, State.DUE]
    refused = rewards(compute([person()], [first, replace(twin, verdict="refuse", verdict_words="同一件")]))
    assert (refused[1].state, refused[1].amount) == (State.NONE, ZERO)
    assert "同一件" in refused[1].reason


def test_twins_need_the_same_people_or_place_few_days_and_the_same_words():
    first = case(1, area_id=7, agreed_on=date(2026, 5, 3), text=STORY)
    assert rules.suspicions([case(2, area_id=8, agreed_on=date(2026, 5, 9), text=STORY)], [first], SHIPPED) == {}
    assert rules.suspicions([case(2, area_id=7, agreed_on=date(2026, 8, 9), text=STORY)], [first], SHIPPED) == {}
    assert rules.suspicions([case(2, area_id=7, agreed_on=date(2026, 5, 9), text="两家为借款不还到村里来")], [first], SHIPPED) == {}
    same = case(2, area_id=8, parties=first.parties, agreed_on=date(2026, 5, 9), text=STORY)
    assert "当事人相同" in rules.suspicions([same], [first], SHIPPED)[2]


def test_the_last_day_of_a_twin_is_one_and_the_day_after_is_not():
    first = case(1, area_id=7, agreed_on=date(2026, 5, 3), text=STORY)
    assert rules.suspicions([case(2, area_id=7, agreed_on=date(2026, 6, 2), text=STORY)], [first], SHIPPED)
    assert rules.suspicions([case(2, area_id=7, agreed_on=date(2026, 6, 3), text=STORY)], [first], SHIPPED) == {}


def test_a_twin_without_the_numbers_or_with_a_third_party_is_still_a_twin():
    known = case(1, area_id=7, agreed_on=date(2026, 5, 3), text=STORY, parties=frozenset({"i1", "i2"}), names=frozenset({"陈桂兰", "陈德旺"}))
    bare = case(2, area_id=8, agreed_on=date(2026, 5, 9), text=STORY, parties=known.names, names=known.names)
    wider = case(3, area_id=9, agreed_on=date(2026, 5, 10), text=STORY, parties=known.parties | {"i3"}, names=frozenset({"甲", "乙", "丙"}))
    one_shared = case(4, area_id=6, agreed_on=date(2026, 5, 11), text=STORY, parties=frozenset({"i1", "i9"}), names=frozenset({"陈桂兰", "孙某"}))
    found = rules.suspicions([known, bare, wider, one_shared], [], SHIPPED)
    assert set(found) == {2, 3}
    assert all("当事人相同" in why for why in found.values())


padded = st.lists(st.tuples(st.integers(1, 28), st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=12)


@given(padded)
def test_of_one_quarrel_written_down_again_and_again_one_is_paid_and_a_crowded_day_pays_nothing(rows):
    """(day, which quarrel, whose): copies of three quarrels by three mediators, nobody has looked at them yet."""
    cases = [
        case(pk, agreed_on=date(2026, 5, day), area_id=quarrel, text=f"{STORY}{'沟墙树'[quarrel - 1] * 60}", parts=((who, 100),))
        for pk, (day, quarrel, who) in enumerate(rows, start=1)
    ]
    people = [person(pk) for pk in (1, 2, 3)]
    found = rewards(compute(people, cases))
    assert len(found) == len(cases)
    due = [cases[line.case_id - 1] for line in found if line.state is State.DUE]
    assert len({item.area_id for item in due}) == len(due)
    of_day = Counter((item.agreed_on, item.parts) for item in cases)
    crowded = {item.id for item in cases if of_day[item.agreed_on, item.parts] > SHIPPED.same_day}
    assert not crowded & {item.id for item in due}
    cleared = rewards(compute(people, [replace(item, verdict="pay", verdict_words="看过") for item in cases], replace(SHIPPED, month_cap=None)))
    assert all(line.state is State.DUE and line.amount == line.share for line in cleared)


def test_four_agreements_of_one_mediator_on_one_day_are_held():
    day = date(2026, 5, 6)
    lines = rewards(compute([person()], [case(pk, agreed_on=day) for pk in range(1, 5)]))
    assert {line.state for line in lines} == {State.HELD}
    assert "一天达成4件" in lines[0].reason
    assert {line.state for line in rewards(compute([person()], [case(pk, agreed_on=day) for pk in range(1, 4)]))} == {State.DUE}


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_even_handed_and_whole_for_the_same(one, other):
    assert rules.likeness(one, other) == rules.likeness(other, one)
    assert 0 <= rules.likeness(one, other) <= 1
    assert rules.likeness(STORY + one, STORY + one) == 1
