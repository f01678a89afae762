"""The two ends of every act on a dispute: the docket's own, with the disputes' procedure."""

from __future__ import annotations

from casework import acting
from casework.acting import check_second, finish
from mediation.models import Dispute
from mediation.queries.acts import PROCEDURE
from organisations.scope import Scope

__all__ = ["PROCEDURE", "Act", "begin", "check_second", "finish"]


class Act(acting.Act[Dispute]):
    """An act in progress on a dispute."""

    @property
    def dispute(self) -> Dispute:
        return self.row


def begin(code: str, number: str, by: Scope, version: int | None = None, *, beside: str = "") -> Act:
    """Lock the dispute and ask whether this person may do this now. Raises Dispute.DoesNotExist and NotAllowed."""
    return Act(**vars(acting.begin(PROCEDURE, code, number, by, version, beside=beside)))
