"""The routing desk: the board, the chosen case with ranked suggestions, and the act that belongs to it there."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from casework import presence
from casework.actforms import ActForm
from casework.rules import NotAllowed
from casework.views.casepages import conflict
from organisations import clock, directory
from organisations.requests import StaffRequest
from organisations.roles import Role
from petitions.forms.routing import RouteForm
from petitions.models import Petition
from petitions.queries import case as case_queries
from petitions.queries import routing as queries
from petitions.rules import STEPS
from petitions.rules.referring import CLOCK_RUNS
from petitions.views.case import DOORS
from petitions.views.registry import REGISTRY

#: The acts that are done at this desk, in the order the panel offers them.
DESK_ACTS = ("route", "agree_return", "refuse_return", "coordinate", "refer")
#: A way out beside the routing itself: folded until it is wanted.
FOLDED = "refer"
FILTERS = ("town", "topic")


def _desk(request: StaffRequest) -> None:
    """The board belongs to the centre's office and its head. Raises PermissionDenied."""
    if request.scope.holds({Role.OFFICE, Role.HEAD}, directory.current().centre_id) is None:
        raise PermissionDenied


@require_GET
def board(request: StaffRequest) -> HttpResponse:
    """Four columns and, on the right, the chosen case; `?number=` chooses, `?unit=` takes a suggestion."""
    _desk(request)
    return _draw(request, request.GET.get("number", ""))


@require_POST
def decide(request: StaffRequest, number: str, code: str) -> HttpResponse:
    """Do the desk's act; then the next case of the desk is chosen. Refused: the board again with what was typed."""
    _desk(request)
    if code not in DESK_ACTS:
        raise Http404
    held = case_queries.page(DOORS.get(request, number), with_history=False)
    form = REGISTRY[code].form(request.POST, held=held, scope=request.scope)
    try:
        DOORS.check(code, held, request.scope)
        if not form.is_valid():
            return _draw(request, number, form=form, code=code, status=422)
        petition = REGISTRY[code].call(number, by=request.scope, **form.arguments())
    except NotAllowed as refusal:
        return _draw(request, number, form=form, code=code, refusal=refusal, status=refusal.status)
    except Petition.DoesNotExist:
        raise Http404 from None
    DOORS.say_done(request, code, petition)
    answer = redirect(_address(request))
    answer.status_code = 303
    return answer


def _draw(
    request: StaffRequest,
    number: str,
    *,
    form: ActForm[Any] | None = None,
    code: str = "",
    refusal: NotAllowed | None = None,
    status: int = 200,
) -> HttpResponse:
    filters = {name: request.GET.get(name, "") for name in FILTERS}
    columns = queries.board(request.scope, town_code=filters["town"], topic=filters["topic"])
    cases = [case for column in columns for case in column.cases]
    if not number and columns[0].cases:
        number = columns[0].cases[0].number
    context = {
        "active": "routing",
        "columns": columns,
        "dispatches": queries.last_dispatches(case.pk for case in cases),
        "towns": [a for a in directory.current().areas.values() if a.level == "town"],
        "topics": queries.topic_choices(),
        "filters": filters,
        "query": urlencode({k: v for k, v in filters.items() if v}),
        "number": number,
        "refusal": refusal.message if refusal else "",
        "objections_ending": queries.objections_ending(request.scope),
        **(_panel(request, number, form, code, refusal) if number else {}),
    }
    return render(request, "petitions/routing.html", context, status=status)


def _panel(request: StaffRequest, number: str, form: ActForm[Any] | None, code: str, refusal: NotAllowed | None) -> dict[str, object]:
    petition = DOORS.get(request, number)
    held = case_queries.page(petition, with_history=refusal is not None)
    lawful = case_queries.lawful(held, request.scope)
    acts = [act for act in DESK_ACTS if act in lawful]
    suggested = queries.suggestions(petition, request.scope) if set(acts) - {FOLDED} else []
    chosen = request.GET.get("unit", "") or (str(suggested[0].unit_id) if suggested else "")
    forms = {}
    for act in acts:
        initial = {"to_unit_id": chosen} if act in ("route", "coordinate") else {}
        forms[act] = form if act == code else REGISTRY[act].form(held=held, scope=request.scope, initial=initial)
    return {
        "conflict": conflict(form, refusal, petition.case.version, case_queries.timeline(held, None)) if refusal else None,
        "entry": REGISTRY.get(code),
        "is_lawful": code in acts,
        "form_id": "route-form" if code == "route" else f"act-{code}",
        "present": presence.others(petition.case, request.user, clock.now()),
        "petition": petition,
        "case": petition.case,
        "held": held,
        "route_form": forms.get("route"),
        "other_forms": [(act, STEPS[act], REGISTRY[act], made) for act, made in forms.items() if act != FOLDED and not isinstance(made, RouteForm)],
        "refer_form": forms.get(FOLDED),
        "refer_step": STEPS[FOLDED],
        "refer_clock": CLOCK_RUNS,
        "is_referring": code == FOLDED,
        "suggestions": suggested,
        "chosen": chosen,
    }


def _address(request: StaffRequest) -> str:
    kept = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    address = reverse("petitions:routing")
    return f"{address}?{urlencode(kept)}" if kept else address
