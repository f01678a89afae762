"""Files are distrusted on the way in and handed out only to whoever may see them."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from casework import attachments, drafts
from casework.models import Attachment
from casework.rules import NotAllowed
from tests.casework.files import pdf
from tests.factories import petitions as walk
from tests.factories.county import County

FORM = "petition.register"


@pytest.fixture
def draft(county: County):
    return drafts.hold(uuid.uuid4(), form=FORM, by=county.scope("clerk"))


def test_kept_by_hash_under_a_clean_name(county: County, draft):
    held = attachments.add(pdf("../../etc/坏<名字>.pdf"), by=county.scope("clerk"), draft=draft)
    assert held.name == "坏名字.pdf"
    assert attachments.open_file(held).read().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("病毒.pdf", b"MZ\x90\x00", "只能上传"),
        ("页面.html", b"<script>alert(1)</script>", "只能上传"),
        ("空.pdf", b"", "空的"),
    ],
)
def test_what_it_calls_itself_does_not_count(county: County, draft, name, content, words):
    with pytest.raises(NotAllowed, match=words):
        attachments.add(SimpleUploadedFile(name, content), by=county.scope("clerk"), draft=draft)


def test_the_same_file_twice_is_said(county: County, draft):
    scope = county.scope("clerk")
    attachments.add(pdf("一.pdf"), by=scope, draft=draft)
    with pytest.raises(NotAllowed, match=r"已经上传过：一\.pdf"):
        attachments.add(pdf("二.pdf"), by=scope, draft=draft)


def test_a_case_keeps_what_it_was_given(county: County):
    scope = county.scope("clerk")
    held = attachments.add(pdf(), by=scope, case=walk.registered(county).case)
    with pytest.raises(NotAllowed):
        attachments.remove(held)


def test_bytes_stay_while_another_row_names_them(county: County, django_capture_on_commit_callbacks):
    scope = county.scope("clerk")
    one, two = (drafts.hold(uuid.uuid4(), form=FORM, by=scope) for _ in range(2))
    first, second = attachments.add(pdf(), by=scope, draft=one), attachments.add(pdf(), by=scope, draft=two)
    with django_capture_on_commit_callbacks(execute=True):
        attachments.remove(first)
    assert attachments.open_file(second).read()
    with django_capture_on_commit_callbacks(execute=True):
        attachments.remove(second)
    assert not attachments.path_of(second.sha256).exists()


def test_the_door_uploads_shows_and_removes_ones_own(county: County, sign_in):
    clerk, other, key = sign_in("clerk"), sign_in("clerk2"), uuid.uuid4()
    answer = clerk.post(f"/drafts/{FORM}/{key}/files/", {"file": pdf("证.pdf")})
    assert answer.status_code == 201
    address = f"/drafts/{FORM}/{key}/files/{answer.json()['id']}/"
    shown = clerk.get(address)
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"".join(shown.streaming_content).startswith(b"%PDF-")
    assert other.get(address).status_code == 404
    assert other.post(f"{address}remove/").status_code == 404
    assert other.post(f"/drafts/{FORM}/{key}/files/", {"file": pdf("证.pdf", b"2")}).status_code == 403
    assert clerk.post(f"/drafts/{FORM}/{key}/files/", {"file": SimpleUploadedFile("x.exe", b"MZ")}).status_code == 422
    assert clerk.post(f"{address}remove/").status_code == 204
    assert not Attachment.objects.exists()
