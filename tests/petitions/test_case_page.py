"""The case page over HTTP: what it shows, to whom, in how many statements."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework import registry
from casework.models import Case, Deadline, Follow, Link, Party, Viewing
from organisations import clock
from organisations.models import Absence, AccessEntry
from petitions import actions
from petitions.rules import STEPS
from petitions.views.registry import REGISTRY, arranged, front
from tests.factories import petitions, reviews, terms
from tests.factories.five import declining, joint_reported

pytestmark = pytest.mark.django_db

#: The issue's budget for a whole page, user and posts included.
MOST_QUERIES = 12


def url(petition, rest: str = "") -> str:
    return f"/petitions/{petition.case.number}/{rest}"


@pytest.mark.parametrize(
    ("made", "person"),
    [
        ("registered", "office"),
        ("registered", "clerk"),
        ("routed", "handler"),
        ("routed", "village_cadre"),
        ("signed", "handler"),
        ("accepted", "handler"),
        ("investigated", "handler"),
        ("prepared", "head"),
        ("replied", "handler"),
        ("delivered", "handler"),
        ("reported", "office"),
        ("fed_back", "office"),
        ("closed", "auditor"),
        ("closed", "office"),
    ],
)
def test_a_page_takes_at_most_twelve_statements_whatever_its_state(county, sign_in, made, person):
    petition = getattr(petitions, made)(county)
    client = sign_in(person)
    client.get(url(petition))
    with CaptureQueriesContext(
        connection,
    ) as spent:
        answer = client.get(url(petition))
    assert answer.status_code == 200
    assert len(spent) <= MOST_QUERIES, "\n".join(q["sql"][:150] for q in spent)


def test_the_length_of_the_history_does_not_matter(county, sign_in):
    petition = petitions.accepted(county)
    for n in range(130):
        actions.note(petition.case.number, text=f"第{n}次电话", by=county.scope("handler"))
    client = sign_in("handler")
    client.get(url(petition))
    with CaptureQueriesContext(connection) as spent:
        page = client.get(url(petition)).content.decode()
    assert len(spent) <= MOST_QUERIES
    assert "第129次电话" in page
    assert "第3次电话" not in page
    assert "更早的记录" in page
    older = client.get(url(petition), {"before": "35"}).content.decode()
    assert "第3次电话" in older


def test_outside_the_scope_is_a_number_that_does_not_exist(county, sign_in):
    petition = petitions.registered(county)
    client = sign_in("other_handler")
    there, nowhere = client.get(url(petition)), client.get("/petitions/370685-2026-999999/")
    assert there.status_code == nowhere.status_code == 404
    assert _plain(there, petition.case.number) == _plain(nowhere, "370685-2026-999999")
    assert not Viewing.objects.exists()
    for rest in ("follow/", "attach/"):
        assert client.post(url(petition, rest)).status_code == 404
    assert client.get(url(petition, f"deadlines/{Deadline.objects.get(case=petition.case).pk}/")).status_code == 404


def _plain(answer, number: str) -> str:
    """The page without what differs between any two requests: the tokens and the address asked for."""
    return re.sub(r'"[A-Za-z0-9]{64}"', "", answer.content.decode()).replace(number, "")


def test_one_line_says_state_unit_person_since_and_what_comes_next(county, sign_in):
    page = sign_in("handler").get(url(petitions.signed(county))).content.decode()
    line = page[page.index("casehead__line") : page.index("casehead__flow")]
    assert all(words in line for words in ("已签收待受理", "自然资源局", "王海涛", "受理告知", "自然资源局的承办人、单位负责人"))
    assert "首接" in page
    assert "刘晓燕" in page


def test_numbers_are_masked_and_one_click_shows_one_field_and_is_logged(county, sign_in):
    petition = petitions.registered(county)
    client = sign_in("office")
    page = client.get(url(petition)).content.decode()
    assert "110105194912310002" not in page
    assert "13800132046" not in page
    assert "138****2046" in page
    party = Party.objects.get(case=petition.case)
    shown = client.post(f"/parties/{party.pk}/reveal/phone/", headers={"hx-request": "true"})
    assert "13800132046" in shown.content.decode()
    assert "110105194912310002" not in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    entry = AccessEntry.objects.get(event=AccessEntry.Event.REVEAL)
    assert (entry.user, entry.field, entry.object_id) == (county.people["office"], "电话", str(petition.pk))
    assert client.get(f"/parties/{party.pk}/reveal/phone/").status_code == 405
    assert sign_in("other_handler").post(f"/parties/{party.pk}/reveal/phone/").status_code == 404
    assert AccessEntry.objects.filter(event=AccessEntry.Event.REVEAL).count() == 1


def protected(county):
    return petitions.registered(county, purpose="03", respondent_unit_id=county.units["land"].id, respondent_name="王海涛")


def test_a_protected_case_asks_for_a_ground_before_it_shows_a_field(county, sign_in):
    petition = protected(county)
    party = Party.objects.get(case=petition.case)
    client = sign_in("discipline")
    refused = client.post(f"/parties/{party.pk}/reveal/id/", headers={"hx-request": "true"})
    assert refused.status_code == 422
    assert 'name="ground"' in refused.content.decode()
    assert not AccessEntry.objects.filter(event=AccessEntry.Event.REVEAL).exists()
    shown = client.post(f"/parties/{party.pk}/reveal/id/", {"ground": "核实举报人身份"})
    assert "110105194912310002" in shown.content.decode()
    assert AccessEntry.objects.get(event=AccessEntry.Event.REVEAL).ground == "核实举报人身份"


def test_the_unit_complained_about_never_sees_the_case(county, sign_in):
    petition = protected(county)
    for person in ("handler", "head", "office", "auditor", "leader"):
        assert sign_in(person).get(url(petition)).status_code == 404, person
    assert sign_in("discipline").get(url(petition)).status_code == 200


def test_who_looked_is_on_the_page_and_looking_twice_is_one_row(county, sign_in):
    petition = petitions.registered(county)
    sign_in("clerk2").get(url(petition))
    sign_in("clerk2").get(url(petition))
    page = sign_in("office").get(url(petition)).content.decode()
    seen = page[page.index('id="seen"') :]
    assert "王丽丽" in seen
    assert "2 次" in seen
    assert Viewing.objects.get(case=petition.case, user=county.people["clerk2"]).times == 2


def test_following_is_switched_on_and_off(county, sign_in):
    petition = petitions.registered(county)
    client = sign_in("office")
    for _ in range(2):
        assert client.post(url(petition, "follow/"), {"on": "1"}).status_code == 303
    assert Follow.objects.filter(case=petition.case).count() == 1
    assert "已关注" in client.get(url(petition)).content.decode()
    client.post(url(petition, "follow/"), {"on": "0"})
    assert not Follow.objects.exists()


def test_a_due_date_explains_itself_day_by_day(county, sign_in):
    petition = petitions.routed(county)
    deadline = Deadline.objects.get(case=petition.case, key="pet.object")
    answer = sign_in("handler").get(url(petition, f"deadlines/{deadline.pk}/"), headers={"hx-request": "true"})
    words = answer.content.decode()
    assert "<html" not in words
    assert "《信访工作条例》第二十三条第三款" in words
    assert "起算当日，不计入" in words
    assert "24时届满" in words
    assert "第5个工作日为" in words
    assert words.count('why__no">') >= 2
    assert "<html" in sign_in("handler").get(url(petition, f"deadlines/{deadline.pk}/")).content.decode()


def test_somebody_elses_act_in_between_is_told_and_the_text_stays(county, sign_in):
    petition = petitions.accepted(county)
    client = sign_in("handler")
    version = Case.objects.get(pk=petition.pk).version
    actions.note(petition.case.number, text="同事先写了一条", by=county.scope("handler2"))
    answer = client.post(url(petition, "note/"), {"version": version, "text": "我写了半小时的内容"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "刚被其他同事更新" in page
    assert "我写了半小时的内容" in page
    assert "同事先写了一条" in page
    again = client.post(url(petition, "note/"), {"version": version + 1, "text": "我写了半小时的内容"})
    assert again.status_code == 303


def test_both_versions_stand_side_by_side_and_one_click_goes_on(county, sign_in):
    petition = petitions.accepted(county)
    client = sign_in("handler")
    version = Case.objects.get(pk=petition.pk).version
    by = county.scope("handler2")
    actions.answer_point(petition.case.number, no=1, support="1", result="同事查明越界半米。", ground="民法典", by=by)
    actions.note(petition.case.number, text="同事先写了一条", by=by)
    mine = {"version": version, "no": 1, "support": "3", "result": "我查明没有越界。", "ground": "土地管理法"}
    answer = client.post(url(petition, "answer_point/"), mine)
    assert answer.status_code == 409
    conflict = answer.context["conflict"]
    assert [line.entry.act for line in conflict.theirs] == ["petition.note", "petition.answer_point"]
    assert ("处理意见", "不予支持") in conflict.mine
    assert ("处理结果", "我查明没有越界。") in conflict.mine
    page = answer.content.decode()
    part = page[page.index("conflict-title") :]
    assert "同事查明越界半米" in part
    assert "宋涛" in part
    assert "在最新情况上接着写" in part
    assert f'name="version" value="{version + 2}"' in page
    assert client.post(url(petition, "answer_point/"), {**mine, "version": version + 2}).status_code == 303


def test_the_acts_are_laid_out_by_what_comes_next(county, sign_in):
    petition = petitions.accepted(county)
    answer = sign_in("handler").get(url(petition))
    acts = answer.context["acts"]
    shown = [choice.code for choice in acts.shown]
    assert shown[0] == "prepare"
    assert acts.shown[0].missing == 3
    assert {"answer_point", "hear", "investigate"} <= set(shown)
    assert len(shown) <= registry.MOST_SHOWN
    assert "withdraw" in [choice.code for choice in acts.apart]
    page = answer.content.decode()
    assert "更多操作" in page
    everything = [*shown, *(choice.code for _, rows in acts.groups for choice in rows), *(choice.code for choice in acts.apart)]
    assert len(everything) == len(set(everything))
    assert all(f'?act={code}#act"' in page for code in everything)
    opened = sign_in("handler").get(url(petition), {"act": "withdraw"})
    assert "withdraw" in [choice.code for choice in opened.context["acts"].shown]


def test_every_act_has_its_group():
    for code in STEPS:
        if code in REGISTRY:
            assert registry.group_of(code, arranged.LAYOUT.groups) != "办理" or code in front.ACTS


def test_what_is_missing_leads_only_to_what_can_be_done_now(county, sign_in):
    """A task the other unit has not reported yet cannot be confirmed: the sentence stood beside a link that led to a refusal."""
    number = joint_reported(county).case.number
    handler = sign_in("handler")
    actions.sign(number, by=county.scope("handler"))
    actions.accept(number, words="已收到，将依法调查核实。", by=county.scope("handler"))
    actions.return_task(number, no=1, reason="没有说明清运了多少", by=county.scope("handler"))

    def leads_to() -> set[str]:
        page = handler.get(f"/petitions/{number}/", {"act": "prepare"}).content.decode()
        missing = page[page.index("提交前还差") :]
        return set(re.findall(r"act=(\w+)", missing[: missing.index("</ul>")]))

    assert leads_to() == {"hear", "investigate", "answer_point"}
    actions.report_task(number, no=1, result="已清运十二车", by=county.scope("water_handler"))
    assert leads_to() == {"hear", "investigate", "answer_point", "confirm_task"}


def test_what_is_missing_is_said_and_what_was_typed_stays(county, sign_in):
    petition = petitions.accepted(county)
    typed = {"version": petition.case.version, "on": "不是日期", "officers": "王海涛", "words": "陈述了经过"}
    answer = sign_in("handler").post(url(petition, "hear/"), typed)
    assert answer.status_code == 422
    assert "日期看不懂" in answer.content.decode()
    assert "陈述了经过" in answer.content.decode()
    typed["on"] = "2026-01-05"
    one_officer = sign_in("handler").post(url(petition, "hear/"), typed)
    assert one_officer.status_code == 422
    assert "不少于2人" in one_officer.content.decode()


def test_a_draft_of_a_long_form_is_there_when_it_is_opened_again(county, sign_in):
    petition = petitions.accepted(county)
    client = sign_in("handler")
    answer = client.get(url(petition), {"act": "hear"})
    client.post(answer.context["draft_url"], {"words": "写到一半", "draft_label": answer.context["draft_label"]})
    assert "写到一半" in client.get(url(petition), {"act": "hear"}).content.decode()
    assert "写到一半" not in sign_in("handler2").get(url(petition), {"act": "hear"}).content.decode()


def test_the_ladder_asks_step_by_step_and_proposes_a_route(county, sign_in):
    petition = petitions.registered(county)
    client = sign_in("office")
    first = client.get(url(petition), {"act": "guide"})
    assert first.context["ladder_question"].key == "report"
    third = client.get(url(petition), {"act": "guide", "q_report": "no", "q_court": "no"})
    assert third.context["ladder_question"].key == "arbitration"
    proposed = client.get(url(petition), {"act": "guide", "q_report": "no", "q_court": "no", "q_arbitration": "labour"})
    assert proposed.context["ladder_question"] is None
    assert "R07" in proposed.context["form"].initial["routes"]
    assert "劳动人事争议仲裁" in proposed.content.decode()
    declining = client.get(url(petition), {"act": "decline", "q_report": "no", "q_court": "no", "q_arbitration": "labour"})
    assert declining.context["form"].initial["code"] == "A5"


def test_linked_cases_show_only_to_who_may_see_them_and_a_merge_is_undone(county, sign_in):
    main = petitions.registered(county, area_id=county.areas["dongliang"].id)
    child = petitions.registered(county)
    actions.merge(child.case.number, into=main.case.number, reason="同一事项", by=county.scope("office"))
    assert main.case.number in sign_in("office").get(url(child)).content.decode().split('id="related"')[1]
    assert main.case.number not in sign_in("village_cadre").get(url(child)).content.decode().split('id="related"')[1]
    page = sign_in("office").get(url(child)).content.decode()
    assert "解除并案" in page
    version = Case.objects.get(pk=child.pk).version
    assert sign_in("office").post(url(child, "unmerge/"), {"version": version, "reason": "不是一件事"}).status_code == 303
    assert Link.objects.get(source=child.case).undone_at is not None


def test_the_list_one_came_from_leads_on(county, sign_in):
    first, second = petitions.registered(county), petitions.registered(county)
    client = sign_in("office")
    page = client.get(url(first), {"list": "status=open"}).content.decode()
    assert 'data-key="J"' in page
    assert 'data-key="K"' in page
    answer = client.get(url(first, "beside/next/"), {"list": "status=open"})
    back = client.get(url(first, "beside/previous/"), {"list": "status=open"})
    assert second.case.number in {answer.url.split("/")[2], back.url.split("/")[2]}
    assert answer.url.endswith("?list=status%3Dopen")
    assert 'data-key="J"' not in client.get(url(first)).content.decode()


#: What an act costs beside its own writes: user, posts, the case, its rows, the lock. Measured, so that it is noticed when it grows.
ACT_QUERIES = {"sign": 12, "route": 20, "accept": 24}


@pytest.mark.parametrize(
    ("code", "made", "person"), [("sign", "routed", "handler"), ("route", "registered", "office"), ("accept", "signed", "handler")]
)
def test_an_act_takes_a_fixed_number_of_statements(county, sign_in, code, made, person):
    petition = getattr(petitions, made)(county)
    data = {"version": petition.case.version, "words": "请办理。", "mode": "LJB", "to_unit_id": county.units["land"].id, "duty": "forward"}
    client = sign_in(person)
    with CaptureQueriesContext(connection) as spent:
        answer = client.post(url(petition, f"{code}/"), data)
    assert answer.status_code == 303
    own = [q["sql"] for q in spent if "SAVEPOINT" not in q["sql"]]
    assert len(own) <= ACT_QUERIES[code], "\n".join(sql[:160] for sql in own)


def test_a_field_left_empty_says_which_one_it_is(county, sign_in):
    petition = petitions.accepted(county)
    refused = sign_in("head").post(url(petition, "suspend/"), {"version": petition.case.version})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "请填写预计恢复日期。" in page
    assert "该字段是必填项" not in page


@pytest.mark.parametrize(
    ("person", "code", "why"),
    [
        ("handler", "deliver", "不能“{}”"),
        ("handler", "reply_supervision", "本件现在没有需要您“{}”的事"),
        ("clerk", "prepare", "“{}”由"),
    ],
)
def test_an_act_that_cannot_be_done_now_says_why_and_opens_no_other(county, sign_in, person, code, why):
    page = sign_in(person).get(url(petitions.accepted(county)), {"act": code}).content.decode()
    assert why.format(STEPS[code].label) in page
    assert 'id="act-form"' not in page
    assert "您写的内容仍在下面" not in page


@pytest.mark.parametrize(
    ("made", "code", "proposer", "signer"),
    [
        (petitions.prepared, "reply", "handler", "head"),
        (terms.extension_asked, "approve_extension", "handler", "head"),
        (reviews.review_drafted, "decide_review", "review_handler", "review_head"),
        (declining, "approve_decline", "office", "centre_head"),
    ],
)
def test_who_proposed_is_not_offered_the_decision_in_a_colleagues_name(county, sign_in, made, code, proposer, signer):
    """L-PET-51, L-PET-71: neither does the action take it, so there is no button; another colleague who stands in has it."""
    petition, today = made(county), clock.today()
    offered = f"?act={code}#act"
    assert offered in sign_in(signer).get(url(petition)).content.decode()
    for substitute, is_offered in ((proposer, False), ("handler2", True)):
        absence = Absence.objects.create(
            user=county.people[signer], substitute=county.people[substitute], from_on=today, until_on=today, entered_by=county.people[signer]
        )
        assert (offered in sign_in(substitute).get(url(petition)).content.decode()) is is_offered
        absence.delete()


def test_an_act_nobody_knows_opens_the_page_as_it_is(county, sign_in):
    assert 'id="act-form"' in sign_in("handler").get(url(petitions.accepted(county)), {"act": "nothing"}).content.decode()


def test_a_file_with_a_label_shows_its_own_name_too(county, sign_in):
    petition = petitions.accepted(county)
    client = sign_in("handler")
    upload = SimpleUploadedFile("丈量草图.pdf", b"%PDF-1.4 1 0 obj<<>>endobj trailer<<>>%%EOF", content_type="application/pdf")
    assert client.post(url(petition, "attach/"), {"files": upload, "label": "现场材料"}).status_code == 303
    page = client.get(url(petition)).content.decode()
    assert "现场材料<small>丈量草图.pdf · " in page
