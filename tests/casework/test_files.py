"""Attachments of a case: in as a line of its history, out through the scope, as a download and nothing else."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from casework.models import Attachment, Entry
from organisations.models import AccessEntry
from tests.factories import petitions

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4 one page"


def upload(client, petition, name="丈量记录.pdf", content=PDF):
    return client.post(f"/petitions/{petition.case.number}/attach/", {"files": SimpleUploadedFile(name, content), "label": "丈量记录"})


def test_a_file_comes_in_as_a_line_of_the_history(county, sign_in):
    petition = petitions.accepted(county)
    assert upload(sign_in("handler"), petition).status_code == 303
    held = Attachment.objects.get(case=petition.case)
    assert (held.content_type, held.label, held.uploaded_by) == ("application/pdf", "丈量记录", county.people["handler"])
    assert "丈量记录.pdf" in Entry.objects.filter(case=petition.case).latest("no").text


def test_a_file_goes_out_as_a_download_and_is_logged(county, sign_in):
    petition = petitions.accepted(county)
    upload(sign_in("handler"), petition)
    held = Attachment.objects.get(case=petition.case)
    answer = sign_in("auditor").get(f"/files/{held.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert AccessEntry.objects.get(event=AccessEntry.Event.DOWNLOAD).user == county.people["auditor"]
    assert sign_in("other_handler").get(f"/files/{held.pk}/").status_code == 404
    assert sign_in("auditor").get("/files/999999/").status_code == 404


def test_what_is_no_document_stays_out_and_says_why(county, sign_in):
    petition = petitions.accepted(county)
    answer = upload(sign_in("handler"), petition, "病毒.pdf", b"MZ\x90")
    assert answer.status_code == 422
    assert "只能上传" in answer.content.decode()
    assert not Attachment.objects.exists()


def test_who_only_looks_on_may_not_add(county, sign_in):
    assert upload(sign_in("auditor"), petitions.accepted(county)).status_code == 403
