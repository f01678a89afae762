"""记包案工作 (record_sponsor_work) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from casework.models import Notice
from tests.factories.five import FiveQuestions, soon


class TestRecordSponsorWork(FiveQuestions):
    code, made, wrong, doer, state = "record_sponsor_work", "sponsored", "voided", "village_cadre", "accepted"
    wrong_doer = "office"

    def typed(self, county, petition):
        return {"kind": "warning", "on": soon(0), "words": "信访人情绪激动，扬言越级。"}

    def after(self, county, petition):
        visit = petition.sponsorships.get().visits.get()
        assert visit.unit_id == county.units["jiuqu"].id
        assert Notice.objects.filter(kind="petition.sponsor_warning").count() == 3
