"""Proposals on a dispute's page, ties with their scope, the teams of the villages (MED-6, MED-8; PIPL §6; L-SEC-7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from casework.models import Party
from casework.rules import NotAllowed
from mediation.actions import ladder
from mediation.matching import actions, queries
from mediation.models import Mediating, Mediator, TeamSeat, Tie
from organisations import clock
from organisations.models import Absence, AccessEntry
from tests.factories import disputes, disputes_corps, disputes_people
from tests.factories.county import County

pytestmark = pytest.mark.django_db


def client_of(county: County, person: str) -> Client:
    client = Client()
    client.force_login(county.people[person])
    return client


def test_the_keeper_reads_who_and_why_and_goes_on_to_the_act(county: County) -> None:
    dispute = disputes_people.proposed(county)
    number, member = dispute.case.number, Mediator.objects.get()
    creditor = disputes_corps.member(county, "钱多", "fushan")
    disputes_people.tie(county, dispute, creditor, "陈德旺", "debt")
    client = client_of(county, "village_cadre")
    assert f"/mediation/{number}/proposals/" in client.get(f"/mediation/{number}/").content.decode()
    page = client.get(f"/mediation/{number}/proposals/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert "甲方陈桂兰：信得过、说得上话" in page
    assert "信任分最低的一方按4倍计" in page
    assert f"act=name_mediator&amp;no={member.pk}" in page
    assert "钱多：与乙方有债权债务关系" in page
    form = client.get(f"/mediation/{number}/?act=name_mediator&no={member.pk}").content.decode()
    assert f'<option value="{member.pk}" selected>' in form
    answer = client.post(
        f"/mediation/{number}/name_mediator/",
        {"version": dispute.case.version, "mediator_id": member.pk, "to_user_id": "", "reason": "双方共同选择。"},
    )
    assert answer.status_code == 303
    assert Mediating.objects.get(dispute=dispute).mediator == member


def test_who_only_reads_sees_no_excluded_and_an_outsider_nothing(county: County) -> None:
    dispute = disputes_people.proposed(county)
    creditor = disputes_corps.member(county, "钱多", "fushan")
    disputes_people.tie(county, dispute, creditor, "陈德旺", "debt")
    address = f"/mediation/{dispute.case.number}/proposals/"
    assert "钱多" not in client_of(county, "auditor").get(address).content.decode()
    assert client_of(county, "other_handler").get(address).status_code == 404


def test_one_person_exactly_is_named(county: County) -> None:
    number = disputes_people.proposed(county).case.number
    member = Mediator.objects.get()
    for people in ({}, {"mediator_id": member.pk, "to_user_id": county.people["mediator"].id}):
        with pytest.raises(NotAllowed) as refused:
            ladder.name_mediator(number, reason="指定。", by=county.scope("village_cadre"), **people)
        assert refused.value.code == "one_mediator"


def test_success_load_and_absence_come_from_the_rows(county: County) -> None:
    settled = disputes.accepted(county)
    member = disputes_corps.member(county, "田和", "fushan", user_id=county.people["mediator"].id)
    ladder.name_mediator(settled.case.number, to_user_id=county.people["mediator"].id, reason="指定。", by=county.scope("village_cadre"))
    assert Mediating.objects.get(dispute=settled).mediator == member
    dispute = disputes.accepted(county)
    (found,) = queries.advice(dispute).proposals
    assert found.open_cases == 1
    settled.refresh_from_db()
    settled.agreed_on = clock.today()
    settled.save(update_fields=["agreed_on"])
    (found,) = queries.advice(dispute).proposals
    assert "调解过 1 件房屋、宅基地纠纷，成功 1 件" in [reason.words for reason in found.reasons]
    assert found.open_cases == 0
    Absence.objects.create(
        user=county.people["mediator"],
        substitute=county.people["town_head"],
        from_on=clock.today(),
        until_on=clock.today() + timedelta(days=3),
        authority="请假",
        entered_by=county.people["town_head"],
    )
    assert queries.advice(dispute).proposals == ()


def test_a_party_and_who_stood_against_one_before_are_left_out(county: County) -> None:
    himself = disputes_corps.member(county, "陈德旺", "fushan", id_number="11010519680101001X")
    foe = disputes_corps.member(county, "周对头", "fushan", id_number="110105195506010035")
    disputes.registered(
        county, people=[disputes.person("陈桂兰", "a"), disputes.person("周对头", "b", id_type="111", id_number="110105195506010035")]
    )
    dispute = disputes.accepted(county)
    why = {row.key: row.why for row in queries.advice(dispute).excluded}
    assert why[queries.key_of(himself.pk)] == "是本纠纷的当事人或代理人"
    assert why[queries.key_of(foe.pk)] == "与甲方有过纠纷"


def test_a_larger_corps_costs_no_more_statements(county: County, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    dispute = disputes_people.proposed(county)
    for no in range(6):
        disputes_corps.member(county, f"调解员{'甲乙丙丁戊己'[no]}", "fushan")
    queries.advice(dispute)
    with django_assert_max_num_queries(10):
        assert len(queries.advice(dispute).proposals) == 7


# -- ties ----------------------------------------------------------------------------------------------------------------------------------


def typed(member: Mediator, **changes: str) -> dict[str, str]:
    until = (clock.today() + timedelta(days=365)).isoformat()
    return {"mediator": str(member.pk), "kind": "comrade", "source": "self", "valid_until": until, "words": "同年入伍", **changes}


def test_a_tie_of_a_party_is_entered_from_the_dispute(county: County) -> None:
    dispute = disputes.accepted(county)
    member = disputes_corps.member(county)
    party = Party.objects.get(case=dispute.case, name="陈桂兰")
    client = client_of(county, "village_cadre")
    assert client.get(f"/mediation/ties/new/?dispute={dispute.case.number}").status_code == 200
    answer = client.post(f"/mediation/ties/new/?dispute={dispute.case.number}", typed(member, party=str(party.pk)))
    assert answer.status_code == 303
    row = Tie.objects.get()
    assert (row.person_index, row.person_name, row.unit) == (party.id_index, "陈桂兰", county.units["jiuqu"])
    twice = client.post(f"/mediation/ties/new/?dispute={dispute.case.number}", typed(member, party=str(party.pk)))
    assert twice.status_code == 422
    assert "已经登记过" in twice.content.decode()


def test_a_tie_by_number_keeps_no_number(county: County) -> None:
    member = disputes_corps.member(county)
    client = client_of(county, "village_cadre")
    wrong = client.post("/mediation/ties/new/", typed(member, name="陈桂兰", id_number="110105194912310021"))
    assert wrong.status_code == 422
    assert client.post("/mediation/ties/new/", typed(member, name="陈桂兰", id_number="11010519491231002X")).status_code == 303
    row = Tie.objects.get()
    assert "19491231" not in f"{row.person_index}{row.person_masked}{row.words}"
    dispute = disputes.accepted(county)
    (found,) = queries.advice(dispute).proposals
    assert "甲方陈桂兰：战友" in [reason.words for reason in found.reasons]


def test_ties_are_read_and_withdrawn_in_ones_own_places_only_and_every_look_is_on_record(county: County) -> None:
    dispute = disputes_people.proposed(county)
    row = Tie.objects.order_by("pk")[0]
    client = client_of(county, "village_cadre")
    assert "陈德福" in client.get("/mediation/ties/?q=陈").content.decode()
    assert AccessEntry.objects.filter(object_type="tie", user=county.people["village_cadre"]).count() == 1
    assert "陈德福" not in client_of(county, "other_handler").get("/mediation/ties/").content.decode()
    assert client_of(county, "other_handler").post(f"/mediation/ties/{row.pk}/withdraw/", {"reason": "看看"}).status_code == 404
    assert client_of(county, "mediator").get("/mediation/ties/").status_code == 403
    assert client.post(f"/mediation/ties/{row.pk}/withdraw/", {"reason": ""}).status_code == 422
    assert client.post(f"/mediation/ties/{row.pk}/withdraw/", {"reason": "本人要求"}).status_code == 303
    row.refresh_from_db()
    assert row.withdrawn_by == county.people["village_cadre"]
    # What is withdrawn counts no more: kin of 陈桂兰 no longer, he is kin of one side only.
    assert [row.why for row in queries.advice(dispute).excluded] == ["只是乙方一方的亲属"]


@pytest.mark.parametrize("days", [-1, 365 * 6])
def test_a_tie_runs_out_in_five_years_at_most(county: County, days: int) -> None:
    member = disputes_corps.member(county)
    until = clock.today() + timedelta(days=days)
    with pytest.raises(NotAllowed):
        actions.enter_tie(
            actions.TieInput(member.pk, "trust", "self", until, name="陈桂兰", id_number="11010519491231002X"), by=county.scope("village_cadre")
        )


def test_the_teams_come_a_page_at_a_time(county, monkeypatch):
    monkeypatch.setattr("mediation.matching.pages.PAGE", 1)
    client = client_of(county, "office")
    first = client.get("/mediation/teams/")
    assert (len(first.context["page"].object_list), 'rel="next"' in first.content.decode()) == (1, True)
    assert first.context["count"] > 1
    assert 'rel="prev"' in client.get("/mediation/teams/?page=2").content.decode()


# -- teams ---------------------------------------------------------------------------------------------------------------------------------


def test_a_village_sets_its_team_and_ends_a_place(county: County) -> None:
    worthy = disputes_corps.worthy(county)
    client = client_of(county, "village_cadre")
    address = f"/mediation/teams/{county.areas['jiuqu'].code}/"
    assert "还没有团队" in client.get(address).content.decode()
    wrong = client.post(address, {"part": "adviser", "mediator": worthy.pk, "user": "", "valid_until": ""})
    assert wrong.status_code == 422
    assert "法律顾问" in wrong.content.decode()
    assert client.post(address, {"part": "worthy", "mediator": worthy.pk, "user": "", "valid_until": ""}).status_code == 303
    seat = TeamSeat.objects.get()
    assert "还缺：法律顾问、司法所人员" in client.get(address).content.decode()
    assert "九曲村" in client.get("/mediation/teams/").content.decode()
    assert client_of(county, "other_handler").get(address).status_code == 404
    assert client_of(county, "other_handler").post(f"/mediation/teams/seats/{seat.pk}/end/").status_code == 403
    assert client.post(f"/mediation/teams/seats/{seat.pk}/end/").status_code == 303
    assert queries.seats(county.areas["jiuqu"].id) == []
