"""The papers of a case as its page lists them: made or not, delivered how, put right by which; and who opened a copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from casework.models import Copy, Delivery, Document
from organisations.roles import Role
from organisations.scope import Scope
from petitions.rules.letters import SERVED, STEPS

if TYPE_CHECKING:
    from petitions.queries.case import CasePage

#: 转送单, 交办函: opened as marked copies without the person's identity.
HIDING = frozenset({"P03", "P04"})


def of_act(code: str, held: CasePage, scope: Scope) -> list[Document]:
    """The papers this person may serve or correct now, newest first: of their own unit, not void, and by the role the act asks for."""
    is_contact = held.case.confidential and scope.holds({Role.DISCIPLINE}) is not None
    corrected = {paper.corrects_id for paper in held.papers}
    return [
        paper
        for paper in reversed(held.papers)
        if paper.withdrawn_at is None
        and (is_contact or scope.holds(STEPS[code].roles, paper.unit_id) is not None)
        and (paper.paper in SERVED if code == "serve" else paper.pk not in corrected)
    ]


def is_offered(code: str, held: CasePage, scope: Scope) -> bool:
    """Whether an act on a paper has a paper for this person; acts of other stages always have."""
    return code not in ("serve", "correct_paper") or bool(of_act(code, held, scope))


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


def lines(held: CasePage) -> list[PaperLine]:
    """Every paper of the case, newest first. No statement: the rows came with the page."""
    by_id = {paper.pk: paper for paper in held.papers}
    newer = {paper.corrects_id: paper.number for paper in held.papers if paper.corrects_id}
    return [
        PaperLine(
            paper=paper,
            state="made" if paper.rendered_at else "failed" if paper.failed_at else "waiting",
            is_served=paper.paper in SERVED,
            hides_identity=paper.paper in HIDING,
            deliveries=tuple(row for row in held.deliveries if row.document_id == paper.pk),
            corrected_by=newer.get(paper.pk, ""),
            corrects=by_id[paper.corrects_id].number if paper.corrects_id in by_id else "",
        )
        for paper in reversed(held.papers)
    ]


def copies(held: CasePage) -> list[CopyLine]:
    """Who opened a copy of a paper between units, newest first."""
    by_id = {paper.pk: paper for paper in held.papers}
    return [CopyLine(row, held.name(row.user_id), by_id[row.document_id].name) for row in held.copies]
