"""The system administrator's limits: every one with its versions; a change is a new version from a day on (L-PET-24, L-CUR-7)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework import limits
from casework.forms import GroundForm, TermsForm
from casework.models import Limit
from casework.queries import settings as queries
from casework.rules import NotAllowed
from organisations import clock
from organisations.roles import Role
from organisations.views.door import console, scope

_gate = console(Role.SYSTEM_ADMIN)


@_gate
@require_GET
def every(request: HttpRequest) -> HttpResponse:
    return render(request, "casework/limits.html", {"active": "limits", "groups": queries.every(clock.today())})


@_gate
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, limit_key: str) -> HttpResponse:
    held = queries.one(limit_key, clock.today())
    if held is None:
        raise Http404
    form = TermsForm(request.POST or None, initial=TermsForm.of(held.versions[0]))
    if request.method == "POST" and form.is_valid():
        try:
            made = limits.amend(
                limit_key, form.terms(), valid_from=form.cleaned_data["valid_from"], reason=form.cleaned_data["reason"], by=scope(request)
            )
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"新版本自 {made.valid_from:%Y年%-m月%-d日} 起施行；以前开始的案件仍按旧版本。")
            return redirect("casework:limit", limit_key)
    context = {"active": "limits", "held": held, "form": form, "ground": GroundForm(), "today": clock.today()}
    return render(request, "casework/limit.html", context, status=422 if form.errors else 200)


@_gate
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    limit = get_object_or_404(Limit, pk=pk)
    form = GroundForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请写明撤销的原因。")
        return redirect("casework:limit", limit.key)
    try:
        limits.withdraw(pk, reason=form.cleaned_data["reason"], by=scope(request))
    except NotAllowed as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "还没有施行的版本已撤销。")
    return redirect("casework:limit", limit.key)
