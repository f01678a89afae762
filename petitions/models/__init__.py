"""What is remembered of a petition beyond the case, split by stage of the work."""

from petitions.models.handling import Feedback, Guidance, Inquiry, Proposal, Refusal, Reply
from petitions.models.ledger import Import, ImportRow
from petitions.models.petition import Dispatch, Objection, Petition, PetitionQuerySet, Point, Precedent, Task

__all__ = [
    "Dispatch",
    "Feedback",
    "Guidance",
    "Import",
    "ImportRow",
    "Inquiry",
    "Objection",
    "Petition",
    "PetitionQuerySet",
    "Point",
    "Precedent",
    "Proposal",
    "Refusal",
    "Reply",
    "Task",
]
