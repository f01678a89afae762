"""A petition becomes a dispute and its result comes back; neither drives the other (architecture §8)."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from casework.models import Attachment, Case, Entry, Link, Notice
from casework.rules import NotAllowed
from mediation.actions import court, joint, ladder
from mediation.models import Dispute, Side
from organisations import clock
from petitions.actions import keeping, referring
from petitions.models import Petition
from tests.factories import disputes_joint, petitions

pytestmark = pytest.mark.django_db


def refused(code: str):
    return pytest.raises(NotAllowed, check=lambda refusal: refusal.code == code)


def test_people_demands_and_files_come_along_and_the_room_is_told(county):
    number = petitions.registered(county).case.number
    keeping.attach(number, [SimpleUploadedFile("现场照片.pdf", b"%PDF-1.4 x")], label="照片", by=county.scope("clerk"))
    referring.refer(
        number,
        sort="03",
        opponent="陈德旺",
        is_organisation=False,
        is_agreed=True,
        reason="属于邻里纠纷。",
        by=county.scope("office"),
    )
    dispute = Dispute.objects.select_related("case").get()
    case = dispute.case
    assert (case.state, case.unit, case.area) == ("dispute_applied", county.units["jiuqu"], county.areas["jiuqu"])
    assert (dispute.source, dispute.type_code) == ("34", "03")
    assert dispute.demand == "1．重新丈量确认四至\n2．拆除越界部分"
    sides = {(side.letter, side.party.name): side.party for side in Side.objects.select_related("party")}
    assert set(sides) == {("a", "陈桂兰"), ("b", "陈德旺")}
    source = Case.objects.get(kind="petition")
    assert sides["a", "陈桂兰"].id_index == source.parties.get().id_index, "the same person is found on both"
    assert sides["a", "陈桂兰"].phone_masked == source.parties.get().phone_masked
    assert Attachment.objects.get(case=case).sha256 == Attachment.objects.get(case=source).sha256
    assert Notice.objects.filter(case=case, kind="referral.come", to_unit=county.units["jiuqu"]).count() == 1
    assert number in Entry.objects.get(case=case, act="referral.come").text
    assert case.number in Entry.objects.get(case=source, act="petition.refer").detail["other"]


def test_its_end_is_a_line_and_a_notice_and_the_petition_waits_for_a_person(county):
    dispute = disputes_joint.come(county)
    ladder.decline(dispute.case.number, reason="法院已经受理，不得调解。", routes=["litigation"], by=county.scope("village_cadre"))
    source = Case.objects.get(kind="petition")
    line = Entry.objects.get(case=source, act="referral.result")
    assert line.text == f"转出的矛盾纠纷已办结：{dispute.case.number}，不予受理"
    assert Notice.objects.get(case=source, kind="referral.result").to_user == county.people["clerk"]
    assert (source.state, source.closed_at) == ("registered", None), "no state machine drives another"
    assert "referred" not in source.marks


def test_an_agreement_is_told_before_the_dossier_is_closed(county):
    dispute = disputes_joint.come(county)
    number, cadre = dispute.case.number, county.scope("village_cadre")
    ladder.accept(number, is_willing=True, by=cadre)
    joint.refer_body(number, body="52", to_unit_id=county.units["labour"].id, consent="双方同意。", reason="请司法所调处。", by=cadre)
    joint.accept_body(number, by=county.scope("labour_handler"))
    joint.report_body(number, result="agreed", words="达成协议。", by=county.scope("labour_handler"))
    source = Case.objects.get(kind="petition")
    assert Entry.objects.get(case=source, act="referral.result").text == f"转出的矛盾纠纷 {number} 有了结果：协议履行中"
    assert "referred" in source.marks


def test_no_ping_pong(county):
    dispute = disputes_joint.come(county)
    with refused("in_chain"):
        joint.refer_petition(dispute.case.number, sort="020000", reason="又转回去。", by=county.scope("village_cadre"))
    assert Petition.objects.count() == 1


def test_what_was_returned_may_be_sent_again(county):
    disputes_joint.returned_dispute(county)
    number = Case.objects.get(kind="petition").number
    again = {"sort": "02", "opponent": "陈德旺", "is_organisation": False, "is_agreed": True, "reason": "已重新征得双方同意。"}
    referring.refer(number, **again, by=county.scope("office"))
    assert Link.objects.filter(kind=Link.Kind.REFERRAL, undone_at=None).count() == 1
    assert Dispute.objects.count() == 2


def test_both_pages_show_the_other(county, sign_in):
    dispute = disputes_joint.come(county)
    source = Case.objects.get(kind="petition")
    office = sign_in("office")
    assert "转出到" in (page := office.get(f"/petitions/{source.number}/").content.decode())
    assert dispute.case.number in page
    assert "已转出" in page
    assert "转自" in (page := office.get(f"/mediation/{dispute.case.number}/").content.decode())
    assert source.number in page
    room = sign_in("village_cadre").get(f"/mediation/{dispute.case.number}/").content.decode()
    assert "?act=return_referral#act" in room


def test_the_centre_sends_straight_to_the_court_desk_and_hears_back(county, sign_in):
    disputes_joint.with_court(county)
    number = petitions.registered(county, respondent_name="陈德旺").case.number
    office = sign_in("office")
    assert "便民巡回法庭" in office.get(f"/petitions/{number}/?act=refer").content.decode()
    typed = {"version": 1, "sort": "03", "opponent": "陈德旺", "is_agreed": "on", "desk": "court", "reason": "涉法涉诉，双方愿意由法庭处理。"}
    assert office.post(f"/petitions/{number}/refer/", typed).status_code == 303
    dispute = Dispute.objects.select_related("case").get()
    assert dispute.case.state == "dispute_in_court"
    assert dispute.case.number in sign_in("judge").get("/mediation/court/").content.decode()
    court.return_from_court(dispute.case.number, result="2", ended_on=clock.today(), words="双方和解，撤诉。", by=county.scope("judge"))
    assert Entry.objects.filter(case__number=number, act="referral.result").count() == 1


def test_a_department_sends_to_the_mediators_only(county, sign_in):
    disputes_joint.with_court(county)
    number = petitions.accepted(county).case.number
    page = sign_in("handler").get(f"/petitions/{number}/?act=refer").content.decode()
    assert "调解组织" in page
    assert 'value="court"' not in page
