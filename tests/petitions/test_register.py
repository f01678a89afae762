"""The register page: what a clerk sends becomes one case, and nothing typed is ever lost."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.models import Attachment, Case, Draft, Link, Party
from organisations import cipher, clock
from petitions.models import Petition, Point
from tests.factories import petitions as walk
from tests.factories.county import County

URL = "/petitions/register/"
ID = "11010519491231002X"
#: The number of the person in tests/factories/petitions.py.
EARLIER_ID = "110105194912310002"


def form(county: County, **changes: Any) -> dict[str, Any]:
    """What the browser sends for a plain visit."""
    data: dict[str, Any] = {
        "submission": str(uuid.uuid4()),
        "channel": "200",
        "received_on": clock.today().isoformat(),
        "source": "4",
        "headcount": "1",
        "purpose": "02",
        "urgency": "0",
        "handling": "route",
        "topic": "010303",
        "title": "邻居砌墙占用宅基地",
        "story": "信访人称：邻居翻建院墙时向东移约0.6米。诉求：一是重新丈量；二是拆除越界部分。",
        "area": str(county.areas["jiuqu"].id),
        "people-TOTAL_FORMS": "1",
        "people-INITIAL_FORMS": "0",
        "people-0-name": "陈桂兰",
        "people-0-id_type": "111",
        "people-0-id_number": ID,
        "people-0-phone": "138 0013 2046",
        "people-0-area": str(county.areas["jiuqu"].id),
        "points-TOTAL_FORMS": "2",
        "points-INITIAL_FORMS": "0",
        "points-0-text": "重新丈量",
        "points-1-text": "拆除越界部分",
    }
    data.update(changes)
    return data


def sent(client: Client, county: County, **changes: Any):
    return client.post(URL, form(county, **changes))


def spent(queries: CaptureQueriesContext) -> list[str]:
    """Statements apart from the transaction's own brackets."""
    return [q["sql"] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK"))]


@pytest.fixture
def clerk(sign_in) -> Client:
    client: Client = sign_in("clerk")
    client.get(URL)  # the session row and the snapshots are warm, as in the middle of a morning
    return client


def test_an_empty_form_opens_on_twelve_queries(clerk, county):
    with CaptureQueriesContext(connection) as queries:
        answer = clerk.get(URL)
    assert answer.status_code == 200
    assert len(spent(queries)) <= 12, spent(queries)


def test_one_visit_becomes_one_case_on_twelve_queries(clerk, county):
    data = form(county)
    clerk.post(f"/drafts/petition.register/{data['submission']}/", data)
    with CaptureQueriesContext(connection) as queries:
        answer = clerk.post(URL, data)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert len(spent(queries)) <= 12, spent(queries)
    petition = Petition.objects.select_related("case").get()
    assert answer["Location"] == f"{URL}?done={petition.case.number}"
    assert [p.text for p in Point.objects.filter(petition=petition)] == ["重新丈量", "拆除越界部分"]
    person = Party.objects.get()
    assert (person.sex, str(person.born_on), person.phone_masked) == ("2", "1949-12-31", "138****2046")
    assert ID not in person.id_token
    assert not Draft.objects.exists()


def test_saving_and_printing_comes_back_to_an_empty_form_with_the_receipt_in_a_frame(clerk, county):
    answer = clerk.post(URL, {**form(county), "print": "1"}, follow=True)
    number = Case.objects.get().number
    page = answer.content.decode()
    assert f"/petitions/{number}/receipt/?print=1" in page
    assert number in page
    assert "陈桂兰" not in page


def test_the_same_submission_twice_is_one_case_and_one_answer(clerk, county):
    data = form(county)
    first, second = clerk.post(URL, data), clerk.post(URL, data)
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1
    assert clerk.get(f"{URL}?draft={data['submission']}")["Location"].endswith("/receipt/")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"people-0-id_number": "110105194912310021"}, "校验"),
        ({"people-0-sex": "1"}, "性别不一致"),
        ({"people-0-phone": "12345"}, "联系电话"),
        ({"people-0-name": "", "people-0-id_number": ""}, "请填写姓名"),
        ({"people-0-area": "", "people-0-address": ""}, "请填写现住村"),
        ({"title": ""}, "请填写诉求标题"),
        ({"topic": "", "topic_text": "天上的事"}, "“天上的事”没有找到"),
        ({"area": ""}, "请选择问题发生地"),
        ({"points-0-text": "", "points-1-text": ""}, "逐项写明"),
        ({"is_oral": "on"}, "宣读记录"),
        ({"has_agent": "on", "agent_name": "陈强"}, "代理权限依据"),
        ({"received_on": (clock.today() + timedelta(days=1)).isoformat()}, "不能晚于今天"),
        ({"handling": "answer"}, "请写明当场答复的内容"),
        ({"purpose": "03", "handling": "answer", "answer_text": "好"}, "不能当场答复"),
        ({"repeat_of": "370685-2020-000001"}, "没有找到要关联的案件"),
    ],
)
def test_what_is_wrong_is_said_and_everything_typed_stays(clerk, county, changes, words):
    answer = sent(clerk, county, **changes)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "信访人称：邻居翻建院墙时向东移约0.6米" in page
    assert ('value="拆除越界部分"' in page) is ("points-1-text" not in changes)
    assert not Case.objects.exists()


