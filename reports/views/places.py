"""乡镇方位: the system administrator arranges the map of the dashboard and loads outlines."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST

from casework.rules import NotAllowed
from organisations.roles import Role
from organisations.views.door import console, scope
from reports.actions import places as actions
from reports.charts import svg
from reports.charts.data import Mark
from reports.forms.places import OutlinesForm, SquaresForm
from reports.queries import places
from reports.rules import outlines

_gate = console(Role.SYSTEM_ADMIN)


@_gate
@require_http_methods(["GET", "POST"])
def arrange(request: HttpRequest) -> HttpResponse:
    """Every town on its square."""
    towns = places.towns()
    form = SquaresForm(towns, places.squares(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.arrange(form.squares, towns=towns, by=scope(request))
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "乡镇方位已保存，驾驶舱按新的方位排布。")
            return redirect("reports:places")
    return _page(request, form, OutlinesForm())


@_gate
@require_POST
def load(request: HttpRequest) -> HttpResponse:
    """A file of outlines is read, held against the towns, and drawn from then on."""
    towns = places.towns()
    form = OutlinesForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            actions.load(file.name, file.read(outlines.MOST_BYTES + 1), towns=towns, by=scope(request))
        except outlines.Refused as refused:
            for reason in refused.reasons:
                form.add_error("file", reason)
        else:
            messages.success(request, "乡镇边界已载入，驾驶舱按实际边界绘制。")
            return redirect("reports:places")
    return _page(request, SquaresForm(towns, places.squares()), form)


@_gate
@require_POST
def take_off(request: HttpRequest) -> HttpResponse:
    """Back to squares."""
    if actions.take_off(by=scope(request)):
        messages.success(request, "乡镇边界已撤下，驾驶舱按方位格排布。")
    return redirect("reports:places")


def _page(request: HttpRequest, form: SquaresForm, file: OutlinesForm) -> HttpResponse:
    squares, names = places.squares(), places.towns()
    marks = {code: Mark(names[code], 0, words=f"{column} 列 {row} 行", key=code) for code, (column, row) in squares.items()}
    chart = places.chart("乡镇方位", marks)
    drawing = svg.outlines(chart) if chart.shapes else svg.tiles(chart, row=44)
    context = {
        "active": "places",
        "form": form,
        "file": file,
        "held": places.outlines(),
        "drawing": mark_safe(drawing),  # noqa: S308 (reports.charts.canvas escapes every word)
    }
    return render(request, "reports/places.html", context, status=422 if form.errors or file.errors else 200)
