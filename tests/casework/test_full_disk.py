"""A full disk: the person is told what happened and what to do, what was typed stays, and no half file fills the disk further."""

from __future__ import annotations

import errno
import os
import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from casework import documents
from casework.models import Attachment, Document
from casework.rules import NotAllowed
from config import failures
from petitions.imports import ledgers
from tests.casework.files import pdf
from tests.factories import petitions as walk

WORDS = "存储空间已满"


@pytest.fixture
def full(settings, tmp_path, monkeypatch):
    """Everything written below MEDIA_ROOT goes to the device of the system that is always full."""
    settings.MEDIA_ROOT = str(tmp_path)
    opened = Path.open

    def narrow(path, mode="r", **more):
        file = opened(path, mode, **more)
        if "w" not in mode or not path.is_relative_to(tmp_path):
            return file
        file.close()
        return opened(Path("/dev/full"), mode, **more)

    monkeypatch.setattr(Path, "open", narrow)
    return tmp_path


def left(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_beside_a_draft(county, sign_in, full):
    answer = sign_in("clerk").post(f"/drafts/petition.register/{uuid.uuid4()}/files/", {"file": pdf()})
    assert (answer.status_code, answer.json()["code"]) == (507, "disk_full")
    assert WORDS in answer.json()["message"]
    assert not Attachment.objects.exists()
    assert not left(full)


def test_a_file_on_a_case(county, sign_in, full):
    case = walk.registered(county).case
    answer = sign_in("clerk").post(f"/petitions/{case.number}/attach/", {"files": pdf(), "label": "现场照片"})
    assert answer.status_code == 507
    assert WORDS in answer.content.decode()
    assert not left(full)


def test_a_ledger_to_be_imported(full):
    with pytest.raises(NotAllowed, match=WORDS):
        ledgers.keep(b"a,b\n1,2\n")
    assert not left(full)


def test_a_paper_that_is_opened(county, sign_in, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = str(tmp_path)
    paper = Document.objects.get(case=walk.accepted(county).case, paper="P05")

    def nothing_more(_file):
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", nothing_more)
        answer = sign_in("handler").get(reverse("casework:paper", args=[paper.pk]))
    assert answer.status_code == 507
    assert documents.NO_ROOM in answer.content.decode()
    assert not left(tmp_path)
    assert sign_in("handler").get(reverse("casework:paper", args=[paper.pk])).status_code == 200


def test_other_trouble_is_not_called_a_full_disk(tmp_path):
    (tmp_path / "a").write_bytes(b"no folder")
    with pytest.raises(FileExistsError):
        documents.keep(tmp_path / "a" / "b", b"x")
    assert failures.is_full(OSError(errno.EDQUOT, "quota"))
    assert not failures.is_full(OSError(errno.EIO, "io"))


@pytest.mark.django_db
def test_a_disk_that_is_full_before_the_view_is_asked(county, sign_in, settings, monkeypatch):
    """A larger upload is laid into a file of the system while the request is read."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    client = sign_in("clerk")
    client.raise_request_exception = False

    def nothing_more(*args, **kwargs):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", nothing_more)
    answer = client.post("/petitions/register/", {"file": SimpleUploadedFile("a.pdf", b"x" * 100)})
    assert answer.status_code == 507
    assert WORDS in answer.content.decode()
