"""Who keeps out of an act by name, whatever the post: whoever proposed what it decides, had a hand in what is reviewed, is complained about.

The actions refuse them by the rules; the case page asks here, so that nobody is offered what will be refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from casework.rules import Step, who
from organisations.scope import Scope
from petitions.models import Reply, Review
from petitions.queries import terms as terms_queries

if TYPE_CHECKING:
    from petitions.queries.case import CasePage

Person = int | None


def involved(reply: Reply | None, earlier: Review | None) -> frozenset[Person]:
    """Whoever made the decision that is reviewed, or the review before it (条例§28③)."""
    of_reply = {reply.prepared_by_id, reply.approved_by_id} if reply else set()
    of_review = {earlier.drafted_by_id, earlier.decided_by_id} if earlier else set()
    return frozenset(of_reply | of_review)


def _in_what_is_reviewed(held: CasePage) -> frozenset[Person]:
    running = held.running_review
    if running is None:
        return frozenset()
    reply = next((row for row in held.replies if row.pk == running.of_reply_id), None)
    return involved(reply, next((row for row in held.reviews if row.pk == running.of_review_id), None))


def _in_what_is_reviewed_here(held: CasePage) -> frozenset[Person]:
    """Of an organ outside the county only the day is written down, which anybody may do."""
    running = held.running_review
    return frozenset() if running is None or running.organ_id is None else _in_what_is_reviewed(held)


def _of_extension(held: CasePage) -> Person:
    waiting = terms_queries.asked(held)
    return waiting.requested_by_id if waiting else None


def _of_rejection(held: CasePage) -> Person:
    return held.running_review.reject_proposed_by_id if held.running_review else None


#: Who proposed what the act decides (L-PET-51, L-PET-71).
PROPOSED_BY: dict[str, Callable[[CasePage], Person]] = {
    "reply": lambda held: held.reply.prepared_by_id if held.reply else None,
    "approve_decline": lambda held: held.refusal.proposed_by_id if held.refusal else None,
    "approve_extension": _of_extension,
    "refuse_extension": _of_extension,
    "approve_reject_review": _of_rejection,
    "refuse_reject_review": _of_rejection,
    "decide_review": lambda held: held.running_review.drafted_by_id if held.running_review else None,
}
#: Who had a hand in what the act reviews (条例§28③).
INVOLVED: dict[str, Callable[[CasePage], frozenset[Person]]] = {
    "accept_review": _in_what_is_reviewed_here,
    "reject_review": _in_what_is_reviewed,
    "approve_reject_review": _in_what_is_reviewed,
    "draft_review": _in_what_is_reviewed,
    "decide_review": _in_what_is_reviewed,
}
#: Acts by which a person takes the matter into the own hands; True: also where somebody holds it already (L-PET-46).
TAKES_IT: dict[str, bool] = {"sign": True, "accept": False, "accept_simple": False}


def keeps_out(code: str, step: Step, held: CasePage, scope: Scope) -> bool:
    """Whether the act would be refused to this person by name, in the own name or in that of a colleague («B 代 A»)."""
    if code in TAKES_IT and (TAKES_IT[code] or held.case.handler_id is None) and held.petition.respondent_name == scope.user.name:
        return True
    out = INVOLVED[code](held) if code in INVOLVED else frozenset[Person]()
    if code in PROPOSED_BY:
        out |= {PROPOSED_BY[code](held)}
    standing = who(step, held.place, scope)
    return standing is not None and not (out - {None}).isdisjoint({scope.user.id, standing.on_behalf_of_id})
