"""The system administrator's console of units: one tree, searched by name or initials."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organisations import clock, directory
from organisations.actions import units
from organisations.forms.consoles import CloseForm, MoveForm, NewUnitForm, UnitForm
from organisations.models import Unit
from organisations.queries import people
from organisations.roles import Role
from organisations.rules import NotAllowed
from organisations.views.door import console, scope, whole

_gate = console(Role.SYSTEM_ADMIN)
KINDS = dict(Unit.Kind.choices)


@_gate
@require_GET
def units_list(request: HttpRequest) -> HttpResponse:
    tree = directory.current()
    words = request.GET.get("q", "").strip()
    parent = tree.units.get(whole(request.GET.get("under")) or tree.centre_id or 0)
    if words:
        shown = people.find_units(words, active_only=False, most=people.PAGE)
    else:
        shown = [tree.units[i] for i in tree.children.get(parent.id, ())] if parent else list(tree.units.values())[: people.PAGE]
    context = {
        "active": "units",
        "q": words,
        "parent": None if words else parent,
        "above": [tree.units[i] for i in parent.ancestor_ids[:-1]] if parent and not words else [],
        "rows": [
            (unit, KINDS[unit.kind], tree.areas[unit.area_id].path_name if unit.area_id else "", len(tree.children.get(unit.id, ())))
            for unit in shown
        ],
        "total": sum(unit.is_active for unit in tree.units.values()),
    }
    return render(request, "organisations/units.html", context)


@_gate
@require_http_methods(["GET", "POST"])
def unit_new(request: HttpRequest) -> HttpResponse:
    form = NewUnitForm(request.POST or None, initial={"parent_id": whole(request.GET.get("under"))})
    if request.method == "POST" and form.is_valid():
        try:
            unit = units.create(**form.facts(), by=scope(request))
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"已新建“{unit.short_name}”。")
            return redirect("organisations:unit", unit.id)
    return render(request, "organisations/unit_new.html", {"active": "units", "form": form}, status=422 if form.errors else 200)


@_gate
@require_http_methods(["GET", "POST"])
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    held = get_object_or_404(Unit.objects.select_related("parent", "successor"), pk=unit_id)
    form = UnitForm(request.POST or None, initial=_facts(held))
    if request.method == "POST" and form.is_valid():
        try:
            units.amend(unit_id, **form.facts(), by=scope(request))
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "已保存。")
            return redirect("organisations:unit", unit_id)
    return _unit(request, held, form=form, status=422 if form.errors else 200)


@_gate
@require_POST
def unit_move(request: HttpRequest, unit_id: int) -> HttpResponse:
    held = get_object_or_404(Unit, pk=unit_id)
    form = MoveForm(request.POST)
    if form.is_valid():
        try:
            units.move(unit_id, parent_id=form.cleaned_data["parent_id"], by=scope(request))
        except NotAllowed as refusal:
            form.add_error("parent_id", refusal.message)
        else:
            messages.success(request, "已移动。")
            return redirect("organisations:unit", unit_id)
    return _unit(request, held, move=form, status=422)


@_gate
@require_POST
def unit_close(request: HttpRequest, unit_id: int) -> HttpResponse:
    held = get_object_or_404(Unit, pk=unit_id)
    form = CloseForm(request.POST)
    if form.is_valid():
        try:
            units.close(unit_id, successor_id=form.cleaned_data["successor_id"], by=scope(request))
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"“{held.short_name}”已撤销。")
            return redirect("organisations:unit", unit_id)
    return _unit(request, held, close=form, status=422)


def _facts(held: Unit) -> dict[str, Any]:
    names = ("name", "short_name", "area_id", "is_resident", "contact", "phone", "address", "credit_code")
    return {**{name: getattr(held, name) for name in names}, "villages": list(held.villages.values_list("id", flat=True))}


def _unit(
    request: HttpRequest,
    held: Unit,
    *,
    form: UnitForm | None = None,
    move: MoveForm | None = None,
    close: CloseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "active": "units",
        "unit": held,
        "form": form or UnitForm(initial=_facts(held)),
        "move": move or MoveForm(initial={"parent_id": held.parent_id}),
        "close": close or CloseForm(),
        "contacts": people.contacts(held.id, clock.today()),
    }
    return render(request, "organisations/unit.html", context, status=status)
