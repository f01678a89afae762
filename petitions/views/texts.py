"""常用语: the page where texts are kept, and what the picker on every form with prose asks for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework import texts
from casework.models import TextTemplate
from casework.rules import NotAllowed
from casework.views.doors import business
from organisations.requests import StaffRequest
from petitions.forms.texts import TextForm, act_choices
from petitions.queries.texts import GROUPS, Line, lines


@require_GET
@business
def listing(request: StaffRequest) -> HttpResponse:
    """One's own, the unit's and the county's texts; `?act=` narrows to one act."""
    act = request.GET.get("act", "")
    rows = lines(request.scope, act)
    shown = [(label, [_row(row, request) for row in rows if row.group == label]) for label in GROUPS.values()]
    context = {"active": "texts", "groups": shown, "acts": act_choices(), "act": act, "may_county": texts.COUNTY in dict(texts.owners(request.scope))}
    return render(request, "petitions/texts.html", context)


def _row(row: Line, request: StaffRequest) -> dict[str, Any]:
    return {"template": row.template, "act": row.act, "topic": row.topic, "may_change": texts.may_change(row.template, request.scope)}


@require_http_methods(["GET", "POST"])
@business
def new(request: StaffRequest) -> HttpResponse:
    """A new text, one's own unless one may keep others."""
    owners = texts.owners(request.scope)
    if request.method == "GET":
        form = TextForm(owners=owners, initial={"act": request.GET.get("act", ""), "owner": texts.OWN})
        return _draw(request, form)
    form = TextForm(request.POST, owners=owners)
    if not form.is_valid():
        return _draw(request, form, status=422)
    return _done(request, form, lambda: texts.keep(by=request.scope, **form.cleaned_data), "已保存常用语")


@require_http_methods(["GET", "POST"])
@business
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Another wording: the old row goes out of use, the new one takes its place."""
    held = _get(request, pk)
    if not texts.may_change(held, request.scope):
        raise NotAllowed("您只能维护自己的常用语；全县的由县中心负责人维护。", code="not_yours", status=403)
    owner = (texts.whose(held) if held.unit_id is None else f"{texts.UNIT}:{held.unit_id}", held.unit.short_name if held.unit else "")
    owners = [choice for choice in texts.owners(request.scope) if choice[0] == owner[0]]
    if request.method == "GET":
        initial = {"owner": owner[0], "act": held.act, "topic_code": held.topic_code.ljust(6, "0") if held.topic_code else ""}
        return _draw(request, TextForm(owners=owners, initial={**initial, "name": held.name, "text": held.text}), held=held)
    form = TextForm(request.POST, owners=owners)
    if not form.is_valid():
        return _draw(request, form, held=held, status=422)
    typed = {name: value for name, value in form.cleaned_data.items() if name != "owner"}
    return _done(request, form, lambda: texts.replace(pk, by=request.scope, **typed), "已更换，旧的停用", held=held)


@require_POST
@business
def retire(request: StaffRequest, pk: int) -> HttpResponse:
    """Out of use."""
    try:
        name = texts.retire(pk, by=request.scope).name
    except TextTemplate.DoesNotExist:
        raise Http404 from None
    messages.success(request, f"“{name}”已停用")
    return _to_list()


@require_GET
@business
def pick(request: StaffRequest) -> JsonResponse:
    """What fits the act and the class of the matter, last used first."""
    found = texts.offered(request.scope, act=request.GET.get("act", ""), topic_code=request.GET.get("topic", "")[:6])
    names = dict(GROUPS)
    rows = [
        {"id": row.pk, "name": row.name, "initials": row.initials, "text": row.text, "whose": names[texts.whose(row)].removesuffix("的")}
        for row in found
    ]
    return JsonResponse(rows, safe=False)


@require_POST
@business
def use(request: StaffRequest, pk: int) -> HttpResponse:
    """The picker says which one was taken."""
    try:
        texts.use(pk, by=request.scope)
    except TextTemplate.DoesNotExist:
        raise Http404 from None
    return HttpResponse(status=204)


def _get(request: StaffRequest, pk: int) -> TextTemplate:
    found = texts.readable(request.scope).select_related("unit").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _draw(
    request: StaffRequest, form: TextForm, *, held: TextTemplate | None = None, refusal: NotAllowed | None = None, status: int = 200
) -> HttpResponse:
    context = {"active": "texts", "form": form, "held": held, "refusal": refusal}
    return render(request, "petitions/text.html", context, status=status)


def _done(request: StaffRequest, form: TextForm, do: Any, words: str, *, held: TextTemplate | None = None) -> HttpResponse:
    try:
        do()
    except NotAllowed as refusal:
        return _draw(request, form, held=held, refusal=refusal, status=refusal.status)
    except TextTemplate.DoesNotExist:
        raise Http404 from None
    messages.success(request, words)
    return _to_list()


def _to_list() -> HttpResponse:
    answer = redirect("petitions:texts")
    answer.status_code = 303
    return answer
