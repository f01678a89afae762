"""提出三项建议 (advise) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from casework.models import Deadline
from tests.factories.five import FiveQuestions


class TestAdvise(FiveQuestions):
    code, made, wrong, doer, state = "advise", "accepted", "registered", "office", "accepted"
    paper = "P19"

    def typed(self, county, petition):
        return {"kind": "1", "unit_id": county.units["land"].id, "facts": "今年同类五件。", "words": "建立批前现场丈量制度。", "due_on": ""}

    def after(self, county, petition):
        assert Deadline.objects.get(case=petition.pk, key="pet.advice_reply").due_on == petition.advices.get().due_on
