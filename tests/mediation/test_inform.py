"""告知权利义务 (inform) over HTTP: each side signs before the first talk (调解法§23 §24; 75号令§30; L-MED-6)."""

from __future__ import annotations

from typing import Any

import pytest

from casework.models import Document
from casework.rules import NotAllowed
from mediation.actions import ladder, talks
from mediation.actions.talks import Signed
from mediation.models import Informed
from organisations import clock
from tests.factories import disputes, disputes_talks
from tests.factories.county import County
from tests.factories.disputes_talks import FiveOfTalks


class TestInform(FiveOfTalks):
    code, made, wrong, doer, state, paper = "inform", "accepted", "offered", "village_cadre", "dispute_accepted", "M03"

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        there = disputes_talks.parties(petition)
        return {"signer_a": there["a"], "signer_b": there["b"], "way": "2", "on": clock.today().isoformat()}

    def after(self, county: County, petition: Any) -> None:
        assert list(Informed.objects.filter(dispute=petition).values_list("letter", "way")) == [("a", "2"), ("b", "2")]


@pytest.mark.django_db
def test_one_side_today_the_other_tomorrow_on_one_paper(county):
    dispute = disputes.accepted(county)
    there = disputes_talks.parties(dispute)
    by = county.scope("village_cadre")
    talks.inform(dispute.case.number, signed=[Signed(there["a"], "1")], on=clock.today(), by=by)
    ladder.name_mediator(dispute.case.number, to_user_id=county.people["village_cadre"].id, reason="指定", by=by)
    with pytest.raises(NotAllowed, match="乙方还没有签收权利义务告知书"):
        talks.hold_session(dispute.case.number, **disputes_talks.talk(dispute), by=by)
    talks.inform(dispute.case.number, signed=[Signed(there["b"], "1")], on=clock.today(), by=by)
    assert Document.objects.filter(case=dispute.case, paper="M03").count() == 1
    assert talks.hold_session(dispute.case.number, **disputes_talks.talk(dispute), by=by).case.state == "dispute_mediating"


@pytest.mark.django_db
def test_talks_are_not_offered_before(county, sign_in):
    number = disputes.accepted(county).case.number
    page = sign_in("village_cadre").get(f"/mediation/{number}/").content.decode()
    assert "?act=hold_session#act" not in page
    assert "?act=inform#act" in page
    # Nobody is put down as having signed before the clerk says so.
    form = sign_in("village_cadre").get(f"/mediation/{number}/?act=inform").content.decode()
    signer = form.split('name="signer_a"')[1].split("</select>")[0]
    assert "还没有签" in signer
    assert not [option for option in signer.split("<option")[1:] if "selected" in option and "还没有签" not in option]


@pytest.mark.django_db
def test_acceptance_issues_application_and_registration(county):
    """L-MED-47: a party applied, so there are both; the committee's own finding needs none to be asked for."""
    applied = disputes.accepted(county, source="1")
    assert set(Document.objects.filter(case=applied.case).values_list("paper", flat=True)) == {"M01", "M02"}
    found = disputes.accepted(county, source="2")
    assert set(Document.objects.filter(case=found.case).values_list("paper", flat=True)) == {"M02"}
