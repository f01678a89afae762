"""Which papers of a petition an act may be done on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from casework.models import Document
from organisations.roles import Role
from organisations.scope import Scope
from petitions.models import Review
from petitions.queries.review import DECISION_PAPERS
from petitions.rules import chain
from petitions.rules.letters import SERVED, STEPS

if TYPE_CHECKING:
    from petitions.queries.case import CasePage

#: 转送单, 交办函: opened as marked copies without the person's identity.
HIDING = frozenset({"P03", "P04"})
#: What a review can take away: the decision of the first round and, in the second, the review opinion.
REVIEWED = (*DECISION_PAPERS, "P15")


def of_act(code: str, held: CasePage, scope: Scope) -> list[Document]:
    """The papers this person may serve or correct now, newest first: of their own unit, not void, and by the role the act asks for."""
    is_contact = held.case.confidential and scope.holds({Role.DISCIPLINE}) is not None
    gone = {paper.corrects_id for paper in held.papers} | undone(held.papers, held.reviews)
    return [
        paper
        for paper in reversed(held.papers)
        if paper.withdrawn_at is None
        and (is_contact or scope.holds(STEPS[code].roles, paper.unit_id) is not None)
        and (paper.paper in SERVED if code == "serve" else paper.pk not in gone)
    ]


def undone(papers: Iterable[Document], reviews: Iterable[Review]) -> set[int]:
    """Decisions that stand no more, by id: a review or re-review changed or revoked what had been decided before it (条例§35 §36; L-PET-72)."""
    taken = [row for row in reviews if row.decided_at is not None and row.conclusion in (chain.CHANGED, chain.REDO)]
    return {
        paper.pk
        for paper in papers
        for row in taken
        if row.decided_at is not None and paper.paper in REVIEWED and paper.pk != row.document_id and paper.issued_at < row.decided_at
    }


def is_offered(code: str, held: CasePage, scope: Scope) -> bool:
    """Whether an act on a paper has a paper for this person; acts of other stages always have."""
    return code not in ("serve", "correct_paper") or bool(of_act(code, held, scope))
