"""提出督办 (propose_supervision) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions


class TestProposeSupervision(FiveQuestions):
    code, made, wrong, doer, state = "propose_supervision", "accepted", "registered", "office", "accepted"

    def typed(self, county, petition):
        return {"reasons": ["01", "04"], "method": "02", "words": "两次到期未答复。"}

    def after(self, county, petition):
        row = petition.supervisions.get()
        assert (row.state, row.unit_id, row.rule) == ("proposed", county.units["land"].id, "")
