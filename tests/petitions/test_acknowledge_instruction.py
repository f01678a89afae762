"""阅知落实情况 (acknowledge_instruction) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions
from tests.factories.supervised import first


class TestAcknowledgeInstruction(FiveQuestions):
    code, made, wrong, doer, state = "acknowledge_instruction", "answered_instruction", "voided", "leader", "accepted"

    def typed(self, county, petition):
        return {"no": first(petition.instructions)}

    def after(self, county, petition):
        assert petition.instructions.get().seen_at is not None
