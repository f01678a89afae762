"""The beat of an open case page: who else is here."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from casework import presence
from casework.models import Case
from organisations import clock
from organisations.requests import StaffRequest


@require_POST
def beat(request: StaffRequest, number: str) -> HttpResponse:
    """Note that I am here (`writing`: what I fill in) and answer with the line about the others."""
    case = Case.objects.visible_to(request.scope).filter(number=number).only("pk", "confidential").first()
    if case is None:
        raise Http404
    here = presence.beat(case, request.user, writing=request.POST.get("writing", "").strip(), at=clock.now())
    return render(request, "casework/presence.html", {"present": here})
