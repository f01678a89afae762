"""督办办结 (close_supervision) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions
from tests.factories.supervised import first


class TestCloseSupervision(FiveQuestions):
    code, made, wrong, doer, state = "close_supervision", "replied_supervision", "voided", "office", "accepted"

    def typed(self, county, petition):
        return {"no": first(petition.supervisions), "words": "问题已经解决。"}

    def after(self, county, petition):
        assert petition.supervisions.get().state == "closed"
        assert "supervised" not in petition.case.marks
