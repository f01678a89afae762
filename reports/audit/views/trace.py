"""Who looked into identities and took things away."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from organisations.requests import StaffRequest
from reports.audit import forms, queries
from reports.audit.views.doors import auditors_only


@require_GET
@auditors_only
def trace(request: StaffRequest) -> HttpResponse:
    """Who looked into identities and took things away, among the cases and units within reach."""
    form = forms.TraceForm(request.GET)
    sought = form.sought() if form.is_valid() else None
    if sought is None:
        return render(request, "reports/audit/trace.html", {"active": "audit", "form": form, "rows": []}, status=422)
    before = request.GET.get("before", "")
    rows = queries.trace(sought, form.cleaned_data["person"], request.scope)
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(id__lt=int(before))
    found = list(rows[: queries.PAGE + 1])
    asked = request.GET.copy()
    asked.pop("before", None)
    older = f"?{asked.urlencode()}&before={found[queries.PAGE - 1].pk}" if len(found) > queries.PAGE else ""
    context = {"active": "audit", "form": form, "rows": found[: queries.PAGE], "next_url": older, "export_query": asked.urlencode()}
    return render(request, "reports/audit/trace.html", context)
