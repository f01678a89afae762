"""The court desk's list (HALL-17): what is before it, for whoever may see the disputes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from casework.views.doors import business
from mediation.queries import court as queries
from organisations.requests import StaffRequest


@require_GET
@business
def desk(request: StaffRequest) -> HttpResponse:
    return render(request, "mediation/court.html", {"active": "court", "desk": queries.desk(request.scope)})
