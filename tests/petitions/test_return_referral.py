"""退回转办 (return_referral) of what was referred to the centre: the five questions; back on the sender's desk with the reason."""

from __future__ import annotations

from casework.models import Case, Entry, Link, Notice
from tests.factories import disputes_joint, petitions
from tests.factories.five import FiveQuestions


def plain(county):
    """Registered at the counter and routed: came from nobody."""
    return petitions.routed(county)


class TestReturnReferral(FiveQuestions):
    code, made, wrong, doer, state = "return_referral", "come_petition", "plain", "office", "voided"
    rooms = (globals(), vars(disputes_joint))

    def typed(self, county, petition):
        return {"reason": "双方之间的纠纷，请继续调解。"}

    def after(self, county, petition):
        source = Case.objects.get(kind="dispute")
        assert "referred" not in source.marks
        assert Link.objects.get(kind=Link.Kind.REFERRAL).undo_reason == "双方之间的纠纷，请继续调解。"
        assert "请继续调解" in Entry.objects.get(case=source, act="referral.returned").text
        assert Notice.objects.filter(case=source, kind="referral.returned").count() == 1
