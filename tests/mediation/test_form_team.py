"""组成“3+N”团队 (form_team): legal adviser, justice-office worker, local worthy, and N by the facts (MED-6, MED-7)."""

from __future__ import annotations

from typing import Any

import pytest

from casework.rules import NotAllowed
from mediation.actions import people
from mediation.models import Mediating, TeamSeat
from mediation.queries.mediators import has_team
from tests.factories import disputes, disputes_corps, disputes_people
from tests.factories.county import County
from tests.factories.disputes import FiveOfDispute

pytestmark = pytest.mark.django_db


class TestFormTeam(FiveOfDispute):
    code, made, wrong, doer, state = "form_team", "with_team", "offered", "village_cadre", "dispute_accepted"
    rooms = (vars(disputes), vars(disputes_people))

    def typed(self, county: County, petition: Any) -> dict[str, Any]:
        return {"seat_ids": [str(pk) for pk in TeamSeat.objects.values_list("pk", flat=True)] or ["1"], "words": "当事人多，涉及测绘。"}

    def after(self, county: County, petition: Any) -> None:
        rows = Mediating.objects.filter(dispute=petition, until_on=None)
        assert {(row.chosen, row.part) for row in rows} == {("team", "joining")}
        assert rows.count() == 3
        assert has_team(petition.pk)


def test_all_three_parts_must_sit_in_it(county: County) -> None:
    seats = disputes_people.team(county)
    number = disputes.accepted(county).case.number
    with pytest.raises(NotAllowed) as refused:
        people.form_team(number, seat_ids=[seats[0].pk, seats[2].pk], by=county.scope("village_cadre"))
    assert "司法所人员" in refused.value.message
    with pytest.raises(NotAllowed):
        people.form_team(number, seat_ids=[], by=county.scope("village_cadre"))


def test_a_village_without_a_team_is_told_before_the_form_is_sent(county: County, sign_in) -> None:
    page, said = f"/mediation/{disputes.accepted(county).case.number}/?act=form_team", "本村还没有“3+N”团队，请先到"
    assert said in sign_in("village_cadre").get(page).content.decode()
    disputes_people.team(county)
    assert said not in sign_in("village_cadre").get(page).content.decode()


def test_n_is_drawn_by_the_facts_and_the_department_sees_the_case(county: County) -> None:
    seats = disputes_people.team(county)
    dispute = disputes.accepted(county)
    more = disputes_corps.member(county, "周调", "fushan")
    handler = county.people["handler"]
    people.form_team(
        dispute.case.number,
        seat_ids=[seat.pk for seat in seats],
        mediator_ids=[more.pk],
        user_ids=[handler.id],
        by=county.scope("village_cadre"),
    )
    assert {row.name for row in Mediating.objects.filter(dispute=dispute)} == {"周律", "丁司", "孙老先生", "周调", handler.name}
    assert dispute.case.__class__.objects.visible_to(county.scope("handler")).filter(pk=dispute.pk).exists()


def test_nobody_with_an_interest_sits_in_it(county: County) -> None:
    seats = disputes_people.team(county)
    dispute = disputes.accepted(county)
    assert seats[2].mediator is not None
    disputes_people.tie(county, dispute, seats[2].mediator, "陈德旺", "debt")
    with pytest.raises(NotAllowed) as refused:
        people.form_team(dispute.case.number, seat_ids=[seat.pk for seat in seats], by=county.scope("village_cadre"))
    assert refused.value.code == "conflict"
    assert not Mediating.objects.exists()
