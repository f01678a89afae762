"""转信访 (refer_petition): the five questions; what becomes a petition, and of whom (条例§17 §22)."""

from __future__ import annotations

from casework.models import Case, Deadline, Link
from petitions.models import Petition
from tests.factories import disputes, disputes_joint
from tests.factories.disputes import FiveOfDispute


class TestReferPetition(FiveOfDispute):
    code, made, wrong, doer, state = "refer_petition", "accepted", "declined", "village_cadre", "dispute_accepted"
    rooms = (vars(disputes), vars(disputes_joint))

    def typed(self, county, dispute):
        return {"sort": "020000", "reason": "实为反映宅基地审批不当。"}

    def after(self, county, dispute):
        petition = Petition.objects.select_related("case").get(case__in=Link.objects.filter(source=dispute.case).values("target"))
        assert (petition.case.state, petition.channel, petition.source_number) == ("registered", "710", dispute.case.number)
        assert petition.respondent_name == "陈德旺"
        assert [party.name for party in petition.case.parties.all()] == ["陈桂兰"]
        assert Deadline.objects.filter(case=petition.case, key="pet.forward").exists()
        assert "referred" in Case.objects.get(pk=dispute.pk).marks
