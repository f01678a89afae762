"""消息: notices for a person and their units, the bell's fragment, marking read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from casework import actions, kinds
from casework.queries import inbox as queries
from casework.views.doors import business


@require_GET
@business
def inbox(request: HttpRequest) -> HttpResponse:
    """消息, newest first; `show=all` adds those already read."""
    only_new = request.GET.get("show") != "all"
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    notices, after = queries.page(request.scope, only_new=only_new, before=before)  # type: ignore[attr-defined]
    show = "" if only_new else "show=all&"
    context = {"active": "inbox", "notices": notices, "only_new": only_new, "next_url": f"?{show}before={after}" if after else ""}
    return render(request, "casework/inbox.html", context)


@require_GET
@business
def bell(request: HttpRequest) -> HttpResponse:
    """The bell with its number, asked for every minute. One small query."""
    return render(request, "casework/inbox.html#bell")


@require_POST
@business
def mark_read(request: HttpRequest) -> HttpResponse:
    """Mark the ticked notices, or all, as read."""
    ids = [int(i) for i in request.POST.getlist("id") if i.isascii() and i.isdigit() and len(i) < 19]
    actions.mark_read(None if request.POST.get("all") else ids, by=request.scope)  # type: ignore[attr-defined]
    return redirect("casework:inbox")


@require_POST
@business
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the case a notice is about; the notice is read then."""
    notice = get_object_or_404(queries.mine(request.scope).select_related("case"), pk=pk)  # type: ignore[attr-defined]
    actions.mark_read([pk], by=request.scope)  # type: ignore[attr-defined]
    if notice.case is None:
        return redirect("casework:inbox")
    return redirect(kinds.get(notice.case.kind).detail_url, notice.case.number)
