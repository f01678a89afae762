"""Proof of history: series of numbers, chains and seals; one case's history as a file."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from casework.models import Case
from casework.rules import NotAllowed
from organisations import clock
from organisations.requests import StaffRequest
from reports.audit import actions, forms, proof, queries
from reports.audit.views.doors import auditors_only, back, download


@require_http_methods(["GET", "POST"])
@auditors_only
def integrity(request: StaffRequest) -> HttpResponse:
    """Series of numbers against the rows, and checks of chains and seals. POST checks a period (303)."""
    today = clock.today()
    form = forms.IntegrityForm(request.POST or None, initial={"since": today.replace(day=1), "until": today})
    refusal, status = "", 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            found = actions.check_integrity(**form.cleaned_data, by=request.scope)
            messages.success(
                request,
                f"已核验{found.cases}件、{found.lines}条历史记录" + ("，未发现改动" if not found.breaks else f"，发现{len(found.breaks)}处不符"),
            )
            return back("integrity")
        except NotAllowed as told:
            refusal, status = told.message, told.status
    context = {"active": "audit", "form": form, "series": queries.series(), "checks": queries.checks(request.scope)[:20], "refusal": refusal}
    return render(request, "reports/audit/integrity.html", context, status=status)


@require_GET
@auditors_only
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """Everything one check found, page by page."""
    found = queries.checks(request.scope).get(pk=pk)
    page = Paginator(found.breaks, queries.PAGE).get_page(request.GET.get("page"))
    context = {
        "active": "audit",
        "check": found,
        "rows": page.object_list,
        "total_text": f"共 {page.paginator.count} 处，第 {page.number} 页，共 {page.paginator.num_pages} 页",
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "reports/audit/check.html", context)


@require_GET
@auditors_only
def history(request: StaffRequest) -> HttpResponse:
    """The history of one case with its proof, as a file that `verifier` checks without the application."""
    number = request.GET.get("number", "").strip()
    case = Case.objects.visible_to(request.scope).get(number=number)
    actions.on_record("历史记录及校验", case.number, by=request.scope, case=case)
    return download(proof.package(case, mark=actions.mark(request.scope)), f"历史记录_{case.number}.json", "application/json")


@require_GET
@auditors_only
def verifier(request: StaffRequest) -> HttpResponse:
    """The program that checks the file, one file, standard library only."""
    script = (settings.BASE_DIR / "tools" / "verify_history.py").read_bytes()
    return download(script, "verify_history.py", "text/x-python; charset=utf-8")
