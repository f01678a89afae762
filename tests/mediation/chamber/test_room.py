"""掌上调解室 (MED-9): who is shown, asking, talking, hours, legal aid, and the dispute it becomes."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from casework.models import Notice
from casework.rules import NotAllowed
from mediation.chamber import actions, queries, rules
from mediation.models import Booking, Conversation, Dispute, Mediator
from organisations import cipher, clock
from organisations.models import AccessEntry
from tests.factories import disputes
from tests.factories import disputes_chamber as chamber
from tests.factories import disputes_corps as corps

pytestmark = pytest.mark.django_db


# -- who is shown ---------------------------------------------------------------------------------------------------------------------------


def test_only_who_agreed_is_shown_and_no_telephone(county):
    chamber.shown(county, specialities=["03"], phone="13912345678")
    corps.member(county, "没同意")
    page = Client().get("/mediators/").content.decode()
    assert "田和" in page
    assert "没同意" not in page
    assert "13912345678" not in page
    assert "139****" not in page


def test_a_withdrawn_consent_takes_the_page_away(county):
    person = chamber.shown(county)
    Mediator.objects.filter(pk=person.pk).update(withdrawn_on=clock.today())
    assert Client().get(f"/mediators/{person.pk}/").status_code == 404


def test_by_town_and_speciality(county):
    chamber.shown(county, specialities=["03"])
    town, other = county.areas["fushan"].id, county.areas["xinzhuang"].id
    assert "田和" in Client().get(f"/mediators/?town={town}&speciality=03").content.decode()
    assert "田和" not in Client().get(f"/mediators/?town={other}").content.decode()
    assert "田和" not in Client().get("/mediators/?speciality=01").content.decode()
    assert Client().get("/mediators/?town=x&speciality=99&page=zz").status_code == 200


def test_the_page_of_one_shows_what_is_free(county):
    person = chamber.shown(county)
    page = Client().get(f"/mediators/{person.pk}/").content.decode()
    assert "还能约的时间" in page
    assert "个时段" in page


def test_staff_see_who_of_theirs_is_shown(county, sign_in):
    chamber.shown(county)
    page = sign_in("mediator").get("/mediation/room/").content.decode()
    assert "本人同意，已公开" in page


# -- asking -----------------------------------------------------------------------------------------------------------------------------------


def test_asking_gives_number_and_code_and_tells_the_mediator(county):
    person, client = chamber.shown(county), Client()
    client.get(chamber.ASK)
    answer = client.post(chamber.ASK, chamber.typed(county, person))
    number, code = chamber.code_on(answer.content.decode())
    row = Conversation.objects.get(number=number)
    assert (row.name, row.unit, cipher.decrypt(row.phone_token)) == ("陈桂兰", county.units["fushan"], "13800132046")
    assert code not in str(vars(row))
    assert Notice.objects.filter(kind="chamber.asked", to_user=county.people["mediator"], text__contains=number).count() == 1
    assert chamber.WHAT in chamber.let_in(row, code).get(chamber.MATTER).content.decode()


def test_a_double_submit_makes_one_and_shows_the_same_code(county):
    person, client = chamber.shown(county), Client()
    client.get(chamber.ASK)
    form = chamber.typed(county, person)
    first, second = (client.post(chamber.ASK, form).content.decode() for _ in range(2))
    assert chamber.code_on(first) == chamber.code_on(second)
    assert Conversation.objects.count() == 1


def test_without_a_login_the_unit_is_told(county):
    person = chamber.shown(county, "陈德福", user="")
    chamber.asked(county, person)
    assert Notice.objects.filter(kind="chamber.asked", to_unit=county.units["fushan"]).exists()


def test_a_mediator_of_a_room_without_staff_is_received_for_by_the_town(county, sign_in):
    person = chamber.shown(county, "吕善", unit="laochi", user="")
    row, _ = chamber.asked(county, person)
    assert row.unit == county.units["fushan"]
    assert Notice.objects.filter(kind="chamber.asked", to_unit=county.units["fushan"], text__contains=row.number).exists()
    town = sign_in("town_handler")
    assert row.number in town.get("/mediation/room/").content.decode()
    assert town.post(f"/mediation/room/{row.number}/", {"act": "take"}).status_code == 303


def test_who_is_not_online_cannot_be_asked(county):
    hidden = corps.member(county, "没同意")
    with pytest.raises(NotAllowed):
        chamber.asked(county, hidden)
    assert Client().post(chamber.ASK, chamber.typed(county, hidden)).status_code == 422


# -- talking ------------------------------------------------------------------------------------------------------------------------------------


def test_both_sides_talk_and_each_sees_what_is_new(county, sign_in):
    row, code = chamber.asked(county, chamber.shown(county))
    client, staff = chamber.let_in(row, code), sign_in("mediator")
    key = str(uuid.uuid4())
    for _ in range(2):
        assert client.post(chamber.SAY, {"key": key, "text": "您看什么时候方便？"}).status_code == 302
    assert row.messages.count() == 1
    assert 'num">1 条未读' in staff.get("/mediation/room/").content.decode()
    assert "您看什么时候方便" in staff.get(f"/mediation/room/{row.number}/").content.decode()
    assert 'num">1 条未读' not in staff.get("/mediation/room/").content.decode()
    answer = staff.post(f"/mediation/room/{row.number}/", {"act": "answer", "key": str(uuid.uuid4()), "text": "明天上午我到村里看。"})
    assert answer.status_code == 303
    row.refresh_from_db()
    assert row.state == "taken"
    page = client.get(chamber.MATTER).content.decode()
    assert "明天上午我到村里看。" in page
    assert "调解员 田和" in page


def test_the_keeper_of_the_unit_sees_it_another_town_does_not(county, sign_in):
    row, _ = chamber.asked(county, chamber.shown(county))
    assert sign_in("town_handler").get(f"/mediation/room/{row.number}/").status_code == 200
    for stranger in ("other_handler", "village_cadre", "handler"):
        assert sign_in(stranger).get(f"/mediation/room/{row.number}/").status_code == 404
        assert sign_in(stranger).post(f"/mediation/room/{row.number}/", {"act": "take"}).status_code == 404
        assert sign_in(stranger).post(f"/mediation/room/{row.number}/phone/").status_code == 404
        assert sign_in(stranger).get(f"/mediation/room/{row.number}/dispute/").status_code == 404
    assert sign_in("system_admin").get("/mediation/room/").status_code == 403


def test_the_telephone_is_shown_on_record_only(county, sign_in):
    row, _ = chamber.asked(county, chamber.shown(county))
    staff = sign_in("mediator")
    assert "13800132046" not in staff.get(f"/mediation/room/{row.number}/").content.decode()
    assert "13800132046" in staff.post(f"/mediation/room/{row.number}/phone/").content.decode()
    assert AccessEntry.objects.filter(event="reveal", object_type="chamber", object_label=row.number, user=county.people["mediator"]).count() == 1


def test_who_declines_is_out_of_it_and_the_unit_is_told(county, sign_in):
    row, code = chamber.asked(county, chamber.shown(county))
    staff = sign_in("mediator")
    assert staff.post(f"/mediation/room/{row.number}/", {"act": "decline", "words": "忙"}).status_code == 422
    assert staff.post(f"/mediation/room/{row.number}/", {"act": "decline", "words": "与一方是亲戚，应当回避。"}).status_code == 303
    assert staff.get(f"/mediation/room/{row.number}/").status_code == 404
    assert Notice.objects.filter(to_unit=county.units["fushan"], text__contains="调解员不能接").exists()
    assert sign_in("town_handler").get(f"/mediation/room/{row.number}/").status_code == 200
    assert "应当回避" in chamber.let_in(row, code).get(chamber.MATTER).content.decode()


def test_a_closed_room_refuses(county, sign_in):
    person = chamber.shown(county)
    row, code = chamber.asked(county, person)
    client = chamber.let_in(row, code)
    actions.close(row.number, words="双方已经和好，不用调解了。", by=county.scope("mediator"))
    assert "双方已经和好" in client.get(chamber.MATTER).content.decode()
    answer = client.post(chamber.SAY, {"key": str(uuid.uuid4()), "text": "还有一件事"})
    assert answer.status_code == 409
    assert "已经结束" in answer.content.decode()
    slot = chamber.slot_value(person, chamber.first_slots(person)[0])
    assert client.post(chamber.BOOK, {"slot": slot}).status_code == 409
    staff = sign_in("mediator")
    assert staff.post(f"/mediation/room/{row.number}/", {"act": "answer", "key": str(uuid.uuid4()), "text": "再说"}).status_code == 409
    assert staff.post(f"/mediation/room/{row.number}/", {"act": "close", "words": "再结束一次看看"}).status_code == 409


# -- hours ------------------------------------------------------------------------------------------------------------------------------------


def test_book_move_and_cancel(county):
    person = chamber.shown(county)
    row, code = chamber.asked(county, person, way="visit")
    client = chamber.let_in(row, code)
    first, second = chamber.first_slots(person)
    assert chamber.slot_value(person, first) in client.get(chamber.BOOK).content.decode()
    client.post(chamber.BOOK, {"slot": chamber.slot_value(person, first)})
    client.post(chamber.BOOK, {"slot": chamber.slot_value(person, second)})
    assert list(row.bookings.order_by("id").values_list("starts_at", "state")) == [(first, "off"), (second, "booked")]
    assert chamber.slot_value(person, second) not in client.get(chamber.BOOK).content.decode()
    client.post("/mediators/matter/cancel/")
    assert not row.bookings.exclude(state="off").exists()
    assert client.post("/mediators/matter/cancel/").status_code == 409


def test_only_hours_on_the_list_can_be_booked(county):
    person = chamber.shown(county)
    row, _ = chamber.asked(county, person)
    first = chamber.first_slots(person)[0]
    for moment in (first + timedelta(minutes=7), first - timedelta(days=40), first + timedelta(days=300)):
        with pytest.raises(NotAllowed):
            actions.book(row.pk, person.pk, moment)
    with pytest.raises(NotAllowed):
        actions.book(row.pk, person.pk + 999, first)


def test_the_mediator_offers_an_hour_and_the_person_agrees(county, sign_in):
    person = chamber.shown(county)
    row, code = chamber.asked(county, person)
    moment = chamber.first_slots(person)[0]
    offered = sign_in("mediator").post(f"/mediation/room/{row.number}/", {"act": "offer", "slot": chamber.slot_value(person, moment)})
    assert offered.status_code == 303
    client = chamber.let_in(row, code)
    assert "同意这个时间" in client.get(chamber.MATTER).content.decode()
    client.post("/mediators/matter/confirm/")
    assert row.bookings.get().state == "booked"


def test_nobody_came(county, sign_in):
    person = chamber.shown(county)
    row, _ = chamber.asked(county, person)
    moment = chamber.first_slots(person)[0]
    actions.book(row.pk, person.pk, moment)
    staff = sign_in("mediator")
    assert staff.post(f"/mediation/room/{row.number}/", {"act": "meeting", "state": "missed", "words": ""}).status_code == 409
    with clock.at(moment + timedelta(minutes=31)):
        actions.note_meeting(row.number, state="missed", words="打电话没有接", by=county.scope("mediator"))
    assert row.bookings.get().state == "missed"


def test_hours_are_set_by_oneself_or_the_unit(county, sign_in):
    person = chamber.shown(county)
    form = {"mediator": person.pk, "weekdays": ["0", "2"], "morning_from": "08:30", "morning_until": "10:00"}
    assert sign_in("mediator").post("/mediation/room/hours/", form).status_code == 302
    assert rules.hours_words(row.block for row in person.chamber_hours.all()) == "周一、周三 08:30–10:00"
    assert sign_in("mediator").post("/mediation/room/hours/", {**form, "morning_until": "08:00"}).status_code == 422
    assert sign_in("other_handler").post("/mediation/room/hours/", form).status_code == 422
    with pytest.raises(NotAllowed):
        actions.set_hours(person.pk, [1], [], by=county.scope("other_handler"))


# -- legal aid ----------------------------------------------------------------------------------------------------------------------------------


def test_legal_aid_is_asked_for_and_answered(county, sign_in):
    client = Client()
    client.get(chamber.AID)
    form = chamber.typed(county, ground="wages", income="一家三口，靠打工，一个月三千元左右。")
    number, code = chamber.code_on(client.post(chamber.AID, form).content.decode())
    row = Conversation.objects.get(number=number)
    assert (row.way, row.unit_id) == ("aid", county.units["centre"].id)
    assert row.aid.due_on == clock.today() + timedelta(days=7)
    assert "一家三口" in sign_in("office").get(f"/mediation/room/{number}/").content.decode()
    with pytest.raises(Conversation.DoesNotExist):
        actions.decide_aid(number, verdict="granted", words="请带工资条来办手续。", by=county.scope("town_handler"))
    refused = sign_in("office").post(f"/mediation/room/{number}/", {"act": "aid", "verdict": "refused", "words": ""})
    assert refused.status_code == 422
    sign_in("office").post(f"/mediation/room/{number}/", {"act": "aid", "verdict": "granted", "words": "请带工资条、身份证到法律援助窗口。"})
    page = chamber.let_in(row, code).get(chamber.MATTER).content.decode()
    assert "给予法律援助" in page
    assert "请带工资条" in page
    with pytest.raises(NotAllowed):
        actions.decide_aid(number, verdict="refused", words="又改主意了不给了", by=county.scope("office"))


# -- a dispute --------------------------------------------------------------------------------------------------------------------------------------


def test_it_becomes_a_dispute_and_belongs_to_it(county, sign_in):
    row, code = chamber.asked(county, chamber.shown(county))
    actions.say(row.pk, "墙已经砌到我家沟上了。", key=uuid.uuid4())
    filled = sign_in("town_handler").get(f"/mediation/room/{row.number}/dispute/").content.decode()
    assert "陈桂兰" in filled
    assert chamber.WHAT in filled
    key, by = uuid.uuid4(), county.scope("town_handler")
    dispute = actions.begin_dispute(row.number, disputes.intake(county, submission=key), by=by)
    assert actions.begin_dispute(row.number, disputes.intake(county, submission=key), by=by) == dispute
    assert Dispute.objects.count() == 1
    page = sign_in("village_cadre").get(f"/mediation/{dispute.case.number}/").content.decode()
    assert "墙已经砌到我家沟上了。" in page
    assert row.number in page
    assert sign_in("other_handler").get(f"/mediation/room/{row.number}/").status_code == 404
    assert sign_in("town_handler").get(f"/mediation/room/{row.number}/").status_code == 302
    own = chamber.let_in(row, code).get(chamber.MATTER).content.decode()
    assert dispute.case.number in own
    with pytest.raises(NotAllowed):
        actions.say(row.pk, "还有", key=uuid.uuid4())


def test_an_hour_both_agreed_to_outlives_the_conversation(county, sign_in):
    person = chamber.shown(county)
    row, code = chamber.asked(county, person)
    moment = chamber.first_slots(person)[0]
    hour = f"{timezone.localtime(moment):%-m月%-d日 %H:%M}"
    actions.book(row.pk, person.pk, moment)
    with pytest.raises(NotAllowed, match=f"还有约好的面谈（{hour}）"):
        actions.close(row.number, words="已经电话说清楚了。", by=county.scope("mediator"))
    dispute = actions.begin_dispute(row.number, disputes.intake(county), by=county.scope("town_handler"))
    assert Notice.objects.filter(text__contains=f"{hour}与{row.name}的面谈照旧").exists()
    client = chamber.let_in(row, code)
    page = client.get(chamber.MATTER).content.decode()
    assert f"{timezone.localtime(moment):%H:%M}" in page.split('id="meet"')[1]
    assert "改时间" not in page
    staff, address = sign_in("town_handler"), f"/mediation/room/{row.number}/"
    assert f'href="{address}#h-meet"' in staff.get(f"/mediation/{dispute.case.number}/").content.decode()
    assert "登记面谈" not in sign_in("village_cadre").get(f"/mediation/{dispute.case.number}/").content.decode()
    assert 'value="meeting"' in staff.get(address).content.decode()
    with clock.at(moment + timedelta(minutes=31)):
        actions.note_meeting(row.number, state="kept", words="", by=county.scope("town_handler"))
    assert staff.get(address).status_code == 302
    assert "已面谈" in client.get(chamber.MATTER).content.decode().split('id="meet"')[1]


def test_the_person_gives_the_hour_back_though_the_matter_became_a_dispute(county):
    person = chamber.shown(county)
    row, code = chamber.asked(county, person)
    actions.book(row.pk, person.pk, chamber.first_slots(person)[0])
    actions.begin_dispute(row.number, disputes.intake(county), by=county.scope("town_handler"))
    assert chamber.let_in(row, code).post("/mediators/matter/cancel/").status_code == 302
    assert row.bookings.get().state == "off"


def test_the_lists_agree_with_their_numbers(county):
    person = chamber.shown(county)
    chamber.asked(county, person)
    row, _ = chamber.asked(county, person)
    actions.take(row.number, by=county.scope("mediator"))
    scope = county.scope("mediator")
    assert queries.counts(scope) == {code: queries.listed(scope, code).count() for code in queries.SHOWS}
    assert Booking.objects.count() == 0
    assert re.fullmatch(r"TS370685-\d{4}-\d{6}", row.number)


# -- a lost code, and the days of legal aid ---------------------------------------------------------------------------------------------------


def test_a_lost_code_is_renewed_in_person_and_the_old_one_lets_nobody_in(county, sign_in):
    row, old = chamber.asked(county, chamber.shown(county))
    inside, staff = chamber.let_in(row, old), sign_in("mediator")
    address = f"/mediation/room/{row.number}/code/"
    assert "换一个新查询码" in staff.get(f"/mediation/room/{row.number}/").content.decode()
    assert staff.post(address, {"words": "认得"}).status_code == 422
    assert sign_in("other_handler").post(address, {"words": "看了身份证原件，核对了电话"}).status_code == 404
    page = staff.post(address, {"words": "看了身份证原件，核对了电话"}).content.decode()
    new = re.search(r'<b class="mono">(\w{10})</b>', page).group(1)
    assert new not in staff.get(f"/mediation/room/{row.number}/").content.decode()
    assert Client().post(chamber.MATTER, {"number": row.number, "code": old}).status_code != 302
    assert row.what not in inside.get(chamber.MATTER).content.decode()
    chamber.let_in(row, new)
    kept = AccessEntry.objects.get(object_type="chamber", object_label=row.number, field="code")
    assert (kept.user, "身份证原件" in kept.ground) == (county.people["mediator"], True)
    assert new not in str(AccessEntry.objects.values_list())


def test_who_decides_on_legal_aid_is_reminded_before_the_seven_days_end_and_after(county):
    asked = actions.Aid(ground="wages", income="年收入一万二千元，无存款。")
    chamber.asked(county, way=rules.Way.AID, aid=asked)
    sent = []
    for days in (0, 6, 6, 7, 8, 9):
        with clock.at(clock.now() + timedelta(days=days)):
            sent.append(actions.remind_aid())
    assert [bool(count) for count in sent] == [False, True, False, True, True, False]
    words = list(Notice.objects.filter(kind="chamber.aid_due").order_by("id").values_list("text", flat=True))
    assert "还有1天到期" in words[0]
    assert "超期" in words[-1]
