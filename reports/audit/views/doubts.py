"""The auditor's first page, and the findings of one doubt."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from organisations import clock
from organisations.requests import StaffRequest
from reports.actions import refresh
from reports.audit import queries
from reports.audit.views.doors import auditors_only, selected
from reports.forms import selection
from reports.models import AuditQuestion
from reports.month import queries as months


@require_GET
@auditors_only
def room(request: StaffRequest) -> HttpResponse:
    """The auditor's home: every doubt with its count in the period, own samples, open questions."""
    refresh.refresh_if_old()
    where = selected(request.GET, request.scope)
    found = list(queries.samples(request.scope)[:6])
    progress = queries.progress(found)
    context = {
        "active": "audit",
        "where": where,
        "query": selection.query(where),
        "tallies": queries.counts(where, request.scope),
        "unclosed": months.unclosed(clock.today()),
        "unread": months.unread(request.scope),
        "samples": [(one, *progress.get(one.pk, (0, 0))) for one in found],
        "questions": queries.questions(request.scope).exclude(state=AuditQuestion.State.ACCEPTED)[:8],
        "today": clock.today(),
        "units": queries.askable(request.scope),
    }
    return render(request, "reports/audit/room.html", context)


@require_GET
@auditors_only
def doubt(request: StaffRequest, code: str) -> HttpResponse:
    """The findings of one doubt in the period, page by page."""
    found = queries.doubts().get(code)
    if found is None:
        raise Http404
    refresh.refresh_if_old()
    where = selected(request.GET, request.scope)
    number = request.GET.get("page", "")
    page = max(int(number), 1) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    rows, total = queries.findings(found, where, request.scope, page)
    last = max(-(-total // queries.PAGE), 1)
    query = selection.query(where)
    context = {
        "active": "audit",
        "doubt": found,
        "where": where,
        "query": query,
        "rows": rows,
        "total": total,
        "units": queries.askable(request.scope),
        "previous_url": f"?{query}&page={page - 1}" if page > 1 else "",
        "next_url": f"?{query}&page={page + 1}" if page < last else "",
        "page_words": f"共 {total} 条，第 {page} 页，共 {last} 页",
    }
    return render(request, "reports/audit/doubt.html", context)
