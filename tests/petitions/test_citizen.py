"""The person's page: asked for without an account, in plain words; rate, add, urge, ask for review; bring a matter online (ALL-4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework import effort
from casework.models import Attachment, Case, Deadline, Document, Entry, Notice, OfficeHours, Outgoing
from organisations import cipher, clock, directory
from organisations.models import AccessEntry, Unit
from petitions import actions, rules
from petitions.actions import review as review_actions
from petitions.citizen import entrance, guide, queries, way
from petitions.citizen.rules import PROMISES, STANDS
from petitions.models import Petition, Rating, TextCode, Urging, Visit
from tests.factories import citizens, five, reviews
from tests.factories import petitions as walk

pytestmark = pytest.mark.django_db


# -- the question ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["{n}", " {n} ", "{bare}", "{wide}"])
def test_number_and_code_are_taken_as_people_write_them(county, written):
    petition = walk.registered(county)
    number, code = petition.case.number, petition.query_code
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else "－" for c in number)
    typed = written.format(n=number, bare=number.replace("-", ""), wide=wide)
    answer = citizens.ask(Client(), typed, f"{code[:4].lower()} - {code[4:]}")
    assert answer.status_code == 302


def test_where_no_telephone_is_known_the_identity_number_opens_and_where_nothing_is_the_code_alone(county):
    from casework.parties import PartyFacts

    no_phone = walk.registered(county, people=[PartyFacts(position="petitioner", name="陈桂兰", id_type="111", id_number="110105194912310002")])
    assert citizens.ask(Client(), no_phone.case.number, no_phone.query_code, "0002").status_code == 302
    assert citizens.ask(Client(), no_phone.case.number, no_phone.query_code, "2046").status_code == 422
    anonymous = walk.registered(county, people=[], is_anonymous=True)
    assert citizens.ask(Client(), anonymous.case.number, anonymous.query_code, "").status_code == 302


def test_a_telephone_that_is_known_must_be_named(county):
    petition = walk.registered(county)
    for digits in ("", "0002", "2047", "13800132046"):
        assert citizens.ask(Client(), petition.case.number, petition.query_code, digits).status_code == 422


def test_the_qr_code_of_the_receipt_leads_here_with_the_number_filled_in(county):
    petition = walk.registered(county)
    text = Client().get(f"/progress/?number={petition.case.number}").content.decode()
    assert f'value="{petition.case.number}"' in text
    assert petition.query_code not in text


def test_a_code_by_sms_opens_once_for_the_telephone_given_at_registration(county, settings):
    settings.GATEWAYS = {"sms": {"url": "http://127.0.0.1:9/"}}
    petition = walk.registered(county)
    client = Client()
    assert client.post("/progress/sms/", {"number": petition.case.number, "phone": "138 0013 2046"}).headers["Location"] == "/progress/sms/code/"
    message = Outgoing.objects.get()
    assert cipher.decrypt(message.address_token) == "13800132046"
    assert petition.case.title not in message.text
    code = next(part for part in "".join(c if c.isdigit() else " " for c in message.text).split() if len(part) == 6)
    assert Client().post("/progress/sms/code/", {"code": code}).status_code == 422  # another browser
    assert client.post("/progress/sms/code/", {"code": code}).status_code == 302
    assert petition.case.title in citizens.page(client)
    client.post("/progress/leave/")
    assert client.post("/progress/sms/code/", {"code": code}).status_code == 422


def test_a_code_by_sms_for_another_telephone_says_the_same_and_sends_nothing(county, settings):
    settings.GATEWAYS = {"sms": {"url": "http://127.0.0.1:9/"}}
    petition = walk.registered(county)
    for number, phone in ((petition.case.number, "13900000000"), ("370685-2026-999999", "13800132046")):
        client = Client()
        assert client.post("/progress/sms/", {"number": number, "phone": phone}).headers["Location"] == "/progress/sms/code/"
        assert client.post("/progress/sms/code/", {"code": "123456"}).status_code == 422
    assert not Outgoing.objects.exists()
    assert set(TextCode.objects.values_list("petition", flat=True)) == {None}


def test_a_code_by_sms_dies_after_its_minutes_and_after_five_wrong_tries(county, settings):
    settings.GATEWAYS = {"sms": {"url": "http://127.0.0.1:9/"}}
    petition = walk.registered(county)
    asked = [entrance.ask_text_code(petition.case.number, "13800132046", address="192.0.2.1") for _ in range(2)]
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert isinstance(entrance.open_by_text_code(asked[0].secret, asked[0].code), entrance.Refused)
    wrong = f"{(int(asked[1].code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        assert isinstance(entrance.open_by_text_code(asked[1].secret, wrong), entrance.Refused)
    assert isinstance(entrance.open_by_text_code(asked[1].secret, asked[1].code), entrance.Refused)


def test_without_a_gateway_nobody_is_sent_to_wait_for_an_sms(county):
    assert "还没有开通短信" in Client().get("/progress/sms/").content.decode()
    assert "短信验证码" not in Client().get("/progress/").content.decode()


# -- what the page says ------------------------------------------------------------------------------------------------------------------


def test_every_state_has_words_for_somebody_who_never_saw_the_house():
    assert set(STANDS) >= {str(state) for state in rules.State}


def test_the_page_says_where_it_stands_with_dates_and_whom_to_call(county):
    petition = walk.accepted(county)
    text = citizens.page(citizens.let_in(petition))
    case = Case.objects.get(pk=petition.pk)
    due = Deadline.objects.filter(case=case, key__in=["pet.promised", "pet.handle"], met_on=None).order_by("due_on").first()
    for words in ("正在办理", "自然资源局正在调查核实", "已转交自然资源局", "已受理", "重新丈量确认四至", "tel:0535-8210000", "为什么是这一天"):
        assert words in text
    assert due is not None
    assert f"{due.due_on.month}月{due.due_on.day}日" in text


def test_a_late_answer_is_called_late_and_the_draft_is_not_shown(county):
    petition = walk.prepared(county)
    client = citizens.let_in(petition)
    assert "民法典第二百八十八条" not in citizens.page(client)
    assert "经调查，支持您的请求" not in citizens.page(client)
    with clock.at(clock.now() + timedelta(days=80)):
        late = citizens.let_in(petition)
        assert "现在已经超过" in citizens.page(late)


def test_the_answer_is_read_here_point_by_point_and_as_the_paper(county):
    petition = walk.delivered(county)
    client = citizens.let_in(petition)
    text = citizens.page(client)
    assert "经丈量确认越界" in text
    assert "经调查，支持您的请求" in text
    letter = Document.objects.get(case_id=petition.pk, paper="P11")
    answer = client.get(f"/progress/papers/{letter.pk}/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")
    assert AccessEntry.objects.filter(event="download", user=None, user_label="信访人（网上）", object_id=str(petition.pk)).count() == 1


def test_being_let_in_is_on_the_access_log(county):
    petition = walk.registered(county)
    citizens.let_in(petition)
    assert AccessEntry.objects.get(event="query").object_label == petition.case.number


# -- rating ------------------------------------------------------------------------------------------------------------------------------


def test_office_and_unit_are_rated_apart_and_history_says_by_whom(county, sign_in):
    petition = walk.reported(county)
    client = citizens.let_in(petition)
    assert client.post("/progress/rate/", citizens.once(office="0", unit="1")).headers["Location"] == "/progress/?done=rate"
    assert dict(Rating.objects.values_list("target", "value")) == {"office": "0", "unit": "1"}
    entry = Entry.objects.filter(case_id=petition.pk).latest("no")
    assert (entry.by_label, entry.label) == ("信访人（网上）", "网上评价")
    assert Case.objects.get(pk=petition.pk).state == "fed_back"
    page = sign_in("office").get(f"/petitions/{petition.case.number}/").content.decode()
    assert "信访人（网上）" in page
    assert "基本满意" in page
    actions.close(petition.case.number, by=county.scope("office"))


def test_not_satisfied_brings_a_closed_matter_back_to_the_return_visit_within_five_working_days(county):
    petition = walk.closed(county)
    client = citizens.let_in(petition)
    answer = client.post("/progress/rate/", citizens.once(office="0", unit="3", cause="5", reason="墙没有拆"))
    assert answer.status_code == 302
    case = Case.objects.get(pk=petition.pk)
    assert (case.state, case.closed_at) == ("reported", None)
    assert "dissatisfied" in case.marks
    owed = Deadline.objects.get(case=case, key="pet.call_back", met_on=None)
    assert (owed.unit_id, case.due_on) == (county.units["centre"].id, owed.due_on)
    assert Notice.objects.filter(kind="petition.rate", to_unit=county.units["centre"]).count() == 1
    number = petition.case.number
    actions.feedback(number, way="phone", on=clock.today(), words="已回访，约定下周拆墙。", is_reached=True, by=county.scope("office"))
    assert Deadline.objects.get(pk=owed.pk).met_on == clock.today()
    assert "dissatisfied" in Case.objects.get(pk=petition.pk).marks
    assert client.post("/progress/rate/", citizens.once(office="0", unit="1")).status_code == 302
    assert "dissatisfied" not in Case.objects.get(pk=petition.pk).marks
    actions.close(number, by=county.scope("office"))


def test_not_satisfied_needs_a_cause_and_what_was_typed_stays(county):
    client = citizens.let_in(walk.delivered(county))
    answer = client.post("/progress/rate/", citizens.once(office="3", unit="0", reason="等了三个月"))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "请选一个原因" in text
    assert "等了三个月" in text
    assert not Rating.objects.exists()


def test_a_rating_is_changed_at_most_once_and_both_are_kept(county):
    client = citizens.let_in(walk.delivered(county))
    for value, status in (("0", 302), ("3", 302), ("1", 409)):
        assert client.post("/progress/rate/", citizens.once(office=value, unit="0", cause="1")).status_code == status
    assert list(Rating.objects.filter(target="office").values_list("value", flat=True)) == ["0", "3"]
    assert Rating.objects.filter(target="office", replaced_at=None).get().value == "3"


def test_the_second_click_rates_nothing_twice(county):
    client = citizens.let_in(walk.delivered(county))
    form = citizens.once(office="0", unit="0")
    for _ in range(2):
        assert client.post("/progress/rate/", form).status_code == 302
    assert Rating.objects.count() == 2
    assert Rating.objects.filter(replaced_at=None).count() == 2


@pytest.mark.parametrize(
    ("make", "days", "words"),
    [
        (walk.accepted, 0, "收到答复后才能评价"),
        (walk.delivered, 45, "已经过了"),
    ],
)
def test_there_is_a_time_for_rating(county, make, days, words):
    petition = make(county)
    with clock.at(clock.now() + timedelta(days=days)):
        client = citizens.let_in(petition)
        answer = client.post("/progress/rate/", citizens.once(office="0", unit="0"))
        assert answer.status_code == 409
        assert words in answer.content.decode()


def test_repeats_and_litigation_are_not_rated(county):
    first = walk.registered(county)
    again = walk.delivered(county, repeat_of=first.case.number, repeat_reason="又来")
    court = walk.delivered(county, flags=["sfssbz"])
    for petition in (again, court):
        client = citizens.let_in(petition)
        assert "/progress/rate/" not in citizens.page(client)
        assert client.post("/progress/rate/", citizens.once(office="0", unit="0")).status_code == 409


# -- material, urging, review ------------------------------------------------------------------------------------------------------------


def test_material_reaches_the_handler_and_is_marked_as_the_persons(county):
    petition = walk.accepted(county)
    client = citizens.let_in(petition)
    photo = SimpleUploadedFile("../院墙 现场.png", b"\x89PNG\r\n\x1a\n" + b"x" * 40)
    answer = client.post("/progress/material/", citizens.once(words="补拍的现场照片", files=[photo]))
    assert answer.status_code == 302
    held = Attachment.objects.get(case_id=petition.pk)
    assert (held.label, held.name) == ("信访人补充", "院墙 现场.png")
    entry = Entry.objects.filter(case_id=petition.pk).latest("no")
    assert (entry.by_label, entry.text) == ("信访人（网上）", "补拍的现场照片\n院墙 现场.png")
    assert Notice.objects.filter(kind="petition.add_material", to_user=Case.objects.get(pk=petition.pk).handler).count() == 1
    assert "院墙 现场.png" in citizens.page(client)


def test_nothing_is_added_to_a_closed_matter_and_the_words_say_what_else(county):
    client = citizens.let_in(walk.closed(county))
    answer = client.post("/progress/material/", citizens.once(words="还有"))
    assert answer.status_code == 409
    assert "申请复查" in answer.content.decode()


def test_asking_again_is_counted_once_a_day(county):
    petition = walk.accepted(county)
    client = citizens.let_in(petition)
    assert client.post("/progress/urge/", citizens.once(words="三个月了")).headers["Location"] == "/progress/?done=urge"
    assert Urging.objects.get().is_citizen
    again = client.post("/progress/urge/", citizens.once(words="再催"))
    assert again.status_code == 409
    assert "再催" in again.content.decode()
    assert "1 次" in citizens.page(client)
    assert Entry.objects.filter(case_id=petition.pk, by_label="信访人（网上）").count() == 1


def test_review_is_asked_for_within_the_term(county):
    petition = walk.delivered(county)
    client = citizens.let_in(petition)
    assert "申请复查" in citizens.page(client)
    answer = client.post("/progress/review/", citizens.once(request="撤销原意见，重新丈量", grounds="丈量时没有通知我到场"))
    assert answer.headers["Location"] == "/progress/?done=review", answer.content.decode()
    assert "已收到您的复查申请" in citizens.page(client)


def test_late_review_needs_a_reason(county):
    petition = walk.delivered(county)
    with clock.at(clock.now() + timedelta(days=50)):
        client = citizens.let_in(petition)
        form = {"request": "撤销", "grounds": "不服"}
        assert client.post("/progress/review/", citizens.once(**form)).status_code == 422
        assert client.post("/progress/review/", citizens.once(**form, late_reason="住院四十天，有出院证明")).status_code == 302


class TestWhatAReviewChanged:
    """The person reads on the way what came of the review, and is never left with an answer that no longer holds (L-PET-82)."""

    def test_an_opinion_that_upholds_is_on_the_way_with_its_days_and_its_letter(self, county):
        petition = reviews.reviewed(county)
        step = next(step for step in queries.progress(petition.pk).steps if step.label == "已复查")
        letter = Document.objects.get(case_id=petition.pk, paper="P15")
        assert (step.paper, step.state) == (letter.pk, "done")
        today = way.day_words(clock.today())
        assert step.text == f"维持原来的答复，{today} 作出，{today} 送达"
        assert "已被变更" not in citizens.page(citizens.let_in(petition))

    def test_a_changed_answer_is_not_shown_as_if_it_stood(self, county):
        petition = reviews.reviewed(county, conclusion="2", changed_to="由镇政府三十日内补偿。", outcome="solved")
        text = citizens.page(citizens.let_in(petition))
        assert "上面的答复已被复查意见变更" in text
        assert "由镇政府三十日内补偿。" in text
        assert "变更了原来的答复" in text

    def test_before_its_delivery_nothing_of_an_opinion_is_told(self, county):
        petition = reviews.review_decided(county, conclusion="2", changed_to="由镇政府三十日内补偿。", outcome="solved")
        text = citizens.page(citizens.let_in(petition))
        assert "正在送达复查意见" in text
        assert "三十日内补偿" not in text
        assert "变更了" not in text

    def test_a_revoked_answer_is_followed_by_the_second_handling(self, county):
        petition = reviews.revoked(county)
        way = queries.progress(petition.pk).steps
        assert [(step.label, step.state) for step in way][-4:] == [
            ("已复查", "done"),
            ("正在重新办理", "now"),
            ("答复您", "todo"),
            ("请您评价", "todo"),
        ]
        assert way[-4].text.startswith("撤销原来的答复，由原单位重新办理，")

    def test_a_request_that_was_not_taken_is_not_called_reviewed(self, county):
        number = reviews.review_rejecting(county).case.number
        petition = review_actions.approve_reject_review(number, by=county.scope("review_head"))
        labels = [step.label for step in queries.progress(petition.pk).steps]
        assert "复查申请没有受理，已告诉您理由" in labels
        assert "已复查" not in labels

    def test_both_rounds_are_on_the_way(self, county):
        petition = reviews.concluded(county)
        labels = [step.label for step in queries.progress(petition.pk).steps]
        assert labels.index("已答复") < labels.index("已复查") < labels.index("已复核")


def test_before_the_answer_nothing_can_be_reviewed(county):
    client = citizens.let_in(walk.accepted(county))
    answer = client.post("/progress/review/", citizens.once(request="撤销", grounds="不服"))
    assert answer.status_code == 409


# -- bringing a matter -------------------------------------------------------------------------------------------------------------------


def test_a_matter_brought_online_is_registered_like_any_other(county, sign_in):
    client = Client()
    client.get(citizens.SUBMIT)
    photo = SimpleUploadedFile("墙.jpg", b"\xff\xd8\xff" + b"y" * 40)
    answer = client.post(citizens.SUBMIT, citizens.matter(county.areas["jiuqu"].id, files=[photo]))
    assert answer.headers.get("Location") == "/progress/slip/", answer.content.decode()
    petition = Petition.objects.select_related("case").get()
    case = petition.case
    assert (petition.channel, case.state, case.handler_id, case.registered_by.is_clock) == ("300", "registered", None, True)
    assert [point.text for point in petition.points.all()] == ["重新丈量确认四至", "拆除越界部分"]
    assert Attachment.objects.get(case=case).label == "网上提交"
    assert Deadline.objects.filter(case=case, key="pet.forward").exists()
    assert Entry.objects.get(case=case).by_label == "信访人（网上）"
    slip = client.get("/progress/slip/").content.decode()
    assert case.number in slip
    assert f"{petition.query_code[:4]}-{petition.query_code[4:]}" in slip
    assert "<svg" in slip
    assert case.number in sign_in("office").get("/petitions/routing/").content.decode()
    assert citizens.ask(Client(), case.number, petition.query_code).status_code == 302


def test_the_same_form_sent_twice_is_one_matter_and_the_browser_gets_its_receipt_again(county):
    client = Client()
    client.get(citizens.SUBMIT)
    cookie = client.cookies["yimen_form"].value
    form = citizens.matter(county.areas["jiuqu"].id)
    client.post(citizens.SUBMIT, form)
    client.cookies["yimen_form"] = cookie  # the second click was on its way already
    assert client.post(citizens.SUBMIT, form).headers["Location"] == "/progress/slip/"
    assert Petition.objects.count() == 1


def test_another_browser_with_the_same_form_learns_nothing_of_the_first(county):
    client, other = Client(), Client()
    client.get(citizens.SUBMIT)
    other.get(citizens.SUBMIT)
    form = citizens.matter(county.areas["jiuqu"].id)
    client.post(citizens.SUBMIT, form)
    answer = other.post(citizens.SUBMIT, form)
    assert answer.status_code == 409
    assert Petition.objects.get().case.number not in answer.content.decode()


def test_the_same_person_with_the_same_words_is_told_once(county):
    client = Client()
    client.get(citizens.SUBMIT)
    client.post(citizens.SUBMIT, citizens.matter(county.areas["jiuqu"].id))
    again = citizens.matter(county.areas["jiuqu"].id)
    answer = client.post(citizens.SUBMIT, again)
    assert answer.status_code == 409
    assert "已经提出过" in answer.content.decode()
    assert client.post(citizens.SUBMIT, {**again, "is_new_facts": "on"}).status_code == 302
    assert Petition.objects.count() == 2


def test_a_protected_matter_goes_to_the_named_alone_and_is_not_asked_for_online(county, sign_in):
    client = Client()
    client.get(citizens.SUBMIT)
    answer = client.post(citizens.SUBMIT, citizens.matter(county.areas["jiuqu"].id, purpose="03", respondent="自然资源局"))
    petition = Petition.objects.select_related("case").get()
    text = answer.content.decode()
    assert (answer.status_code, petition.case.confidential) == (200, True)
    assert petition.case.number in text
    assert petition.query_code not in text
    assert "依法保密" in text
    assert citizens.ask(Client(), petition.case.number, petition.query_code).status_code == 422
    assert sign_in("discipline").get(f"/petitions/{petition.case.number}/").status_code == 200
    for person in ("office", "handler", "head", "clerk"):
        assert sign_in(person).get(f"/petitions/{petition.case.number}/").status_code == 404


def test_anonymous_is_possible_and_keeps_no_name(county):
    client = Client()
    client.get(citizens.SUBMIT)
    answer = client.post(citizens.SUBMIT, citizens.matter(county.areas["jiuqu"].id, is_anonymous="on", name="陈桂兰"))
    assert answer.status_code == 302
    petition = Petition.objects.select_related("case").get()
    assert petition.is_anonymous
    assert not petition.case.parties.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "请填写姓名"),
        ({"phone": "12345"}, "手机号码应为11位"),
        ({"id_number": "110105194912310001"}, "校验码不对"),
        ({"address": ""}, "请填写现住址"),
        ({"area": "999999"}, "哪个村"),
        ({"points": ["", ""]}, "至少一项"),
        ({"has_read": ""}, "个人信息处理告知"),
        ({"is_true": ""}, "请确认后打勾"),
        ({"title": ""}, "一句话"),
    ],
)
def test_what_is_missing_is_said_in_words_and_nothing_is_lost(county, changes, words):
    answer = Client().post(citizens.SUBMIT, citizens.matter(county.areas["jiuqu"].id, **changes))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "找过村委会两次没有结果" in text
    assert not Petition.objects.exists()


def test_the_notice_says_who_why_what_how_long_and_which_rights(county):
    text = Client().get(citizens.SUBMIT).content.decode()
    for words in ("谁处理", "为什么", "收集什么", "保存多久", "您的权利", "法定职责"):
        assert words in text


def test_the_worker_and_the_server_count_alike():
    held = effort.challenge()
    answer = next(str(n) for n in range(10_000_000) if effort.is_proof(held.nonce, 8, str(n)))
    assert effort.is_proof(held.nonce, 8, answer)
    assert not effort.is_proof(held.nonce, 256, answer)


# -- for everybody -----------------------------------------------------------------------------------------------------------------------


def test_everybody_may_know_channels_places_hours_law_and_procedure(county):
    OfficeHours.objects.create(valid_from=date(2020, 1, 1))
    text = Client().get("/public/").content.decode()
    for words in (
        "招远市群众工作中心",
        "0535-8210000",
        "08:30–12:00",
        "阜山镇群众工作站",
        "查进度",
        "《信访工作条例》第三十四条",
        "受理告知",
        "申请复查",
    ):
        assert words in text
    for inside in ("L-PET", "HALL-", "ALL-6", "督办"):
        assert inside not in text


def test_promises_name_limits_that_exist(county):
    from casework import limits

    assert set(PROMISES) <= set(limits.current().limits)


def test_what_is_over_is_forgotten(county):
    petition = walk.registered(county)
    citizens.let_in(petition)
    assert Visit.objects.count() == 1
    with clock.at(clock.now() + timedelta(days=1)):
        assert entrance.sweep() == 1
    assert not Visit.objects.exists()


# -- nothing the page says is untrue of this matter (walked through every state) ---------------------------------------------------------


def test_what_was_missed_is_said_beside_the_day_that_still_lies_ahead(county):
    """DESIGN screen k: «最迟 12月29日 前答复您» and below it that the unit's own day has passed."""
    petition = walk.accepted(county)
    promised = Deadline.objects.get(case_id=petition.pk, key="pet.promised", met_on=None, dropped_on=None)
    law = Deadline.objects.get(case_id=petition.pk, key="pet.handle", met_on=None, dropped_on=None)
    with clock.at(clock.now() + (promised.due_on - clock.today()) + timedelta(days=1)):
        text = citizens.page(citizens.let_in(petition))
    assert f"最迟 {way.day_words(law.due_on)} 前答复您" in text
    assert f"承诺 {way.day_words(promised.due_on)} 前办完" not in text
    assert f"原定 {way.day_words(promised.due_on)} 前办完，现在已经超过。您可以点“催办”" in text


