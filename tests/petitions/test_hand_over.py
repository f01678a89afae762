"""移交首问责任 (hand_over) over HTTP: the five questions (architecture §13)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from casework.models import Case
from casework.rules import NotAllowed
from petitions import actions
from tests.factories.county import County
from tests.factories.five import FiveQuestions
from tests.factories.petitions import accepted, registered

SignIn = Callable[[str], Client]


class TestHandOver(FiveQuestions):
    code, made, wrong, doer, state = "hand_over", "registered", "voided", "clerk", "registered"

    def typed(self, county, petition):
        return {"to_user_id": county.people["office2"].id, "words": "轮岗。"}


@pytest.mark.parametrize("person", ["leader", "auditor"])
def test_neither_a_leader_nor_the_auditor_is_given_a_matter(county: County, sign_in: SignIn, person: str) -> None:
    case, someone = registered(county).case, county.people[person]
    page = sign_in("office").get(f"/petitions/{case.number}/?act=hand_over").content.decode()
    assert county.people["office2"].name in page.split('name="to_user_id"')[1].split("</select>")[0]
    assert someone.name not in page.split('name="to_user_id"')[1].split("</select>")[0]
    with pytest.raises(NotAllowed, match="领导和审计员除外"):
        actions.hand_over(case.number, to_user_id=someone.id, words="轮岗。", by=county.scope("office"))
    Case.objects.filter(pk=(held := accepted(county).case).pk).update(unit=county.units["centre"])
    with pytest.raises(NotAllowed, match="领导和审计员除外"):
        actions.designate(held.number, person_id=someone.id, by=county.scope("centre_head"))
