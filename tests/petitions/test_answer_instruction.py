"""反馈批示落实 (answer_instruction) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from casework.models import Deadline, Notice
from tests.factories.five import FiveQuestions
from tests.factories.supervised import first


class TestAnswerInstruction(FiveQuestions):
    code, made, wrong, doer, state = "answer_instruction", "under_instruction", "voided", "handler", "accepted"
    wrong_doer = "office"

    def typed(self, county, petition):
        return {"no": first(petition.instructions), "text": "已当面答复。"}

    def after(self, county, petition):
        assert petition.instructions.get().replied_by == county.people["handler"]
        assert Deadline.objects.get(case=petition.pk, key="pet.instruction").met_on is not None
        assert Notice.objects.filter(kind="petition.answer_instruction", to_user=county.people["leader"]).exists()
