"""People of the corps: terms (调解法§9), ladder of promotion (MED-11), grades, consents, numbers, and who may do it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mediation.corps import queries, rules
from mediation.corps.actions import appointments, committees, consents, county_rules
from mediation.corps.forms import MEASURES
from mediation.models import Appointment, CareerStep, Mediator
from organisations import cipher, clock
from organisations.models import Absence, AccessEntry
from organisations.roles import Role
from organisations.rules import NotAllowed
from tests.factories import disputes_corps as corps
from tests.factories.county import make_person, make_post

pytestmark = pytest.mark.django_db
ID_NUMBER = "11010519680101001X"


def test_entering_makes_person_term_history_and_log(county):
    made = corps.member(county, id_number=ID_NUMBER, phone="13700135120", by="village_cadre", specialities=("02", "03"), grade="3")
    assert (made.initials, made.area, made.specialities) == ("cdf", county.areas["jiuqu"], ["02", "03"])
    assert made.id_index == cipher.blind_index("id", ID_NUMBER)  # MATCHING recognises a party by it
    assert ID_NUMBER not in made.id_token
    assert made.id_masked == "110105********001X"
    assert made.phone_masked == "137****5120"
    assert Mediator.objects.serving(clock.today()).get() == made
    step = made.career.get()
    assert (step.kind, step.to_unit, step.by_label) == ("enter", county.units["jiuqu"], "孙村（九曲村 · 工作室干部）")
    entry = AccessEntry.objects.get(event=AccessEntry.Event.APPOINT)
    assert entry.user == county.people["village_cadre"]
    assert entry.object_id == str(made.pk)
    assert ID_NUMBER not in str(entry.detail) + entry.ground


def test_the_same_identity_number_enters_once(county):
    corps.member(county, id_number=ID_NUMBER)
    with pytest.raises(NotAllowed, match="已经登记在队伍里"):
        corps.member(county, "陈德寿", id_number=ID_NUMBER)


def test_one_account_belongs_to_one_person(county):
    user = county.people["mediator"].id
    corps.member(county, "田和", "fushan", user_id=user)
    with pytest.raises(NotAllowed, match="账号已经关联"):
        corps.member(county, "田平", "fushan", user_id=user)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"until_on": date(2029, 6, 2)}, "任期最长 3 年"),
        ({"until_on": date(2026, 5, 1)}, "止日不能早于起日"),
        ({"decided_by": " "}, "由谁推选"),
        ({"contract_number": "阜调聘2026-1"}, "一并填写"),
    ],
)
def test_terms_that_the_law_does_not_allow(county, changes, words):
    with pytest.raises(NotAllowed, match=words):
        corps.member(county, appointed=corps.term(date(2026, 6, 1), **changes))
    assert not Mediator.objects.exists()


def test_a_term_is_three_years_to_the_day_before():
    assert rules.usual_end(date(2026, 6, 1), 3) == date(2029, 5, 31)
    assert rules.usual_end(date(2024, 2, 29), 3) == date(2027, 2, 27)


def test_only_adults(county):
    with pytest.raises(NotAllowed, match="成年公民"):
        corps.member(county, born_year=clock.today().year - 17)


def test_a_term_that_ran_out_no_longer_serves_until_renewed(county):
    long_ago = clock.today() - timedelta(days=1200)
    made = corps.member(county, appointed=corps.term(long_ago))
    assert not Mediator.objects.serving(clock.today()).exists()
    assert queries.people(county.scope("town_handler"), queries.Wanted(show="lapsed")).get() == made
    appointments.renew(made.pk, corps.term(clock.today()), by=county.scope("village_cadre"))
    assert Mediator.objects.serving(clock.today()).get() == made
    first = Appointment.objects.order_by("from_on").first()
    assert first is not None
    assert first.end == "expired"
    assert first.ended_on == first.until_on + timedelta(days=1)
    assert Mediator.objects.serving(first.until_on).exists()  # the last day of the old term still counts


def test_a_new_term_follows_the_old(county):
    made = corps.member(county)
    with pytest.raises(NotAllowed, match="晚于原任期的起日"):
        appointments.renew(made.pk, corps.term(), by=county.scope("office"))


def test_promotion_goes_rung_by_rung(county):
    made = corps.member(county)
    station, area = county.units["fushan"].id, county.units["fushan_area"].id
    with pytest.raises(NotAllowed, match="不能越级"):
        appointments.promote(made.pk, station, corps.term(clock.today()), words="业绩突出", by=county.scope("town_head"))
    appointments.promote(made.pk, area, corps.term(clock.today(), decided_by="阜山镇党委"), words="业绩突出", by=county.scope("town_head"))
    made.refresh_from_db()
    assert made.unit_id == area
    step = made.career.filter(kind="promote").get()
    assert (step.from_unit, step.to_unit, step.decided_by) == (county.units["jiuqu"], county.units["fushan_area"], "阜山镇党委")
    assert [row.end for row in made.appointments.order_by("id")] == ["moved", ""]


def test_a_village_without_area_station_promotes_straight_to_the_town(county):
    made = corps.member(county, unit="dongliang")
    appointments.promote(made.pk, county.units["xinzhuang"].id, corps.term(clock.today()), words="业绩突出", by=county.scope("other_handler"))
    made.refresh_from_db()
    assert made.unit_id == county.units["xinzhuang"].id


def test_the_keeper_of_the_upper_unit_promotes(county):
    made = corps.member(county)
    with pytest.raises(NotAllowed, match="所在单位"):
        appointments.promote(made.pk, county.units["fushan_area"].id, corps.term(clock.today()), words="推荐", by=county.scope("village_cadre"))


def test_grades_keep_their_history_and_nobody_grades_themselves(county):
    head = county.people["town_head"]
    made = corps.member(county, "李国栋", "fushan", user_id=head.id, grade="4")
    given = {"on": clock.today(), "decided_by": "县司法局", "words": "年度评定"}
    with pytest.raises(NotAllowed, match="自己的等级"):
        appointments.regrade(made.pk, "1", by=county.scope("town_head"), **given)
    appointments.regrade(made.pk, "3", by=county.scope("town_handler"), **given)
    step = CareerStep.objects.get(kind="grade")
    assert (step.from_grade, step.to_grade, step.decided_by) == ("4", "3", "县司法局")
    with pytest.raises(NotAllowed, match="现在就是三级"):
        appointments.regrade(made.pk, "3", by=county.scope("town_handler"), **given)


def test_nobody_takes_their_own_account_off_or_puts_it_on(county):
    """With the account off for a while a keeper who mediates could grade and pay himself."""
    handler, facts = county.people["town_handler"], {"name": "王海", "unit": "fushan"}
    made = corps.member(county, **facts, user_id=handler.id, grade="4")
    by = county.scope("town_handler")
    for other in (None, county.people["mediator"].id):
        with pytest.raises(NotAllowed, match="本人", check=lambda refusal: refusal.status == 403):
            appointments.amend(made.pk, corps.facts(county, **facts, user_id=other), words="账号写错", by=by)
    made.refresh_from_db()
    assert made.user_id == handler.id
    appointments.amend(made.pk, corps.facts(county, **facts, user_id=handler.id, languages="招远话"), words="补充", by=by)
    appointments.amend(made.pk, corps.facts(county, **facts), words="账号写错", by=county.scope("office"))
    with pytest.raises(NotAllowed, match="本人"):
        appointments.amend(made.pk, corps.facts(county, **facts, user_id=handler.id), words="账号写错", by=by)
    with pytest.raises(NotAllowed, match="自己的等级"):
        corps.member(county, "王海二", "fushan", by="town_handler", user_id=handler.id, grade="1")


def test_nor_that_of_the_colleague_they_stand_in_for(county):
    away = county.people["town_head"]
    made = corps.member(county, "李国栋", "fushan", user_id=away.id)
    today = clock.today()
    Absence.objects.create(
        user=away, substitute=county.people["town_handler"], from_on=today, until_on=today, entered_by=away, entered_at=clock.now()
    )
    with pytest.raises(NotAllowed, match="代为办理"):
        appointments.amend(made.pk, corps.facts(county, "李国栋", "fushan"), words="账号写错", by=county.scope("town_handler"))


def test_ending_needs_a_reason_and_ends_the_seats(county):
    made = corps.member(county)
    board = committees.set_up_committee(county.units["jiuqu"].id, name="九曲村人民调解委员会", on=clock.today(), by=county.scope("office"))
    committees.seat(board.pk, made.pk, post="chair", on=clock.today(), by=county.scope("office"))
    appointments.end(made.pk, on=clock.today(), reason="resigned", words="外出务工", by=county.scope("village_cadre"))
    assert not Mediator.objects.serving(clock.today()).exists()
    assert made.seats.get().until_on == clock.today()
    assert AccessEntry.objects.filter(event=AccessEntry.Event.POST_END, object_id=str(made.pk)).exists()
    with pytest.raises(NotAllowed, match="已经离任"):
        appointments.end(made.pk, on=clock.today(), reason="resigned", words="外出务工", by=county.scope("village_cadre"))


def test_consent_to_be_shown_stands_until_withdrawn(county):
    made = corps.member(county)
    today = clock.today()
    assert not Mediator.objects.online(today).exists()
    consents.consent(made.pk, hours="周一至周五 9:00—11:00", by=county.scope("village_cadre"))
    assert Mediator.objects.online(today).get() == made
    consents.withdraw(made.pk, by=county.scope("village_cadre"))
    assert not Mediator.objects.online(today).exists()
    assert [step.kind for step in made.career.order_by("id")] == ["enter", "consent", "withdraw"]


def test_the_person_may_consent_alone(county):
    made = corps.member(county, "田和", "fushan", user_id=county.people["mediator"].id)
    consents.consent(made.pk, hours="每天上午", by=county.scope("mediator"))
    assert made.career.get(kind="consent").by_label == "田和（本人）"
    with pytest.raises(NotAllowed, match="所在单位"):
        appointments.end(made.pk, on=clock.today(), reason="resigned", words="不干了", by=county.scope("mediator"))


def test_a_telephone_is_shown_only_on_record(county):
    made = corps.member(county, phone="13700135120")
    assert consents.reveal_phone(made.pk, by=county.scope("town_handler")) == "13700135120"
    entry = AccessEntry.objects.get(event=AccessEntry.Event.REVEAL)
    assert (entry.user, entry.object_type, entry.field) == (county.people["town_handler"], "mediator", "电话")


def test_amending_names_what_changed_and_keeps_the_number(county):
    made = corps.member(county, phone="13700135120")
    appointments.amend(made.pk, corps.facts(county, "陈德富", languages="招远话"), words="姓名写错", by=county.scope("village_cadre"))
    made.refresh_from_db()
    assert (made.name, made.phone_masked) == ("陈德富", "137****5120")
    entry = AccessEntry.objects.filter(object_id=str(made.pk)).latest("id")
    assert entry.detail["changed"]["姓名"] == ["陈德福", "陈德富"]


# -- scope --------------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("persona", "seen"),
    [
        ("village_cadre", {"九曲"}),
        ("town_handler", {"九曲", "阜山", "片区"}),
        ("overseer", {"九曲", "阜山", "片区"}),
        ("other_handler", {"东良"}),
        ("office", {"九曲", "阜山", "片区", "东良", "司法"}),
        ("leader", {"九曲", "阜山", "片区", "东良", "司法"}),
        ("auditor", {"九曲", "阜山", "片区", "东良", "司法"}),
        ("labour_handler", {"司法"}),
        ("handler", set()),
        ("mediator", {"阜山"}),
        ("grid_worker", set()),
        ("system_admin", set()),
    ],
)
def test_who_sees_whom(county, persona, seen):
    """Station its town, centre all, a person themselves; 人社局 stands here for a department with a person of its own."""
    corps.member(county, "九曲", "jiuqu")
    corps.member(county, "片区", "fushan_area")
    corps.member(county, "阜山", "fushan", user_id=county.people["mediator"].id)
    corps.member(county, "东良", "dongliang")
    corps.member(county, "司法", "labour", kind="justice")
    found = queries.people(county.scope(persona), queries.Wanted(show="all"))
    assert {person.name for person in found} == seen
    assert found.count() == len(seen)


def test_the_justice_bureau_of_the_settings_sees_and_keeps_the_county(county):
    made = corps.member(county)
    assert queries.person(county.scope("labour_handler"), made.pk) is None
    measures = {name: getattr(rules.county_rules([], clock.today()), name) for name in MEASURES} | {"bureau": county.units["labour"]}
    county_rules.set_rules(measures, valid_from=clock.today(), reason="主管部门", by=county.scope("system_admin"))
    assert queries.person(county.scope("labour_handler"), made.pk) is not None
    appointments.regrade(made.pk, "2", on=clock.today(), decided_by="县司法局", words="评定", by=county.scope("labour_handler"))
    assert queries.person(county.scope("handler"), made.pk) is None  # another department still sees nothing


@pytest.mark.parametrize("persona", ["overseer", "leader", "auditor", "grid_worker", "handler", "other_handler", "system_admin"])
def test_who_may_not_write(county, persona):
    """Reading is not keeping: overseers, leaders and auditors, other towns and administrators take nobody in."""
    with pytest.raises(NotAllowed):
        corps.member(county, by=persona)
    assert not Mediator.objects.exists()


def test_another_town_does_not_even_find_the_person(county):
    made = corps.member(county)
    with pytest.raises(Mediator.DoesNotExist):
        appointments.end(made.pk, on=clock.today(), reason="resigned", words="试", by=county.scope("other_handler"))


def test_an_area_station_sees_the_rooms_of_its_villages(county):
    keeper = make_person("area_keeper", "片长")
    county.people["area_keeper"] = keeper
    make_post(keeper, county.units["fushan_area"], Role.HANDLER, by=county.people["office"])
    corps.member(county, "九曲", "jiuqu")
    corps.member(county, "阜山", "fushan")
    assert [person.name for person in queries.people(county.scope("area_keeper"), queries.Wanted())] == ["九曲"]


def test_the_list_filters(county):
    soon = corps.term(clock.today() - timedelta(days=1070))
    corps.member(county, "王到期", appointed=soon)
    corps.member(county, "李婚姻", specialities=("01",), grade="1")
    corps.worthy(county, "单贤")
    by = county.scope("town_handler")
    for asked, names in (
        ({"show": "expiring"}, {"王到期"}),
        ({"speciality": "01"}, {"李婚姻"}),
        ({"grade": "1"}, {"李婚姻"}),
        ({"grade": "none"}, {"王到期", "单贤"}),
        ({"kind": "worthy"}, {"单贤"}),
        ({"q": "sx"}, {"单贤"}),
        ({"q": "dx"}, {"单贤"}),
        ({"unit": str(county.units["fushan_area"].id)}, {"王到期", "李婚姻", "单贤"}),
        ({"unit": str(county.units["laochi"].id)}, set()),
        ({"kind": "nonsense"}, {"王到期", "李婚姻", "单贤"}),
    ):
        assert {person.name for person in queries.people(by, queries.read(asked))} == names, asked
