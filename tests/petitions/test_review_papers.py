"""What the papers of the review chain say, sentence by sentence: P13, P14, P15, P22 (L-PET-70, F6; P07 in test_conclude)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from casework import documents
from casework.models import Document
from organisations import clock
from petitions.actions import review as actions
from petitions.papers.letter import day_words
from tests.factories import reviews
from tests.petitions.test_record_hearing import MINUTES

pytestmark = pytest.mark.django_db


def text_of(code: str, name: str = "") -> str:
    """The paper's words without markup and white space."""
    found = Document.objects.filter(paper=code, **({"name": name} if name else {})).latest("id")
    body = documents.html(found).partition("<body")[2]
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", body))


def says(text: str, *sentences: str) -> None:
    missing = [sentence for sentence in sentences if sentence not in text]
    assert not missing, f"{missing}\n{text}"


def test_p13_application(county):
    reviews.review_asked(county)
    original = Document.objects.get(paper="P11").number
    says(
        text_of("P13", "复查申请书"),
        "信访事项复查申请书",
        "陈桂兰",
        "招远市人民政府",
        "招远市自然资源和规划局",
        original,
        day_words(clock.today()),
        reviews.REQUEST["request"],
        reviews.REQUEST["grounds"],
        "依据《信访工作条例》第三十五条，请求招远市人民政府复查",
        "真实性负责",
        "申请人签名（指印）",
    )


def test_p14_accepted_and_not(county):
    reviews.reviewing(county)
    due = day_words(clock.today() + timedelta(days=30))
    says(
        text_of("P14", "复查受理告知书"),
        "陈桂兰：",
        "的复查申请收悉",
        "招远市自然资源和规划局作出的",
        "《信访工作条例》第三十五条",
        "决定予以受理",
        f"30日内作出复查意见并书面答复你，即{due}前",
        "承办人：林复",
        "招远市人民政府",
    )
    number = reviews.review_rejecting(county).case.number
    actions.approve_reject_review(number, by=county.scope("review_head"))
    says(text_of("P14", "复查不予受理告知书"), "决定不予受理", "请求事项超出原意见的范围。", "《信访工作条例》第三十五条")


def test_p15_review_upheld(county):
    reviews.review_decided(county)
    original = Document.objects.get(paper="P11").number
    says(
        text_of("P15", "复查意见书"),
        "关于邻居砌墙占用宅基地信访事项的复查意见",
        f"复查请求人：陈桂兰。原办理机关：招远市自然资源和规划局。原意见文号：{original}。",
        reviews.REQUEST["request"],
        reviews.REQUEST["grounds"],
        f"经复查查明：{reviews.OPINION['facts']}",
        f"本机关认为：{reviews.OPINION['words']}",
        f"结论：维持招远市自然资源和规划局作出的{original}。",
        "可自收到本意见书之日起30日内，向烟台市人民政府请求复核",
    )
    assert "终结意见" not in text_of("P15")


def test_p15_changed_and_revoked(county):
    reviews.review_decided(county, conclusion="2", changed_to="退还占用的0.6米宅基地。")
    says(text_of("P15"), "结论：变更", "变更为：退还占用的0.6米宅基地。", "请求复核")
    reviews.review_decided(county, conclusion="3", redo_days=20, remedy_unit="")
    text = text_of("P15")
    says(text, "结论：撤销", "责令招远市自然资源和规划局自收到本意见书之日起20日内重新办理", "不得以同一事实和理由作出")
    assert "请求复核" not in text


def test_p15_re_review_is_the_last_word(county):
    number = reviews.rereviewing(county).case.number
    first = Document.objects.get(paper="P15").number
    reviews.call(county, number, "review_handler")
    with clock.at(clock.now() + timedelta(days=8)):
        by = county.scope("review_handler")
        actions.record_hearing(number, is_held=True, by=by, **MINUTES)
        actions.draft_review(number, by=by, **{**reviews.OPINION, "remedy_unit": ""})
        actions.decide_review(number, by=county.scope("review_head"))
        held = day_words(clock.today() - timedelta(days=1))
    says(
        text_of("P15", "复核意见书"),
        "的复核意见",
        f"你不服阜山镇群众工作站作出的{first}",
        f"本机关于{held}在县中心听证室举行了听证。",
        f"听证时间（{day_words(clock.today())}至{held}）不计算在复核期限内。",
        "本意见为信访终结意见。你以同一事实和理由再提出的，各级信访部门和其他机关、单位不再受理。",
    )
    assert "请求复核；" not in text_of("P15", "复核意见书")


def test_p22_notice_and_record(county):
    number = reviews.hearing_called(county).case.number
    held = day_words(clock.today() - timedelta(days=1))
    says(
        text_of("P22", "听证通知书"),
        "本单位决定举行听证",
        f"一、时间：{held}。",
        "二、地点：县中心听证室。",
        "三、主持人：高主持；听证员：甲听证、乙听证。",
        "陈桂兰、招远市自然资源和规划局",
        "可以申请回避",
    )
    actions.record_hearing(number, is_held=True, is_public=True, by=county.scope("handler"), **MINUTES)
    says(
        text_of("P22", "听证笔录"),
        "高主持",
        "甲听证、乙听证",
        MINUTES["attendees"],
        MINUTES["minutes"],
        MINUTES["conclusion"],
        "结论公示",
        "听证员签名",
    )