def test_the_last_day_is_called_today(county):
    petition = walk.accepted(county)
    promised = Deadline.objects.get(case_id=petition.pk, key="pet.promised", met_on=None, dropped_on=None)
    with clock.at(clock.now() + (promised.due_on - clock.today())):
        assert "承诺今天办完" in citizens.page(citizens.let_in(petition))


def test_only_rights_the_next_page_grants_are_promised(county):
    """A repeat is not rated, and who guides elsewhere gives no review: then neither is spoken of."""
    first = walk.registered(county)
    again = walk.delivered(county, repeat_of=first.case.number, repeat_reason="又来")
    text = citizens.page(citizens.let_in(again))
    assert "可以评价" not in text
    assert "请您评价" not in text
    assert "不服的可以申请复查" in text
    assert "您现在可以评价，不服的可以申请复查" in citizens.page(citizens.let_in(walk.delivered(county)))


def test_who_cannot_read_hears_the_answer_the_right_and_whom_to_call(county):
    petition = walk.delivered(county)
    Unit.objects.filter(pk=petition.case.unit_id).update(phone="0535-8201005")
    directory.forget()
    told = queries.progress(petition.pk)
    spoken = told.spoken
    heard = [part for point in petition.points.order_by("no") for part in (f"第 {point.no} 项，{point.text}：", point.result)]
    parts = [told.headline, *heard, told.reply.strip(), "前可以申请复查，由", f"可以打{told.unit.name}的电话：0535-8201005。"]
    at = 0
    for part in parts:
        at = spoken.index(part, at) + len(part)
    before = queries.progress(walk.registered(county).pk).spoken
    assert "第 1 项" not in before
    assert "复查" not in before


