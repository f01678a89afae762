"""Copies between units: without the person, under the reader's mark; with the person only after a ground (opening 7, L-PET-85…87)."""

from __future__ import annotations

import hashlib
import io

import pytest
from pypdf import PdfReader

from casework import copies, documents, parties
from casework.models import Copy, Document, Party
from organisations.models import AccessEntry
from tests.factories import petitions


def words(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.fixture
def paper(county):
    petition = petitions.routed(
        county,
        title="陈桂兰反映邻居砌墙占用宅基地",
        points=["重新丈量确认四至，陈桂兰电话13800132046", "拆除越界部分"],
    )
    return Document.objects.get(case=petition.case, paper="P03")


@pytest.mark.django_db
def test_the_unit_reads_the_matter_without_the_person(county, sign_in, paper):
    text = words(sign_in("handler").get(f"/papers/{paper.pk}/").content)
    assert "信访人反映邻居砌墙占用宅基地" in text
    assert "拆除越界部分" in text
    assert "信访人身份信息已隐去" in text
    for secret in ("陈桂兰", "13800132046", "110105194912310002", paper.case.number + "X"):
        assert secret not in text
    assert "陈桂兰" not in str(paper.context)
    assert "query_code" not in paper.context or not paper.context["query_code"]


@pytest.mark.django_db
def test_each_opening_carries_who_when_and_a_mark_that_leads_back(county, sign_in, paper):
    first = sign_in("handler").get(f"/papers/{paper.pk}/")
    second = sign_in("office").get(f"/papers/{paper.pk}/")
    one, two = Copy.objects.filter(document=paper).order_by("id")
    assert one.mark != two.mark
    for answer, copy in ((first, one), (second, two)):
        text = words(answer.content)
        assert documents.grouped(copy.mark) in text
        assert copy.user.name in text
        assert "ETag" not in answer.headers
        assert copies.find(documents.grouped(copy.mark).lower()) == copy
    assert not one.shows_identity
    assert AccessEntry.objects.filter(event=AccessEntry.Event.PRINT, object_label__contains="副本").count() == 2


@pytest.mark.django_db
def test_the_stored_paper_stays_as_it_was_issued(sign_in, paper):
    sign_in("handler").get(f"/papers/{paper.pk}/")
    paper.refresh_from_db()
    stored = documents.render(paper)
    assert hashlib.sha256(stored).hexdigest() == paper.pdf_sha256
    assert "标记" not in words(stored)


@pytest.mark.django_db
def test_the_person_is_shown_after_a_ground_and_every_field_is_logged(county, sign_in, paper):
    client = sign_in("handler")
    assert client.get(f"/papers/{paper.pk}/identity/").status_code == 200
    assert client.post(f"/papers/{paper.pk}/identity/", {"ground": "看看"}).status_code == 422
    assert not Copy.objects.exists()
    answer = client.post(f"/papers/{paper.pk}/identity/", {"ground": "需要联系信访人听取陈述"})
    text = words(answer.content)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "陈桂兰" in text
    assert "13800132046" in text
    assert "110105194912310002" not in text  # the identity card is not needed to find somebody
    copy = Copy.objects.get()
    assert (copy.shows_identity, copy.ground) == (True, "需要联系信访人听取陈述")
    logged = AccessEntry.objects.filter(event=AccessEntry.Event.REVEAL, object_id=str(paper.case_id))
    assert set(logged.values_list("field", flat=True)) == {"姓名和住址", "电话"}
    assert all(row.ground == "需要联系信访人听取陈述" for row in logged)


@pytest.mark.django_db
def test_who_does_not_handle_the_matter_is_refused_and_an_outsider_finds_nothing(county, sign_in, paper):
    assert sign_in("auditor").post(f"/papers/{paper.pk}/identity/", {"ground": "想看看是谁反映的"}).status_code == 403
    assert sign_in("other_handler").post(f"/papers/{paper.pk}/identity/", {"ground": "想看看是谁反映的"}).status_code == 404
    assert sign_in("other_handler").get(f"/papers/{paper.pk}/").status_code == 404
    assert not Copy.objects.exists()


@pytest.mark.django_db
def test_the_case_says_who_opened_a_copy(sign_in, paper):
    sign_in("handler").post(f"/papers/{paper.pk}/identity/", {"ground": "需要联系信访人听取陈述"})
    page = sign_in("office").get(f"/petitions/{paper.case.number}/").content.decode()
    assert "打开过的副本" in page
    assert "含身份信息" in page


@pytest.mark.django_db
def test_leak_drill_the_audit_administrator_finds_the_reader_from_the_mark(county, sign_in, paper):
    """Somebody sends a photograph of the page round; its mark names the reader, and the search is itself on record."""
    leaked = words(sign_in("handler").get(f"/papers/{paper.pk}/").content)
    mark = Copy.objects.get().mark
    assert documents.grouped(mark) in leaked
    page = sign_in("audit_admin").get("/copies/", {"mark": f" {mark[:4].lower()} {mark[4:]}"}).content.decode()
    assert county.people["handler"].name in page
    assert paper.number in page
    assert AccessEntry.objects.filter(event=AccessEntry.Event.LOG_READ, object_type="copy").count() == 1
    assert "没有这个标记" in sign_in("audit_admin").get("/copies/", {"mark": "XXXX"}).content.decode()
    for person in ("handler", "office", "system_admin", "security_admin"):
        assert sign_in(person).get("/copies/").status_code == 404


@pytest.mark.django_db
def test_a_letter_to_the_person_is_no_copy_and_hides_nothing(county, sign_in):
    paper = Document.objects.get(case=petitions.routed(county).case, paper="P08")
    assert "陈桂兰" in words(sign_in("office").get(f"/papers/{paper.pk}/").content)
    assert not Copy.objects.exists()
    assert sign_in("office").post(f"/papers/{paper.pk}/identity/", {"ground": "需要联系信访人"}).status_code == 422


@pytest.mark.django_db
def test_the_village_stands_once_in_the_address(county, sign_in, paper):
    person = Party.objects.filter(case=paper.case_id, position="petitioner").get()
    village = parties.place(person)
    assert village
    for address in (f"招远市{village}9组", "9组"):
        Party.objects.filter(pk=person.pk).update(address=address)
        answer = sign_in("handler").post(f"/papers/{paper.pk}/identity/", {"ground": "需要联系信访人听取陈述"})
        text = "".join(words(answer.content).split())
        added = text[text.rindex("证件号码") :]
        assert added.count(village) == 1
        assert f"{village}9组" in added
