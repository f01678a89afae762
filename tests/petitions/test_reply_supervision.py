"""反馈督办 (reply_supervision) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from casework.models import Deadline
from tests.factories.five import FiveQuestions
from tests.factories.supervised import first


class TestReplySupervision(FiveQuestions):
    code, made, wrong, doer, state = "reply_supervision", "running_supervision", "voided", "handler", "accepted"
    wrong_doer = "office"

    def typed(self, county, petition):
        return {"no": first(petition.supervisions), "text": "已查明原因，三日内答复。"}

    def after(self, county, petition):
        assert petition.supervisions.get().state == "replied"
        assert Deadline.objects.get(case=petition.pk, key="pet.supervise_reply").met_on is not None
