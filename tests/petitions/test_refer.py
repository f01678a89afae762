"""转调解 (refer): the five questions; who may be referred, and that the petition's clock runs on (条例§33, L-PET-63, L-TIME-7)."""

from __future__ import annotations

import pytest

from casework.models import Case, Deadline, Link
from casework.rules import NotAllowed
from petitions.actions import referring
from tests.factories import disputes_joint, petitions
from tests.factories.five import FiveQuestions

pytestmark = pytest.mark.django_db

FACTS = {"sort": "03", "opponent": "陈德旺", "is_organisation": False, "is_agreed": True, "reason": "属于邻里纠纷。"}


class TestRefer(FiveQuestions):
    code, made, wrong, doer, state = "refer", "registered", "voided", "office", "registered"

    def typed(self, county, petition):
        return {"sort": "03", "opponent": "陈德旺", "is_agreed": "on", "reason": "属于邻里纠纷，信访人同意先行调解。"}

    def after(self, county, petition):
        assert "referred" in petition.case.marks
        link = Link.objects.get(source=petition.case, kind=Link.Kind.REFERRAL)
        assert link.target.kind == "dispute"
        running = Deadline.objects.get(case=petition.case, key="pet.forward")
        assert (running.met_on, running.dropped_on, running.suspended_on) == (None, None, None), "mediation stops no limit"


@pytest.mark.parametrize(
    ("made", "changes", "code"),
    [
        ({}, {"is_agreed": False}, "not_agreed"),
        ({}, {"opponent": " "}, "no_opponent"),
        ({"purpose": "04"}, {}, "not_mediable"),
        ({"is_anonymous": True, "people": []}, {}, "anonymous"),
    ],
)
def test_what_the_law_asks_first(county, made, changes, code):
    number = petitions.registered(county, **made).case.number
    with pytest.raises(NotAllowed, check=lambda refusal: refusal.code == code):
        referring.refer(number, **{**FACTS, **changes}, by=county.scope("office"))
    assert not Case.objects.filter(kind="dispute").exists()


def test_what_is_protected_goes_nowhere(county):
    number = petitions.registered(county, purpose="03").case.number
    with pytest.raises(NotAllowed):
        referring.refer(number, **FACTS, by=county.scope("discipline"))
    assert not Case.objects.filter(kind="dispute").exists()


def test_the_clerk_sees_the_clock_before_confirming_and_a_type_is_proposed(county, sign_in):
    number = petitions.registered(county, respondent_name="陈德旺").case.number
    page = sign_in("office").get(f"/petitions/{number}/?act=refer").content.decode()
    assert "转调解不停止本件的期限" in page
    assert "照常计算" in page
    assert 'value="03" selected' in page
    assert 'value="陈德旺"' in page


def test_a_unit_that_holds_the_matter_refers_it_too(county):
    number = petitions.accepted(county).case.number
    petition = referring.refer(number, **FACTS, by=county.scope("handler"))
    assert petition.case.state == "accepted"
    assert Deadline.objects.get(case=petition.case, key="pet.handle").suspended_on is None


def test_it_is_offered_once(county, sign_in):
    number = disputes_joint.referred_petition(county).case.number
    assert "?act=refer#act" not in sign_in("office").get(f"/petitions/{number}/").content.decode()
