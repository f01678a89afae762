"""结束包案 (end_sponsorship) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from casework.models import Deadline, Document
from tests.factories.five import FiveQuestions


class TestEndSponsorship(FiveQuestions):
    code, made, wrong, doer, state = "end_sponsorship", "sponsored", "voided", "leader", "accepted"

    def typed(self, county, petition):
        return {"result": "双方签订协议，息诉息访。"}

    def after(self, county, petition):
        assert petition.sponsorships.get().ended_by == county.people["leader"]
        assert Deadline.objects.get(case=petition.pk, key="pet.sponsor").met_on is not None
        assert Document.objects.filter(case=petition.pk, paper="P25").count() == 2
        assert "sponsored" not in petition.case.marks