def test_anonymous_needs_nobody(clerk, county):
    answer = sent(clerk, county, **{"is_anonymous": "on", "people-0-name": "", "people-0-id_number": "", "people-0-phone": ""})
    assert answer.status_code == 302
    assert Case.objects.get().subject == "匿名"
    assert not Party.objects.exists()


def test_a_group_has_at_most_five_representatives(clerk, county):
    people: dict[str, str] = {"people-TOTAL_FORMS": "6", "headcount": "30"}
    for n in range(6):
        people |= {f"people-{n}-name": "代表" + "甲乙丙丁戊己"[n], f"people-{n}-id_number": "", f"people-{n}-address": "九曲村"}
    assert sent(clerk, county, **people).status_code == 422
    people["people-5-DELETE"] = "on"
    assert sent(clerk, county, **people).status_code == 302
    assert set(Party.objects.values_list("position", flat=True)) == {"representative"}
    assert Case.objects.get().subject == "代表甲等30人"


def test_five_written_down_came_as_five_whatever_the_number_says(clerk, county):
    people: dict[str, str] = {"people-TOTAL_FORMS": "5", "headcount": "4"}
    for n in range(5):
        people |= {f"people-{n}-name": "代表" + "甲乙丙丁戊"[n], f"people-{n}-id_number": "", f"people-{n}-address": "九曲村"}
    assert sent(clerk, county, **people).status_code == 302
    assert Case.objects.get().headcount == 5
    assert set(Party.objects.values_list("position", flat=True)) == {"representative"}


def test_agent_flags_respondent_and_source_are_kept(clerk, county):
    sent(
        clerk,
        county,
        channel="708",
        source="3",
        source_number="烟热转〔2026〕12号",
        has_agent="on",
        agent_name="陈强",
        agent_phone="13900001111",
        agent_relation="近亲属",
        agent_authority="户口簿",
        respondent="",
        respondent_text="陈德旺",
        flags=["yybz", "sqbz"],
        care_needs=["elder"],
        prior_places=["village", "town"],
        is_oral="on",
        is_read_back="on",
    )
    petition = Petition.objects.get()
    assert (petition.source_number, petition.respondent_name, petition.is_oral) == ("烟热转〔2026〕12号", "陈德旺", True)
    assert petition.read_back_at is not None
    assert (petition.flags, petition.care_needs, petition.prior_places) == (["yybz", "sqbz"], ["elder"], ["village", "town"])
    assert Party.objects.get(position="agent").authority == "户口簿"


def test_answered_on_the_spot_in_one_go_or_not_at_all(clerk, county):
    data = form(
        county,
        **{
            "handling": "answer",
            "outcome": "explained",
            "answer_text": "已解释政策。",
            "points-0-support": "1",
            "points-0-result": "已约定周三丈量",
            "points-0-ground": "土地管理法第十四条",
        },
    )
    assert clerk.post(URL, data).status_code == 422
    assert not Case.objects.exists()
    data |= {"points-1-support": "1", "points-1-result": "丈量后处理", "points-1-ground": "同上"}
    assert clerk.post(URL, data).status_code == 302
    assert Case.objects.get().state == "reported"
    assert clerk.post(URL, data).status_code == 302
    assert Case.objects.count() == 1


