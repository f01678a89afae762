"""Writing a dispute down: one page for the matter and the people of both sides."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_http_methods

from casework import drafts
from casework.rules import NotAllowed, Place, check
from mediation.actions import intake as acts
from mediation.actions.intake import Intake
from mediation.forms.intake import FORM, Registration
from mediation.models import Dispute
from mediation.rules import STEPS
from organisations import directory
from organisations.requests import StaffRequest


@require_http_methods(["GET", "POST"])
def register(request: StaffRequest) -> HttpResponse:
    """GET the empty form; POST makes the dispute (303) or draws the page again with what was typed (422)."""
    tree = directory.current()
    check(STEPS, "register", Place("", tree.centre_id or 0, tree.centre_id, None, is_confidential=False), request.scope, {"": "新件"})
    home = request.scope.home
    unit = tree.units.get(home.unit_id) if home is not None else None
    # Who sits in a village's room writes down that village's quarrels.
    village_id = unit.area_id if unit is not None and unit.kind in directory.ROOMS else None
    return write_down(
        request, lambda: Registration(area_id=village_id), lambda intake: acts.register(intake, by=request.scope), active="register-dispute"
    )


def write_down(request: StaffRequest, begin: Callable[[], Registration], do: Callable[[Intake], Dispute], *, active: str) -> HttpResponse:
    """The registration's page wherever a dispute begins: `begin` gives the form as it opens, `do` makes the dispute of what was typed.

    303 to the dispute; 422 (or the refusal's own status) with what was typed. A draft opens where it was begun.
    """
    if request.method == "GET":
        return _kept(request, active) or _page(request, begin(), active)
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


def _kept(request: StaffRequest, active: str) -> HttpResponse | None:
    """The page of the draft the address names, or of the dispute that came of it; None where it names none of one's own."""
    try:
        key = UUID(request.GET["draft"])
    except (KeyError, ValueError):
        return None
    fields = drafts.read(key, request.scope, FORM)
    if fields is None:
        done = acts.registered_before(key, request.scope)
        return redirect("mediation:detail", done.case.number) if done else None
    begun_at = (fields.get("begun_at") or [""])[0]
    if begun_at != request.path and url_has_allowed_host_and_scheme(begun_at, None):
        return redirect(f"{begun_at}?{urlencode({'draft': str(key)})}")
    return _page(request, Registration(fields=fields, key=key), active, is_restored=True)


def _page(request: StaffRequest, registration: Registration, active: str, status: int = 200, *, is_restored: bool = False) -> HttpResponse:
    waiting = drafts.mine(request.user, FORM)
    context = {
        "active": active,
        "registration": registration,
        "form": registration.form,
        "people": registration.people.forms,
        "begun_at": request.path,
        "drafts": [draft for draft in waiting if draft.pk != registration.key],
        "is_restored": is_restored,
    }
    return render(request, "mediation/register.html", context, status=status)
