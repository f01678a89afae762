"""提醒设置: one's own ways, quiet hours, digest and muted kinds."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from casework import preferences as verbs
from casework.forms import PreferencesForm
from casework.rules import NotAllowed
from casework.views.doors import business


@require_http_methods(["GET", "POST"])
@business
def preferences(request: HttpRequest) -> HttpResponse:
    """The person's own choice, shown and changed."""
    scope = request.scope  # type: ignore[attr-defined]
    form = PreferencesForm(request.POST or None, initial=asdict(verbs.of(scope.user)))
    if request.method == "POST" and form.is_valid():
        try:
            verbs.choose(form.choice(), by=scope)
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "提醒设置已保存。")
            return redirect("casework:preferences")
    context = {"active": "profile", "form": form, "phone": scope.user.phone}
    return render(request, "casework/preferences.html", context, status=422 if request.method == "POST" else 200)
