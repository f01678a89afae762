"""The blank application for 复查 and 复核: what is known stands in it, the person writes the rest (条例§35 §36)."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from casework.models import Document
from organisations.models import AccessEntry
from tests.factories import petitions, reviews

pytestmark = pytest.mark.django_db


def form_of(client, number: str) -> str:
    answer = client.get(f"/petitions/{number}/review-form/")
    assert answer.status_code == 200
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) == 1
    return pages[0].extract_text().replace("\n", "").replace(" ", "")


def test_what_is_known_stands_in_it_and_nothing_is_numbered(county, sign_in):
    case = petitions.delivered(county).case
    papers = Document.objects.count()
    client = sign_in("clerk")
    text = form_of(client, case.number)
    for part in (
        "信访事项复查申请书",
        "陈桂兰",
        case.number,
        "招远市自然资源和规划局",
        Document.objects.get(case=case, paper="P11").number,
        "30日内",
    ):
        assert part in text, part
    assert Document.objects.count() == papers
    assert AccessEntry.objects.filter(event="print", object_label__endswith="空白复查申请书").count() == 1
    page = sign_in("office").get(f"/petitions/{case.number}/?act=seek_review").content.decode()
    assert f"/petitions/{case.number}/review-form/" in page


def test_after_a_review_it_asks_for_the_second(county, sign_in):
    number = reviews.reviewed(county).case.number
    assert "信访事项复核申请书" in form_of(sign_in("office"), number)


def test_where_there_is_no_right_there_is_no_form(county, sign_in):
    number = petitions.accepted(county).case.number
    assert sign_in("office").get(f"/petitions/{number}/review-form/").status_code == 409
    assert sign_in("other_handler").get(f"/petitions/{number}/review-form/").status_code == 404
