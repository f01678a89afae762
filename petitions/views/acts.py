"""The one act on a petition that has a page of its own; every other stands on the case page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from organisations.requests import StaffRequest
from petitions.forms.acts.front import AmendForm
from petitions.models import Petition
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
        if refusal is None and not Petition.objects.visible_to(request.scope).filter(case__number=number).exists():
            # The correction has just kept the matter from its own maker (L-PET-86): there is no page to go back to.
            messages.warning(request, f"{number} 已更正为反映本单位的检举控告，交纪检联络员办理；本单位人员（包括您）今后查不到、看不到。")
            return redirect("casework:list")
        if refusal is None:
            return DOORS.back(request, number)
    else:
        DOORS.check("amend", held, request.scope)
        form = AmendForm(held=held, scope=request.scope)
    context = {"active": "cases", "case": petition.case, "form": form, "refusal": refusal, "list": request.GET.get("list", "")}
    return render(request, "petitions/amend.html", context, status=refusal.status if refusal else 200)
