"""Who looked into identities and took things away."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from casework.rules import NotAllowed
from organisations import clock
from organisations.requests import StaffRequest
from reports.audit import actions, books, forms, queries
from reports.audit.views.doors import XLSX, auditors_only, download


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


@require_GET
@auditors_only
def trace_book(request: StaffRequest) -> HttpResponse:
    """The same search as a workbook."""
    form = forms.TraceForm(request.GET)
    if not form.is_valid():
        raise NotAllowed("查询条件有误，请回到页面改正。", code="wrong_search", status=422)
    entry = actions.on_record("访问痕迹", "审计查询结果", by=request.scope)
    rows = queries.trace(form.sought(), form.cleaned_data["person"], request.scope).filter(id__lt=entry.pk)[: books.MOST_ROWS]
    data = books.trace(rows.iterator(chunk_size=2000), mark=actions.mark(request.scope), at=clock.now())
    return download(data, f"访问痕迹_{clock.today():%Y%m%d}.xlsx", XLSX)
