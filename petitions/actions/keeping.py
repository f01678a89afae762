"""What may be done at any stage: note what happened, hand the ownership over, link and merge cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q

from casework import attachments, cases, notices, timeline
from casework.models import Case, Link
from casework.rules import NotAllowed
from organisations import directory
from organisations.models import Post
from organisations.scope import Scope
from petitions import rules
from petitions.actions import act as beats
from petitions.actions.naming import check_may_know
from petitions.models import Petition


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
    act = beats.begin("note", number, by, version)
    if happened_at is not None and happened_at > act.now:
        raise NotAllowed("发生时间不能晚于现在。", code="future", status=422)
    return beats.finish(act, text=text, happened_at=happened_at, is_internal=is_internal, findable=text)


@transaction.atomic
def attach(number: str, uploads: Sequence[UploadedFile], *, by: Scope, label: str = "") -> Petition:
    """Add files to the case, as a note says (whoever may note may add). Raises NotAllowed for what may not come in."""
    act = beats.begin("note", number, by)
    if not uploads:
        raise NotAllowed("请选择要上传的文件。", code="no_file", status=422)
    held = [attachments.add(upload, by=by, case=act.case, label=label) for upload in uploads]
    return beats.finish(act, text=f"上传材料：{'、'.join(file.name for file in held)}")


@transaction.atomic
def hand_over(number: str, *, to_user_id: int, words: str, by: Scope, version: int | None = None) -> Petition:
    """First-asked responsibility changes hands, on record (HALL-14, L-PET-47). Raises NotAllowed."""
    act = beats.begin("hand_over", number, by, version)
    unit_ids = {act.case.unit_id, directory.current().centre_id}
    post = Post.objects.current(act.today).filter(user=to_user_id, unit__in=unit_ids, user__is_active=True).select_related("user").first()
    if post is None:
        raise NotAllowed("只能移交给责任单位或县中心的在岗人员。", code="not_of_unit", status=422)
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
    act = beats.begin("link", number, by, version, beside=other)
    if kind not in (Link.Kind.REPEAT, Link.Kind.RELATED):
        raise NotAllowed("只能标记为重复或关联；并案请用“并案”。", code="kind", status=422)
    target = _other(act)
    _connect(act, target, Link.Kind(kind), reason)
    if kind == Link.Kind.REPEAT:
        cases.mark(act.case, "repeat")
    return beats.finish(act, text=reason, detail={"other": target.number, "kind": Link.Kind(kind).label})


@transaction.atomic
def merge(number: str, *, into: str, reason: str, by: Scope, version: int | None = None) -> Petition:
    """Handle this case together with another: a pointer, nothing moves; its petitioner is still answered apart."""
    act = beats.begin("merge", number, by, version, beside=into)
    target = _other(act)
    if not target.is_open:
        raise NotAllowed("对方已经办结，不能并入；可以标记为关联。", code="target_closed")
    if Link.objects.filter(source=target, kind=Link.Kind.MERGED, undone_at=None).exists():
        raise NotAllowed("对方已并入另一件，请并入它的主案。", code="target_merged")
    if Link.objects.filter(target=act.case, kind=Link.Kind.MERGED, undone_at=None).exists():
        raise NotAllowed("本件已是其他案件的主案，不能再并入别的案件。", code="is_main")
    _connect(act, target, Link.Kind.MERGED, reason)
    cases.mark(act.case, "merged")
    return beats.finish(act, text=reason, detail={"other": target.number})


@transaction.atomic
def unmerge(number: str, *, reason: str, by: Scope, version: int | None = None) -> Petition:
    """Undo a merge; both cases stand alone again and both histories say so (beyond.md 4). Raises NotAllowed."""
    held = _merged(number)
    act = beats.begin("unmerge", number, by, version, beside=held.target.number if held else "")
    merged = _merged(number)
    if merged is None:
        raise NotAllowed("本件没有并案。", code="not_merged")
    merged.undone_by, merged.undone_at, merged.undo_reason = by.user, act.now, reason
    merged.save(update_fields=["undone_by", "undone_at", "undo_reason"])
    act.case.marks = [code for code in act.case.marks if code != "merged"]
    _tell_other(act, act.beside or merged.target, f"{act.case.number} 解除并案：{reason}")
    return beats.finish(act, text=reason, detail={"other": merged.target.number})


def part_from_others(act: beats.Act) -> None:
    """A case that becomes protected stands alone: no pointer on another case leads to it any more (条例§30③, L-PET-86)."""
    links = Link.objects.filter(Q(source=act.case) | Q(target=act.case), undone_at=None)
    merged = list(links.filter(kind=Link.Kind.MERGED).values_list("source_id", flat=True))
    links.update(undone_by=act.by.user, undone_at=act.now, undo_reason="更正为检举控告事项")
    act.case.marks = [code for code in act.case.marks if code != "merged"]
    for other in Case.objects.select_for_update(of=("self",)).filter(pk__in=merged).exclude(pk=act.case.pk):
        other.marks = [code for code in other.marks if code != "merged"]
        cases.save(other)


def _other(act: beats.Act) -> Case:
    """The other case, seen by the same person and locked by `begin`. Raises NotAllowed."""
    if act.beside is None:
        raise NotAllowed("没有找到这个编号的案件。", code="no_such_case", status=422)
    if act.beside.pk == act.case.pk:
        raise NotAllowed("不能与自己关联。", code="itself", status=422)
    return act.beside


def _merged(number: str) -> Link | None:
    return Link.objects.filter(source__number=number, kind=Link.Kind.MERGED, undone_at=None).select_related("target").first()


def _connect(act: beats.Act, target: Case, kind: str, reason: str) -> None:
    if act.case.confidential or target.confidential:
        # Each history names the other case: a protected one may not be named in any (条例§30③, L-PET-86).
        raise NotAllowed("检举控告事项不与其他案件关联或并案。", code="protected", status=422)
    if Link.objects.filter(source=act.case, target=target, kind=kind, undone_at=None).exists():
        raise NotAllowed("两件已经这样关联过。", code="linked_before")
    if kind == Link.Kind.MERGED and Link.objects.filter(source=act.case, kind=kind, undone_at=None).exists():
        raise NotAllowed("本件已并入另一件，请先解除并案。", code="merged_before")
    Link.objects.create(source=act.case, target=target, kind=kind, reason=reason, by=act.by.user, at=act.now)
    _tell_other(act, target, f"{act.case.number} {Link.Kind(kind).label}：{reason}")


def _tell_other(act: beats.Act, target: Case, text: str) -> None:
    timeline.record(target, act=f"petition.{act.code}", label=act.step.label, standing=act.standing, at=act.now, text=text)
    cases.save(target)
