"""回访反馈 (feedback) over HTTP: the five questions (architecture §13), and what the list says of who is satisfied again."""

from __future__ import annotations

import pytest

from organisations import clock
from petitions import actions
from tests.factories import petitions
from tests.factories.five import FiveQuestions, soon


class TestFeedback(FiveQuestions):
    code, made, wrong, doer, state = "feedback", "reported", "registered", "office", "fed_back"

    def typed(self, county, petition):
        return {"way": "phone", "on": soon(0), "is_reached": "1", "words": "表示满意。", "office_rating": "0", "unit_rating": "1", "reason": ""}


@pytest.mark.parametrize(("office", "unit", "is_marked"), [("0", "1", False), ("", "", True), ("0", "", True), ("0", "3", True)])
def test_who_was_not_satisfied_is_marked_until_both_are_rated_better(county, office, unit, is_marked):
    """The head of a matter done again and praised still said «不满意» in red."""
    case, by = petitions.reported(county).case, county.scope("office")
    said = {"way": "phone", "on": clock.today(), "words": "已回访。", "is_reached": True, "reason": "墙没有拆", "by": by}
    assert "dissatisfied" in actions.feedback(case.number, **said, office_rating="0", unit_rating="3").case.marks
    found = actions.feedback(case.number, **said, office_rating=office, unit_rating=unit).case
    assert ("dissatisfied" in found.marks) is is_marked
