"""Small cells are not told to other units, nor what they could be computed from (L-SEC-41)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reports.rules.suppression import SMALL, hidden


def test_a_single_small_cell_takes_a_second_with_it():
    assert hidden({"a": 3, "b": 20, "c": 9}) == {"a", "c"}


def test_two_small_cells_whose_sum_leaves_little_choice_take_a_third():
    assert hidden({"a": 1, "b": 1, "c": 30, "d": 8}) == {"a", "b", "d"}


def test_two_small_cells_that_hide_each_other_are_enough():
    assert hidden({"a": 3, "b": 4, "c": 30}) == {"a", "b"}


def test_what_one_owns_is_never_hidden_and_hides_nothing():
    assert hidden({"own": 2, "b": 20, "c": 9}, ["own"]) == frozenset()
    assert hidden({"own": 40, "b": 2, "c": 9}, ["own"]) == {"b", "c"}


def test_nothing_small_nothing_hidden():
    assert hidden({"a": 5, "b": 0, "c": 7}) == frozenset()


@given(cells=st.dictionaries(st.integers(0, 30), st.integers(0, 12), max_size=12), own=st.sets(st.integers(0, 30)))
def test_no_small_cell_of_another_can_be_computed(cells, own):
    found = hidden(cells, own)
    others = {key: count for key, count in cells.items() if key not in own}
    small = {key for key, count in others.items() if 0 < count < SMALL}
    assert small <= found <= set(others)
    if small and len(others) > 1:
        # What the total less the shown cells says is no single cell, and no small number.
        assert len(found) > 1
        assert sum(others[key] for key in found) >= SMALL or found == set(others)
