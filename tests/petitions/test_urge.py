"""催办 (urge) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from casework.models import Notice
from tests.factories.five import FiveQuestions


class TestUrge(FiveQuestions):
    code, made, wrong, doer, state = "urge", "accepted", "voided", "office", "accepted"
    paper = "P18"

    def typed(self, county, petition):
        return {"words": "请抓紧办理。"}

    def after(self, county, petition):
        assert petition.case.urged == petition.urgings.count() == 1
        assert "urged" in petition.case.marks
        assert Notice.objects.filter(kind="petition.urge", to_user=county.people["handler"]).count() == 1
