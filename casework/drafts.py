"""Drafts on the server: what somebody is still typing survives a closed browser, a lost session, a restart.

The whole draft is one SM4 token, because a half-typed registration already holds an identity number. A draft
belongs to its writer alone.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from casework.models import Case, Draft
from casework.rules import NotAllowed
from organisations import cipher, clock
from organisations.models import User
from organisations.scope import Scope

#: Generous for the longest registration, small enough that a broken client cannot fill the disk.
MAX_CHARS = 60_000


def save(key: UUID, *, form: str, fields: dict[str, Any], by: Scope, label: str = "", case: Case | None = None) -> Draft:
    """Store the fields under the key the form was drawn with. Raises NotAllowed for a key of somebody else's."""
    text = json.dumps(fields, ensure_ascii=False)
    if len(text) > MAX_CHARS:
        raise NotAllowed("内容太长，未能暂存，请先保存。", code="too_long", status=422)
    owner = Draft.objects.filter(pk=key).values_list("user_id", flat=True).first()
    if owner is not None and owner != by.user.id:
        raise NotAllowed("这份草稿不是您的。", code="not_yours", status=403)
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
    return draft


def read(key: UUID, by: Scope) -> dict[str, Any] | None:
    """The fields of one's own draft, or None."""
    draft = Draft.objects.filter(pk=key, user=by.user).first()
    return json.loads(cipher.decrypt(draft.token)) if draft else None


def mine(user: User, form: str = "") -> list[Draft]:
    """One's own drafts, newest first."""
    found = Draft.objects.filter(user=user)
    return list(found.filter(form=form) if form else found)


def done(key: UUID, by: Scope) -> None:
    """The draft became a case or was thrown away by its writer."""
    Draft.objects.filter(pk=key, user=by.user).delete()
