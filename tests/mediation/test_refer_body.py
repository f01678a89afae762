"""移送其他调处组织 (refer_body): the five questions; the letter, the parties' consent, one at a time (L-MED-24, MED-4)."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.template.loader import render_to_string
from pypdf import PdfReader

from casework import documents
from casework.models import Deadline, Document, Notice, Reach
from casework.rules import NotAllowed
from mediation.actions import joint
from mediation.models import BodyReferral
from tests.factories import disputes, disputes_joint
from tests.factories.disputes import FiveOfDispute

pytestmark = pytest.mark.django_db


class TestReferBody(FiveOfDispute):
    code, made, wrong, doer, state = "refer_body", "accepted", "at_body", "village_cadre", "dispute_referred"
    paper = "M13"
    rooms = (vars(disputes), vars(disputes_joint))

    def typed(self, county, dispute):
        return {"body": "44", "to_unit_id": county.units["labour"].id, "consent": "双方同意。", "reason": "由专业调委会调处。"}

    def after(self, county, dispute):
        row = BodyReferral.objects.get(dispute=dispute)
        assert (row.body, row.to_unit, row.is_open) == ("44", county.units["labour"], True)
        assert Reach.objects.filter(case=dispute.case, reader=county.units["labour"].id).exists()
        assert Notice.objects.filter(case=dispute.case, kind="dispute.refer_body", to_unit=county.units["labour"]).count() == 1
        assert dispute.case.unit == county.units["jiuqu"], "whoever sent it answers for it until the other body reports"
        assert Deadline.objects.get(case=dispute.case, key="med.handover", met_on=None).unit == county.units["labour"]


def test_the_letter_names_reason_and_consent_and_no_number_of_a_person(county):
    disputes_joint.at_body(county)
    document = Document.objects.get(paper="M13")
    text = render_to_string(document.context["template"], {**document.context, "number": document.number, "name": document.name})
    assert "双方当面表示同意移送" in text
    assert "不影响当事人依法申请仲裁" in text
    assert "陈桂兰、陈德旺" in text
    assert "110105194912310002" not in text


@pytest.mark.parametrize(("changes", "code"), [({"to_unit_id": None}, "no_receiver"), ({"to_unit_id": "own"}, "itself")])
def test_there_must_be_another_receiver(county, changes, code):
    number = disputes.accepted(county).case.number
    facts = {"body": "44", "to_unit_id": None, "consent": "同意", "reason": "移送", **changes}
    if facts["to_unit_id"] == "own":
        facts["to_unit_id"] = county.units["jiuqu"].id
    with pytest.raises(NotAllowed, check=lambda refusal: refusal.code == code):
        joint.refer_body(number, **facts, by=county.scope("village_cadre"))


def test_the_letter_that_goes_with_it_is_one_page(county):
    reason = "涉及劳务报酬，由专业调委会调处更合适，双方也希望这样办。"
    disputes_joint.at_body(county, reason=reason, consent="双方当面表示同意移送，并签字。")
    assert len(PdfReader(BytesIO(documents.render(Document.objects.get(paper="M13")))).pages) == 1
