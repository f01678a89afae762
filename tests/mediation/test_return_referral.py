"""退回转办 (return_referral) of what came from a petition: the five questions; the petition's handler is told why."""

from __future__ import annotations

from casework.models import Case, Entry, Link, Notice
from tests.factories import disputes, disputes_joint
from tests.factories.disputes import FiveOfDispute


class TestReturnReferral(FiveOfDispute):
    code, made, wrong, doer, state = "return_referral", "come", "accepted", "village_cadre", "dispute_voided"
    rooms = (vars(disputes), vars(disputes_joint))

    def typed(self, county, dispute):
        return {"reason": "乙方不愿意调解，请按信访程序办理。"}

    def after(self, county, dispute):
        source = Case.objects.get(kind="petition")
        assert "referred" not in source.marks
        assert Link.objects.get(kind=Link.Kind.REFERRAL).undone_at is not None
        assert "乙方不愿意调解" in Entry.objects.get(case=source, act="referral.returned").text
        assert Notice.objects.get(case=source, kind="referral.returned").to_user == county.people["clerk"]
