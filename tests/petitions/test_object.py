"""提出异议 (object) over HTTP: the five questions (architecture §13), and that what is said for and against it is a ground."""

from __future__ import annotations

import pytest

from casework.models import Case
from casework.rules import NotAllowed
from petitions import actions
from tests.factories.five import FiveQuestions, make


class TestObject(FiveQuestions):
    code, made, wrong, doer, state = "object", "routed", "accepted", "handler", "objected"

    def typed(self, county, petition):
        return {"reason": "不属本单位职权。", "suggested_unit_id": county.units["labour"].id}


@pytest.mark.parametrize(
    ("made", "act", "by", "said"),
    [
        ("routed", actions.object_to, "handler", {"reason": " 不归我 "}),
        ("objected", actions.refuse_return, "office", {"words": "不行"}),
        ("disputed", actions.coordinate, "centre_head", {"words": "你办", "to_unit_id": "land"}),
    ],
)
def test_an_objection_and_what_answers_it_give_their_ground_in_words(county, made, act, by, said):
    """They go out as letters and stay as precedents: one character was taken."""
    case = make(made, county).case
    said = {name: county.units[value].id if name == "to_unit_id" else value for name, value in said.items()}
    with pytest.raises(NotAllowed, match="不少于4个字"):
        act(case.number, **said, by=county.scope(by))
    assert Case.objects.get(pk=case.pk).version == case.version
