"""运行状况: for the system administrator, whether the clock goes and messages get out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from casework import outbox
from casework.queries import health as queries
from casework.views.doors import console
from organisations import clock
from organisations.roles import Role


@console(Role.SYSTEM_ADMIN)
@never_cache
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Sweeps, ways out, papers, seals, calendar."""
    context = {
        "active": "health",
        "health": queries.of(clock.now(), clock.today()),
        "dead": queries.dead_letters(),
        "struggling": queries.struggling(),
    }
    return render(request, "casework/health.html", context)


@console(Role.SYSTEM_ADMIN)
@require_POST
def try_again(request: HttpRequest) -> HttpResponse:
    """Dead letters go back into the queue: the ticked one, or all that are shown."""
    asked = [int(i) for i in request.POST.getlist("id") if i.isascii() and i.isdigit() and len(i) < 19]
    count = outbox.try_again(asked, by=request.scope)  # type: ignore[attr-defined]
    messages.success(request, f"{count} 条消息已放回待发队列。")
    return redirect("casework:health")
