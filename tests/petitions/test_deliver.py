"""登记送达 (deliver) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from casework.models import Delivery
from tests.factories import petitions
from tests.factories.five import FiveQuestions, soon


class TestDeliver(FiveQuestions):
    code, made, wrong, doer, state = "deliver", "replied", "accepted", "handler", "delivered"

    def typed(self, county, petition):
        return {"delivery": "1", "delivered_on": soon(0), "receiver": "陈桂兰", "receiver_kind": "self", "proof": "送达回证"}


def post(county, sign_in, petition, **typed):
    data = {"version": petition.case.version, "delivered_on": soon(0), "proof": "公告照片3张", "receiver": "陈桂兰", **typed}
    return sign_in("handler").post(f"/petitions/{petition.case.number}/deliver/", data)


def test_nobody_signs_for_what_was_left_with_whoever_refused_it(county, sign_in):
    """L-PET-73: the name that stood in the form is no signature, neither in the history nor on the receipt."""
    petition = petitions.replied(county)
    answer = post(county, sign_in, petition, delivery="2", witnesses="孙村", words="本人拒收，注明拒收事由。")
    assert answer.status_code == 303
    kept = Delivery.objects.get(document__case=petition.case, way="2")
    assert kept.receiver == ""


def test_whoever_was_handed_it_is_named(county, sign_in):
    petition = petitions.replied(county)
    answer = post(county, sign_in, petition, delivery="1", receiver="", receiver_kind="self")
    assert answer.status_code == 422
    assert "请写签收人。" in answer.content.decode()
