"""不同意延期 (refuse_extension): the five questions; the date stays, the reason is told."""

from __future__ import annotations

from casework.models import DeadlineEvent, Notice
from petitions.models import Extension
from tests.factories.five import FiveQuestions


class TestRefuseExtension(FiveQuestions):
    code, made, wrong, doer, state = "refuse_extension", "extension_asked", "signed", "head", "accepted"

    def typed(self, county, petition):
        return {"words": "可以按期办结。"}

    def after(self, county, petition):
        held = Extension.objects.get(petition=petition)
        assert (held.is_approved, held.decision_words, held.new_due_on) == (False, "可以按期办结。", None)
        assert held.deadline.due_on == held.was_due_on
        assert not DeadlineEvent.objects.exists()
        assert "extend_asked" not in petition.case.marks
        told = Notice.objects.get(case=petition.case, kind="petition.refuse_extension")
        assert told.to_user == county.people["handler"]
        assert "可以按期办结" in told.text
