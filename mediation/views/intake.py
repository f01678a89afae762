"""Writing a dispute down: one page for the matter and the people of both sides."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from casework.rules import NotAllowed, Place, check
from mediation.actions import intake as acts
from mediation.actions.intake import Intake
from mediation.forms.intake import Registration
from mediation.models import Dispute
from mediation.rules import STEPS
from organisations import directory
from organisations.requests import StaffRequest


@require_http_methods(["GET", "POST"])
def register(request: StaffRequest) -> HttpResponse:
    """GET the empty form; POST makes the dispute (303) or draws the page again with what was typed (422)."""
    tree = directory.current()
    check(STEPS, "register", Place("", tree.centre_id or 0, tree.centre_id, None, is_confidential=False), request.scope, {"": "新件"})
    return write_down(request, Registration, lambda intake: acts.register(intake, by=request.scope), active="register-dispute")


def write_down(request: StaffRequest, begin: Callable[[], Registration], do: Callable[[Intake], Dispute], *, active: str) -> HttpResponse:
    """The registration's page wherever a dispute begins: `begin` gives the form as it opens, `do` makes the dispute of what was typed.

    303 to the dispute; 422 (or the refusal's own status) with what was typed.
    """
    if request.method == "GET":
        return _page(request, begin(), active)
    registration = Registration(request.POST)
    if not registration.is_valid():
        return _page(request, registration, active, 422)
    try:
        dispute = do(registration.intake())
    except NotAllowed as refusal:
        registration.refusal = refusal.message
        return _page(request, registration, active, refusal.status)
    answer = redirect("mediation:detail", dispute.case.number)
    answer.status_code = 303
    return answer


def _page(request: StaffRequest, registration: Registration, active: str, status: int = 200) -> HttpResponse:
    context = {"active": active, "registration": registration, "form": registration.form, "people": registration.people.forms}
    return render(request, "mediation/register.html", context, status=status)
