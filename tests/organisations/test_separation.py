"""None of the three administrators reads a petition, none does another's work (L-SEC-4, ORG-5)."""

import functools
import operator
from datetime import timedelta

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from organisations import clock
from organisations.models import Absence, AccessEntry
from tests.factories.county import County
from tests.factories.petitions import delivered

ADMINS = ["system_admin", "security_admin", "audit_admin"]
CONSOLES = {
    "system_admin": ["/people/", "/people/new/", "/units/", "/units/new/"],
    "security_admin": ["/posts/", "/posts/new/", "/posts/absences/", "/policies/"],
    "audit_admin": ["/access-log/", "/exports/of/access_log/"],
}


def patterns(resolver: URLResolver, before: str = ""):
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        elif isinstance(entry, URLPattern):
            yield route


def case_addresses(petition) -> list[str]:
    """Every address of the house that takes a case number or belongs to a case app, filled with a real petition."""
    values = {
        "<str:number>": petition.case.number,
        "<int:pk>": "1",
        "<int:no>": "1",
        "<str:field>": "id_number",
    }
    found = []
    for route in patterns(get_resolver()):
        address = "/" + route
        for mark, value in values.items():
            address = address.replace(mark, value)
        if not any(sign in address for sign in "<^(") and not address.startswith("/api/schema"):
            found.append(address)
    return found


@pytest.mark.parametrize("person", ADMINS)
def test_no_address_shows_an_administrator_a_petition(county: County, sign_in, person: str) -> None:
    petition = delivered(county)
    client = sign_in(person)
    client.raise_request_exception = False
    secrets = [petition.case.title, petition.case.number, "陈桂兰", "院墙"]
    tried = case_addresses(petition)
    assert any(petition.case.number in address for address in tried)
    for address in tried:
        answer = client.get(address)
        assert answer.status_code < 500, address
        if answer.status_code != 200:
            continue
        text = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode(errors="replace")
        if address == "/access-log/" or address == "/exports/of/access_log/":
            continue
        assert not [secret for secret in secrets if secret in text], address


@pytest.mark.parametrize("person", ADMINS)
def test_no_act_is_open_to_an_administrator(county: County, sign_in, person: str) -> None:
    petition = delivered(county)
    client = sign_in(person)
    entries = petition.case.timeline.count()
    for act in ("note", "report", "hand_over", "route", "close"):
        answer = client.post(f"/petitions/{petition.case.number}/{act}/", {"text": "x", "words": "x"})
        assert answer.status_code in (403, 404, 405), act
    assert petition.case.timeline.count() == entries


@pytest.mark.parametrize("person", ADMINS)
def test_each_has_one_console(county: County, sign_in, person: str) -> None:
    client = sign_in(person)
    for owner, addresses in CONSOLES.items():
        for address in addresses:
            assert client.get(address).status_code == (200 if owner == person else 404), address


@pytest.mark.parametrize("person", ["clerk", "office", "handler", "head", "leader", "auditor", "discipline"])
def test_nobody_else_has_any(county: County, sign_in, person: str) -> None:
    client = sign_in(person)
    for address in functools.reduce(operator.iadd, CONSOLES.values(), []):
        assert client.get(address).status_code == 404, address
    assert AccessEntry.objects.filter(event="denied", user=county.people[person]).count() == 10


def test_a_person_cannot_stand_in_for_an_administrator(county: County) -> None:
    Absence.objects.create(
        user=county.people["audit_admin"],
        substitute=county.people["clerk"],
        from_on=clock.today(),
        until_on=clock.today() + timedelta(days=1),
        authority="x",
        entered_by=county.people["clerk"],
    )
    assert not county.scope("clerk").is_admin
