"""What may be done on a case of any kind at any stage, inside an act that has begun: note what happened, add files, link and merge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, Q

from casework import attachments, cases, timeline
from casework.acting import Act, finish
from casework.models import Case, Link
from casework.rules import NotAllowed

Row = TypeVar("Row", bound=Model)


def note(act: Act[Row], *, text: str, happened_at: datetime | None, is_internal: bool) -> Row:
    """A call, a visit, progress. When it happened and when it was entered are kept apart (ALL-6). Raises NotAllowed."""
    if happened_at is not None and happened_at > act.now:
        raise NotAllowed("发生时间不能晚于现在。", code="future", status=422)
    return finish(act, text=text, happened_at=happened_at, is_internal=is_internal, findable=text)


def attach(act: Act[Row], uploads: Sequence[UploadedFile], *, label: str) -> Row:
    """Add files to the case, as a note says. Raises NotAllowed for what may not come in."""
    if not uploads:
        raise NotAllowed("请选择要上传的文件。", code="no_file", status=422)
    held = [attachments.add(upload, by=act.by, case=act.case, label=label) for upload in uploads]
    return finish(act, text=f"上传材料：{'、'.join(file.name for file in held)}")


def link(act: Act[Row], *, kind: str, reason: str) -> Row:
    """Mark the case beside as the earlier one (repeat) or as related; both histories say so (L-PET-39). Raises NotAllowed."""
    if kind not in (Link.Kind.REPEAT, Link.Kind.RELATED):
        raise NotAllowed("只能标记为重复或关联；并案请用“并案”。", code="kind", status=422)
    target = _other(act)
    _connect(act, target, Link.Kind(kind), reason)
    if kind == Link.Kind.REPEAT:
        cases.mark(act.case, "repeat")
    return finish(act, text=reason, detail={"other": target.number, "kind": Link.Kind(kind).label})


def unlink(act: Act[Row], *, reason: str) -> Row:
    """Undo a mark «repeat» or «related» set by mistake between the case and the one beside; both histories say so. Raises NotAllowed."""
    other = _other(act)
    pair = Q(source=act.case, target=other) | Q(source=other, target=act.case)
    if not Link.objects.filter(pair, kind__in=(Link.Kind.REPEAT, Link.Kind.RELATED), undone_at=None).update(
        undone_by=act.by.user, undone_at=act.now, undo_reason=reason
    ):
        raise NotAllowed("两件没有关联，不用解除。", code="not_linked")
    for case in (act.case, other):
        if not Link.objects.filter(source=case, kind=Link.Kind.REPEAT, undone_at=None).exists():
            cases.unmark(case, "repeat")
    _tell_other(act, other, f"{act.case.number} 解除关联：{reason}")
    return finish(act, text=reason, detail={"other": other.number})


def merge(act: Act[Row], *, reason: str) -> Row:
    """Handle the case together with the one beside: a pointer, nothing moves; its person is still answered apart. Raises NotAllowed."""
    target = _other(act)
    if not target.is_open:
        raise NotAllowed("对方已经办结，不能并入；可以标记为关联。", code="target_closed")
    if Link.objects.filter(source=target, kind=Link.Kind.MERGED, undone_at=None).exists():
        raise NotAllowed("对方已并入另一件，请并入它的主案。", code="target_merged")
    if Link.objects.filter(target=act.case, kind=Link.Kind.MERGED, undone_at=None).exists():
        raise NotAllowed("本件已是其他案件的主案，不能再并入别的案件。", code="is_main")
    _connect(act, target, Link.Kind.MERGED, reason)
    cases.mark(act.case, "merged")
    return finish(act, text=reason, detail={"other": target.number})


def main_case_of(number: str) -> str:
    """The number of the case this one is merged into, or "": whom `unmerge` has to lock beside it."""
    merged = _merged(number)
    return merged.target.number if merged else ""


def unmerge(act: Act[Row], *, reason: str) -> Row:
    """Undo a merge; both cases stand alone again and both histories say so (beyond.md 4). Raises NotAllowed."""
    merged = _merged(act.case.number)
    if merged is None:
        raise NotAllowed("本件没有并案。", code="not_merged")
    merged.undone_by, merged.undone_at, merged.undo_reason = act.by.user, act.now, reason
    merged.save(update_fields=["undone_by", "undone_at", "undo_reason"])
    cases.unmark(act.case, "merged")
    _tell_other(act, act.beside or merged.target, f"{act.case.number} 解除并案：{reason}")
    return finish(act, text=reason, detail={"other": merged.target.number})


def part_from_others(act: Act[Any], reason: str) -> None:
    """A case that becomes protected stands alone: no pointer on another case leads to it any more (条例§30③, L-PET-86)."""
    links = Link.objects.filter(Q(source=act.case) | Q(target=act.case), undone_at=None)
    merged = list(links.filter(kind=Link.Kind.MERGED).values_list("source_id", flat=True))
    links.update(undone_by=act.by.user, undone_at=act.now, undo_reason=reason)
    cases.unmark(act.case, "merged")
    for other in Case.objects.select_for_update(of=("self",)).filter(pk__in=merged).exclude(pk=act.case.pk):
        cases.unmark(other, "merged")
        cases.save(other)


def _other(act: Act[Any]) -> Case:
    """The other case, seen by the same person and locked by `begin`. Raises NotAllowed."""
    if act.beside is None:
        raise NotAllowed("没有找到这个编号的案件。", code="no_such_case", status=422)
    if act.beside.pk == act.case.pk:
        raise NotAllowed("不能与自己关联。", code="itself", status=422)
    return act.beside


def _merged(number: str) -> Link | None:
    return Link.objects.filter(source__number=number, kind=Link.Kind.MERGED, undone_at=None).select_related("target").first()


def _connect(act: Act[Any], target: Case, kind: str, reason: str) -> None:
    if act.case.confidential or target.confidential:
        # Each history names the other case: a protected one may not be named in any (条例§30③, L-PET-86).
        raise NotAllowed("检举控告事项不与其他案件关联或并案。", code="protected", status=422)
    if Link.objects.filter(source=act.case, target=target, kind=kind, undone_at=None).exists():
        raise NotAllowed("两件已经这样关联过。", code="linked_before")
    if kind == Link.Kind.MERGED and Link.objects.filter(source=act.case, kind=kind, undone_at=None).exists():
        raise NotAllowed("本件已并入另一件，请先解除并案。", code="merged_before")
    Link.objects.create(source=act.case, target=target, kind=kind, reason=reason, by=act.by.user, at=act.now)
    _tell_other(act, target, f"{act.case.number} {Link.Kind(kind).label}：{reason}")


def _tell_other(act: Act[Any], target: Case, text: str) -> None:
    timeline.record(target, act=f"{act.procedure.code}.{act.code}", label=act.step.label, standing=act.standing, at=act.now, text=text)
    cases.save(target)
