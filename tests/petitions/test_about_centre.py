"""A report (检举控告) about the centre itself: its own people lose sight of it, the discipline organ has it (L-PET-85, L-PET-86)."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from casework import cases
from casework.models import Case, Deadline, Draft, Notice, SearchText
from casework.rules import NotAllowed
from organisations import clock
from organisations.actions import posts
from organisations.models import Absence, Post
from organisations.roles import Role
from petitions import actions
from petitions.citizen import actions as citizen_actions
from petitions.models import Petition
from petitions.papers import letters
from petitions.queries import accused
from petitions.queries import routing as suggestions
from tests.factories import petitions
from tests.factories.county import make_person, make_post
from tests.petitions.test_register import form

pytestmark = pytest.mark.django_db

CENTRES_PEOPLE = ("clerk", "clerk2", "office", "office2", "centre_head", "leader", "auditor", "discipline", "system_admin", "audit_admin")


def refused(code: str):
    return pytest.raises(NotAllowed, check=lambda refusal: refusal.code == code)


def about_centre(county, **changes):
    return petitions.registered(
        county, **{"purpose": "03", "respondent_unit_id": county.units["centre"].id, "title": "反映中心窗口收受烟酒礼品", **changes}
    )


def readers(petition) -> set[int]:
    return set(Case.objects.get(pk=petition.pk).reach.values_list("reader", flat=True))


def test_the_discipline_organ_alone_has_it_and_is_told(county):
    petition = about_centre(county)
    case = Case.objects.get(pk=petition.pk)
    assert readers(petition) == {-county.people["discipline_handler"].id}
    assert (case.unit_id, case.handler_id) == (county.units["discipline_unit"].id, None)
    assert Deadline.objects.get(case=case, key="pet.forward").unit_id == county.units["discipline_unit"].id
    assert {notice.to_user for notice in Notice.objects.filter(case=case)} == {county.people["discipline_handler"]}


@pytest.mark.parametrize(
    "words",
    [
        "马国强",
        "中心主任马国强",
        "马　国强",
        "马 国 强收受礼品",
        "周 敏主任",
        "周敏收礼",
        "县中心",
        "县 中心窗口",
        "县中心的工作人员",
        "县中心马国强",
        "县中心李某",
        "招远市群众工作中心窗口人员",
        "群众工作中心窗口人员",
        "群众 工作中心",
        "反映县群众工作中心接待员",
    ],
)
def test_words_that_name_the_centre_or_its_staff_are_understood(county, words):
    petition = about_centre(county, respondent_unit_id=None, respondent_name=words)
    assert petition.is_about_centre
    assert petition.respondent_unit_id is None
    assert readers(petition) == {-county.people["discipline_handler"].id}


@pytest.mark.parametrize(
    "words",
    ["李建国", "陈德旺", "马", "", "周敏敏", "周敏慧校长", "县中心医院李某", "县中心小学", "阜山镇群众工作中心", "山东省群众工作中心", "中心"],
)
def test_a_leader_a_stranger_and_a_longer_name_are_not_the_centres_staff(county, words):
    petition = about_centre(county, respondent_unit_id=None, respondent_name=words)
    assert (petition.respondent_unit_id, petition.is_about_centre) == (None, False)
    assert -county.people["clerk"].id in readers(petition)
    assert petition.case.unit_id == county.units["centre"].id


@pytest.mark.parametrize("said", [{"respondent_name": "马国强"}, {"is_about_centre": True}])
def test_a_chosen_unit_does_not_silence_the_name_or_the_box_nor_is_it_written_over(county, said):
    land = county.units["land"]
    petition = about_centre(county, respondent_unit_id=land.id, **said)
    petition.refresh_from_db()
    assert (petition.respondent_unit_id, petition.is_about_centre) == (land.id, True)
    assert readers(petition) == {-county.people["discipline_handler"].id}
    by, number = county.scope("discipline_handler"), petition.case.number
    for unit in ("land", "centre"):
        with pytest.raises(NotAllowed):
            actions.route(number, mode="LJB", to_unit_id=county.units[unit].id, words="请办理", by=by)
    paper = letters.registration(petition, petition.case, clock.today())
    assert paper.context["respondent"].startswith("招远市自然资源和规划局")


def test_the_box_alone_keeps_it_from_the_centre_at_the_counter(county, sign_in):
    client = sign_in("clerk")
    page = client.get("/petitions/register/").content.decode()
    assert "反映县群众工作中心或其工作人员" in page
    typed = {"title": "收受烟酒礼品", "purpose": "03", "is_about_centre": "on"}
    assert "交纪委监委的纪检联络员办理" in client.post("/petitions/register/repeats/", typed).content.decode()
    data = form(county, purpose="03", title="窗口收受烟酒礼品", respondent="", respondent_text="那个戴眼镜的", is_about_centre="on")
    assert "交纪委监委纪检联络员办理" in client.post("/petitions/register/", data, follow=True).content.decode()
    petition = Petition.objects.get()
    assert petition.is_about_centre
    assert readers(petition) == {-county.people["discipline_handler"].id}
    shown = sign_in("discipline_handler").get(f"/petitions/{petition.case.number}/").content.decode()
    assert "反映县群众工作中心或其工作人员" in shown


def test_the_box_says_nothing_of_a_matter_that_is_no_report(county, sign_in):
    sent = sign_in("clerk").post("/petitions/register/", form(county, purpose="02", is_about_centre="on"))
    assert sent.status_code == 302
    petition = Petition.objects.get()
    assert not petition.is_about_centre
    assert petition.case.unit_id == county.units["centre"].id


def test_who_registers_a_report_that_names_him_is_no_reader_of_it(county):
    own = petitions.intake(county, purpose="03", respondent_unit_id=county.units["land"].id, respondent_name="孙  村 主任")
    petition = actions.register(own, by=county.scope("village_cadre"))
    assert readers(petition) == {-county.people["discipline"].id}
    assert Case.objects.get(pk=petition.pk).handler_id is None


def test_a_correction_that_names_a_reader_takes_the_case_from_him(county):
    petition = petitions.registered(county, purpose="03", respondent_name="")
    number, cadre, office = petition.case.number, county.people["discipline"], county.people["office"]
    actions.hand_over(number, to_user_id=office.id, words="移交", by=county.scope("clerk"))
    town = petitions.intake(county, purpose="03", respondent_unit_id=None, respondent_name="")
    other = actions.register(town, by=county.scope("village_cadre"))
    assert -county.people["village_cadre"].id in readers(other)
    actions.amend(other.case.number, {"respondent_name": "孙村"}, reason="补登", by=county.scope("discipline"))
    assert readers(other) == {-cadre.id}
    assert Case.objects.get(pk=other.pk).handler_id is None
    assert Case.objects.get(number=number).handler_id == office.id
    actions.amend(number, {"respondent_name": "孙志远"}, reason="补登", by=county.scope("clerk"))
    assert readers(petition) == {-county.people["discipline_handler"].id}
    held = Case.objects.get(number=number)
    assert (held.handler_id, held.unit_id) == (None, county.units["discipline_unit"].id)


def test_about_the_centre_it_stays_until_the_box_is_taken_out(county):
    by = county.scope("discipline_handler")
    number = about_centre(county, respondent_unit_id=None, respondent_name="马国强").case.number
    with refused("about_centre"):
        actions.amend(number, {"is_about_centre": False}, reason="更正", by=by)
    actions.amend(number, {"respondent_name": "村支书"}, reason="更正", by=by)
    petition = Petition.objects.get(case__number=number)
    assert petition.is_about_centre
    assert readers(petition) == {-county.people["discipline_handler"].id}
    actions.amend(number, {"is_about_centre": False}, reason="不是县中心的人", by=by)
    petition.refresh_from_db()
    assert not petition.is_about_centre
    assert -county.people["discipline"].id in readers(petition)
    ordinary = petitions.registered(county, purpose="02").case.number
    with refused("not_protected"):
        actions.amend(ordinary, {"is_about_centre": True}, reason="更正", by=county.scope("office"))


@pytest.mark.parametrize("person", ["clerk", "village_cadre"])
def test_nothing_about_the_centre_is_kept_that_nobody_could_send_on(county, person):
    Post.objects.filter(user=county.people["discipline_handler"]).delete()
    own = petitions.intake(county, purpose="03", respondent_unit_id=None, respondent_name="县中心窗口人员")
    with refused("nobody_named"):
        actions.register(own, by=county.scope(person))
    assert Case.objects.count() == 0
    number = actions.register(replace(own, respondent_name="村支书"), by=county.scope(person)).case.number
    with refused("nobody_named"):
        actions.amend(number, {"respondent_name": "马国强"}, reason="补登", by=county.scope("clerk" if person == "clerk" else "discipline"))


def test_who_is_named_is_no_contact_of_his_own_matter(county):
    petition = about_centre(county, respondent_unit_id=None, respondent_name="郑廉")
    assert -county.people["discipline"].id not in readers(petition)
    number = about_centre(county, respondent_unit_id=county.units["centre"].id, respondent_name="李建国").case.number
    with refused("may_not_know"):
        actions.propose(number, leader_id=county.people["leader"].id, words="请批示", by=county.scope("discipline_handler"))


def test_nobody_of_the_centre_finds_it_by_any_door(county, sign_in):
    petition = about_centre(county)
    number = petition.case.number
    for person in (*CENTRES_PEOPLE, "handler", "town_head"):
        client = sign_in(person)
        for url in (
            "/",
            "/inbox/?show=all",
            "/inbox/bell/",
            "/cases/?status=all",
            "/cases/print/?status=all",
            "/cases/export/?status=all",
            "/search/?q=烟酒礼品",
            f"/search/?q={number}",
            "/search/?q=13800132046",
            "/search/suggest/?q=烟酒",
            "/petitions/routing/",
        ):
            answer = client.get(url)
            text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode("utf-8", "replace")
            assert "反映中心窗口" not in text, (person, url)
            assert f"/petitions/{number}/" not in text, (person, url)
        for url in (f"/petitions/{number}/", f"/petitions/{number}/receipt/", f"/petitions/{number}/qr.svg"):
            assert client.get(url).status_code in (403, 404), (person, url)
        for act in ("route", "note", "hand_over", "amend", "void"):
            assert client.post(f"/petitions/{number}/{act}/").status_code in (403, 404), (person, act)
    page = sign_in("discipline_handler").get(f"/petitions/{number}/")
    assert page.status_code == 200
    assert "反映中心窗口" in page.content.decode()


def test_it_is_walked_to_its_end_without_the_centre(county):
    by = county.scope("discipline_handler")
    number = about_centre(county).case.number
    assert not {s.unit_id for s in suggestions.suggestions(Petition.objects.get(case__number=number), by)} & {county.units["centre"].id}
    with refused("centre_decides_nothing"):
        actions.route(number, mode="LJB", to_unit_id=county.units["centre"].id, words="请办理", by=by)
    with refused("may_not_know"):
        actions.hand_over(number, to_user_id=county.people["office"].id, words="移交", by=by)
    actions.route(number, mode="LJB", to_unit_id=county.units["discipline_unit"].id, words="由本委办理", by=by)
    actions.object_to(number, reason="应由上级纪委办理", by=by)
    actions.agree_return(number, words="退回再研究", by=by)
    assert Case.objects.get(number=number).unit_id == county.units["discipline_unit"].id
    actions.route(number, mode="LJB", to_unit_id=county.units["discipline_unit"].id, words="由本委办理", by=by)
    actions.sign(number, by=by)
    actions.accept(number, words="已收到，将依纪依法核查。", by=by)
    actions.withdraw(number, words="信访人自愿撤回", by=by)
    told = Notice.objects.filter(case__number=number)
    assert not told.exclude(to_unit=None).exists()
    assert {notice.to_user for notice in told} == {county.people["discipline_handler"]}
    assert told.filter(kind="petition.withdraw").exists()


def test_the_counter_is_warned_while_typing_and_told_where_it_went(county, sign_in):
    client = sign_in("clerk")
    typed = {"title": "反映中心窗口收受烟酒礼品", "respondent": str(county.units["centre"].id)}
    pane = client.post("/petitions/register/repeats/", {**typed, "purpose": "03"}).content.decode()
    assert "交纪委监委的纪检联络员办理" in pane
    assert "把信访目的改为“检举控告”" in client.post("/petitions/register/repeats/", {**typed, "purpose": "02"}).content.decode()
    other = {"title": "反映村支书侵占", "respondent": str(county.units["land"].id), "purpose": "03"}
    assert "纪检联络员办理" not in client.post("/petitions/register/repeats/", other).content.decode()
    data = form(county, purpose="03", title="反映中心窗口收受烟酒礼品", respondent="", respondent_text="马国强")
    sent = client.post("/petitions/register/", data, follow=True)
    page = sent.content.decode()
    number = Petition.objects.get().case.number
    assert sent.status_code == 200
    assert f"{number} 已登记，交纪委监委纪检联络员办理" in page
    assert f"/petitions/{number}/" not in page
    assert not Draft.objects.exists()
    again = client.post("/petitions/register/", data, follow=True)
    assert "已登记，交纪委监委" in again.content.decode()
    assert Case.objects.count() == 1
    assert "已登记，交纪委监委" in client.get(f"/petitions/register/?draft={data['submission']}", follow=True).content.decode()


def test_nothing_else_is_done_in_the_moment_of_registration(county, sign_in):
    answered = {"handling": "answer", "answer_text": "已解释", "points-0-result": "已说明", "points-0-ground": "条例", "points-TOTAL_FORMS": "1"}
    data = form(county, purpose="03", respondent=str(county.units["centre"].id), **answered)
    answer = sign_in("clerk").post("/petitions/register/", data)
    assert answer.status_code == 422
    assert Case.objects.count() == 0
    assert data["title"] in answer.content.decode()


def test_a_registrar_of_the_accused_town_loses_sight_too(county):
    own = petitions.intake(county, purpose="03", respondent_unit_id=county.units["fushan"].id)
    petition = actions.register(own, by=county.scope("village_cadre"))
    assert readers(petition) == {-county.people["discipline"].id}
    assert petition.case.unit_id == county.units["centre"].id


def test_without_a_discipline_contact_the_counter_is_told_and_nothing_is_kept(county, sign_in):
    Post.objects.filter(user=county.people["discipline_handler"]).delete()
    data = form(county, purpose="03", respondent=str(county.units["centre"].id))
    answer = sign_in("clerk").post("/petitions/register/", data)
    assert answer.status_code == 422
    assert "直接向纪检监察机关反映" in answer.content.decode()
    assert data["title"] in answer.content.decode()
    assert Case.objects.count() == 0
    county.units["discipline_unit"].name = county.units["discipline_unit"].short_name = "档案馆"
    county.units["discipline_unit"].save()
    with refused("nobody_named"):
        about_centre(county)


def test_a_correction_that_accuses_the_centre_takes_it_from_the_corrector(county, sign_in):
    number = petitions.registered(county).case.number
    client = sign_in("office")
    actions.amend(number, {"respondent_name": "县中心"}, reason="补登", by=county.scope("office"))
    assert client.get(f"/petitions/{number}/").status_code == 200
    page = client.get(f"/petitions/{number}/amend/").content.decode()
    assert "更正" in page
    case = Case.objects.get(number=number)
    petition = Petition.objects.get(case=case)
    data = {
        "version": str(case.version),
        "title": case.title,
        "story": petition.story,
        "channel": petition.channel,
        "purpose": "03",
        "topic_code": case.topic_code,
        "area_id": str(case.area_id),
        "place": petition.place,
        "respondent_name": petition.respondent_name,
        "urgency": "0",
        "headcount": "1",
        "involved_count": "1",
        "reason": "实为检举控告",
    }
    sent = client.post(f"/petitions/{number}/amend/", data, follow=True)
    assert sent.redirect_chain, sent.content.decode()[:3000]
    assert sent.status_code == 200
    assert "今后查不到、看不到" in sent.content.decode()
    assert readers(petition) == {-county.people["discipline_handler"].id}
    case.refresh_from_db()
    assert (case.unit_id, case.handler_id) == (county.units["discipline_unit"].id, None)
    assert list(Deadline.objects.filter(case=case, met_on=None, dropped_on=None).values_list("key", "unit_id")) == [
        ("pet.forward", county.units["discipline_unit"].id)
    ]


def test_the_machine_gets_the_number_and_no_more(county):
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=county.people['clerk']).key}")
    body = {
        "title": "反映中心窗口收受烟酒礼品",
        "story": "窗口人员收受礼品。",
        "points": ["依纪查处"],
        "channel": "200",
        "purpose": "03",
        "topic_code": "010303",
        "area_id": county.areas["jiuqu"].id,
        "received_on": "2026-01-05",
        "respondent_unit_id": county.units["centre"].id,
        "is_anonymous": True,
    }
    sent = client.post("/api/v1/petitions/", body, format="json", headers={"Idempotency-Key": str(uuid.uuid4())})
    assert sent.status_code == 201, sent.content.decode()
    number = Case.objects.get().number
    assert sent.json() == {"case": {"number": number}}
    assert client.get(f"/api/v1/petitions/{number}/").status_code == 404


def test_online_it_goes_there_at_once(county):
    brought = citizen_actions.submit(petitions.intake(county, purpose="03", respondent_name="县中心"), [], is_new_facts=False)
    people = {person.id for person in county.people.values()}
    assert {-reader for reader in readers(brought.petition)} & people == {county.people["discipline_handler"].id}
    assert brought.opened is None


def test_online_the_box_alone_sends_it_there(county, client):
    page = client.get("/submit/").content.decode()
    assert "反映的是县群众工作中心或其工作人员" in page
    brought = citizen_actions.submit(petitions.intake(county, purpose="03", is_about_centre=True), [], is_new_facts=False)
    people = {person.id for person in county.people.values()}
    assert {-reader for reader in readers(brought.petition)} & people == {county.people["discipline_handler"].id}


def test_units_and_staff_of_the_accused(county):
    centre, fushan = county.units["centre"].id, county.units["fushan"].id
    house = accused.weigh(centre, "", is_said=False)
    assert house.is_centre
    assert accused.units_of(accused.Accused()) == frozenset()
    assert accused.units_of(house) == {centre}
    assert county.units["jiuqu"].id in accused.units_of(accused.Accused(fushan))
    assert accused.units_of(accused.weigh(fushan, "", is_said=True)) >= {fushan, centre}
    assert county.people["leader"].id not in accused.staff_of(house)
    assert county.people["handler"].id not in accused.staff_of(house)
    both = make_person("both", "兼职人")
    make_post(both, county.units["discipline_unit"], Role.DISCIPLINE, by=county.people["security_admin"])
    make_post(both, county.units["centre"], Role.OFFICE, by=county.people["security_admin"])
    assert -both.id not in accused.contacts(county.units["discipline_unit"].id, accused.weigh(centre, "", is_said=False))


def appoint(county, person: str, unit: str, role: Role, **changes):
    given = {"title": "", "from_on": clock.today(), "until_on": None, **changes}
    return posts.appoint(user_id=county.people[person].id, unit_id=county.units[unit].id, role=role, by=county.scope("security_admin"), **given)


@pytest.mark.parametrize("starts_in", [0, 30])
def test_a_contact_who_takes_a_post_at_the_centre_reads_its_matters_no_longer(county, sign_in, starts_in):
    """L-PET-85, L-PET-86: from the appointment on, and other protected matters stay readable."""
    second = make_person("discipline2", "冯正")
    make_post(second, county.units["discipline_unit"], Role.DISCIPLINE, by=county.people["system_admin"])
    petition = about_centre(county)
    other = petitions.registered(county, purpose="03", respondent_unit_id=county.units["water"].id)
    moving = county.people["discipline_handler"]
    cases.show_to(Case.objects.get(pk=other.pk), {-moving.id})
    appoint(county, "discipline_handler", "centre", Role.OFFICE, from_on=clock.today() + timedelta(days=starts_in))
    assert readers(petition) == {-second.id}
    assert SearchText.objects.get(case_id=petition.pk).readers == [-second.id]
    assert -moving.id in readers(other)
    client = sign_in("discipline_handler")
    assert client.get(f"/petitions/{petition.case.number}/").status_code == 404
    assert client.get(f"/petitions/{other.case.number}/").status_code == 200


def test_who_handled_it_lays_it_down_with_the_appointment(county):
    petition = about_centre(county)
    moving = county.people["discipline_handler"]
    Case.objects.filter(pk=petition.pk).update(handler=moving)
    second = make_person("discipline2", "冯正")
    make_post(second, county.units["discipline_unit"], Role.DISCIPLINE, by=county.people["system_admin"])
    appoint(county, "discipline_handler", "centre", Role.HEAD)
    assert readers(petition) == {-second.id}
    assert Case.objects.get(pk=petition.pk).handler_id is None


def test_the_only_contact_is_not_appointed_before_another_one_is(county):
    petition = about_centre(county)
    with refused("nobody_follows"):
        appoint(county, "discipline_handler", "centre", Role.OFFICE)
    assert readers(petition) == {-county.people["discipline_handler"].id}
    assert not Post.objects.filter(user=county.people["discipline_handler"], unit=county.units["centre"]).exists()


def test_a_post_elsewhere_and_a_leaders_take_no_sight(county):
    petition = about_centre(county)
    appoint(county, "discipline_handler", "land", Role.HANDLER)
    appoint(county, "discipline_handler", "centre", Role.LEADER)
    assert readers(petition) == {-county.people["discipline_handler"].id}


def test_who_takes_a_post_at_any_accused_unit_parts_from_the_matter(county):
    petition = petitions.registered(county, purpose="03", respondent_unit_id=county.units["water"].id)
    clerk, contact = county.people["clerk"], county.people["discipline"]
    cases.show_to(Case.objects.get(pk=petition.pk), {-clerk.id, -contact.id})
    appoint(county, "clerk", "water", Role.HANDLER)
    assert -clerk.id not in readers(petition)
    assert -contact.id in readers(petition)


def test_who_is_to_come_to_the_centre_is_named_no_more(county):
    second = make_person("discipline2", "冯正")
    make_post(second, county.units["discipline_unit"], Role.DISCIPLINE, by=county.people["system_admin"])
    appoint(county, "discipline_handler", "centre", Role.OFFICE, from_on=clock.today() + timedelta(days=10))
    assert readers(about_centre(county)) == {-second.id}


@pytest.mark.parametrize(("substitute", "reads"), [("discipline", False), ("office", False), ("leader", True), ("handler", True)])
def test_a_substitute_from_the_centre_reads_nothing_about_it(county, sign_in, substitute, reads):
    """Chosen by the contact in person, or doing the same job: neither opens a matter about the centre to its people."""
    petition = about_centre(county)
    absent = county.people["discipline_handler"]
    Absence.objects.create(
        user=absent, substitute=county.people[substitute], from_on=clock.today(), until_on=clock.today(), authority="请假", entered_by=absent
    )
    assert (-absent.id in county.scope(substitute).readers) is reads
    assert sign_in(substitute).get(f"/petitions/{petition.case.number}/").status_code == (200 if reads else 404)
