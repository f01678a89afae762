"""What each paper of supervision and leadership must say (L-PET-70, appendices F7 and F12), read off the paper itself."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from casework import documents
from casework.models import Document
from organisations import clock
from petitions.actions import advising, leading, supervision
from tests.factories import petitions, supervised
from tests.factories.supervised import first

pytestmark = pytest.mark.django_db
#: A working Monday without a holiday near it.
MONDAY = datetime(2026, 11, 9, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def words_of(paper: Document) -> str:
    """The paper as read aloud: no tags, no blanks."""
    html = documents.html(paper)
    html = re.sub(r"<(style|head)\b.*?</\1>", "", html, flags=re.S)
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html))


def paper_of(petition, code: str) -> Document:
    return Document.objects.filter(case=petition.pk, paper=code).order_by("-id")[0]


def test_p17_supervision_letter_says_matter_trigger_requirement_term_and_contact(county):
    with clock.at(MONDAY):
        petition = supervised.running_supervision(county)
    paper = paper_of(petition, "P17")
    assert paper.number == "县中心督〔2026〕1号"
    assert paper.unit == county.units["centre"]
    text = words_of(paper)
    for said in (
        "招远市自然资源和规划局：",
        "关于“邻居砌墙占用宅基地”信访事项的督办函",
        f"信访事项（编号：{petition.case.number}）“邻居砌墙占用宅基地”由你单位承办",
        "存在以下应当督办的情形：无正当理由未按规定期限办结。",
        "已超过办理期限仍未答复。",
        "请于2026年11月23日前依法办结并答复信访人，并书面反馈办理结果。",
        "逾期未办或者无正当理由未反馈的，将按照《信访工作条例》第三十九条、第四十条处理。",
        "联系单位：招远市群众工作中心，电话：0535-8210000",
        "2026年11月9日",
    ):
        assert said in text, said
    assert "陈桂兰" not in text
    assert "查询码" not in text


def test_p18_urging_slip_counts_and_says_how_late(county):
    with clock.at(MONDAY):
        number = petitions.accepted(county).case.number
    with clock.at(MONDAY + timedelta(days=25)):
        supervision.urge(number, words="请抓紧办理", by=county.scope("office"))
        petition = supervision.urge(number, words="请抓紧办理", by=county.scope("office"))
    text = words_of(paper_of(petition, "P18"))
    assert "信访事项催办单" in text
    assert "“承诺办：承诺的办结日期”的期限为2026年11月29日，已超过5天。现作第2次催办。请抓紧办理。" in text
    assert "招远市自然资源和规划局：" in text


def test_p19_advice_says_kind_facts_proposal_and_until_when_and_p20_answers_it(county):
    with clock.at(MONDAY):
        petition = supervised.advised(county)
        advising.answer_advice(
            petition.case.number, no=first(petition.advices), is_adopted=False, text="现行制度已有规定，拟加强执行。", by=county.scope("head")
        )
    letter, answer = paper_of(petition, "P19"), paper_of(petition, "P20")
    text = words_of(letter)
    for said in (
        "改进工作建议书",
        "同类越界纠纷今年已有五件，均因批前未到现场。",
        "根据《信访工作条例》第四十条，提出改进工作建议如下：建议建立批前现场丈量制度。",
        "并于2026年12月9日前将是否采纳及采纳情况书面反馈我中心。",
    ):
        assert said in text, said
    assert answer.unit == county.units["land"]
    assert answer.number == "自然资源局反馈〔2026〕1号"
    text = words_of(answer)
    for said in ("招远市群众工作中心：", f"{letter.number}收悉。", "未予采纳", "现行制度已有规定，拟加强执行。"):
        assert said in text, said


def test_p24_reception_record_has_every_entry_of_the_law(county):
    with clock.at(MONDAY):
        number = petitions.registered(county).case.number
        petition = leading.record_reception(
            number,
            leader_id=county.people["leader"].id,
            mode="3",
            on=clock.today(),
            place="九曲村委会",
            opinion="请自然资源局三日内到现场丈量。",
            unit_id=county.units["land"].id,
            due_on=clock.today() + timedelta(days=15),
            by=county.scope("office"),
        )
    text = words_of(paper_of(petition, "P24"))
    for said in (
        "领导接访记录",
        "接访领导李建国职务县中心领导",
        "接访日期2026年11月9日接访方式带案下访",
        "接访地点九曲村委会",
        "来访人陈桂兰人数1人",
        "邻居翻建院墙时向东移约0.6米",
        "领导意见请自然资源局三日内到现场丈量。",
        "责任单位招远市自然资源和规划局办结时限2026年11月24日",
    ):
        assert said in text, said


def test_p25_sponsorship_form_holds_the_three_parties_and_at_the_end_the_work_and_the_result(county):
    with clock.at(MONDAY):
        petition = supervised.sponsored(county)
        number = petition.case.number
        leading.record_sponsor_work(number, kind="visit", on=clock.today(), words="入户听取意见", by=county.scope("leader"))
        leading.record_sponsor_work(number, kind="warning", on=clock.today(), words="近期可能去市里", by=county.scope("village_cadre"))
        begun = words_of(paper_of(petition, "P25"))
        leading.end_sponsorship(number, result="双方签订协议，息诉息访。", by=county.scope("leader"))
    ended = words_of(paper_of(petition, "P25"))
    for said in (
        "领导包案登记表",
        "信访人陈桂兰包案领导李建国",
        "承办单位招远市自然资源和规划局协助单位九曲村群众工作室",
        "包案期间2026年11月9日至2027年2月7日",
        "包掌握情况、包思想教育、包解决化解、包息诉息访",
        "重新丈量，邻里调解，落实排水。",
    ):
        assert said in begun, said
        assert said in ended, said
    assert "息诉息访。" not in begun.split("化解结果")[1]
    for said in (
        "走访约谈2026年11月9日，李建国：入户听取意见。",
        "动态预警2026年11月9日，九曲村群众工作室：近期可能去市里。",
        "化解结果双方签订协议，息诉息访。",
    ):
        assert said in ended, said


def test_p26_urgent_report_keeps_the_three_times_and_every_line_of_f12(county):
    with clock.at(MONDAY):
        petition = petitions.accepted(county)
        advising.report_urgent(
            petition.case.number,
            known_at=MONDAY - timedelta(hours=2, minutes=10),
            phoned_at=MONDAY - timedelta(hours=1, minutes=55),
            happened="11月9日7时50分，镇政府门前",
            batches=1,
            people=32,
            demands="要求支付拆迁款，组织者不详",
            scene="聚集在门前，未堵门",
            measures="已到场疏导，引导派代表座谈",
            phone="0535-8210000",
            recipients="市委、市政府，上一级信访部门",
            by=county.scope("town_handler"),
        )
    paper = paper_of(petition, "P26")
    text = words_of(paper)
    for said in (
        "重大紧急信访信息报告",
        "市委、市政府，上一级信访部门：",
        "报告单位阜山镇群众工作站书面报告时间2026年11月9日10时00分",
        "知悉时间2026年11月9日7时50分电话报告时间2026年11月9日8时05分",
        "发生时间地点11月9日7时50分，镇政府门前",
        "人数1批次32人次",
        "诉求与组织者要求支付拆迁款，组织者不详。",
        "现场情况聚集在门前，未堵门。",
        "已采取措施已到场疏导，引导派代表座谈。",
        "需上级协调无",
        "报告人张磊电话0535-8210000",
    ):
        assert said in text, said
    assert petition.urgent_reports.get().unit == county.units["fushan"]


def test_the_papers_become_pdf(county):
    petition = supervised.running_supervision(county)
    assert documents.render(paper_of(petition, "P17")).startswith(b"%PDF-")
