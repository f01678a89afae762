"""The audit administrator's console: searching the access log is itself a line of it (L-SEC-4, L-SEC-6)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from organisations import access
from organisations.forms.consoles import LogSearchForm
from organisations.models import AccessEntry
from organisations.queries import access_log
from organisations.roles import Role
from organisations.views.door import console, scope, whole

_gate = console(Role.AUDIT_ADMIN)


@_gate
@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    form = LogSearchForm(request.GET or None)
    sought = form.sought() if form.is_bound and form.is_valid() else access_log.Sought()
    before, after = whole(request.GET.get("before")), whole(request.GET.get("after"))
    if form.is_bound and not form.is_valid():
        found = access_log.Page([], None, None)
    else:
        found = access_log.page(sought, before=before, after=after)
        _logged(request, AccessEntry.Event.LOG_READ, {"条件": _words(form), "行数": len(found.rows)})
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    context = {
        "active": "log",
        "form": form,
        "rows": found.rows,
        "query": query.urlencode(),
        "older": f"?{query.urlencode()}&before={found.older}" if found.older else "",
        "newer": f"?{query.urlencode()}&after={found.newer}" if found.newer else "",
    }
    return render(request, "organisations/access_log.html", context)


def _words(form: LogSearchForm) -> str:
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    return "；".join(f"{form.fields[name].label} {value}" for name, value in given.items() if value) or "全部"


def _logged(request: HttpRequest, event: AccessEntry.Event, detail: dict[str, object]) -> None:
    access.log(event, user=scope(request).user, object_type="access_log", object_label="访问日志", detail=detail)
