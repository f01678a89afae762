"""Which papers of a petition an act may be done on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casework.models import Document
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
