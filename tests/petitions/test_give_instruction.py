"""批示 (give_instruction) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from casework.models import Deadline
from tests.factories.five import FiveQuestions, soon


class TestGiveInstruction(FiveQuestions):
    code, made, wrong, doer, state = "give_instruction", "accepted", "voided", "leader", "accepted"

    def typed(self, county, petition):
        return {"words": "请三日内查清。", "unit_id": county.units["land"].id, "due_on": soon(5)}

    def after(self, county, petition):
        row = petition.instructions.get()
        assert (row.leader, row.words) == (county.people["leader"], "请三日内查清。")
        assert Deadline.objects.get(case=petition.pk, key="pet.instruction").due_on == row.due_on
