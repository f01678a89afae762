"""Drafts on the server: what somebody is still typing survives a closed browser, a lost session, a restart.

The whole draft is one SM4 token, because a half-typed registration already holds an identity number. A draft
belongs to its writer alone. Its key is also the `submission` of the case it becomes, so that a late autosave
cannot bring back what has been registered.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db import transaction

from casework import attachments, kinds, rows
from casework.models import Attachment, Case, Draft
from casework.rules import NotAllowed
from organisations import cipher, clock
from organisations.models import User
from organisations.scope import Scope

#: Generous for the longest registration, small enough that a broken client cannot fill the disk.
MAX_CHARS = 60_000


@transaction.atomic
def keep(key: UUID, *, form: str, fields: dict[str, Any], by: Scope, label: str = "", case: Case | None = None) -> Draft:
    """Store the fields under the key the form was drawn with.

    Raises NotAllowed for a key of somebody else's (403), one already registered (409), and too long a text (422).
    """
    text = json.dumps(fields, ensure_ascii=False)
    if len(text) > MAX_CHARS:
        raise NotAllowed("内容太长，未能暂存，请先保存。", code="too_long", status=422)
    _check_owner(key, by)
    draft, _ = Draft.objects.update_or_create(
        pk=key,
        defaults={
            "user": by.user,
            "form": form,
            "case": case,
            "label": label[:80],
            "token": cipher.encrypt(text),
            "saved_at": clock.now(),
        },
    )
    _check_registered(key)
    return draft


@transaction.atomic
def hold(key: UUID, *, form: str, by: Scope) -> Draft:
    """The draft of that key, made empty when nothing was typed yet: a file may come before the first word."""
    _check_owner(key, by)
    draft, _ = Draft.objects.get_or_create(
        pk=key,
        defaults={"user": by.user, "form": form, "token": cipher.encrypt("{}"), "saved_at": clock.now()},
    )
    _check_registered(key)
    return draft


def _check_owner(key: UUID, by: Scope) -> None:
    owner = Draft.objects.filter(pk=key).values_list("user_id", flat=True).first()
    if owner is not None and owner != by.user.id:
        raise NotAllowed("这份草稿不是您的。", code="not_yours", status=403)


def _check_registered(key: UUID) -> None:
    """After writing, not before: who found the draft still there may have waited for the registration that took it away."""
    if Case.objects.filter(submission=key).exists():
        raise NotAllowed("这份登记已经保存，不再暂存。", code="registered")


def read(key: UUID, by: Scope, form: str = "") -> dict[str, Any] | None:
    """The fields of one's own draft (of that form, if given), or None."""
    found = Draft.objects.filter(pk=key, user=by.user)
    draft = (found.filter(form=form) if form else found).first()
    return json.loads(cipher.decrypt(draft.token)) if draft else None


def mine(user: User, form: str = "") -> list[Draft]:
    """One's own drafts, newest first, without their text."""
    found = Draft.objects.filter(user=user).defer("token")
    return list(found.filter(form=form) if form else found)


def what(draft: Draft) -> str:
    """What it is of, in words: a form is named kind.act."""
    kind, _, act = draft.form.partition(".")
    return f"新登记（{kinds.get(kind).label}）" if act == "register" else "办理记录"


def become(key: UUID, case: Case, by: Scope) -> list[rows.Statement]:
    """What makes the draft the case: its files go over, the draft itself goes; for the statement that writes the case."""
    files = (
        "UPDATE casework_attachment a SET case_id = %s, draft_id = NULL FROM casework_draft d "
        "WHERE d.id = a.draft_id AND d.id = %s AND d.user_id = %s AND a.case_id IS NULL"
    )
    return [(files, [case.pk, key, by.user.pk]), ("DELETE FROM casework_draft WHERE id = %s AND user_id = %s", [key, by.user.pk])]


def done(key: UUID, by: Scope) -> None:
    """The draft became a case or was sent; its files, if any, were taken over."""
    Draft.objects.filter(pk=key, user=by.user).delete()


@transaction.atomic
def discard(key: UUID, by: Scope) -> None:
    """Its writer threw the draft away; what was uploaded to it goes too."""
    for attachment in Attachment.objects.filter(draft=key, draft__user=by.user, case=None):
        attachments.remove(attachment)
    done(key, by)
