"""显示: one masked field in clear, by POST, logged before it is shown (L-SEC-7, L-SEC-39)."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from casework import parties
from casework.models import Case, Party
from casework.rules import NotAllowed
from organisations.requests import StaffRequest


@require_POST
def reveal(request: StaffRequest, pk: int, field: str) -> HttpResponse:
    """The value, as a fragment or a page of its own; 422 with a form for the ground where a protected case needs one."""
    if field not in parties.REVEALABLE:
        raise Http404
    party = Party.objects.filter(pk=pk, case__in=Case.objects.visible_to(request.scope)).select_related("case").first()
    if party is None:
        raise Http404
    context = {"party": party, "case": party.case, "field": field, "label": parties.REVEALABLE[field], "active": "cases"}
    status = 200
    try:
        context["value"] = parties.reveal(party, field, ground=request.POST.get("ground", ""), by=request.scope)
    except NotAllowed as refusal:
        context["refusal"], status = refusal, refusal.status
    template = "casework/reveal.html#value" if request.htmx else "casework/reveal.html"
    answer = render(request, template, context, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
