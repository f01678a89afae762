"""Who reads a proposal to hold somebody to account: paper, answer and line are about a person (条例§40③; L-PET-93).

The centre that wrote it, the county's leaders, the discipline side and the auditor; of the unit its head, or the head of
the unit above where the case is shown there. Never whom it may be about, nor the colleagues at the desk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from casework.models import Document
from organisations import directory
from organisations.roles import Role
from organisations.scope import Scope, Standing
from petitions.models import Advice, Reply
from petitions.rules.supervision import ADVICE_LIMITS, BLAME

if TYPE_CHECKING:
    from petitions.queries.case import CasePage

#: Of the history the lines that tell of a proposal, or of a paper of it that was put right.
TELLING_ACTS = ("petition.advise", "petition.answer_advice", "petition.correct_paper")


def kept_from(scope: Scope) -> Q:
    """The proposals that this person does not read, though the case is in sight."""
    centre_id = directory.current().centre_id
    about = Q(petition__respondent_name=scope.user.name)
    if any(_is_above(standing, centre_id) for standing in scope.standings):
        return Q(kind=BLAME) & about
    heads = [standing for standing in scope.standings if standing.role is Role.HEAD]
    people = {scope.user.id, *(standing.on_behalf_of_id for standing in heads if standing.on_behalf_of_id)}
    about |= Q(petition__case__handler__in=people) | Q(Exists(Reply.objects.filter(petition=OuterRef("petition"), prepared_by__in=people)))
    units = [standing.unit_id for standing in heads]
    return Q(kind=BLAME) & (~(Q(unit__in=units) | Q(unit__parent__in=units)) | about)


def _is_above(standing: Standing, centre_id: int | None) -> bool:
    if standing.role in (Role.OFFICE, Role.HEAD):
        return standing.unit_id == centre_id
    return standing.role in (Role.LEADER, Role.DISCIPLINE, Role.AUDITOR)


def keeps_paper(ids: list[int], scope: Scope) -> bool:
    """Whether one of these papers (a paper and those it corrects) is a proposal, or the answer to one, kept from this person."""
    return Advice.objects.filter(kept_from(scope), Q(document__in=ids) | Q(reply_document__in=ids)).exists()


def keeps_limit(case_id: int, key: str, unit_id: int | None, scope: Scope) -> bool:
    """Whether the term of this unit runs for nothing but proposals kept from this person."""
    if key not in ADVICE_LIMITS:
        return False
    owed, kept = Advice.objects.filter(petition=case_id, unit=unit_id), kept_from(scope)
    return owed.filter(kept).exists() and not owed.exclude(kept).exists()


def kept_lines(case_id: int, scope: Scope) -> Q:
    """The lines that tell of proposals kept from this person: whole, for older ones hold the words themselves."""
    kept = list(Advice.objects.filter(kept_from(scope), petition=case_id))
    if not kept:
        return Q(pk__in=[])
    papers = _papers(kept, Document.objects.filter(case=case_id).only("corrects_id", "issued_at").order_by("pk"))
    return Q(act__in=TELLING_ACTS, at__in=_moments(kept, papers))


def _papers(kept: Iterable[Advice], issued: Iterable[Document]) -> dict[int, datetime | None]:
    """Proposals, answers and what corrects them, each with when it was issued. `issued` are the case's papers, older ones first."""
    found: dict[int, datetime | None] = {paper: None for row in kept for paper in (row.document_id, row.reply_document_id) if paper}
    for paper in issued:
        if paper.pk in found or paper.corrects_id in found:
            found[paper.pk] = paper.issued_at
    return found


def _moments(kept: Iterable[Advice], papers: Mapping[int, datetime | None]) -> set[datetime]:
    return {at for at in (*(at for row in kept for at in (row.at, row.replied_at)), *papers.values()) if at is not None}


def keep_back(held: CasePage, scope: Scope) -> None:
    """Take out of the page what is kept from this person: proposal, papers, lines, term. One statement where there is any."""
    if not any(row.kind == BLAME for row in held.advices):
        return
    kept = list(Advice.objects.filter(kept_from(scope), petition=held.petition))
    if not kept:
        return
    gone = {row.pk for row in kept}
    held.advices = [row for row in held.advices if row.pk not in gone]
    papers = _papers(kept, sorted(held.papers, key=lambda paper: paper.pk))
    held.papers = [paper for paper in held.papers if paper.pk not in papers]
    held.deliveries = [row for row in held.deliveries if row.document_id not in papers]
    held.copies = [row for row in held.copies if row.document_id not in papers]
    moments = _moments(kept, papers)
    held.entries = [line for line in held.entries if line.act not in TELLING_ACTS or line.at not in moments]
    units = {row.unit_id for row in kept} - {row.unit_id for row in held.advices}
    held.deadlines = [row for row in held.deadlines if row.key not in ADVICE_LIMITS or row.unit_id not in units]
