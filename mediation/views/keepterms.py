"""The system administrator's terms of keeping: what holds for each difficulty, and a new version from a day on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from casework.rules import NotAllowed
from mediation import codes
from mediation.actions.keepterms import set_keep_term
from mediation.forms.keepterms import KeepTermForm
from mediation.queries import closing
from organisations import clock
from organisations.roles import Role
from organisations.views.door import console, scope


@console(Role.SYSTEM_ADMIN)
@require_http_methods(["GET", "POST"])
def every(request: HttpRequest) -> HttpResponse:
    """GET the terms with their versions; POST makes a new version (302), or draws the page again with why not (422)."""
    form = KeepTermForm(request.POST or None, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            made = set_keep_term(**form.cleaned_data, by=scope(request))
        except NotAllowed as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"新的保管期限自 {made.valid_from:%Y年%-m月%-d日} 起施行。")
            return redirect("mediation:keep-terms")
    terms = [(codes.DIFFICULTIES[code].name, term) for code, term in closing.terms(clock.today()).items()]
    context = {"active": "keep_terms", "terms": terms, "versions": closing.term_versions(), "form": form}
    return render(request, "mediation/keep_terms.html", context, status=422 if form.errors else 200)
