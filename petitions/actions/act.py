"""The two ends of every act on a petition: the docket's own, with the petitions' procedure; and what it tells and hands out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from casework import acting, documents, notices
from casework.acting import check_second, finish
from organisations import clock
from organisations.scope import Scope
from petitions.models import Petition
from petitions.queries.acts import PROCEDURE

__all__ = ["PROCEDURE", "Act", "begin", "check_second", "finish", "issue", "tell"]


class Act(acting.Act[Petition]):
    """An act in progress on a petition."""

    @property
    def petition(self) -> Petition:
        return self.row


def begin(code: str, number: str, by: Scope, version: int | None = None, *, beside: str = "") -> Act:
    """Lock the petition and ask whether this person may do this now. Raises Petition.DoesNotExist and NotAllowed."""
    return Act(**vars(acting.begin(PROCEDURE, code, number, by, version, beside=beside)))


def tell(act: Act, *, kind: str, text: str, to_unit_id: int) -> None:
    """Word of the act to the unit the case awaits now. Nobody awaits what an old ledger tells of: it went on long ago."""
    if not clock.is_from_ledger():
        notices.notify(act.case, kind=kind, text=text, at=act.now, to_unit_id=to_unit_id)


def issue(act: Act, papers: Callable[[], Sequence[documents.Paper]]) -> None:
    """The papers by which the act goes on its way. An old ledger's went out then, with its own numbers, or were never written:

    a numbered record made today of a talk or a dispatch the ledger does not tell of would say what nobody knows (L-DOC-5).
    """
    if not clock.is_from_ledger():
        documents.issue_many(act.case, papers(), by=act.standing, at=act.now)
