"""The system administrator's ladder: its six steps with their versions; a change is a new version from a day on."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from casework.rules import NotAllowed
from mediation.actions import settings
from mediation.forms.ladder import StepForm
from mediation.queries import ladder
from organisations import clock
from organisations.roles import Role
from organisations.views.door import console, scope

_gate = console(Role.SYSTEM_ADMIN)


@_gate
@require_GET
def every(request: HttpRequest) -> HttpResponse:
    return render(request, "mediation/ladder.html", {"active": "ladder", "steps": ladder.settings(clock.today())})


@_gate
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, no: int) -> HttpResponse:
    held = next((step for step in ladder.settings(clock.today()) if step.now.no == no), None)
    if held is None:
        raise Http404
    now = held.now
    initial = {"name": now.name, "body": now.body, "chair": now.chair, "record": now.record, "valid_from": clock.today()}
    form = StepForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = settings.set_step(no, **form.cleaned_data, by=scope(request))
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"第{no}步的新版本自 {made.valid_from:%Y年%-m月%-d日} 起施行。")
            return redirect("mediation:ladder-step", no)
    return render(request, "mediation/ladder_step.html", {"active": "ladder", "held": held, "form": form}, status=422 if form.errors else 200)
