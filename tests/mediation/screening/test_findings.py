"""A finding becomes a dispute, belongs to one that is there, or was settled on the spot; each once (MED-1)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from casework.models import Entry
from casework.rules import NotAllowed
from mediation.models import Dispute, Finding
from mediation.screening import actions
from tests.factories import disputes
from tests.factories import disputes_screening as screening
from tests.petitions.test_concurrency import at_once

pytestmark = pytest.mark.django_db
WORDS = "入户劝和，双方当面握手言和。"


def test_it_becomes_a_dispute_that_says_where_it_comes_from(county):
    finding = screening.found(county)
    dispute = actions.begin_dispute(finding.pk, disputes.intake(county, source="2"), by=county.scope("village_cadre"))
    finding.refresh_from_db()
    assert (finding.ending, finding.dispute, finding.ended_by) == ("dispute", dispute, county.people["village_cadre"])
    assert dispute.source == "2"
    assert "九曲村" in Entry.objects.get(case=dispute.case, act="dispute.register").detail["screening"]


def test_the_same_registration_twice_makes_one_dispute(county):
    finding, key, by = screening.found(county), uuid4(), county.scope("village_cadre")
    first = actions.begin_dispute(finding.pk, disputes.intake(county, submission=key), by=by)
    assert actions.begin_dispute(finding.pk, disputes.intake(county, submission=key), by=by) == first
    assert Dispute.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_one_deals_with_it(county):
    finding = screening.found(county)
    cadre, grid = county.scope("village_cadre"), county.scope("grid_worker")
    answers = at_once(
        [
            lambda: actions.begin_dispute(finding.pk, disputes.intake(county, submission=uuid4()), by=cadre),
            lambda: actions.settle(finding.pk, words=WORDS, by=grid),
        ]
    )
    refusals = [answer for answer in answers if isinstance(answer, NotAllowed)]
    assert len(refusals) == 1
    assert "已由" in refusals[0].message
    finding.refresh_from_db()
    assert Dispute.objects.count() == (1 if finding.ending == "dispute" else 0)


def test_a_dispute_that_cannot_be_registered_leaves_the_finding_open(county):
    finding = screening.found(county)
    with pytest.raises(NotAllowed):
        actions.begin_dispute(finding.pk, disputes.intake(county, people=[disputes.person("陈桂兰", "a")]), by=county.scope("village_cadre"))
    finding.refresh_from_db()
    assert finding.ending == ""


def test_it_joins_a_dispute_in_sight(county):
    finding, dispute = screening.found(county), disputes.registered(county)
    actions.link(finding.pk, dispute.case.number, by=county.scope("village_cadre"))
    finding.refresh_from_db()
    assert (finding.ending, finding.dispute) == ("linked", dispute)


def test_a_dispute_out_of_sight_cannot_be_joined(county):
    finding = screening.found(county)
    there = disputes.intake(county, area_id=county.areas["dongliang"].id)
    other = disputes.acts.register(there, by=county.scope("other_handler"))
    with pytest.raises(NotAllowed) as refusal:
        actions.link(finding.pk, other.case.number, by=county.scope("village_cadre"))
    assert refusal.value.code == "no_dispute"


def test_settled_on_the_spot_needs_words(county):
    finding = screening.found(county)
    with pytest.raises(NotAllowed) as refusal:
        actions.settle(finding.pk, words="好了", by=county.scope("grid_worker"))
    assert refusal.value.status == 422
    actions.settle(finding.pk, words=WORDS, by=county.scope("grid_worker"))
    with pytest.raises(NotAllowed) as again:
        actions.settle(finding.pk, words=WORDS, by=county.scope("village_cadre"))
    assert "何建平" in again.value.message


def test_those_above_read_and_outsiders_see_nothing(county, sign_in):
    finding = screening.found(county)
    with pytest.raises(NotAllowed) as refusal:
        actions.settle(finding.pk, words=WORDS, by=county.scope("town_handler"))
    assert refusal.value.status == 403
    with pytest.raises(Finding.DoesNotExist):
        actions.settle(finding.pk, words=WORDS, by=county.scope("other_handler"))
    address = f"/mediation/screening/findings/{finding.pk}/"
    above = sign_in("town_handler")
    assert "已当场化解" not in above.get(address).content.decode()
    assert above.get(address + "dispute/").status_code == 403
    assert sign_in("other_handler").get(address).status_code == 404
    assert sign_in("other_handler").post(address + "dispute/", {}).status_code == 404


def test_the_pages(county, sign_in):
    finding, dispute = screening.found(county), disputes.registered(county)
    page = sign_in("village_cadre")
    address = f"/mediation/screening/findings/{finding.pk}/"
    assert dispute.case.number in page.get(address).content.decode()
    assert dispute.case.number in page.get(address + "?q=陈桂兰").content.decode()
    begun = page.get(address + "dispute/").content.decode()
    for words in ("陈桂兰与陈德旺因院墙排水争吵", 'value="陈桂兰"', 'value="陈德旺"', "排查发现"):
        assert words in begun
    assert page.post(address, {"act": "settle", "words": ""}).status_code == 422
    assert page.post(address, {"act": "link", "number": "TJ370685-2026-999999"}).status_code == 422
    assert page.post(address, {"act": "link", "number": dispute.case.number}).status_code == 303
    assert page.post(address, {"act": "settle", "words": WORDS}).status_code == 409
    assert dispute.case.number in page.get(f"/mediation/screening/rounds/{finding.round_id}/").content.decode()


def test_registered_from_the_page(county, sign_in):
    finding = screening.found(county)
    page = sign_in("village_cadre")
    facts = {
        "title": "陈桂兰与陈德旺排水纠纷",
        "type_code": "02",
        "source": "2",
        "area": str(county.areas["jiuqu"].id),
        "received_on": "2026-11-18",
        "difficulty": "2",
        "scale": "01",
        "people_count": "2",
        "story": "院墙排水。",
        "submission": str(uuid4()),
        "people-TOTAL_FORMS": "6",
        "people-INITIAL_FORMS": "0",
        **{f"people-{no}-letter": letter for no, letter in enumerate("ababcc")},
        "people-0-name": "陈桂兰",
        "people-1-name": "陈德旺",
    }
    answer = page.post(f"/mediation/screening/findings/{finding.pk}/dispute/", facts)
    assert answer.status_code == 303, answer.content.decode()
    assert answer.headers["Location"] == f"/mediation/{Dispute.objects.get().case.number}/"
    opened = page.get(f"/mediation/screening/findings/{finding.pk}/dispute/")
    assert opened.headers["Location"] == f"/mediation/screening/findings/{finding.pk}/", "no second form for what is done"
    again = page.post(f"/mediation/screening/findings/{finding.pk}/dispute/", facts)
    assert again.headers["Location"] == answer.headers["Location"]
    assert Dispute.objects.count() == 1
