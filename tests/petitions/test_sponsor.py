"""领导包案 (sponsor) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from casework.models import Deadline, Notice
from tests.factories.five import FiveQuestions, soon


class TestSponsor(FiveQuestions):
    code, made, wrong, doer, state = "sponsor", "accepted", "voided", "office", "accepted"
    paper = "P25"

    def typed(self, county, petition):
        return {
            "leader_id": county.people["leader"].id,
            "undertaking_unit_id": county.units["land"].id,
            "assisting_unit_id": county.units["jiuqu"].id,
            "guarantees": ["1", "3", "4"],
            "plan": "重新丈量，邻里调解。",
            "from_on": soon(0),
            "until_on": soon(90),
        }

    def after(self, county, petition):
        assert petition.sponsorships.get().guarantees == ["1", "3", "4"]
        assert Deadline.objects.get(case=petition.pk, key="pet.sponsor").unit_id == county.units["land"].id
        assert Notice.objects.filter(kind="petition.sponsor").count() == 3
