"""不予督办 (drop_supervision) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions
from tests.factories.supervised import first


class TestDropSupervision(FiveQuestions):
    code, made, wrong, doer, state = "drop_supervision", "proposed_supervision", "voided", "office", "accepted"

    def typed(self, county, petition):
        return {"no": first(petition.supervisions), "words": "已于今日答复，不再督办。"}

    def after(self, county, petition):
        assert petition.supervisions.get().state == "dropped"
