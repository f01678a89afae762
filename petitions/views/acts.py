"""The one act on a petition that has a page of its own; every other stands on the case page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from organisations.requests import StaffRequest
from petitions.forms.acts.front import AmendForm
from petitions.queries import case as queries
from petitions.views.case import DOORS


@require_http_methods(["GET", "POST"])
def amend(request: StaffRequest, number: str) -> HttpResponse:
    """The correction's own page: what stands beside what it becomes."""
    petition = DOORS.get(request, number)
    held = queries.page(petition, with_history=False)
    refusal = None
    if request.method == "POST":
        form = AmendForm(request.POST, held=held, scope=request.scope)
        refusal = DOORS.do(request, form, "amend", number)
        if refusal is None:
            return DOORS.back(request, number)
    else:
        DOORS.check("amend", held, request.scope)
        form = AmendForm(held=held, scope=request.scope)
    context = {"active": "cases", "case": petition.case, "form": form, "refusal": refusal, "list": request.GET.get("list", "")}
    return render(request, "petitions/amend.html", context, status=refusal.status if refusal else 200)
