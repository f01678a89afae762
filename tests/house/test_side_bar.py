"""Whatever the side bar offers opens: for every post of the small county, and for every role at every kind of unit it sits at as a rule."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from config.navigation import BUSINESS, CONSOLES
from organisations import directory
from organisations.models import Post, Unit, User
from organisations.roles import USUAL_AT, Role
from tests.factories import county as factory
from tests.factories.county import PERSONAS, County

SignIn = Callable[[str], Client]

#: A unit of each kind for the roles that no persona holds there.
SEATS = {"room": "jiuqu", "enterprise": "firm", "station": "fushan", "area_station": "fushan_area", "department": "land", "centre": "centre"}
#: An area station has the people of a station; at the centre sit further roles than the usual ones.
ROLES_AT = {**USUAL_AT, "area_station": USUAL_AT["station"], "centre": frozenset(Role)}
HELD = {(unit, role) for _name, role, unit in PERSONAS.values()}
EXTRA = [(kind, role) for kind, unit in SEATS.items() for role in Role if role in ROLES_AT[kind] and (unit, role) not in HELD]


def links(page: str) -> list[str]:
    """The addresses in the rendered side bar."""
    bar = re.search(r'<nav class="side".*?</nav>', page, re.S)
    assert bar, "a page without a side bar"
    return re.findall(r'<a [^>]*href="([^"]+)"', bar[0])


def dead(client: Client) -> list[str]:
    page = client.get("/")
    assert page.status_code == 200
    found = links(page.content.decode())
    assert len(found) > 3, found
    assert len(found) == len(set(found)), "one page offered twice"
    return [f"{address} {answer.status_code}" for address in found if (answer := client.get(address)).status_code != 200]


@pytest.mark.parametrize("person", PERSONAS)
def test_every_link_of_the_side_bar_opens_for_every_post(county: County, sign_in: SignIn, person: str) -> None:
    assert dead(sign_in(person)) == []


@pytest.mark.parametrize(("kind", "role"), EXTRA, ids=[f"{kind}-{role}" for kind, role in EXTRA])
def test_and_for_every_role_at_every_kind_of_unit(county: County, sign_in: SignIn, kind: str, role: Role) -> None:
    county.units["firm"] = factory.make_unit(Unit.Kind.ENTERPRISE, "招远黄金集团群众工作室", "黄金集团", county.units["centre"], None)
    new = county.people["new"] = factory.make_person("new", "新来的")
    factory.make_post(new, county.units[SEATS[kind]], role, by=county.people["security_admin"])
    directory.forget()
    assert dead(sign_in("new")) == []


@pytest.mark.parametrize("person", ["discipline_handler", "mediator", "grid_worker", "handler", "leader"])
def test_and_for_who_holds_a_second_post_elsewhere(county: County, sign_in: SignIn, person: str) -> None:
    """A right that comes of one post and a place that comes of the other must not open a link between them."""
    mine = {role for _name, role, unit in [PERSONAS[person]]}
    for role, unit in ((Role.HEAD, "water"), (Role.VILLAGE_CADRE, "dongliang")):
        if role not in mine:
            factory.make_post(county.people[person], county.units[unit], role, by=county.people["security_admin"])
    directory.forget()
    assert dead(sign_in(person)) == []


def test_whose_posts_have_ended_is_offered_nothing_that_refuses(county: County, sign_in: SignIn) -> None:
    user: User = county.people["handler"]
    Post.objects.filter(user=user).update(until_on="2020-02-01")
    directory.forget()
    client = sign_in("handler")
    page = client.get("/")
    found = links(page.content.decode()) if page.status_code == 200 else []
    assert [address for address in found if client.get(address).status_code != 200] == []


def test_every_label_fits_the_narrow_bar() -> None:
    """At 1366 the bar is 68 wide and a label stands under its icon: a fifth character is broken into the next item."""
    assert [item.label for _group, items in (*BUSINESS, *CONSOLES) for item in items if len(item.label) > 4] == []
