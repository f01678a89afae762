"""登记文书送达 (serve) over HTTP: the five questions, and each way of L-PET-73 with its own proof and date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from casework.models import Deadline, Delivery, Document
from casework.rules import NotAllowed
from organisations import clock
from petitions import actions
from petitions.actions import letters
from tests.factories import petitions
from tests.factories.five import FiveQuestions, soon


def paper_of(petition, code: str = "P05") -> Document:
    return Document.objects.get(case=petition.case, paper=code)


class TestServe(FiveQuestions):
    code, made, wrong, doer, state = "serve", "accepted", "voided", "handler", "accepted"
    wrong_doer = "office"

    def typed(self, county, petition):
        paper = Document.objects.filter(case=petition.case, paper="P05").first()
        return {
            "document_id": paper.pk if paper else 1,
            "way": "1",
            "attempted_on": soon(0),
            "delivered_on": soon(0),
            "receiver": "陈桂兰",
            "receiver_kind": "self",
            "proof": "送达回证",
        }

    def after(self, county, petition):
        delivery = Delivery.objects.get()
        assert delivery.document.paper == "P05"
        assert delivery.delivered_on == clock.today()
        assert petition.delivered_on is None  # the reply is another paper


def served(county, petition, code="P05", person="handler", **changes):
    facts = {"way": "1", "attempted_on": clock.today(), "receiver": "陈桂兰", "receiver_kind": "self", "proof": "回证", **changes}
    return letters.serve(petition.case.number, document_id=paper_of(petition, code).pk, by=county.scope(person), **facts)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"receiver": ""}, "receiver_needed"),
        ({"receiver_kind": ""}, "receiver_kind_needed"),
        ({"way": "2", "witnesses": "村干部"}, "refusal_needed"),
        ({"way": "2", "words": "拒收", "proof": ""}, "witness_needed"),
        ({"way": "3"}, "consent_needed"),
        ({"way": "4"}, "posted_needed"),
        ({"way": "4", "posted_on": "today", "proof": ""}, "post_number_needed"),
        ({"way": "6", "posted_on": "today", "words": "下落不明"}, "announcement"),
        ({"delivered_on": "tomorrow"}, "delivery_date"),
        ({"delivered_on": "yesterday"}, "delivery_date"),
    ],
)
def test_each_way_asks_for_its_own_proof(county, facts, code):
    petition = petitions.accepted(county)
    days = {"today": clock.today(), "tomorrow": clock.today() + timedelta(days=1), "yesterday": clock.today() - timedelta(days=1)}
    facts = {"delivered_on": clock.today(), **{key: days.get(value, value) for key, value in facts.items()}}
    with pytest.raises(NotAllowed) as refused:
        served(county, petition, **facts)
    assert refused.value.code == code
    assert not Delivery.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "facts",
    [
        {"way": "1", "receiver": "陈大壮", "receiver_kind": "household"},
        {"way": "2", "words": "本人拒绝签收，文书留在其住所。", "witnesses": "李村长、王会计"},
        {"way": "2", "words": "本人拒绝签收。", "proof": "照片 IMG_0012、0013"},
        {"way": "3", "is_agreed": True},
        {"way": "4", "posted_on": "today", "proof": "EMS 1098765432100"},
        {"way": "5", "receiver": "陈桂兰"},
    ],
)
def test_each_lawful_way_is_kept(county, facts):
    petition = petitions.accepted(county)
    facts = {key: clock.today() if value == "today" else value for key, value in facts.items()}
    served(county, petition, delivered_on=clock.today(), **facts)
    delivery = Delivery.objects.get()
    assert delivery.way == facts["way"]
    assert delivery.delivered_on == clock.today()
    assert not facts.get("is_agreed") or "同意电子送达" in delivery.words


@pytest.mark.django_db
def test_posted_first_received_later_both_days_are_kept(county):
    petition = petitions.accepted(county)
    posted = clock.today()
    served(county, petition, way="4", posted_on=posted, proof="EMS 1098765432100", receiver="")
    with clock.at(clock.now() + timedelta(days=4)):
        served(county, petition, way="4", posted_on=posted, delivered_on=clock.today(), proof="回执", attempted_on=posted)
        first, second = Delivery.objects.order_by("id")
        assert (first.posted_on, first.delivered_on) == (posted, None)
        assert second.delivered_on == posted + timedelta(days=4)


@pytest.mark.django_db
def test_attempts_that_reached_nobody_are_kept_and_a_public_notice_is_the_last_resort(county):
    petition = petitions.accepted(county)
    posted = clock.today()
    with pytest.raises(NotAllowed) as refused:
        served(county, petition, way="6", posted_on=posted, words="下落不明", receiver="")
    assert refused.value.code == "last_resort"
    with pytest.raises(NotAllowed) as refused:
        served(county, petition, receiver="", receiver_kind="")
    assert refused.value.code == "reason_needed"
    served(county, petition, words="上门两次无人，邻居称已外出。", receiver="", receiver_kind="")
    served(county, petition, way="6", posted_on=posted, words="多次上门、电话均联系不上。", receiver="", proof="县政府网站公告")
    with clock.at(clock.now() + timedelta(days=30)):
        served(
            county,
            petition,
            way="6",
            posted_on=posted,
            attempted_on=posted,
            delivered_on=clock.today(),
            words="公告期满。",
            receiver="",
            proof="公告",
        )
    assert [bool(row.delivered_on) for row in Delivery.objects.order_by("id")] == [False, False, True]


@pytest.mark.django_db
def test_the_reply_itself_is_delivered_by_its_own_act_and_the_failed_attempt_before_it_is_kept(county):
    """One truth: the right to review runs from the receipt that `deliver` records (条例§35, L-TIME-8)."""
    petition = petitions.replied(county)
    with pytest.raises(NotAllowed) as refused:
        served(county, petition, "P11", delivered_on=clock.today())
    assert refused.value.code == "use_deliver"
    served(county, petition, "P11", words="上门无人。", receiver="", receiver_kind="")
    assert not Deadline.objects.filter(case=petition.case, key="pet.review_apply").exists()
    actions.deliver(
        petition.case.number,
        delivery="4",
        posted_on=clock.today(),
        delivered_on=clock.today(),
        receiver="陈桂兰",
        proof="EMS",
        by=county.scope("handler"),
    )
    right = Deadline.objects.get(case=petition.case, key="pet.review_apply")
    assert right.base_on == clock.today()
    rows = Delivery.objects.filter(document__paper="P11").order_by("id")
    assert [row.delivered_on for row in rows] == [None, clock.today()]
    assert rows[1].posted_on == clock.today()


@pytest.mark.django_db
def test_a_paper_is_delivered_by_the_unit_that_issued_it(county):
    petition = petitions.accepted(county)
    with pytest.raises(NotAllowed) as refused:
        served(county, petition, "P08", delivered_on=clock.today())
    assert refused.value.code == "wrong_unit"
    served(county, petition, "P08", person="office", delivered_on=clock.today())
    with pytest.raises(NotAllowed) as refused:
        served(county, petition, "P03", person="office", delivered_on=clock.today())
    assert refused.value.code == "not_served"


@pytest.mark.django_db
def test_the_receipt_is_printed_from_the_attempt(county, sign_in):
    petition = petitions.accepted(county)
    served(county, petition, way="2", words="本人拒绝签收。", witnesses="李村长", delivered_on=clock.today(), place="九曲村12号")
    paper, delivery = paper_of(petition), Delivery.objects.get()
    answer = sign_in("handler").get(f"/papers/{paper.pk}/proof/?delivery={delivery.pk}")
    assert answer.content.startswith(b"%PDF-")
    page = sign_in("handler").get(f"/petitions/{petition.case.number}/").content.decode()
    assert f"/papers/{paper.pk}/proof/?delivery={delivery.pk}" in page
    assert "本人拒绝签收" in page
    assert isinstance(delivery.attempted_on, date)


@pytest.mark.django_db
def test_a_paper_that_became_void_reaches_nobody(county):
    petition = petitions.accepted(county)
    Document.objects.filter(pk=paper_of(petition).pk).update(withdrawn_at=clock.now())
    with pytest.raises(NotAllowed, match="作废"):
        served(county, petition, delivered_on=clock.today())


@pytest.mark.django_db
def test_the_form_tells_which_fields_belong_to_which_way(county, sign_in):
    """Each way shows its own fields; without scripts, and with an error, all of them stand there (L-PET-73)."""
    petition = petitions.accepted(county)
    client = sign_in("handler")
    page = client.get(f"/petitions/{petition.case.number}/?act=serve").content.decode()
    for ways in ("way=4 6", "way=2", "way=3", "way=1 2 5", "way=1 4 5"):
        assert f'<div data-shown-when="{ways}">' in page
    assert "hidden" not in page.split('data-shown-when="way=2"')[1][:40]
    typed = {"version": petition.case.version, "document_id": paper_of(petition).pk, "way": "4", "attempted_on": soon(0), "posted_on": "看不懂"}
    refused = client.post(f"/petitions/{petition.case.number}/serve/", typed)
    assert refused.status_code == 422
    assert 'data-shown-when="way=4 6"' not in refused.content.decode(), "a field with an error is never hidden"
