"""Small cells are not told to other units, nor what they could be computed from (L-SEC-41)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reports.rules.suppression import BESIDE, FEW, SMALL, hidden, is_small, sign


def test_a_single_small_cell_takes_a_second_with_it():
    assert hidden({"a": 3, "b": 20, "c": 9}) == {"a", "c"}


def test_two_small_cells_whose_sum_leaves_little_choice_take_a_third():
    assert hidden({"a": 1, "b": 1, "c": 30, "d": 8}) == {"a", "b", "d"}


def test_two_small_cells_that_hide_each_other_are_enough():
    assert hidden({"a": 3, "b": 4, "c": 30}) == {"a", "b"}


def test_a_second_cell_of_five_would_tell_the_small_one_and_takes_a_third():
    # 6 hidden, one of them «不足5» and one that is not: 1 and 5 alone.
    assert hidden({"a": 1, "b": 5, "c": 30, "d": 9}) == {"a", "b", "d"}
    # 8 hidden, both «不足5»: 4 and 4 alone.
    assert hidden({"a": 4, "b": 4, "c": 30, "d": 9}) == {"a", "b", "d"}


def test_the_sign_of_a_small_number_is_said_of_no_other():
    assert [sign(count) for count in (0, 1, 4, 5, 80)] == [BESIDE, FEW, FEW, BESIDE, BESIDE]


def test_what_one_owns_is_never_hidden_and_hides_nothing():
    assert hidden({"own": 2, "b": 20, "c": 9}, ["own"]) == frozenset()
    assert hidden({"own": 40, "b": 2, "c": 9}, ["own"]) == {"b", "c"}


def test_nothing_small_nothing_hidden():
    assert hidden({"a": 5, "b": 0, "c": 7}) == frozenset()


def possible(whole: int, signs: list[str]) -> list[tuple[int, ...]]:
    """Every way the hidden numbers can be, by all that is told: their sum and their signs."""
    if not signs:
        return [()] if whole == 0 else []
    numbers = range(1, SMALL) if signs[0] == FEW else [0, *range(SMALL, whole + 1)]
    return [(number, *rest) for number in numbers if number <= whole for rest in possible(whole - number, signs[1:])]


@given(cells=st.dictionaries(st.integers(0, 30), st.integers(0, 12), max_size=6), own=st.sets(st.integers(0, 30)))
def test_no_small_cell_of_another_can_be_computed(cells, own):
    found = hidden(cells, own)
    others = {key: count for key, count in cells.items() if key not in own}
    small = {key for key, count in others.items() if is_small(count)}
    assert small <= found <= set(others)
    if not small or found == set(others):
        return
    # What the total less the shown cells says is no single cell, and no small number.
    assert len(found) > 1
    assert sum(others[key] for key in found) >= SMALL
    keys = sorted(found)
    ways = possible(sum(others[key] for key in keys), [sign(others[key]) for key in keys])
    for at, key in enumerate(keys):
        assert key not in small or len({way[at] for way in ways}) > 1
