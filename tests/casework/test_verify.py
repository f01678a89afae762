"""核验: anybody may check a paper by the code on it; nobody learns more than stands on its face (L-SEC-10, L-PET-86)."""

from __future__ import annotations

import hashlib
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from casework import documents, throttle
from casework.models import Attempt, Document
from casework.views import verify
from petitions.actions import letters
from tests.factories import petitions


@pytest.fixture
def paper(county):
    petition = petitions.replied(county)
    document = Document.objects.get(case=petition.case, paper="P11")
    documents.render(document)
    document.refresh_from_db()
    return document


def shown(answer) -> str:
    """The page without the token every page has of its own."""
    return re.sub(r'(csrf-token" content|csrfmiddlewaretoken" value)="[^"]*"', "", answer.content.decode())


def address(document: Document) -> str:
    return f"/verify/{document.verify_code}/"


@pytest.mark.django_db
def test_the_code_on_the_paper_leads_to_number_date_and_unit_and_nothing_of_the_matter(paper):
    answer = Client().get(address(paper))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert paper.number in text
    assert "招远市自然资源和规划局" in text
    assert "有这份文书" in text
    for secret in ("陈桂兰", "宅基地", paper.case.number, paper.context["query_code"], "13800132046"):
        assert secret not in text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.django_db
def test_the_code_is_drawn_and_written_on_the_paper(paper, settings):
    page = documents.html(paper)
    assert documents.grouped(paper.verify_code) in page
    assert "data:image/svg+xml" in page
    text = PdfReader(io.BytesIO(documents.render(paper))).pages[-1].extract_text()
    assert documents.grouped(paper.verify_code) in text


@pytest.mark.django_db
def test_typed_with_dashes_and_small_letters_it_is_the_same_code(paper):
    typed = documents.grouped(paper.verify_code).lower()
    answer = Client().get("/verify/", {"code": typed})
    assert answer.status_code == 302
    assert answer.headers["Location"] == address(paper)


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["AAAAAAAAAAAA", "kurz", "370685-2026-000001", "'; drop table", "ABCDEFGHJKM1"])
def test_every_code_that_is_none_gets_the_same_answer(paper, code):
    known = Client().get("/verify/BBBBBBBBBBBB/")
    answer = Client().get(f"/verify/{code}/")
    assert answer.status_code == known.status_code == 404
    assert shown(answer) == shown(known)


@pytest.mark.django_db
def test_the_file_is_compared_and_not_kept(paper, tmp_path, settings):
    content = documents.render(paper)
    same = Client().post(address(paper), {"file": SimpleUploadedFile("a.pdf", content)})
    assert "一致" in same.content.decode()
    assert "与出具时的文件完全相同" in same.content.decode()
    other = Client().post(address(paper), {"file": SimpleUploadedFile("a.pdf", content + b" ")})
    assert "不一致" in other.content.decode()
    assert Document.objects.get(pk=paper.pk).pdf_sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.django_db
def test_a_pasted_hash_is_compared(paper):
    pasted = paper.pdf_sha256.upper()
    spaced = f" {pasted[:32]} {pasted[32:]} "
    assert "完全相同" in Client().post(address(paper), {"sha256": spaced}).content.decode()
    assert "不一致" in Client().post(address(paper), {"sha256": "0" * 64}).content.decode()
    assert "请选择文书" in Client().post(address(paper), {"sha256": "abc"}).content.decode()


@pytest.mark.django_db
def test_a_paper_not_made_yet_matches_nothing(county):
    document = Document.objects.filter(case=petitions.accepted(county).case).latest("id")
    assert "不一致" in Client().post(address(document), {"sha256": "0" * 64}).content.decode()


@pytest.mark.django_db
def test_a_corrected_paper_says_which_one_stands(county, paper):
    letters.correct_paper(
        paper.case.number, document_id=paper.pk, changes=[("经丈量确认越界", "经丈量确认越界0.6米")], reason="漏写数值", by=county.scope("head")
    )
    newer = Document.objects.get(corrects=paper)
    old, new = Client().get(address(paper)).content.decode(), Client().get(address(newer)).content.decode()
    assert "已被更正" in old
    assert newer.number in old
    assert "有这份文书" in new


@pytest.mark.django_db
def test_too_many_tries_from_one_address_are_refused_whatever_the_code(paper):
    client = Client()
    for _ in range(verify.TRIES.most):
        throttle.within(verify.TRIES, "127.0.0.1")
    known, unknown = client.get(address(paper)), client.get("/verify/AAAAAAAAAAAA/")
    assert known.status_code == unknown.status_code == 429
    assert shown(known) == shown(unknown)
    assert client.get(address(paper), REMOTE_ADDR="127.0.0.2").status_code == 200


@pytest.mark.django_db
def test_the_brake_keeps_no_address():
    throttle.within(verify.TRIES, "203.0.113.77")
    (key,) = Attempt.objects.values_list("key", flat=True)
    assert len(key) == 64


@pytest.mark.django_db
def test_codes_cannot_be_guessed_from_numbers(paper, settings):
    before = documents.verify_code(paper.number)
    settings.BLIND_INDEX_KEY = b"x" * 32
    assert documents.verify_code(paper.number) != before