def test_what_was_taken_back_is_not_called_answered(county):
    petition = walk.registered(county)
    actions.withdraw(petition.case.number, words="不反映了", by=county.scope("office"))
    text = citizens.page(citizens.let_in(petition))
    assert "您已撤回" in text
    assert "已答复" not in text
    assert "正在确定办理单位" not in text


def test_the_first_answer_is_rated_while_it_is_reviewed(county):
    """The window runs thirty days from receipt whatever else is asked (L-CLS-24); the return visit follows the review."""
    petition = walk.delivered(county)
    client = citizens.let_in(petition)
    client.post("/progress/review/", citizens.once(request="撤销原意见", grounds="丈量时没有通知我到场"))
    text = citizens.page(client)
    assert "已收到您的复查申请" in text
    assert "/progress/rate/" in text
    assert "等复查（复核）有了结果再回访您" in client.get("/progress/rate/").content.decode()
    assert client.post("/progress/rate/", citizens.once(office="0", unit="3", cause="1")).status_code == 302
    case = Case.objects.get(pk=petition.pk)
    assert (case.state, "dissatisfied" in case.marks) == (rules.State.REVIEW_ASKED, True)
    assert not Deadline.objects.filter(case=case, key="pet.call_back").exists()
    assert Notice.objects.filter(case=case, kind="petition.rate", text__contains="正在复查").exists()


