"""Which input each act takes and which action does it. An act of STEPS that is missing here fails a test."""

from casework.api import Act
from petitions.api.acts import front, letters, referring, review, supervision, terms

__all__ = ["ACTS", "Act"]

ACTS: dict[str, Act] = {**front.ACTS, **terms.ACTS, **review.ACTS, **supervision.ACTS, **letters.ACTS, **referring.ACTS}
