"""One step after another, and who may close what: the rules by themselves (MED-2, MED-7, L-MED-25)."""

from __future__ import annotations

import pytest

from casework.rules import NotAllowed
from mediation.rules import LAST
from mediation.rules.ladder import check_may_close, check_next


@pytest.mark.parametrize("step", range(1, LAST))
def test_one_step_up_for_everybody_and_further_only_in_urgency(step):
    check_next(step, step + 1, is_leap=False)
    for further in range(step + 2, LAST + 1):
        check_next(step, further, is_leap=True)
        with pytest.raises(NotAllowed) as refused:
            check_next(step, further, is_leap=False)
        assert refused.value.code == "skips"


@pytest.mark.parametrize(("step", "to_step", "code"), [(3, 3, "not_up"), (3, 2, "not_up"), (3, LAST + 1, "not_up"), (LAST, LAST + 1, "top")])
def test_never_down_never_to_itself_and_nobody_is_above_the_last(step, to_step, code):
    for is_leap in (True, False):
        with pytest.raises(NotAllowed) as refused:
            check_next(step, to_step, is_leap=is_leap)
        assert refused.value.code == code


@pytest.mark.parametrize(("difficulty", "step", "has_team"), [("1", 1, False), ("2", 1, False), ("3", 1, True), ("4", 3, False)])
def test_who_may_close_by_difficulty(difficulty, step, has_team):
    check_may_close(difficulty, step, has_team=has_team)


@pytest.mark.parametrize(
    ("difficulty", "step", "has_team", "code"), [("3", 1, False, "team_needed"), ("3", 6, False, "team_needed"), ("4", 2, True, "too_grave")]
)
def test_who_may_not(difficulty, step, has_team, code):
    with pytest.raises(NotAllowed) as refused:
        check_may_close(difficulty, step, has_team=has_team)
    assert refused.value.code == code
