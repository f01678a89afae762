"""The yearly report: the figures on the screen, and the paper made of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from casework.models import Document
from casework.rules import NotAllowed
from organisations import clock, directory
from organisations.requests import StaffRequest
from petitions.actions import annual as actions
from petitions.forms.annual import AnnualForm
from petitions.queries import annual as queries


@require_http_methods(["GET", "POST"])
def annual(request: StaffRequest) -> HttpResponse:
    """GET shows a year's figures (?year=); POST issues the report: 303, or 422 with what is missing. For the centre's office and head."""
    if request.scope.holds(actions.ISSUERS, directory.current().centre_id) is None:
        raise NotAllowed("年度报告由县中心出具。", code="wrong_role", status=403)
    years = queries.years()
    asked = request.POST.get("year") or request.GET.get("year") or str(clock.today().year)
    if asked not in {str(year) for year in years}:
        raise Http404
    form = AnnualForm(request.POST or None)
    if form.is_bound and form.is_valid():
        made = actions.issue(int(asked), by=request.scope, **form.cleaned_data)
        messages.success(request, f"{made.number} 已出具，稍后可以打开")
        answer = redirect(f"{request.path}?year={asked}")
        answer.status_code = 303
        return answer
    context = {
        "active": "annual",
        "years": years,
        "year": int(asked),
        "tables": queries.tables(int(asked)),
        "form": form,
        "issued": Document.objects.visible_to(request.scope).filter(case=None, paper="P27").order_by("-id")[:20],
    }
    return render(request, "petitions/annual.html", context, status=422 if form.is_bound else 200)
