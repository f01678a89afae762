"""The door to issued papers: through the scope, rendered at the first opening, every look logged as a print."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from casework import copies, deliveries, documents
from casework.models import Document
from casework.queries import papers
from organisations import access, clock
from organisations.models import AccessEntry
from organisations.requests import StaffRequest


@require_GET
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """The paper as PDF, or the reader's own marked copy of one between units.

    404 outside the scope; 304 when the browser holds these bytes; 503 when it cannot be made now.
    """
    document = _get(request, pk)
    try:
        if copies.is_copied(document):
            copied = copies.opened(document, by=request.scope, at=clock.now())
            _log(request, document, f"{document.name}（副本）")
            return pdf(copied, f"{document.number}.pdf")
        content = documents.render(document)
    except (documents.Falsified, documents.MissingGlyphs) as failure:
        return render(request, "casework/paper_failed.html", {"document": document, "failure": failure}, status=503)
    _log(request, document, document.name)
    answer = pdf(content, f"{document.number}.pdf")
    answer.headers["ETag"] = f'"{document.pdf_sha256}"'
    return get_conditional_response(request, etag=answer.headers["ETag"], response=answer) or answer


@require_GET
def proof(request: StaffRequest, pk: int) -> HttpResponse:
    """送达回证 (P16): the one issued for the attempt asked for by ?delivery=, else a blank to take along and have signed.

    A blank is not numbered and not kept.
    """
    document = _get(request, pk)
    asked = request.GET.get("delivery", "")
    issued = deliveries.proof_of(document, asked)
    try:
        content = documents.render(issued) if issued else documents.to_pdf(deliveries.blank_proof(document, asked))
    except (documents.Falsified, documents.MissingGlyphs) as failure:
        return render(request, "casework/paper_failed.html", {"document": issued or document, "failure": failure}, status=503)
    _log(request, document, f"送达回证（{document.name}）")
    return pdf(content, f"{issued.number if issued else f'送达回证 {document.number}'}.pdf")


def _get(request: StaffRequest, pk: int) -> Document:
    document = papers.find(pk, request.scope)
    if document is None:
        raise Http404
    return document


def pdf(content: bytes, name: str) -> HttpResponse:
    """A paper in the browser's own window, kept by nobody on the way."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _log(request: StaffRequest, document: Document, what: str) -> None:
    scope = request.scope
    access.log(
        AccessEntry.Event.PRINT,
        user=request.user,
        unit_id=scope.home.unit_id if scope.home else None,
        object_type="case" if document.case else "paper",
        object_id=document.case_id or document.pk,
        object_label=f"{document.case.number if document.case else document.number} {what}",
        detail={"document": document.pk, "number": document.number},
    )
