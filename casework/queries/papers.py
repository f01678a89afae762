"""The papers of a case as its page lists them: made or not, delivered how, put right by which; and who opened a copy."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from casework import kinds
from casework.deliveries import PROOF
from casework.models import Copy, Delivery, Document
from casework.queries.children import CaseRows
from organisations.scope import Scope


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper: `state` is made, waiting or failed; `corrected_by` and `corrects` are numbers or empty."""

    paper: Document
    state: str
    is_served: bool
    hides_identity: bool
    deliveries: tuple[Delivery, ...]
    corrected_by: str
    corrects: str

    @property
    def received(self) -> Delivery | None:
        """The attempt that reached the person."""
        return next((row for row in self.deliveries if row.delivered_on), None)


@dataclass(frozen=True, slots=True)
class CopyLine:
    copy: Copy
    name: str
    paper: str


def find(pk: int, scope: Scope) -> Document | None:
    """The paper, if the scope sees its case and the kind does not keep it, or one that it corrects, from this person."""
    document = Document.objects.visible_to(scope).filter(pk=pk).select_related("case", "unit").first()
    keeps = kinds.get(document.case.kind).keeps_paper if document is not None and document.case is not None else None
    if document is None or keeps is None:
        return document
    chain, older = [document.pk], document.corrects_id
    while older is not None:
        chain.append(older)
        older = Document.objects.values_list("corrects_id", flat=True).get(pk=older)
    return None if keeps(chain, scope) else document


def lines(held: CaseRows, *, served: Collection[str], hiding: Collection[str]) -> list[PaperLine]:
    """Every paper of the case, newest first; a receipt stands with the delivery it proves. No statement: the rows came with the page.

    `served` are the papers that are delivered to people, `hiding` those opened as copies without the person's identity.
    """
    by_id = {paper.pk: paper for paper in held.papers}
    newer = {paper.corrects_id: paper.number for paper in held.papers if paper.corrects_id}
    return [
        PaperLine(
            paper=paper,
            state="made" if paper.rendered_at else "failed" if paper.failed_at else "waiting",
            is_served=paper.paper in served,
            hides_identity=paper.paper in hiding,
            deliveries=tuple(row for row in held.deliveries if row.document_id == paper.pk),
            corrected_by=newer.get(paper.pk, ""),
            corrects=by_id[paper.corrects_id].number if paper.corrects_id in by_id else "",
        )
        for paper in reversed(held.papers)
        if paper.paper != PROOF
    ]


def copies(held: CaseRows) -> list[CopyLine]:
    """Who opened a copy of a paper between units, newest first."""
    by_id = {paper.pk: paper for paper in held.papers}
    return [CopyLine(row, held.name(row.user_id), by_id[row.document_id].name) for row in held.copies]
