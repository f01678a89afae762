"""Global search: the full page and the suggestions under the top bar's field."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from casework.queries import search as queries
from casework.views.doors import business

#: Hits on one page, and in the list under the field.
SIZE = 20
SUGGESTED = 8


@require_GET
@business
def search(request: HttpRequest) -> HttpResponse:
    """搜索: what was found, ranked, the match marked."""
    typed = request.GET.get("q", "").strip()[:60]
    asked = request.GET.get("page", "")
    page = min(max(int(asked), 1), queries.MOST // SIZE) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    found = queries.find(request.scope, typed, page=page, size=SIZE)  # type: ignore[attr-defined]
    context = {
        "active": "",
        "typed": typed,
        "found": found,
        "previous_url": f"?{urlencode({'q': typed, 'page': page - 1})}" if page > 1 else "",
        "next_url": f"?{urlencode({'q': typed, 'page': page + 1})}" if page < found.pages else "",
    }
    return render(request, "casework/search.html", context)


@require_GET
@business
def suggest(request: HttpRequest) -> HttpResponse:
    """The first hits while typing; nothing for less than two characters."""
    typed = request.GET.get("q", "").strip()[:60]
    found = queries.find(request.scope, typed, size=SUGGESTED) if len(typed) >= 2 else queries.Found()  # type: ignore[attr-defined]
    return render(request, "casework/search.html#suggestions", {"typed": typed, "found": found})
