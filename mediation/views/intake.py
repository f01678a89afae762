"""Writing a dispute down: one page for the matter and the people of both sides."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from casework.rules import NotAllowed, Place, check
from mediation.actions import intake as acts
from mediation.forms.intake import Registration
from mediation.rules import STEPS
from organisations import directory
from organisations.requests import StaffRequest


@require_http_methods(["GET", "POST"])
def register(request: StaffRequest) -> HttpResponse:
    """GET the empty form; POST makes the dispute (303) or draws the page again with what was typed (422)."""
    tree = directory.current()
    check(STEPS, "register", Place("", tree.centre_id or 0, tree.centre_id, None, is_confidential=False), request.scope, {"": "新件"})
    if request.method == "GET":
        return _page(request, Registration())
    registration = Registration(request.POST)
    if not registration.is_valid():
        return _page(request, registration, 422)
    try:
        dispute = acts.register(registration.intake(), by=request.scope)
    except NotAllowed as refusal:
        registration.refusal = refusal.message
        return _page(request, registration, refusal.status)
    answer = redirect("mediation:detail", dispute.case.number)
    answer.status_code = 303
    return answer


def _page(request: StaffRequest, registration: Registration, status: int = 200) -> HttpResponse:
    context = {"active": "register-dispute", "registration": registration, "form": registration.form, "people": registration.people.forms}
    return render(request, "mediation/register.html", context, status=status)
