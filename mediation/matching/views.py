"""Doors of the room: who could mediate a dispute, the ties the county keeps, the teams of the villages."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.rules import NotAllowed
from casework.views.doors import business
from mediation.corps.tabs import tabs_of
from mediation.matching import actions, pages, queries
from mediation.matching.forms import SeatForm, TieForm
from mediation.models import Dispute, TeamSeat, Tie
from mediation.queries import dispute as disputes
from mediation.rules.actors import KEEPERS
from organisations import directory
from organisations.requests import StaffRequest

PAGE = 50


@require_GET
def proposals(request: StaffRequest, number: str) -> HttpResponse:
    """Who could mediate, with reasons; the first three, or more with ?all. A part of the dispute's page, or a page of its own."""
    dispute = _dispute(request, number)
    context = {
        "active": "dispute",
        "case": dispute.case,
        "dispute": dispute,
        "list": request.GET.get("list", ""),
        **pages.proposals(dispute, request.scope, every="all" in request.GET),
    }
    template = "mediation/matching/proposals.html#proposals" if request.htmx else "mediation/matching/proposals.html"
    return render(request, template, context)


@require_GET
@business
def ties(request: StaffRequest) -> HttpResponse:
    """The relations one's places keep; every look is on record (L-SEC-7)."""
    if request.scope.holds(KEEPERS) is None:
        raise PermissionDenied
    wanted = request.GET.get("q", "").strip()[:60]
    rows = queries.ties(request.scope)
    if wanted:
        rows = rows.filter(queries.named(wanted))
    pages_of = Paginator(rows, PAGE)
    page = pages_of.get_page(request.GET.get("page"))
    actions.read_ties(len(page), f"调解关系 {wanted}".strip(), by=request.scope)
    context = {
        "active": "corps",
        "tabs": tabs_of(request.scope),
        "tab": "ties",
        "rows": page,
        "total": pages_of.count,
        "q": wanted,
        "previous_url": f"?q={wanted}&page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?q={wanted}&page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "mediation/matching/ties.html", context)


@require_http_methods(["GET", "POST"])
@business
def tie(request: StaffRequest) -> HttpResponse:
    """Enter a relation: of a party of a dispute (?dispute=) or of a person by number. 303 back, 422 with what is wrong, 403 for others."""
    if request.scope.holds(KEEPERS) is None:
        raise PermissionDenied
    number = request.GET.get("dispute", "")
    dispute = _dispute(request, number) if number else None
    area_id = dispute.case.area_id if dispute else pages.home_area(request.scope)
    typed = request.POST if request.method == "POST" else None
    form = TieForm(typed, area_id=area_id, dispute=dispute, initial={"mediator": request.GET.get("mediator", "")})
    refusal, status = "", 200
    if typed is not None:
        status = 422
        if form.is_valid():
            try:
                row = actions.enter_tie(form.tie(), by=request.scope)
            except NotAllowed as found:
                refusal, status = found.message, found.status
            else:
                messages.success(request, f"已登记{row.mediator.name}与{row.person_name}的关系")
                return _see(redirect("mediation:detail", number) if dispute else redirect("mediation:ties"))
    return render(request, "mediation/matching/tie.html", {"active": "corps", "form": form, "refusal": refusal, "dispute": dispute}, status=status)


@require_POST
@business
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Withdraw a relation with the reason; 404 outside one's keeping."""
    try:
        row = actions.withdraw_tie(pk, reason=request.POST.get("reason", ""), by=request.scope)
    except Tie.DoesNotExist:
        raise Http404 from None
    messages.success(request, f"已撤销{row.mediator.name}与{row.person_name}的关系")
    return _see(redirect("mediation:ties"))


@require_GET
@business
def teams(request: StaffRequest) -> HttpResponse:
    """Every village of one's places with its 3+N team and what it still lacks."""
    context = {"active": "corps", "tabs": tabs_of(request.scope), "tab": "teams", **pages.teams(request.scope, request.GET.get("page", ""))}
    return render(request, "mediation/matching/teams.html", context)


@require_http_methods(["GET", "POST"])
@business
def team(request: StaffRequest, code: str) -> HttpResponse:
    """One village's team; a keeper gives places in it."""
    area = next((area for area in directory.current().areas.values() if area.code == code and area.level == "village"), None)
    if area is None or area.id not in pages.areas(request.scope):
        raise Http404
    typed = request.POST if request.method == "POST" else None
    form = SeatForm(typed, area_id=area.id)
    refusal, status = "", 200
    if typed is not None:
        status = 422
        if form.is_valid():
            chosen = form.cleaned_data
            try:
                row = actions.seat(
                    area.id,
                    part=chosen["part"],
                    mediator_id=chosen["mediator"],
                    user_id=chosen["user"],
                    valid_until=chosen["valid_until"],
                    by=request.scope,
                )
            except NotAllowed as found:
                refusal, status = found.message, found.status
            else:
                messages.success(request, f"{row.name}已加入{area.name}“3+N”团队")
                return _see(redirect("mediation:team", code))
    context = {"active": "corps", "form": form, "refusal": refusal, **pages.team(area, request.scope)}
    return render(request, "mediation/matching/team.html", context, status=status)


@require_POST
@business
def end_seat(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody leaves a village's team."""
    try:
        row = actions.end_seat(pk, by=request.scope)
    except TeamSeat.DoesNotExist:
        raise Http404 from None
    messages.success(request, f"{row.name}已离开团队")
    return _see(redirect("mediation:team", row.area.code))


def _dispute(request: StaffRequest, number: str) -> Dispute:
    try:
        return disputes.find(number, request.scope)
    except Dispute.DoesNotExist:
        raise Http404 from None


def _see(answer: HttpResponse) -> HttpResponse:
    answer.status_code = 303
    return answer
