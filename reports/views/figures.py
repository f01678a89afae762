"""The dictionary of measures for everybody to read, and the list behind each number."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from casework.views.doors import business
from organisations.requests import StaffRequest
from organisations.roles import Role
from reports.actions import refresh
from reports.forms import selection
from reports.queries import behind as lists
from reports.queries import figures, ground
from reports.rules.measures import VERSIONS


@require_GET
@business
def measures(request: StaffRequest) -> HttpResponse:
    """Every measure: formula in words, what is left out, citation, version, former versions. One click from each number."""
    rows = groupby(VERSIONS.values(), key=lambda rows: rows[-1].group)
    return render(
        request,
        "reports/measures.html",
        {
            "active": "dashboard",
            "groups": [(name, [(found[-1], found[-2::-1]) for found in members]) for name, members in rows],
            "owner": ground.owner(),
        },
    )


@require_GET
@business
def behind(request: StaffRequest) -> HttpResponse:
    """The cases a number counts: as many as the number says. Raises NotAllowed (403)."""
    ground.of(request.scope)
    asked, filters = selection.NumberForm(request.GET), selection.bound(request.GET)
    if not (asked.is_valid() and filters.is_valid()):
        words = [text for form in (asked, filters) for texts in form.errors.values() for text in texts]
        return render(request, "reports/refused.html", {"active": "dashboard", "words": words}, status=422)
    refresh.refresh_if_old()
    where = filters.selection(request.scope)
    code, part = asked.cleaned_data["m"], asked.cleaned_data["part"] or "counted"
    number = request.GET.get("page", "")
    page = max(int(number), 1) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    rows, count = lists.rows(code, part, where, request.scope, page)
    last = max(-(-count // lists.PAGE), 1)
    address = selection.number_query(where, code, part)
    context = {
        "active": "dashboard",
        "measure": where.measure(code),
        "part": dict(selection.PARTS)[part],
        "where": where,
        "figure": figures.read(code, where),
        "rows": rows,
        "count": count,
        "back": selection.query(where),
        "export_code": "behind",
        "export_query": address,
        "previous_url": f"?{address}&page={page - 1}" if page > 1 else "",
        "next_url": f"?{address}&page={page + 1}" if page < last else "",
        "page_words": f"共 {count} 件，第 {page} 页，共 {last} 页",
        "sample_url": f"{reverse('reports:draw')}?from=measure&{address}" if request.scope.holds({Role.AUDITOR}) else "",
    }
    return render(request, "reports/behind.html", context)
