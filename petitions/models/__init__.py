"""What is remembered of a petition beyond the case, split by stage of work."""

from petitions.models.citizen import Rating, TextCode, Visit
from petitions.models.handling import Feedback, Guidance, Inquiry, Proposal, Refusal, Reply
from petitions.models.ledger import Import, ImportRow
from petitions.models.petition import Dispatch, Objection, Petition, PetitionQuerySet, Point, Precedent, Task
from petitions.models.review import FollowUp, Hearing, Review
from petitions.models.supervision import (
    Accompaniment,
    Advice,
    Instruction,
    Reception,
    Sponsorship,
    SponsorVisit,
    Supervision,
    UrgentReport,
    Urging,
)
from petitions.models.terms import Extension, Suspension, Telling

__all__ = [
    "Accompaniment",
    "Advice",
    "Dispatch",
    "Extension",
    "Feedback",
    "FollowUp",
    "Guidance",
    "Hearing",
    "Import",
    "ImportRow",
    "Inquiry",
    "Instruction",
    "Objection",
    "Petition",
    "PetitionQuerySet",
    "Point",
    "Precedent",
    "Proposal",
    "Rating",
    "Reception",
    "Refusal",
    "Reply",
    "Review",
    "SponsorVisit",
    "Sponsorship",
    "Supervision",
    "Suspension",
    "Task",
    "Telling",
    "TextCode",
    "UrgentReport",
    "Urging",
    "Visit",
]
