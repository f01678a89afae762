"""What each paper of stage `letters` must hold (L-PET-70), by its frozen content and by its printed words."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from casework import documents
from casework.models import Document
from organisations import clock
from petitions import actions
from petitions.actions import annual
from petitions.rules.letters import SERVED
from tests.factories import petitions


def printed(document: Document) -> str:
    reader = PdfReader(io.BytesIO(documents.to_pdf(documents.html(document))))
    return "".join(page.extract_text() for page in reader.pages).replace("\n", "").replace(" ", "")


def one(petition, code: str) -> Document:
    return Document.objects.get(case=petition.case, paper=code)


def assigned(county):
    """A matter assigned with a report due, answered and delivered."""
    number = petitions.registered(county).case.number
    due = clock.today() + timedelta(days=40)
    actions.route(
        number, mode="LJB", to_unit_id=county.units["land"].id, words="请认真办理。", duty="assign", report_due_on=due, by=county.scope("office")
    )
    by = county.scope("handler")
    actions.sign(number, by=by)
    actions.accept(number, words="已收到。", by=by)
    actions.hear(number, on=clock.today(), officers=["王海涛", "宋涛"], place="村委会", words="陈述院墙越界经过。", by=by)
    actions.investigate(number, on=clock.today(), officers=["王海涛", "宋涛"], place="现场", words="丈量。", evidence="丈量记录", by=by)
    for no in (1, 2):
        actions.answer_point(number, no=no, support="1", result="经丈量确认越界。", ground="民法典第二百三十六条", by=by)
    actions.prepare(number, text="支持您的请求。", outcome="solved", support="1", remedy_unit="招远市人民政府", by=by)
    actions.reply(number, by=county.scope("head"))
    actions.deliver(number, delivery="1", delivered_on=clock.today(), receiver="陈桂兰", proof="送达回证", by=by)
    return actions.report(number, words="已办结，信访人表示认可。", by=by)


@pytest.mark.django_db
def test_p03_to_the_unit(county):
    text = printed(one(petitions.routed(county), "P03"))
    for words in (
        "信访事项转送单",
        "招远市自然资源和规划局：",
        "370685-",
        "（一）重新丈量确认四至",
        "15日内",
        "5个工作日",
        "请依法办理并答复",
        "联系人：孙志远",
    ):
        assert words in text
    assert "〔" in text
    assert "查询码" not in text


@pytest.mark.django_db
def test_p04_with_term_and_report_and_p21_that_answers_it(county):
    petition = assigned(county)
    order, result = one(petition, "P04"), one(petition, "P21")
    text = printed(order)
    due = clock.today() + timedelta(days=40)
    for words in ("关于交办信访事项的函", f"{due.year}年{due.month}月{due.day}日前将办理结果书面报告", "附经信访人签收的处理意见书"):
        assert words in text
    text = printed(result)
    for words in (
        "招远市自然资源和规划局文件",
        "签发人：吴刚",
        "招远市群众工作中心：",
        order.number,
        "陈桂兰",
        "反映的主要问题和诉求",
        "调查处理情况",
        "经丈量确认越界",
        "附件：信访事项处理意见书",
        "联系人：王海涛",
        "印发",
    ):
        assert words in text, words
    assert "关于陈桂兰反映邻居砌墙占用宅基地信访事项办理情况的报告" in text.replace(" ", "")


@pytest.mark.django_db
def test_a_forwarded_matter_owes_no_report_paper(county):
    assert not Document.objects.filter(case=petitions.reported(county).case, paper="P21").exists()


@pytest.mark.django_db
def test_p08_to_whom_and_when_and_whom_to_call(county):
    petition = petitions.routed(county)
    text = printed(one(petition, "P08"))
    for words in ("陈桂兰：", "招远市自然资源和规划局办理", "转送", "15日内决定是否受理", "查询码", petition.query_code, "特此告知"):
        assert words in text


@pytest.mark.django_db
def test_nobody_without_a_name_is_written_to(county):
    petition = petitions.routed(county, is_anonymous=True, people=[])
    assert set(Document.objects.filter(case=petition.case).values_list("paper", flat=True)) == {"P03"}


@pytest.mark.django_db
def test_p02_is_read_back_and_signed(county):
    petition = assigned(county)
    text = printed(one(petition, "P02"))
    for words in ("接谈", "王海涛、宋涛", "陈述院墙越界经过", "与我所说一致", "不得诬告、陷害他人"):
        assert words in text


@pytest.mark.django_db
def test_p28_says_why_and_leaves_room_for_the_answer(county):
    number = petitions.routed(county).case.number
    petition = actions.object_to(
        number, reason="该地块属林业部门管理，不属本单位职权。", suggested_unit_id=county.units["water"].id, by=county.scope("handler")
    )
    paper = one(petition, "P28")
    text = printed(paper)
    for words in ("异议", "该地块属林业部门管理", "招远市群众工作中心", county.units["water"].name, "第二十三条第三款"):
        assert words in text
    assert "陈桂兰" not in text


@pytest.mark.django_db
def test_numbers_run_without_a_gap_per_unit_and_class(county):
    numbers = [one(petitions.routed(county), "P03").number for _ in range(3)]
    year = clock.today().year
    assert numbers == [f"县中心信转〔{year}〕{no}号" for no in (1, 2, 3)]


@pytest.mark.django_db
def test_p27_the_year_from_the_docket(county, sign_in):
    petitions.closed(county)
    petitions.routed(county)
    assigned(county)
    year = clock.today().year
    client = sign_in("office")
    page = client.get("/petitions/annual/").content.decode()
    assert "收到信访事项" in page
    answer = client.post("/petitions/annual/", {"year": year, "to": "县委、县政府", "signer": "马国强", "words": "全年无越级集体访。"})
    assert answer.status_code == 303
    paper = Document.objects.get(paper="P27")
    assert paper.case is None
    text = printed(paper)
    for words in (
        f"关于{year}年信访情况的报告",
        "县委、县政府：",
        "收到信访事项3件",
        "转送2件次",
        "交办1件次",
        "三项建议及采纳情况",
        "全年无越级集体访",
        "签发人：马国强",
    ):
        assert words in text, words
    shown = client.get(f"/papers/{paper.pk}/")
    assert shown.status_code == 200
    assert sign_in("other_handler").get(f"/papers/{paper.pk}/").status_code == 404
    assert sign_in("handler").get("/petitions/annual/").status_code == 403
    assert client.post("/petitions/annual/", {"year": year, "to": "", "signer": ""}).status_code == 422
    assert client.get("/petitions/annual/", {"year": 1999}).status_code == 404
    again = annual.issue(year, to="县委、县政府", words="", signer="马国强", by=county.scope("centre_head"))
    assert again.number.endswith("2号")


@pytest.mark.django_db
def test_papers_to_people_are_served_and_papers_between_units_are_not(county):
    petition = assigned(county)
    codes = set(Document.objects.filter(case=petition.case).values_list("paper", flat=True))
    assert codes & SERVED == {"P05", "P08", "P11"}
    assert codes - SERVED == {"P02", "P04", "P16", "P21"}


@pytest.mark.django_db
def test_routing_leaves_its_papers_in_three_statements(county):
    """One for what the papers say, one for their numbers, one for their rows: the desk routes all day."""
    number = petitions.registered(county).case.number
    with CaptureQueriesContext(connection) as asked:
        actions.route(number, mode="LJB", to_unit_id=county.units["land"].id, words="请办理。", by=county.scope("office"))
    papers = [query["sql"] for query in asked if "casework_document" in query["sql"] or "paper:" in query["sql"] or "ARRAY(" in query["sql"]]
    assert len(papers) == 3, papers
