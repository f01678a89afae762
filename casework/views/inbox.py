"""消息: notices for a person, their posts and units, the bell's fragment, marking read.

Administrators have an inbox too, for news of the house (the calendar): a notice on a case is never theirs (L-SEC-4).
"""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from casework import actions, kinds
from casework.queries import inbox as queries


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """消息, newest first; `show=all` adds those already read, `group` narrows to a group of kinds."""
    only_new = request.GET.get("show") != "all"
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    group = request.GET.get("group", "")
    notices, after = queries.page(request.scope, only_new=only_new, group=group, before=before)  # type: ignore[attr-defined]
    show = ("" if only_new else "show=all&") + (f"group={quote(group)}&" if group else "")
    context = {
        "active": "inbox",
        "notices": [(notice, kinds.notice_label(notice.kind)) for notice in notices],
        "only_new": only_new,
        "groups": kinds.notice_groups(),
        "group": group,
        "next_url": f"?{show}before={after}" if after else "",
        "export_query": show.removesuffix("&"),
    }
    return render(request, "casework/inbox.html", context)


@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """The bell with its number, asked for every minute. One small query."""
    return render(request, "casework/inbox.html#bell")


@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """Mark the ticked notices, or all, as read."""
    ids = [int(i) for i in request.POST.getlist("id") if i.isascii() and i.isdigit() and len(i) < 19]
    actions.mark_read(None if request.POST.get("all") else ids, by=request.scope)  # type: ignore[attr-defined]
    return redirect("casework:inbox")


@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the case a notice is about, or the page its kind belongs to; the notice is read then."""
    notice = get_object_or_404(queries.mine(request.scope).select_related("case"), pk=pk)  # type: ignore[attr-defined]
    actions.mark_read([pk], by=request.scope)  # type: ignore[attr-defined]
    if notice.case is None:
        return redirect(kinds.notice_url(notice.kind))
    return redirect(kinds.get(notice.case.kind).detail_url, notice.case.number)
