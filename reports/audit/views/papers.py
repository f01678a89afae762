"""The working paper of one sampled case: typed, kept while being typed."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from casework import chain
from casework.models import Case
from casework.rules import NotAllowed
from organisations import clock
from organisations.requests import StaffRequest
from reports.audit import actions, forms, queries
from reports.audit.views.doors import auditors_only, back
from reports.models import WorkingPaper


@require_http_methods(["GET", "POST"])
@auditors_only
def paper(request: StaffRequest, pk: int, place: int) -> HttpResponse:
    """One case's working paper beside its history. POST keeps it (303)."""
    of = queries.samples(request.scope).get(pk=pk)
    row = WorkingPaper.objects.select_related("case").get(sample=of, place=place)
    form = forms.PaperForm(request.POST) if request.method == "POST" else forms.PaperForm.opened(row, secrets.token_hex(8), clock.now())
    refusal, status = "", 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            actions.note(pk, place, **form.written(), by=request.scope)
            messages.success(request, f"第{place}件已保存")
            return back("paper", pk, place + 1) if place < of.size else back("sample", pk)
        except NotAllowed as found:
            refusal, status = found.message, found.status
            form.shown_again(clock.now())
    may_see = Case.objects.visible_to(request.scope).filter(pk=row.case_id).exists()
    context = {
        "active": "audit",
        "sample": of,
        "row": row,
        "form": form,
        "lines": queries.lines_of(row.case) if may_see else [],
        "breaks": list(chain.verify_cases([row.case_id])) if may_see else [],
        "number": row.number if may_see else queries.MASKED,
        "may_see": may_see,
        "other_words": row if status == 409 and of.signed_at is None else None,
        "may_write": of.signed_at is None and of.drawn_by_id == request.user.pk,
        "refusal": refusal,
    }
    return render(request, "reports/audit/paper.html", context, status=status)


@require_POST
@auditors_only
def keep(request: StaffRequest, pk: int, place: int) -> HttpResponse:
    """What is being typed in a working paper (autosave): 204; 409 once it was signed, or written in another window."""
    form = forms.PaperForm(request.POST)
    if not form.is_valid():
        wrong = "".join(str(text) for texts in form.errors.values() for text in texts)
        return JsonResponse({"message": f"{wrong}暂未保存。", "code": "invalid"}, status=422)
    try:
        actions.note(pk, place, **form.written(), by=request.scope)
    except NotAllowed as refusal:
        words = f"{refusal.message}暂未保存。" if refusal.status == 422 else refusal.message
        return JsonResponse({"message": words, "code": refusal.code}, status=refusal.status)
    return HttpResponse(status=204)
