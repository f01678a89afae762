"""出具登记表 (issue_form): what stands in the registration, to be checked and signed (条例§19)."""

from __future__ import annotations

import pytest

from casework import documents
from casework.models import Document
from petitions.actions import letters
from tests.factories import petitions


@pytest.mark.django_db
def test_the_form_says_what_was_registered_with_numbers_masked(county, sign_in):
    petition = petitions.registered(county)
    client = sign_in("clerk")
    assert '?act=issue_form#act"' in client.get(f"/petitions/{petition.case.number}/").content.decode()
    answer = client.post(f"/petitions/{petition.case.number}/issue_form/", {"version": petition.case.version})
    assert answer.status_code == 303
    paper = Document.objects.get(case=petition.case, paper="P01")
    page = documents.html(paper)
    for words in ("来访登记表", "陈桂兰", "重新丈量确认四至", "138****2046", "不得捏造、歪曲事实"):
        assert words in page
    assert "13800132046" not in page
    assert "110105194912310002" not in page


@pytest.mark.django_db
def test_not_for_the_unit_nor_an_outsider(county, sign_in):
    petition = petitions.routed(county)
    data = {"version": petition.case.version}
    assert sign_in("handler").post(f"/petitions/{petition.case.number}/issue_form/", data).status_code == 403
    assert sign_in("other_handler").post(f"/petitions/{petition.case.number}/issue_form/", data).status_code == 404
    assert not Document.objects.filter(paper="P01").exists()


@pytest.mark.django_db
def test_asked_again_it_is_a_new_paper_of_what_stands_now(county):
    petition = petitions.registered(county)
    letters.issue_form(petition.case.number, by=county.scope("clerk"))
    letters.issue_form(petition.case.number, by=county.scope("clerk"))
    assert Document.objects.filter(paper="P01").count() == 2
