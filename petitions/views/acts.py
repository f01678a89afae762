"""One door for every act on a petition: check the shape, do it, or draw the page again with what was typed."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from casework import documents, drafts
from casework.rules import NotAllowed, check
from organisations.requests import StaffRequest
from petitions.actions import keeping, previewing
from petitions.forms.acts.form import ActForm
from petitions.forms.acts.front import AmendForm
from petitions.models import Petition
from petitions.queries import case as queries
from petitions.rules import STATE_LABELS, STEPS
from petitions.views.case import back, draft_key, draw, get, say_done
from petitions.views.registry import REGISTRY


@require_http_methods(["GET", "POST"])
def act(request: StaffRequest, number: str, code: str) -> HttpResponse:
    """GET opens the case page at the act's form. POST does it: 303; 422 bad input; 409 wrong moment or stale; 403 not yours."""
    if code not in REGISTRY:
        raise Http404
    petition = get(request, number)
    if request.method == "GET":
        query = {"act": code, **({"list": request.GET["list"]} if "list" in request.GET else {})}
        return redirect(f"{reverse('petitions:detail', args=[number])}?{urlencode(query)}#act")
    held = queries.page(petition, with_history=False) if REGISTRY[code].needs_rows else queries.frame(petition)
    form = REGISTRY[code].form(request.POST, held=held, scope=request.scope)
    refusal = _do(request, form, code, number)
    if refusal is None:
        return back(request, number)
    return draw(request, get(request, number), form=form, act=code, refusal=refusal, status=refusal.status)


@require_POST
def preview(request: StaffRequest, number: str, code: str) -> HttpResponse:
    """The letter of the act as a PDF page by page, before anything is saved. 422 with what is missing."""
    if code not in REGISTRY or not REGISTRY[code].is_previewed:
        raise Http404
    held = queries.page(get(request, number), with_history=False)
    form = REGISTRY[code].form(request.POST, held=held, scope=request.scope)
    check(STEPS, code, held.place, request.scope, STATE_LABELS)
    if not form.is_valid():
        words = "".join(f"{form.fields[name].label}：{errors[0]}" if name in form.fields else str(errors[0]) for name, errors in form.errors.items())
        raise NotAllowed(f"还不能预览。{words}", code="form", status=422)
    try:
        found = previewing.preview(code, REGISTRY[code].call, number, by=request.scope, typed=form.arguments())
    except Petition.DoesNotExist:
        raise Http404 from None
    if not found:
        raise NotAllowed("这一步不给信访人出具文书，没有可预览的。", code="no_paper", status=422)
    answer = HttpResponse(documents.to_pdf(documents.html(found[0])), content_type="application/pdf")
    answer.headers["Content-Disposition"] = "inline; filename*=UTF-8''" + quote(f"预览 {found[0].name} {number}.pdf")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_http_methods(["GET", "POST"])
def amend(request: StaffRequest, number: str) -> HttpResponse:
    """The correction's own page: what stands beside what it becomes."""
    petition = get(request, number)
    held = queries.page(petition, with_history=False)
    refusal = None
    if request.method == "POST":
        form = AmendForm(request.POST, held=held, scope=request.scope)
        refusal = _do(request, form, "amend", number)
        if refusal is None:
            return back(request, number)
    else:
        check(STEPS, "amend", held.place, request.scope, STATE_LABELS)
        form = AmendForm(held=held, scope=request.scope)
    context = {"active": "cases", "case": petition.case, "form": form, "refusal": refusal, "list": request.GET.get("list", "")}
    return render(request, "petitions/amend.html", context, status=refusal.status if refusal else 200)


def _do(request: StaffRequest, form: ActForm, code: str, number: str) -> NotAllowed | None:
    """Do the act with what was typed. None when it is done, else why it was not."""
    try:
        check(STEPS, code, form.held.place, request.scope, STATE_LABELS)
        if not form.is_valid():
            return NotAllowed("", code="form", status=422)
        petition = REGISTRY[code].call(number, by=request.scope, **form.arguments())
    except NotAllowed as refusal:
        return refusal
    except Petition.DoesNotExist:
        raise Http404 from None
    if form.keeps_draft:
        drafts.done(draft_key(request, form.held, code, str(form.cleaned_data.get("no", ""))), request.scope)
    say_done(request, code, petition)
    return None


@require_POST
def attach(request: StaffRequest, number: str) -> HttpResponse:
    """Add files to the case; each is a line of its history. 303, or the page again with why not."""
    petition = get(request, number)
    try:
        keeping.attach(number, request.FILES.getlist("files"), label=request.POST.get("label", "").strip(), by=request.scope)
    except NotAllowed as refusal:
        return draw(request, petition, refusal=refusal, status=refusal.status)
    messages.success(request, "材料已上传")
    return back(request, number)