def test_outside_its_window_the_page_says_that_rating_is_over(county):
    petition = walk.delivered(county)
    with clock.at(clock.now() + timedelta(days=45)):
        text = citizens.page(citizens.let_in(petition))
    assert "/progress/rate/" not in text
    assert "评价期到" in text


def test_the_code_of_another_receipt_asks_for_that_one(county):
    """A shared telephone: who scans their own slip does not see the matter of who asked before."""
    mine, other = walk.registered(county, title="第一件的标题"), walk.registered(county)
    client = citizens.let_in(mine)
    text = client.get(f"/progress/?number={other.case.number}").content.decode()
    assert "第一件的标题" not in text
    assert f'value="{other.case.number}"' in text
    assert "第一件的标题" in client.get(f"/progress/?number={mine.case.number}").content.decode()


def test_another_place_s_practice_is_not_cited_to_the_person():
    assert guide.law_words("地方办法（百色等）") == ""
    assert guide.law_words("条例§23③") == "《信访工作条例》第二十三条第三款"


def test_a_refusal_of_the_centre_goes_to_the_government_for_review(county):
    """条例§35: everybody stands below the centre in the tree, and yet the government is the higher body."""
    petition = five.declining(county)
    number = petition.case.number
    actions.approve_decline(number, words="同意。", by=county.scope("centre_head"))
    actions.deliver(number, delivery="1", delivered_on=clock.today(), by=county.scope("office"), receiver="陈桂兰", receiver_kind="self")
    client = citizens.let_in(petition)
    answer = client.post("/progress/review/", citizens.once(request="应当受理", grounds="归街道管"))
    assert answer.status_code == 302, answer.content.decode()
    assert Case.objects.get(pk=petition.pk).unit == county.units["government"]


