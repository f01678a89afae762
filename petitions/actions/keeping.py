"""What may be done at any stage: note what happened, hand the ownership over, link and merge cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from casework import cases, keeping, notices
from casework.rules import NotAllowed
from organisations import directory
from organisations.models import Post
from organisations.scope import Scope
from petitions import rules
from petitions.actions import act as beats
from petitions.actions.naming import check_may_know
from petitions.models import Petition
from petitions.queries.acts import place_of


@transaction.atomic
def note(
    number: str,
    *,
    text: str,
    by: Scope,
    happened_at: datetime | None = None,
    is_internal: bool = False,
    version: int | None = None,
) -> Petition:
    """Write down a call, a visit, progress. When it happened and when it was entered are kept apart (ALL-6)."""
    return keeping.note(beats.begin("note", number, by, version), text=text, happened_at=happened_at, is_internal=is_internal)


@transaction.atomic
def attach(number: str, uploads: Sequence[UploadedFile], *, by: Scope, label: str = "") -> Petition:
    """Add files to the case, as a note says (whoever may note may add). Raises NotAllowed for what may not come in."""
    return keeping.attach(beats.begin("note", number, by), uploads, label=label)


@transaction.atomic
def hand_over(number: str, *, to_user_id: int, words: str, by: Scope, version: int | None = None) -> Petition:
    """First-asked responsibility changes hands, on record (HALL-14, L-PET-47). Raises NotAllowed."""
    act = beats.begin("hand_over", number, by, version)
    unit_ids = {act.case.unit_id, directory.current().centre_id}
    post = Post.objects.handling(act.today).filter(user=to_user_id, unit__in=unit_ids).select_related("user").first()
    if post is None:
        raise NotAllowed("只能移交给责任单位或县中心的在岗人员，领导和审计员除外。", code="not_of_unit", status=422)
    rules.check_recusal(handler_name=post.user.name, respondent_name=act.petition.respondent_name)
    check_may_know(act, to_user_id)
    act.case.handler_id = to_user_id
    if act.case.confidential:
        cases.show_to(act.case, {-to_user_id})
    notices.notify(act.case, kind="petition.hand_over", text=f"{act.case.number} 移交给您：{words}", at=act.now, to_user_id=to_user_id)
    return beats.finish(act, text=words, detail={"to": post.user.name})


@transaction.atomic
def link(number: str, *, other: str, kind: str, reason: str, by: Scope, version: int | None = None) -> Petition:
    """Mark another case as the earlier one (repeat) or as related; both histories say so (L-PET-39)."""
    return keeping.link(beats.begin("link", number, by, version, beside=other), kind=kind, reason=reason)


@transaction.atomic
def unlink(number: str, *, other: str, reason: str, by: Scope, version: int | None = None) -> Petition:
    """Undo a link set by mistake; both histories say so (L-PET-39)."""
    return keeping.unlink(beats.begin("unlink", number, by, version, beside=other), reason=reason)


@transaction.atomic
def merge(number: str, *, into: str, reason: str, by: Scope, version: int | None = None) -> Petition:
    """Handle this case together with another: a pointer, nothing moves; its petitioner is still answered apart."""
    return keeping.merge(_joining(beats.begin("merge", number, by, version, beside=into)), reason=reason)


@transaction.atomic
def unmerge(number: str, *, reason: str, by: Scope, version: int | None = None) -> Petition:
    """Undo a merge; both cases stand alone again and both histories say so (beyond.md 4). Raises NotAllowed."""
    return keeping.unmerge(_joining(beats.begin("unmerge", number, by, version, beside=keeping.main_case_of(number))), reason=reason)


def _joining(act: beats.Act) -> beats.Act:
    if not rules.may_join(place_of(act.case, with_tasks=False), act.by):
        raise NotAllowed("本件已经分流，并案和解除并案由县中心的分流员办理。", code="wrong_role", status=403)
    return act
