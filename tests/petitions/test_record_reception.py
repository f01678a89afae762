"""登记领导接访 (record_reception) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from tests.factories.five import FiveQuestions, soon


class TestRecordReception(FiveQuestions):
    code, made, wrong, doer, state = "record_reception", "registered", "closed", "clerk", "registered"
    paper = "P24"

    def typed(self, county, petition):
        return {
            "leader_id": county.people["leader"].id,
            "mode": "1",
            "on": soon(0),
            "place": "县群众工作中心",
            "opinion": "请自然资源局到现场丈量。",
            "unit_id": county.units["land"].id,
            "due_on": soon(15),
        }

    def after(self, county, petition):
        row = petition.receptions.get()
        assert (row.leader, row.unit_id) == (county.people["leader"], county.units["land"].id)
        assert petition.instructions.get().unit_id == row.unit_id
