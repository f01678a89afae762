"""Of which ledger an imported case came, and whether that whole batch is to be taken back."""

from __future__ import annotations

from casework.models import Case
from petitions.models import Import

#: Where a batch keeps who asked to have it undone and why, when part of it is not for their eyes.
UNDO_ASKED = "undo_asked"


def batch_of(case: Case) -> Import | None:
    """The batch that brought the case in; None for one registered here."""
    return Import.objects.filter(rows__case=case).first()


def is_given_back(case: Case) -> bool:
    """A protected matter of a ledger waits for its contact to take it back with the rest (L-PET-86)."""
    batch = batch_of(case) if case.confidential else None
    return batch is not None and UNDO_ASKED in batch.options
