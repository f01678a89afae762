"""退回督办反馈 (return_supervision) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from casework.models import Deadline
from tests.factories.five import FiveQuestions, soon
from tests.factories.supervised import first


class TestReturnSupervision(FiveQuestions):
    code, made, wrong, doer, state = "return_supervision", "replied_supervision", "voided", "office", "accepted"

    def typed(self, county, petition):
        return {"no": first(petition.supervisions), "words": "没有写明整改措施。", "due_on": soon(5)}

    def after(self, county, petition):
        assert petition.supervisions.get().state == "running"
        assert Deadline.objects.filter(case=petition.pk, key="pet.supervise_set", met_on=None, dropped_on=None).count() == 1