@pytest.mark.parametrize(("url", "words"), [("urge", "不用催办"), ("review", "正在办理")])
def test_a_page_of_what_cannot_be_done_says_why_instead_of_a_form(county, url, words):
    petition = walk.delivered(county)
    client = citizens.let_in(petition)
    client.post("/progress/review/", citizens.once(request="撤销原意见", grounds="丈量时没有通知我到场"))
    text = client.get(f"/progress/{url}/").content.decode()
    assert words in text
    assert "<textarea" not in text
    fields = {"words": "快办", "request": "再申请", "grounds": "还是不服"}
    answer = client.post(f"/progress/{url}/", citizens.once(**fields))
    assert answer.status_code == 409
    assert words in answer.content.decode()
    assert "可能已有同事办理" not in answer.content.decode()


def test_who_disagrees_is_heard_by_the_centre_once_a_day_and_nothing_moves(county, sign_in):
    petition = walk.routed(county)
    before = Case.objects.get(pk=petition.pk)
    client = citizens.let_in(petition)
    assert "/progress/dissent/" in citizens.page(client)
    assert client.post("/progress/dissent/", citizens.once(words=" ")).status_code == 422
    form = citizens.once(words="这件事应当归水务局管")
    for _ in range(2):
        assert client.post("/progress/dissent/", form).headers["Location"] == "/progress/?done=dissent"
    entry = Entry.objects.get(case_id=petition.pk, act="petition.dissent")
    assert (entry.by_label, entry.label, entry.text) == ("信访人（网上）", "网上提出异议", "这件事应当归水务局管")
    assert Notice.objects.filter(case_id=petition.pk, kind="petition.dissent", to_unit=county.units["centre"]).count() == 1
    assert not Notice.objects.filter(case_id=petition.pk, kind="petition.dissent", to_unit=county.units["land"]).exists()
    after = Case.objects.get(pk=petition.pk)
    assert (after.state, after.due_on, after.unit_id) == (before.state, before.due_on, before.unit_id)
    again = client.post("/progress/dissent/", citizens.once(words="再说一次"))
    assert again.status_code == 409
    assert "再说一次" in again.content.decode()
    assert "这件事应当归水务局管" in sign_in("office").get(f"/petitions/{petition.case.number}/").content.decode()


def test_a_closed_matter_can_still_be_objected_to_and_a_void_one_not(county):
    closed = walk.closed(county)
    client = citizens.let_in(closed)
    assert client.post("/progress/dissent/", citizens.once(words="没有按答复做")).status_code == 302
    assert Case.objects.get(pk=closed.pk).state == rules.State.CLOSED
    void = walk.registered(county)
    actions.void(void.case.number, reason="登记错了", by=county.scope("office"))
    client = citizens.let_in(void)
    assert "/progress/dissent/" not in citizens.page(client)
    assert client.post("/progress/dissent/", citizens.once(words="x")).status_code == 409
