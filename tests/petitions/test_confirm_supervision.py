"""确认督办 (confirm_supervision) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from casework import limits
from casework.models import Deadline
from organisations import clock
from tests.factories.five import FiveQuestions
from tests.factories.supervised import first


class TestConfirmSupervision(FiveQuestions):
    code, made, wrong, doer, state = "confirm_supervision", "proposed_supervision", "voided", "centre_head", "accepted"
    paper = "P17"

    def typed(self, county, petition):
        return {
            "no": first(petition.supervisions),
            "reasons": ["01"],
            "method": "02",
            "words": "两次到期未答复。",
            "requirement": "依法办结并答复信访人",
        }

    def after(self, county, petition):
        row = petition.supervisions.get()
        held = Deadline.objects.get(case=petition.pk, key="pet.supervise_reply", met_on=None)
        assert row.state == "running"
        assert row.due_on == held.due_on == limits.current().calendar.add_working_days(clock.today(), 10)
        assert held.unit_id == row.unit_id
        assert "supervised" in petition.case.marks
