"""The letter before it is sent: the act itself is done and undone again, and the papers it would leave are looked at.

So the preview cannot differ from what the citizen gets, and says no for the same reasons as the act.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from casework import documents
from casework.documents import Paper
from casework.models import Document
from organisations import clock
from organisations.scope import Scope
from petitions import papers
from petitions.models import Petition, Refusal, Reply

#: Stands where the number will be: it is taken only when the paper is issued, so that the series has no gap.
NUMBER = "（文号签发时编）"


def _decision(petition: Petition) -> Paper:
    reply = Reply.objects.filter(petition=petition, approved_at=None, sent_back_at=None).get()
    return papers.decision(petition, petition.case, reply, clock.today())


def _refusal(petition: Petition) -> Paper:
    return papers.refusal(petition, petition.case, Refusal.objects.get(petition=petition, is_approved=None), clock.today())


#: Acts that propose a paper which somebody else's act will issue.
PROPOSED: dict[str, Callable[[Petition], Paper]] = {"prepare": _decision, "decline": _refusal}


def preview(code: str, call: Callable[..., Petition], number: str, *, by: Scope, typed: Mapping[str, Any]) -> list[Document]:
    """The papers the act would issue, with nothing saved. Raises NotAllowed and Petition.DoesNotExist as the act does."""
    with transaction.atomic():
        newest = Document.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        petition = call(number, by=by, **typed)
        if code in PROPOSED:
            documents.issue(petition.case, PROPOSED[code](petition), by=by.standings[0], at=clock.now())
        found = list(Document.objects.filter(case=petition.case, pk__gt=newest).order_by("pk"))
        transaction.set_rollback(True)
    for document in found:
        document.number, document.verify_code = NUMBER, ""
    return found
