"""No template, no echo, no shrug goes out as an answer; and the preview is the letter (§32, opening 19, L-PET-70)."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from casework import wording
from casework.models import Case, Document, Entry
from casework.rules import NotAllowed
from organisations import clock
from petitions import actions, rules
from petitions.models import Guidance, Point, Reply
from tests.factories import petitions


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("补偿款{金额}元已发放", "补偿款{金额}元已发放"),
        ("由｛单位｝负责", "由｛单位｝负责"),
        ("××年××月办结", "××年××月办结"),
        ("由XX公司支付", "由XX公司支付"),
        ("〔　〕号文件", "〔　〕号文件"),
        ("根据【】规定", "根据【】规定"),
        ("补偿款【…】元", "补偿款【…】元"),
        ("由【……】村委会整改", "由【……】村委会整改"),
        ("于【？】日前付清", "于【？】日前付清"),
        ("【此处填写查明的事实】", "【此处填写查明的事实】"),
        ("金额____元", "金额____元"),
        ("联系人（ ）", "联系人（ ）"),
        ("于 年 月 日前办结", "于 年 月 日前办结"),
    ],
)
def test_a_place_left_to_fill_is_found_and_quoted(text, quoted):
    assert quoted in wording.blanks_in(text)[0] or wording.blanks_in(text)[0] in quoted
    with pytest.raises(NotAllowed, match=r"处理结果.*没填的空白"):
        rules.check_filled({"处理结果": text})


def test_blanks_side_by_side_are_quoted_each_by_itself():
    """The clerk read halves of the neighbour: «}。您的请求{缺乏事实根据}，依照{法律»."""
    text = "{查明的事实}。您的请求{缺乏事实根据}，依照{条款}，不予支持。"
    assert wording.blanks_in(text) == ["{查明的事实}。您的请求", "。您的请求{缺乏事实根据}，依照", "，依照{条款}，不予支持。"]


@pytest.mark.parametrize(
    "text",
    [
        "招国土信受告〔2026〕12号",
        "依据【2019】15号文件办理",
        "出生年月日以身份证为准",
        "2026年5月1日前办结（见附件）",
        "EXXON品牌、XXL号工装",
        "3×4米、长5×宽6米",
        "A_B 两户",
    ],
)
def test_ordinary_words_are_no_blanks(text):
    assert wording.blanks_in(text) == []


@pytest.mark.parametrize(
    ("result", "ground", "code"),
    [
        ("已办结。", "民法典第二百八十八条", "result_too_short"),
        ("同上", "民法典第二百八十八条", "result_too_short"),
        ("重新丈量，确认四至！", "民法典第二百八十八条", "result_copies_demand"),
        ("经丈量确认越界。", "同上", "ground_missing"),
        ("经丈量确认越界{米数}米。", "民法典第二百八十八条", "blank_left"),
        ("经丈量确认越界。", "民法典第____条", "blank_left"),
    ],
)
def test_what_is_no_answer_to_the_point_is_refused_with_its_number(result, ground, code):
    with pytest.raises(NotAllowed, match="第1项") as refused:
        rules.check_point(rules.Answered(1, "重新丈量确认四至", result, ground))
    assert refused.value.code == code


def test_the_same_answer_to_two_points_is_pointed_out_once():
    points = [rules.Answered(no, f"诉求{no}", "经查属实，已整改。", "条例") for no in (1, 2, 3)]
    assert rules.doubts(points) == ["第 1、2、3 项的处理结果完全相同，请核对是否逐项回答。"]
    assert rules.doubts([rules.Answered(1, "a", "甲", ""), rules.Answered(2, "b", "乙", "")]) == []


pytestmark = pytest.mark.django_db


def url(petition, rest: str = "") -> str:
    return f"/petitions/{petition.case.number}/{rest}"


def test_a_blank_left_in_a_point_is_refused_at_the_field_and_by_the_machine_door(county, sign_in):
    petition = petitions.accepted(county)
    typed = {"no": 1, "support": "1", "result": "越界{米数}米，限期拆除。", "ground": "民法典"}
    answer = sign_in("handler").post(url(petition, "answer_point/"), {"version": petition.case.version, **typed})
    assert answer.status_code == 422
    assert "「越界{米数}米，限期拆除」" in answer.content.decode()
    assert not Point.objects.filter(petition=petition).exclude(result="").exists()
    with pytest.raises(NotAllowed, match="米数"):
        actions.answer_point(petition.case.number, **typed, by=county.scope("handler"))


def test_prepare_and_reply_refuse_what_was_left_unfilled(county):
    petition = petitions.investigated(county)
    say = {"outcome": "solved", "support": "1", "by": county.scope("handler")}
    with pytest.raises(NotAllowed, match=r"答复意见.*××"):
        actions.prepare(petition.case.number, text="于××日前拆除。", remedy_unit="市政府", **say)
    with pytest.raises(NotAllowed, match="复查机关"):
        actions.prepare(petition.case.number, text="支持您的请求。", remedy_unit="____市人民政府", **say)
    Point.objects.filter(petition=petition, no=2).update(ground="【】")
    with pytest.raises(NotAllowed, match="第2项依据"):
        actions.prepare(petition.case.number, text="支持您的请求。", remedy_unit="市政府", **say)
    prepared = petitions.prepared(county)
    Reply.objects.filter(petition=prepared).update(text="补偿{金额}元。")
    with pytest.raises(NotAllowed, match="金额"):
        actions.reply(prepared.case.number, by=county.scope("head"))


def test_the_words_of_accept_decline_and_guide_are_held_to_the_same(county):
    signed, fresh = petitions.signed(county), petitions.registered(county)
    with pytest.raises(NotAllowed, match="受理意见"):
        actions.accept(signed.case.number, words="于{日期}前办结。", by=county.scope("handler"))
    with pytest.raises(NotAllowed, match="救济途径"):
        actions.decline(fresh.case.number, code="A9", words="不属于本级职权范围。", remedy="可向____提出。", by=county.scope("office"))
    with pytest.raises(NotAllowed, match="告知内容"):
        actions.guide(fresh.case.number, routes=["R06"], answers={}, words="请向××申请。", by=county.scope("office"))


def test_an_old_ledgers_reply_stands_as_it_was_sent(county):
    petition = petitions.investigated(county)
    with clock.from_ledger():
        actions.prepare(
            petition.case.number, text="已转XX局办理。", outcome="explained", support="2", remedy_unit="市政府", by=county.scope("handler")
        )
    assert Reply.objects.get(petition=petition).text == "已转XX局办理。"


def test_the_form_says_what_is_missing_and_what_to_look_at_again(county, sign_in):
    page = sign_in("handler").get(url(petitions.accepted(county)), {"act": "prepare"}).content.decode()
    assert "提交前还差 3 件事" in page
    assert "?act=hear#act" in page
    page = sign_in("handler").get(url(petitions.investigated(county)), {"act": "prepare"}).content.decode()
    assert "提交前还差" not in page
    assert "第 1、2 项的处理结果完全相同" in page
    assert "第 1、2 项的处理结果完全相同" in sign_in("head").get(url(petitions.prepared(county))).content.decode()


def words_of(answer) -> str:
    assert answer.status_code == 200, answer.content.decode()[-900:]
    assert answer.headers["Content-Type"] == "application/pdf"
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).replace("\n", "")


def left_alone(petition) -> None:
    case = Case.objects.get(pk=petition.pk)
    assert case.version == petition.case.version
    assert case.state == petition.case.state
    assert Entry.objects.filter(case=case).count() == case.entries


def test_the_preview_of_a_reply_is_the_letter_and_saves_nothing(county, sign_in):
    petition = petitions.investigated(county)
    papers = Document.objects.filter(case=petition.case).count()
    typed = {"version": petition.case.version, "outcome": "solved", "support": "1", "text": "支持您的全部请求。", "remedy_unit": "招远市人民政府"}
    words = words_of(sign_in("handler").post(url(petition, "prepare/preview/"), typed))
    for part in ("支持您的全部请求", "经丈量确认越界", "民法典第二百八十八条", "招远市人民政府", "陈桂兰"):
        assert part in words
    left_alone(petition)
    assert not Reply.objects.filter(petition=petition).exists()
    assert Document.objects.filter(case=petition.case).count() == papers

    prepared = petitions.prepared(county)
    shown = words_of(sign_in("head").post(url(prepared, "reply/preview/"), {"version": prepared.case.version, "words": ""}))
    left_alone(prepared)
    actions.reply(prepared.case.number, by=county.scope("head"))
    issued = Document.objects.get(case=prepared.case, paper="P11")
    sent = words_of(sign_in("head").get(f"/papers/{issued.pk}/"))
    assert "经调查，支持您的请求" in shown
    assert _same(shown) == _same(sent.replace(issued.number, ""))


def _same(words: str) -> str:
    """The letter from its first head to its signature: what stands round it has the number and the code only an issued paper has."""
    return words.replace("（文号签发时编）", "").replace(" ", "").split("一、受理情况")[1].split("（印章）")[0]


def test_letters_of_refusal_guidance_and_acceptance_can_be_read_before(county, sign_in):
    fresh = petitions.registered(county)
    office = sign_in("office")
    typed = {"version": fresh.case.version, "code": "A9", "words": "不属于本级职权范围。", "remedy": "可向主管部门提出。"}
    assert "不予受理" in words_of(office.post(url(fresh, "decline/preview/"), typed))
    typed = {"version": fresh.case.version, "routes": ["R06"], "words": "请在期限内提出。"}
    assert "请在期限内提出" in words_of(office.post(url(fresh, "guide/preview/"), typed))
    left_alone(fresh)
    assert not Guidance.objects.exists()
    signed = petitions.signed(county)
    assert "现予受理" in words_of(sign_in("handler").post(url(signed, "accept/preview/"), {"version": signed.case.version, "words": "现予受理。"}))
    left_alone(signed)


def test_every_paper_an_act_will_make_is_shown(county, sign_in):
    """A hand-over makes two: one to the unit, one to the person. Both stand in the preview, numbers are not taken yet."""
    petition = petitions.registered(county)
    typed = {"mode": "LJB", "to_unit_id": county.units["land"].id, "duty": "forward", "words": "请三日内核查四至。"}
    client = sign_in("office")
    assert "预览要出具的文书" in client.get(url(petition), {"act": "route"}).content.decode()
    answer = client.post(url(petition, "route/preview/"), {"version": petition.case.version, **typed})
    words = words_of(answer)
    assert "转送" in words
    assert "去向" in words
    assert "请三日内核查四至" in words
    assert "%E3%80%81" in answer.headers["Content-Disposition"], "both are named"
    left_alone(petition)


def test_a_preview_refuses_as_the_act_does(county, sign_in):
    petition = petitions.investigated(county)
    typed = {"version": petition.case.version, "outcome": "solved", "support": "1", "text": "补偿{金额}元。", "remedy_unit": "市政府"}
    answer = sign_in("handler").post(url(petition, "prepare/preview/"), typed)
    assert answer.status_code == 422
    assert "金额" in answer.content.decode()
    assert sign_in("auditor").post(url(petition, "prepare/preview/"), typed).status_code == 403
    assert sign_in("other_handler").post(url(petition, "prepare/preview/"), typed).status_code == 404
    assert sign_in("handler").post(url(petition, "note/preview/"), typed).status_code == 404
