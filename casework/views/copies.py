"""Copies of papers: who the person is, after a ground; and whose copy a mark belongs to, for the audit administrator."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from casework import copies, documents
from casework.queries import papers
from casework.rules import NotAllowed
from casework.views.papers import pdf
from organisations import access, clock
from organisations.models import AccessEntry
from organisations.requests import StaffRequest
from organisations.roles import Role
from organisations.views.door import console, scope


@require_http_methods(["GET", "POST"])
def identity(request: StaffRequest, pk: int) -> HttpResponse:
    """GET asks for the ground, POST answers with the copy that says who the person is. 404 outside the scope; 403, 422 as refused."""
    document = papers.find(pk, request.scope)
    if document is None or document.case is None:
        raise Http404
    refusal = None
    if request.method == "POST":
        try:
            content = copies.with_identity(document, request.POST.get("ground", ""), by=request.scope, at=clock.now())
        except NotAllowed as failed:
            refusal = failed
        except documents.Falsified:
            return render(request, "casework/paper_failed.html", {"document": document}, status=503)
        else:
            return pdf(content, f"{document.number}（含身份信息）.pdf")
    context = {"active": "cases", "document": document, "case": document.case, "refusal": refusal, "ground": request.POST.get("ground", "")}
    return render(request, "casework/identity.html", context, status=refusal.status if refusal else 200)


@console(Role.AUDIT_ADMIN)
@require_GET
def trace(request: HttpRequest) -> HttpResponse:
    """Whose copy it is, from the mark on a page or a photograph. The search itself is a line of the log."""
    typed = request.GET.get("mark", "").strip()[:40]
    found = copies.find(typed) if typed else None
    if typed:
        access.log(
            AccessEntry.Event.LOG_READ,
            user=scope(request).user,
            object_type="copy",
            object_id=found.pk if found else "",
            object_label="文书副本标记",
            detail={"标记": typed, "结果": found.user.name if found else "没有"},
        )
    return render(request, "casework/trace.html", {"active": "trace", "mark": typed, "found": found})
