"""The letter before it is sent: the act itself is done and undone again, and the papers it would leave are looked at.

So the preview cannot differ from what the person gets, and says no for the same reasons as the act.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any

from django.db import transaction

from casework import documents
from casework.documents import Paper
from casework.models import Document
from organisations import clock
from organisations.scope import Scope

#: Stands where the number will be: it is taken only when the paper is issued, so that the series has no gap.
NUMBER = "（文号签发时编）"


def preview(
    code: str,
    call: Callable[..., Any],
    number: str,
    *,
    by: Scope,
    typed: Mapping[str, Any],
    proposed: Mapping[str, Callable[[Any], Paper]],
) -> list[Document]:
    """The papers the act would issue, with nothing saved. Raises NotAllowed and the kind's DoesNotExist as the act does.

    `proposed` are the acts that propose a paper which somebody else's act will issue.
    """
    with transaction.atomic():
        newest = Document.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        row = call(number, by=by, **typed)
        if code in proposed:
            documents.issue(row.case, proposed[code](row), by=by.standings[0], at=clock.now())
        found = list(Document.objects.filter(case=row.case, pk__gt=newest).order_by("pk"))
        transaction.set_rollback(True)
    for document in found:
        document.number, document.verify_code = NUMBER, ""
    return found


def as_pdf(found: Sequence[Document]) -> bytes:
    """All of them one after another in one file."""
    if len(found) == 1:
        return documents.to_pdf(documents.html(found[0]))
    from pypdf import PdfWriter  # heavy (6 MB): only a worker that joins letters pays for it

    together = PdfWriter()
    for document in found:
        together.append(BytesIO(documents.to_pdf(documents.html(document))))
    whole = BytesIO()
    together.write(whole)
    return whole.getvalue()
