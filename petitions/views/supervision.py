"""督办台 (what waits for the office) and 督办台账 (the ledger, to read and to export)."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from casework.views.doors import business
from organisations import clock, directory
from organisations.requests import StaffRequest
from petitions import codes
from petitions.queries.supervision import ledger as queries
from petitions.rules import supervision as ladder


@require_GET
def desk(request: StaffRequest) -> HttpResponse:
    """Proposals to confirm, answers to judge, answers that are late. For the centre's office and its head."""
    if request.scope.holds(ladder.DESK, directory.current().centre_id) is None:
        raise PermissionDenied
    return render(request, "petitions/supervision_desk.html", {"active": "supervision", "lists": queries.desk(request.scope)})


@require_GET
@business
def ledger(request: StaffRequest) -> HttpResponse:
    """One book of the ledger through the reader's scope. Read only: every act is on the case page."""
    wanted = queries.read(request.GET)
    pages = Paginator(queries.ledger(request.scope, wanted), queries.LEDGER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    today = clock.today()
    context = {
        "active": "supervision",
        "wanted": wanted,
        "books": [(code, book.label, wanted.query(book=code, method="")) for code, book in queries.BOOKS.items()],
        "statuses": queries.STATUSES.items(),
        "methods": codes.SUPERVISION_METHODS.choices,
        "units": [(unit.id, unit.short_name) for unit in directory.current().units.values() if unit.is_active],
        "rows": list(queries.lines(wanted.book, list(page))),
        "total": pages.count,
        "previous_url": f"?{_page(wanted, page.previous_page_number())}" if page.has_previous() else "",
        "next_url": f"?{_page(wanted, page.next_page_number())}" if page.has_next() else "",
        "has_desk": request.scope.holds(ladder.DESK, directory.current().centre_id) is not None,
        "avoided": _avoided(request, wanted, today) if wanted.book == "accompaniment" else None,
    }
    return render(request, "petitions/supervision.html", context)


def _page(wanted: queries.Wanted, number: int) -> str:
    return f"{wanted.query()}&{urlencode({'page': number})}"


def _avoided(request: StaffRequest, wanted: queries.Wanted, today: date) -> list[tuple[str, int]]:
    """«避免越级» by unit in the period asked for, this year when none is (HALL-16)."""
    units = directory.current().units
    found = queries.level_skips_avoided(request.scope, wanted.since or today.replace(month=1, day=1), wanted.until or today)
    return sorted(((units[unit_id].short_name, n) for unit_id, n in found.items() if unit_id in units), key=lambda item: -item[1])
