"""Drafts belong to their writer, hold numbers only encrypted, and end when the case begins."""

from __future__ import annotations

import uuid

import pytest

from casework import attachments, drafts
from casework.models import Attachment, Draft
from casework.rules import NotAllowed
from tests.casework.files import pdf
from tests.factories import petitions as walk
from tests.factories.county import County

FORM = "petition.register"


def test_kept_whole_read_back_and_encrypted(county: County):
    key, scope = uuid.uuid4(), county.scope("clerk")
    drafts.keep(key, form=FORM, fields={"people-0-id_number": ["110105194912310002"]}, by=scope, label="陈")
    assert drafts.read(key, scope) == {"people-0-id_number": ["110105194912310002"]}
    assert "110105194912310002" not in Draft.objects.get().token


def test_nobody_elses(county: County, sign_in):
    key, scope = uuid.uuid4(), county.scope("clerk")
    drafts.keep(key, form=FORM, fields={}, by=scope)
    assert drafts.read(key, county.scope("clerk2")) is None
    with pytest.raises(NotAllowed):
        drafts.keep(key, form=FORM, fields={"a": ["b"]}, by=county.scope("clerk2"))
    assert sign_in("clerk2").post(f"/drafts/{FORM}/{key}/", {"a": "b"}).status_code == 403
    drafts.discard(key, county.scope("clerk2"))
    assert Draft.objects.exists()


def test_a_late_autosave_does_not_bring_back_what_was_registered(county: County, sign_in):
    key = uuid.uuid4()
    drafts.keep(key, form=FORM, fields={}, by=county.scope("clerk"))
    walk.registered(county, submission=key, draft=key)
    assert sign_in("clerk").post(f"/drafts/{FORM}/{key}/", {"title": "迟到的"}).status_code == 409
    assert not Draft.objects.exists()


def test_too_long_is_refused_and_an_unknown_form_too(county: County, sign_in):
    with pytest.raises(NotAllowed, match="太长"):
        drafts.keep(uuid.uuid4(), form=FORM, fields={"story": ["长" * drafts.MAX_CHARS]}, by=county.scope("clerk"))
    assert sign_in("clerk").post(f"/drafts/NONSENSE/{uuid.uuid4()}/", {}).status_code == 404


def test_discarding_takes_the_files_along(county: County, sign_in, django_capture_on_commit_callbacks):
    key, scope = uuid.uuid4(), county.scope("clerk")
    held = attachments.add(pdf("材料.pdf", b"gone"), by=scope, draft=drafts.hold(key, form=FORM, by=scope))
    with django_capture_on_commit_callbacks(execute=True):
        answer = sign_in("clerk").post(f"/drafts/{FORM}/{key}/discard/", {"next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"
    assert not Draft.objects.exists()
    assert not Attachment.objects.exists()
    assert not attachments.path_of(held.sha256).exists()
