"""Saved views of the worklist: keep, rename, pin, delete."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from casework import actions
from casework.forms import ViewForm
from casework.models import SavedView
from casework.queries import home, lists
from casework.queries.filters import read
from casework.rules import NotAllowed
from casework.views.doors import business
from casework.views.lists import words_of
from organisations.scope import Scope


@require_http_methods(["GET", "POST"])
@business
def views(request: HttpRequest) -> HttpResponse:
    """存为视图 and the views there are. `list` is the filter's query string."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    query = request.POST.get("list", "") if request.method == "POST" else request.GET.get("list", "")
    filters = read(dict(parse_qsl(query)))
    form = ViewForm(request.POST or None, initial={"name": words_of(filters)[:20]})
    refusal: NotAllowed | None = None
    if request.method == "POST" and form.is_valid():
        try:
            view = actions.save_view(name=form.cleaned_data["name"], filters=filters, for_unit=form.cleaned_data["for_unit"], by=scope)
        except NotAllowed as error:
            refusal = error
        else:
            messages.success(request, f"已存为视图“{view.name}”")
            return redirect(f"{reverse('casework:list')}?{view.query}")
    saved = home.views(scope)
    rows = list(zip(saved, lists.saved(saved), strict=True))
    context = {
        "active": "cases",
        "form": form,
        "refusal": refusal.message if refusal else "",
        "query": filters.query(),
        "words": words_of(filters),
        "rows": rows,
    }
    status = 200 if request.method == "GET" else refusal.status if refusal else 422
    return render(request, "casework/views.html", context, status=status)


@require_POST
@business
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One button of a view's line: `do` is rename, pin, unpin or delete."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    changes = {
        "rename": lambda: actions.rename_view(pk, name=request.POST.get("name", "").strip()[:20] or "未命名", by=scope),
        "pin": lambda: actions.pin_view(pk, is_pinned=True, by=scope),
        "unpin": lambda: actions.pin_view(pk, is_pinned=False, by=scope),
        "delete": lambda: actions.delete_view(pk, by=scope),
    }
    act = changes.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    try:
        act()
    except SavedView.DoesNotExist as error:
        raise Http404 from error
    except NotAllowed as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "已更新")
    return redirect("casework:views")