def test_a_clerk_of_a_village_room_is_not_offered_to_answer(sign_in, county):
    page = sign_in("village_cadre").get(URL).content.decode()
    assert 'value="answer"' not in page
    assert sign_in("leader").get(URL).status_code == 403


def test_linked_as_repeat_and_merged_after_saving(sign_in, county):
    earlier = walk.registered(county).case
    assert sent(sign_in("clerk"), county, repeat_of=earlier.number, repeat_reason="同一证件号").status_code == 302
    assert Link.objects.get().kind == "repeat"
    for name in ("office", "clerk"):
        assert sent(sign_in(name), county, merge_into=earlier.number, repeat_reason="同一事项").status_code == 302
        assert Link.objects.filter(kind="merged", target=earlier, by=county.people[name]).count() == 1
    before = Case.objects.count()
    assert sent(sign_in("village_cadre"), county, merge_into=earlier.number).status_code == 403
    assert Case.objects.count() == before


def test_a_draft_comes_back_as_it_was_even_half_typed(clerk, county):
    data = form(county, **{"people-0-id_number": "1101051949", "topic": "", "topic_text": "宅基", "points-TOTAL_FORMS": "3", "points-2-text": "赔偿"})
    key = data["submission"]
    assert clerk.post(f"/drafts/petition.register/{key}/", data).status_code == 204
    assert "陈桂兰 邻居砌墙占用宅基地" in clerk.get(URL).content.decode()
    page = clerk.get(f"{URL}?draft={key}").content.decode()
    for kept in ("陈桂兰", "1101051949", "宅基", "赔偿", "已恢复草稿", str(key)):
        assert kept in page
    assert "errsum" not in page


def test_files_uploaded_while_typing_go_to_the_case(clerk, county):
    data = form(county)
    answer = clerk.post(f"/drafts/petition.register/{data['submission']}/files/", {"file": SimpleUploadedFile("宅基地证.pdf", b"%PDF-1.4 x")})
    assert answer.status_code == 201
    assert "宅基地证" in clerk.get(f"{URL}?draft={data['submission']}").content.decode()
    clerk.post(URL, data)
    assert Attachment.objects.get().case == Case.objects.get()


def test_a_protected_matter_says_who_will_see_it(clerk, county):
    page = sent(clerk, county, purpose="03", title="").content.decode()
    assert "纪检联络员" in page
    assert sent(clerk, county, purpose="03").status_code == 302
    assert Case.objects.get().confidential


def test_same_as_last_time_carries_numbers_unseen(clerk, county):
    earlier = walk.registered(county).case
    answer = clerk.get(f"{URL}same/{earlier.number}/").json()
    assert answer["person"]["id_masked"] == "110105********0002"
    assert EARLIER_ID not in str(answer)
    assert answer["matter"]["topic"]["value"] == "010303"
    sent(clerk, county, **{"people-0-id_number": "", "people-0-phone": "", "people-0-carry": str(answer["person"]["carry"])})
    newest = Party.objects.order_by("-id")[0]
    assert newest.id_index == cipher.blind_index("id", EARLIER_ID)
    assert newest.phone_masked == "138****2046"


def test_same_as_last_time_is_silent_outside_the_scope(sign_in, county):
    earlier = walk.registered(county).case
    assert sign_in("other_handler").get(f"{URL}same/{earlier.number}/").status_code == 404


def test_the_deadline_is_said_before_saving(clerk, county):
    day = clock.today()
    page = clerk.get(f"{URL}limits/?received_on={day.isoformat()}").content.decode()
    due = day + timedelta(days=15)
    assert f"{due.month}月{due.day}日前" in page or f"{due:%Y-%m-%d}前" in page


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("/petitions/lookups/categories/?q=010303", "010303"),
        ("/lookups/areas/?q=jqc", "九曲村"),
        ("/lookups/areas/?q=九曲", "九曲村"),
        ("/lookups/units/?q=水务", "招远市水务局"),
        ("/lookups/units/?q=swj", "招远市水务局"),
    ],
)
def test_type_aheads_find_by_code_initials_and_words(clerk, county, url, found):
    first = clerk.get(url).json()[0]
    assert found in (str(first["value"]) + first["label"])
