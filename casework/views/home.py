"""首页: differs by role (beyond.md habit 29)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from casework import almanac, kinds, limits
from casework.queries import home as queries
from organisations import clock
from organisations.roles import Role


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The role's lists with counts; an administrator's consoles, which are links and hold no case."""
    scope = request.scope  # type: ignore[attr-defined]
    begins = kinds.register_url(kinds.every(), scope.roles)
    context = {
        "active": "home",
        "home": queries.of(scope),
        "register_url": reverse(begins) if begins else "",
        "is_auditor": Role.AUDITOR in scope.roles,
        "missing_year": almanac.missing_year(limits.current().calendar, clock.today()) if Role.SYSTEM_ADMIN in scope.roles else None,
    }
    return render(request, "casework/home.html", context)
