"""Drafts belong to their writer, hold numbers only encrypted, and end when the case begins."""

from __future__ import annotations

import time
import uuid
from threading import Thread

import pytest
from django.db import connection, transaction
from django.urls import reverse

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


@pytest.mark.django_db(transaction=True)
def test_nor_does_one_that_came_while_the_registration_was_being_written(county: County):
    """Its writer found the draft still there, waited for its row, and found it gone: it must not be written anew."""
    key, scope, answers = uuid.uuid4(), county.scope("clerk"), []
    drafts.keep(key, form=FORM, fields={}, by=scope)

    def late() -> None:
        try:
            answers.append(drafts.keep(key, form=FORM, fields={"title": ["迟到的"]}, by=scope))
        except NotAllowed as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    autosave = Thread(target=late)
    with transaction.atomic():
        walk.registered(county, submission=key, draft=key)
        autosave.start()
        for _ in range(600):
            with connection.cursor() as db:
                db.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))")
                if db.fetchone() != (0,):
                    break
            time.sleep(0.05)
        else:
            pytest.fail("the autosave did not wait")
    autosave.join(60)
    assert answers == ["registered"]
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


def test_ones_own_drafts_are_listed_with_the_way_back(county, sign_in):
    petition = walk.accepted(county)
    client = sign_in("handler")
    answer = client.get(f"/petitions/{petition.case.number}/", {"act": "answer_point", "no": "2"})
    client.post(answer.context["draft_url"], {"result": "写到一半", "no": "2", "draft_label": answer.context["draft_label"]})
    client.post(f"/drafts/petition.register/{uuid.uuid4()}/", {"people-0-name": "王桂英", "title": "反映邻里纠纷"})
    page = client.get("/drafts/")
    rows = page.context["rows"]
    assert [row.what for row in rows] == ["新登记（信访事项）", "办理记录"]
    assert rows[1].address == f"/petitions/{petition.case.number}/?act=answer_point&no=2#act"
    assert "写到一半" in client.get(rows[1].address.removesuffix("#act")).content.decode()
    assert client.get(rows[0].address).status_code == 200
    assert not sign_in("head").get("/drafts/").context["rows"]
    assert client.post(f"/drafts/petition.register/{rows[0].draft.pk}/discard/", {"next": "/drafts/"}).url == "/drafts/"
    assert len(client.get("/drafts/").context["rows"]) == 1
    assert "/drafts/" in client.get(reverse("organisations:profile")).content.decode()
