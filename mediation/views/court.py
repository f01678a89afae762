"""The court desk's lists (HALL-17): what is before it and what was, for whoever may see the disputes."""

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
    show = request.GET.get("show", "")
    found = queries.desk(request.scope, show if show in queries.SHOWS else queries.RUNNING)
    counts = {queries.RUNNING: found.running, queries.ENDED: found.ended}
    views = [
        {"label": label, "url": f"?show={code}", "count": counts[code], "is_current": code == found.show} for code, label in queries.SHOWS.items()
    ]
    return render(request, "mediation/court.html", {"active": "court", "desk": found, "views": views, "most": queries.MOST})
