"""约下次 (plan_session): one talk is planned at a time; another date replaces it and both stay on record (L-MED-20)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from casework.models import Document, Outgoing
from casework.rules import NotAllowed
from mediation.actions import talks
from mediation.models import Dispute, Session
from organisations import clock
from tests.factories import disputes_talks
from tests.factories.county import County
from tests.factories.disputes_talks import FiveOfTalks


class TestPlanSession(FiveOfTalks):
    code, made, wrong, doer, state = "plan_session", "with_mediator", "agreed", "village_cadre", "dispute_accepted"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        at = timezone.localtime(clock.now()) + timedelta(days=1)
        a, b = (f"called_{party_id}" for _, party_id in sorted(disputes_talks.parties(petition).items()))
        plan = {"kind": "joint", "letter": "", "planned_at": f"{at:%Y-%m-%dT%H:%M}", "place": "九曲村调解室", "invited": "村主任"}
        return {**plan, a: "phone", b: "paper"}

    def after(self, county: County, petition: Any) -> None:
        session = Session.objects.get(dispute=petition)
        assert session.state == "planned"
        told = {(call.letter, call.way, call.document_id is not None) for call in session.calls.all()}
        assert told == {("a", "phone", False), ("b", "paper", True)}
        paper = Document.objects.get(case=petition.case, paper="M15")
        assert paper.context["addressee"] == "陈德旺"


def plan(dispute: Dispute, way: str = "phone", *, days: int = 1, sides: str = "ab") -> dict[str, Any]:
    called = [talks.Called(party_id, way) for letter, party_id in disputes_talks.parties(dispute).items() if letter in sides]
    return {"kind": "joint", "planned_at": clock.now() + timedelta(days=days), "place": "调解室", "called": called}


@pytest.mark.django_db
def test_every_side_is_told(county):
    dispute = disputes_talks.with_mediator(county)
    with pytest.raises(NotAllowed) as refused:
        talks.plan_session(dispute.case.number, **plan(dispute, sides="a"), by=county.scope("village_cadre"))
    assert (refused.value.code, "乙方" in refused.value.message) == ("not_called", True)
    apart = {**plan(dispute, sides="a"), "kind": "apart", "letter": "a"}
    talks.plan_session(dispute.case.number, **apart, by=county.scope("village_cadre"))


@pytest.mark.django_db
def test_a_message_goes_out_without_a_word_of_the_matter(county, settings):
    dispute, by = disputes_talks.with_mediator(county), county.scope("village_cadre")
    with pytest.raises(NotAllowed, match="没有开通短信"):
        talks.plan_session(dispute.case.number, **plan(dispute, "sms"), by=by)
    settings.GATEWAYS = {"sms": {"url": "http://127.0.0.1:9/sms"}}
    planned = plan(dispute, "sms")
    talks.plan_session(dispute.case.number, **planned, by=by)
    sent = list(Outgoing.objects.filter(key__startswith="meeting:"))
    assert len(sent) == 2
    when = timezone.localtime(planned["planned_at"])
    for message in sent:
        assert message.channel == "sms"
        assert f"{when:%Y-%m-%d %H:%M}" in message.text
        assert dispute.case.number in message.text
        assert not any(word in message.text for word in ("纠纷", "调解", "陈", "排水"))
        assert "1380013" not in message.address_token


@pytest.mark.django_db
def test_moved_then_held(county):
    dispute = disputes_talks.with_mediator(county)
    by = county.scope("village_cadre")
    for days in (1, 2):
        talks.plan_session(dispute.case.number, **plan(dispute, days=days), by=by)
    assert list(Session.objects.filter(dispute=dispute).values_list("state", "off_because")) == [("off", "改期"), ("planned", "")]
    talks.hold_session(dispute.case.number, **disputes_talks.talk(dispute), by=by)
    assert list(Session.objects.filter(dispute=dispute).values_list("state", flat=True)) == ["off", "held"]
