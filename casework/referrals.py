"""One kind of case gives rise to another: sent with a reason, taken in or returned, its result told back (architecture §8).

No case drives another: what came of the one is a line in the history of the other and a notice to whoever handles it.
A person then answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from casework import cases, folders, kinds, notices, timeline
from casework.kinds import Referral
from casework.models import Attachment, Case, Link, Party
from casework.rules import NotAllowed, Outcome
from organisations.scope import Standing

#: The mark lists show on a case that was referred and whose result is awaited.
REFERRED = "referred"


@dataclass(frozen=True, slots=True)
class Matter:
    """What the sending kind says of the case beside its row; see `casework.kinds.Referral`."""

    story: str
    points: Sequence[str] = ()
    sort: str = ""
    desk: str = ""
    against: str = ""
    is_against_organisation: bool = False


def refer(case: Case, matter: Matter, *, to: str, reason: str, by: Standing, at: datetime) -> Case:
    """Make a case of kind `to` out of this one, whose row the caller has locked and saves. Returns the new case.

    Raises NotAllowed: protected, or the chain has an open case of that kind already (no ping-pong).
    """
    _check(case, to)
    kind = kinds.get(to)
    if kind.accept_referral is None:
        raise NotAllowed(f"{kind.label}不接收转来的事项。", code="takes_none", status=422)
    files = list(Attachment.objects.filter(case=case, is_internal=False))
    referral = Referral(
        source_id=case.pk,
        title=case.title,
        story=matter.story,
        area_id=case.area_id,
        party_ids=tuple(Party.objects.filter(case=case).values_list("pk", flat=True)),
        attachment_ids=tuple(file.pk for file in files),
        reason=reason,
        by_id=by.user_id,
        points=tuple(matter.points),
        sort=matter.sort,
        desk=matter.desk,
        against=matter.against,
        is_against_organisation=matter.is_against_organisation,
    )
    target = Case.objects.get(pk=kind.accept_referral(referral))
    _copy_files(files, target)
    Link.objects.create(source=case, target=target, kind=Link.Kind.REFERRAL, reason=reason[:200], by_id=by.user_id, at=at)
    # Whoever sent it follows what becomes of it, wherever it goes from there.
    cases.show_to(target, cases.unit_readers([case.unit_id]) | {-by.user_id})
    text = f"由{kinds.get(case.kind).label} {case.number} 转来：{reason}"
    timeline.record(target, act="referral.come", label="转入", standing=by, at=at, text=text)
    notices.notify(target, kind="referral.come", text=f"{target.number} {text}", at=at, to_unit_id=target.unit_id)
    cases.save(target)
    cases.mark(case, REFERRED)
    return target


def send_back(case: Case, *, reason: str, by: Standing, at: datetime) -> Case:
    """The receiver does not take the referral: the matter is the sender's again, who is told why. Returns the source's case.

    The caller closes the receiving case. Raises NotAllowed where the case was not referred.
    """
    link = _came_from(case)
    if link is None:
        raise NotAllowed("本件不是转来的，不能退回转办。", code="not_referred", status=422)
    link.undone_by_id, link.undone_at, link.undo_reason = by.user_id, at, reason[:200]
    link.save(update_fields=["undone_by", "undone_at", "undo_reason"])
    source = Case.objects.select_for_update(of=("self",)).get(pk=link.source_id)
    cases.unmark(source, REFERRED)
    _write(source, "referral.returned", "转出被退回", f"转出的{kinds.get(case.kind).label} {case.number} 被退回：{reason}", by, at)
    return source


def report(case: Case, *, by: Standing, at: datetime) -> None:
    """Say on the case it was referred from what has come of this one; nothing where it was not referred."""
    link = _came_from(case)
    if link is None:
        return
    kind = kinds.get(case.kind)
    source = Case.objects.select_for_update(of=("self",)).get(pk=link.source_id)
    if case.closed_at is None:
        text = f"转出的{kind.label} {case.number} 有了结果：{kind.states[case.state]}"
    else:
        cases.unmark(source, REFERRED)
        text = f"转出的{kind.label}已办结：{case.number}，{Outcome(case.outcome).label}"
    _write(source, "referral.result", "转出事项有结果", text, by, at)


def is_received(case: Case, links: Sequence[Link]) -> bool:
    """Whether the case came by referral and can still be returned to its sender, by the links its page holds."""
    return any(link.kind == Link.Kind.REFERRAL and link.target_id == case.pk for link in links)


def top_class(case: Case) -> str:
    """The name of the case's first class of contents, by which the receiving kind proposes a sort."""
    return next((name for prefix, name in kinds.get(case.kind).topics if case.topic_code.startswith(prefix)), "")


def _check(case: Case, to: str) -> None:
    if case.confidential:
        # Another kind's case would name the person and the matter to people who may not know (条例§30③, L-PET-86).
        raise NotAllowed("检举控告事项不转其他程序办理。", code="protected", status=422)
    open_case = Case.objects.filter(pk__in=_chain(case), kind=to, closed_at=None).exclude(pk=case.pk).first()
    if open_case is not None:
        raise NotAllowed(f"{open_case.number} 与本件是同一件事，还在办理，不能来回转办。可以退回转办，或者等它办结。", code="in_chain", status=409)


def _chain(case: Case) -> set[int]:
    """Every case this one was referred from or to, however far."""
    seen, frontier = {case.pk}, {case.pk}
    while frontier:
        links = Link.objects.filter(kind=Link.Kind.REFERRAL, undone_at=None).filter(Q(source__in=frontier) | Q(target__in=frontier))
        frontier = {case_id for pair in links.values_list("source_id", "target_id") for case_id in pair} - seen
        seen |= frontier
    return seen


def _came_from(case: Case) -> Link | None:
    return next(reversed(folders.rows_of(case, Link, target=case, kind=Link.Kind.REFERRAL, undone_at=None)), None)


def _copy_files(files: Sequence[Attachment], target: Case) -> None:
    """The same files on the new case: the bytes lie under their SHA-256 and are not stored twice."""
    Attachment.objects.bulk_create(
        Attachment(
            case=target,
            name=file.name,
            label=file.label,
            content_type=file.content_type,
            size=file.size,
            sha256=file.sha256,
            uploaded_by_id=file.uploaded_by_id,
            uploaded_at=file.uploaded_at,
        )
        for file in files
    )


def _write(source: Case, kind: str, label: str, text: str, by: Standing, at: datetime) -> None:
    """A line on the sending case, and word to its handler, or to the unit that holds it where nobody handles it yet."""
    timeline.record(source, act=kind, label=label, standing=by, at=at, text=text)
    if source.handler_id is not None:
        notices.notify(source, kind=kind, text=f"{source.number} {text}", at=at, to_user_id=source.handler_id)
    else:
        notices.notify(source, kind=kind, text=f"{source.number} {text}", at=at, to_unit_id=source.unit_id)
    cases.save(source)
