"""The dashboard at a desk and on the wall. Both show the same board; a minute later the page asks for it again."""

from __future__ import annotations

import pickle
from dataclasses import replace
from hashlib import sha256
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from casework.views.doors import business
from organisations import directory
from organisations.requests import StaffRequest
from petitions import codes
from reports.actions import refresh
from reports.charts import options, svg
from reports.dashboard import queries
from reports.dashboard.board import Board
from reports.forms import selection
from reports.queries import ground, guard, kept, places
from reports.queries.figures import Selection
from reports.rules.periods import BASIS_LABELS, SPAN_LABELS, Basis, Span


@require_GET
@business
def dashboard(request: StaffRequest) -> HttpResponse:
    """驾驶舱 (ALL-1). Raises NotAllowed (403) for whose post has no figures."""
    return _page(request, "reports/dashboard/dashboard.html")


@require_GET
@business
def wall(request: StaffRequest) -> HttpResponse:
    """The same on the wall: dark, larger, without the shell. Raises NotAllowed (403)."""
    return _page(request, "reports/dashboard/wall.html")


def _page(request: StaffRequest, template: str) -> HttpResponse:
    ground.of(request.scope)
    filters = selection.bound(request.GET)
    if not filters.is_valid():
        words = [text for texts in filters.errors.values() for text in texts]
        return render(request, "reports/refused.html", {"active": "dashboard", "words": words}, status=422)
    refresh.refresh_if_old()
    where = filters.selection(request.scope)
    guard.check(where)
    page = request.resolver_match.view_name if request.resolver_match else "reports:dashboard"
    board = queries.board(where, request.scope, queries.Links(_behind, lambda found, **changes: _board(page, found, **changes)), page)
    context = {
        "board": board,
        "where": where,
        "spans": [
            (label, _board(page, where, since=None, until=None, span=span.value), span is where.period.span)
            for span, label in SPAN_LABELS.items()
            if span is not Span.ANY
        ],
        "here": _board(page, where),
        "wall_url": _board("reports:wall", where),
        "desk_url": _board("reports:dashboard", where),
        "chips": _chips(page, where),
        "choices": _choices(where, filters.cleaned_data.get("unit")),
        "basis_words": BASIS_LABELS[where.basis],
    }
    # Drawing the same board again would cost most of the page. What is drawn hangs on the board, the selection and the door alone.
    # Its time is told to the minute.
    minute = board.fresh_at.replace(second=0, microsecond=0) if board.fresh_at else None
    shown = sha256(pickle.dumps((replace(board, fresh_at=minute), where, page))).hexdigest()
    drawn = kept.of("drawn", shown, lambda: render_to_string("reports/dashboard/board.html", {**context, "charts": _charts(board)}, request))
    if request.htmx:
        return HttpResponse(drawn)
    return render(request, template, {"active": "dashboard", "drawn": drawn})


def _behind(where: Selection, code: str, part: str = "counted", **changes: Any) -> str:
    return f"{reverse('reports:behind')}?{selection.number_query(where, code, part, **changes)}"


def _board(page: str, where: Selection, **changes: Any) -> str:
    """The dashboard of another selection. The running month stays the running month tomorrow."""
    if where.period.span is not Span.ANY:
        changes = {"since": None, "until": None, "span": where.period.span.value, **changes}
    return f"{reverse(page)}?{selection.query(where, **changes)}"


def _charts(board: Board) -> dict[str, dict[str, Any]]:
    """Each chart with its sentence, its drawing, its options and its table."""
    found: dict[str, dict[str, Any]] = {
        "trend": {"chart": board.trend, "svg": _safe(svg.lines(board.trend)), "option": options.lines(board.trend)},
        "tree": {"chart": board.tree, "svg": _safe(svg.tree(board.tree)), "option": options.tree(board.tree)},
        "places": {"chart": board.places},
        "ranking": {"chart": board.ranking},
        "lamps": {"chart": board.counts},
    }
    if board.places.shapes:
        found["places"] |= {"svg": _safe(svg.outlines(board.places)), "option": options.outlines(board.places)}
    return found


def _safe(drawing: str) -> SafeString:
    return mark_safe(drawing)  # noqa: S308 (reports.charts.canvas escapes every word)


def _chips(page: str, where: Selection) -> list[tuple[str, str]]:
    """What narrows the page, each with the address without it."""
    tree = directory.current()
    found = []
    if where.town_code:
        found.append((places.towns().get(where.town_code, where.town_code), _board(page, where, town=None)))
    if where.area_id and where.area_id in tree.areas:
        found.append((tree.areas[where.area_id].path_name, _board(page, where, village=None)))
    if where.unit_ids:
        found.append((tree.units[where.unit_ids[0]].short_name, _board(page, where, unit=None)))
    if where.topic:
        row = codes.CATEGORIES.get(where.topic.ljust(6, "0"))
        found.append((row.name if row else where.topic, _board(page, where, category=None)))
    if where.basis is not Basis.OWN:
        found.append((BASIS_LABELS[where.basis], _board(page, where, basis=None)))
    if where.period.span is Span.ANY:
        found.append((where.period.label, _board(page, where, since=None, until=None)))
    return found


def _choices(where: Selection, unit_id: int | None) -> dict[str, list[tuple[str, str, bool]]]:
    """What the filters offer: (value, words, chosen)."""
    tree = directory.current()
    units = [unit for unit in tree.units.values() if len(unit.ancestor_ids) == 2 and unit.is_active]
    return {
        "basis": [(basis.value, label, basis is where.basis) for basis, label in BASIS_LABELS.items()],
        "town": [(code, name, code == where.town_code) for code, name in places.towns().items()],
        "unit": [(str(unit.id), unit.short_name, unit.id == unit_id) for unit in units],
        "category": [(row.code[:2], row.name, row.code[:2] == where.topic) for row in codes.TOP_CATEGORIES],
    }
