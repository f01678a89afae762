"""The two ends of every act on a petition: the docket's own, with the petitions' procedure."""

from __future__ import annotations

from casework import acting
from casework.acting import check_second, finish
from organisations.scope import Scope
from petitions.models import Petition
from petitions.queries.acts import PROCEDURE

__all__ = ["PROCEDURE", "Act", "begin", "check_second", "finish"]


class Act(acting.Act[Petition]):
    """An act in progress on a petition."""

    @property
    def petition(self) -> Petition:
        return self.row


def begin(code: str, number: str, by: Scope, version: int | None = None, *, beside: str = "") -> Act:
    """Lock the petition and ask whether this person may do this now. Raises Petition.DoesNotExist and NotAllowed."""
    return Act(**vars(acting.begin(PROCEDURE, code, number, by, version, beside=beside)))
