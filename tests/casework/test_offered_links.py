"""No page offers a way that ends on «没有权限»: what leads to a form or a paper is shown to whom it opens."""

from __future__ import annotations

import pytest

from tests.factories import petitions

pytestmark = pytest.mark.django_db


def test_a_mediator_begins_disputes_and_no_petitions(county, sign_in):
    client = sign_in("mediator")
    for address in ("/", "/cases/?status=open", "/cases/?topic=TJ"):
        assert "/petitions/register/" not in client.get(address).content.decode(), address
    assert 'href="/mediation/register/" data-key="N"' in client.get("/cases/?topic=TJ").content.decode()
    assert client.get("/mediation/register/").status_code == 200


def test_a_clerk_begins_both(county, sign_in):
    client = sign_in("clerk")
    assert 'href="/petitions/register/" data-key="N"' in client.get("/cases/?status=open").content.decode()
    assert 'href="/mediation/register/" data-key="N"' in client.get("/cases/?topic=TJ").content.decode()


def test_the_auditor_begins_nothing(county, sign_in):
    for address in ("/", "/cases/?status=open", "/cases/?topic=TJ"):
        assert "/register/" not in sign_in("auditor").get(address).content.decode(), address


def test_the_receipt_is_offered_to_whom_it_opens(county, sign_in):
    """It carries the query code: the counter and the unit that wrote the matter down, not the bureau it was given to."""
    number = petitions.accepted(county).case.number
    receipt = f"/petitions/{number}/receipt/"
    for person, opens in (("clerk", True), ("office", True), ("auditor", True), ("handler", False)):
        client = sign_in(person)
        assert (receipt in client.get(f"/petitions/{number}/").content.decode()) is opens, person
        assert client.get(receipt).status_code == (200 if opens else 403), person


def test_who_may_print_but_not_register_is_not_sent_to_the_next_registration(county, sign_in):
    number = petitions.accepted(county).case.number
    assert "下一件登记" in sign_in("clerk").get(f"/petitions/{number}/receipt/").content.decode()
    assert "下一件登记" not in sign_in("auditor").get(f"/petitions/{number}/receipt/").content.decode()


def test_a_moved_key_is_obeyed_on_the_receipt_too(county, sign_in):
    number = petitions.accepted(county).case.number
    client = sign_in("clerk")
    client.post("/profile/keys/", {"save": "Alt G"})
    assert 'data-keys="F9=Alt+G"' in client.get(f"/petitions/{number}/receipt/").content.decode()
