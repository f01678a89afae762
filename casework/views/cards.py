"""督办牌: the ledger of cards and the head's signature."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from casework import escalation, kinds
from casework.models import Card
from casework.queries import cards as queries
from casework.views.doors import business
from organisations import clock


@require_GET
@business
def ledger(request: HttpRequest) -> HttpResponse:
    """Standing cards by default, newest first; narrowed by level, unit and whether they were signed for."""
    scope = request.scope  # type: ignore[attr-defined]
    filters = queries.CardFilters.read(request.GET)
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    rows, after = queries.page(scope, filters, clock.today(), before)
    query = {key: value for key, value in request.GET.items() if key in ("status", "level", "unit", "waits")}
    context = {
        "active": "cards",
        "rows": rows,
        "filters": filters,
        "totals": queries.totals(scope),
        "statuses": queries.STATUSES,
        "levels": queries.LEVELS,
        "ladder": escalation.LADDER,
        "next_url": f"?{urlencode({**query, 'before': after})}" if after else "",
    }
    return render(request, "casework/cards.html", context)


@require_POST
@business
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """The head signs for a card; back to where the form was."""
    try:
        card = escalation.acknowledge(pk, words=request.POST.get("words", ""), by=request.scope)  # type: ignore[attr-defined]
    except Card.DoesNotExist:
        raise Http404 from None
    messages.success(request, f"已签收{Card.Level(card.level).label}。")
    if request.POST.get("from") == "case":
        return redirect(f"{reverse(kinds.get(card.case.kind).detail_url, args=[card.case.number])}#cards")
    return redirect("casework:cards")
