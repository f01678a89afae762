"""Which papers a matter leaves, to whom, how they are numbered, and the year's report over HTTP; what each says: test_every_paper."""

from __future__ import annotations

import io

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
from tests.factories.papers import assigned


def printed(document: Document) -> str:
    reader = PdfReader(io.BytesIO(documents.to_pdf(documents.html(document))))
    return "".join(page.extract_text() for page in reader.pages).replace("\n", "").replace(" ", "")


def one(petition, code: str) -> Document:
    return Document.objects.get(case=petition.case, paper=code)


@pytest.mark.django_db
def test_a_forwarded_matter_owes_no_report_paper(county):
    assert not Document.objects.filter(case=petitions.reported(county).case, paper="P21").exists()


@pytest.mark.django_db
def test_nobody_without_a_name_is_written_to(county):
    petition = petitions.routed(county, is_anonymous=True, people=[])
    assert set(Document.objects.filter(case=petition.case).values_list("paper", flat=True)) == {"P03"}


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
