"""Which form and which action an act has, and how the page shows it. A new act is one row of its stage."""

from casework.registry import Entry
from petitions.views.registry import front, letters, referring, review, supervision, terms

__all__ = ["REGISTRY", "Entry"]

REGISTRY: dict[str, Entry] = {**front.ACTS, **terms.ACTS, **review.ACTS, **supervision.ACTS, **letters.ACTS, **referring.ACTS}
