"""The repeat check: who, why, how alike; only what the clerk may see; by index."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.parties import PartyFacts
from organisations import clock
from petitions.queries import repeats
from petitions.queries.repeats import Typed
from tests.factories import petitions as walk
from tests.factories.county import County

ID, PHONE = "110105194912310002", "13800132046"
URL = "/petitions/register/repeats/"


def person(**changes) -> list[PartyFacts]:
    return [PartyFacts(**{"position": "petitioner", "name": "陈桂兰", "id_type": "111", "id_number": ID, "phone": PHONE, **changes})]


def test_the_same_number_and_class_is_a_candidate_with_its_reasons(county: County):
    case = walk.registered(county).case
    found = repeats.check(Typed(ids=[ID], topic_code="010303", area_id=county.areas["jiuqu"].id), county.scope("clerk"))
    assert [f.case.number for f in found.candidates] == [case.number]
    assert found.candidates[0].reasons == ["同一证件号", "同一分类", "同一地点"]
    assert not found.history


def test_the_same_person_about_something_else_is_history(county: County):
    walk.registered(county, topic_code="020101")
    found = repeats.check(Typed(ids=[ID], topic_code="010303", area_id=county.areas["jiuqu"].id), county.scope("clerk"))
    assert not found.candidates
    assert [f.reasons[0] for f in found.history] == ["同一证件号"]


def test_name_and_telephone_make_a_candidate_the_telephone_alone_only_history(county: County):
    walk.registered(county, people=person(id_number=""))
    typed = {"phones": [PHONE], "topic_code": "010303"}
    assert repeats.check(Typed(names=["陈桂兰"], **typed), county.scope("clerk")).candidates[0].reasons[0] == "同姓名同电话"
    other = repeats.check(Typed(names=["陈大强"], **typed), county.scope("clerk"))
    assert not other.candidates
    assert other.history[0].reasons[0] == "同一电话"


def test_same_respondent_class_and_place_within_three_years(county: County):
    long_ago = timezone.make_aware(datetime.combine(clock.today() - timedelta(days=365 * 3 + 5), datetime.min.time().replace(hour=9)))
    with clock.at(long_ago):
        walk.registered(county, respondent_name="陈德旺", people=person(name="王老三", id_number="", phone=""))
    typed = Typed(topic_code="010303", area_id=county.areas["jiuqu"].id, respondent_name="陈德旺")
    assert not repeats.check(typed, county.scope("clerk")).candidates
    recent = walk.registered(county, respondent_name="陈德旺", people=person(name="李四", id_number="", phone="")).case
    assert [f.case.pk for f in repeats.check(typed, county.scope("clerk")).candidates] == [recent.pk]


def test_much_the_same_words_are_found_without_any_number(county: County):
    case = walk.registered(county, people=person(name="李四", id_number="", phone="")).case
    found = repeats.check(Typed(text="邻居翻建院墙时向东移约0.6米，占用宅基地并堵住排水沟"), county.scope("clerk"))
    assert [f.case.pk for f in found.candidates] == [case.pk]
    assert "内容相近" in found.candidates[0].reasons


def test_nothing_outside_the_scope_is_named(county: County):
    walk.registered(county)
    typed = Typed(ids=[ID], topic_code="010303", area_id=county.areas["jiuqu"].id, text="邻居翻建院墙时向东移约0.6米占用其宅基地")
    found = repeats.check(typed, county.scope("other_handler"))
    assert (found.candidates, found.history, found.neighbours) == ([], [], [])
    assert not repeats.check(typed, county.scope("system_admin")).candidates


def test_a_protected_matter_is_joined_only_with_protected_ones(county: County, sign_in):
    walk.registered(county)
    found = repeats.check(Typed(ids=[ID], topic_code="010303", is_protected=True), county.scope("clerk"))
    assert not found.candidates[0].can_join


def test_the_pane_answers_with_buttons_and_a_dismissed_one_stays_away(county: County, sign_in):
    case = walk.registered(county).case
    clerk, village = sign_in("clerk"), sign_in("village_cadre")
    typed = {"people-0-id_number": ID, "topic": "010303", "area": county.areas["jiuqu"].id}
    page = clerk.post(URL, typed).content.decode()
    assert case.number in page
    assert f'data-repeat-link="{case.number}"' in page
    assert f'data-repeat-merge="{case.number}"' in page
    assert "data-repeat-merge" not in village.post(URL, typed).content.decode()
    assert "保存后关联为重复件" in clerk.post(URL, {**typed, "repeat_of": case.number}).content.decode()
    assert "疑似重复" not in clerk.post(URL, {**typed, "not_repeat": case.number}).content.decode()
    assert "填写证件号" in clerk.post(URL, {}).content.decode()


def test_it_asks_at_most_twelve_queries_and_scans_no_table(county: County, sign_in):
    walk.registered(county)
    clerk = sign_in("clerk")
    typed = {"people-0-id_number": ID, "people-0-phone": PHONE, "topic": "010303", "area": county.areas["jiuqu"].id, "story": "邻居翻建院墙时向东移"}
    clerk.post(URL, typed)
    with CaptureQueriesContext(connection) as queries:
        assert clerk.post(URL, typed).status_code == 200
    assert len(queries) <= 12, [q["sql"] for q in queries]
    assert not any(" LIKE " in q["sql"] or " ILIKE " in q["sql"] for q in queries)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for query in queries:
            if "casework_party" in query["sql"] or "searchtext" in query["sql"]:
                cursor.execute("EXPLAIN " + query["sql"])
                plan = "\n".join(row[0] for row in cursor.fetchall())
                assert "Seq Scan on casework_party" not in plan, plan
                assert "Seq Scan on casework_searchtext" not in plan, plan


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [("占用宅基地", "占用宅基地", 1, 1), ("占用宅基地", "拖欠工资", 0, 0), ("", "拖欠工资", 0, 0)],
)
def test_overlap(one, other, least, most):
    assert least <= repeats.overlap(repeats.bigrams(one), repeats.bigrams(other)) <= most
