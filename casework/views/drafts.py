"""Autosave of a form being typed, and the files uploaded to it. Only one's own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_GET, require_POST

from casework import attachments, drafts, kinds
from casework.models import Attachment, Draft
from casework.rules import NotAllowed
from casework.views.doors import business
from organisations.requests import StaffRequest

#: A form is named kind.act; which fields' words name the draft in the list.
FORM = re.compile(r"[a-z]{2,16}\.[a-z_]{2,23}")
NAMED_BY = {"petition.register": ("people-0-name", "title"), "dispute.register": ("people-0-name", "title")}


@dataclass(frozen=True, slots=True)
class Row:
    """A draft of one's own: what it is of, and where one writes on."""

    draft: Draft
    what: str
    address: str


@require_GET
@business
def listing(request: StaffRequest) -> HttpResponse:
    """我的草稿: everything one has begun and not sent, newest first."""
    rows = [_row(draft, request) for draft in drafts.mine(request.user)]
    return render(request, "casework/drafts.html", {"active": "drafts", "rows": rows})


def _row(draft: Draft, request: StaffRequest) -> Row:
    kind, _, act = draft.form.partition(".")
    facts = kinds.get(kind)
    if act == "register":
        return Row(draft, drafts.what(draft), f"{reverse(facts.register_url)}?{urlencode({'draft': str(draft.pk)})}")
    number = draft.label.partition(" ")[0]
    no = (drafts.read(draft.pk, request.scope) or {}).get("no", [])
    query = {"act": act, **({"no": no[-1]} if no else {})}
    return Row(draft, drafts.what(draft), f"{reverse(facts.detail_url, args=[number])}?{urlencode(query)}#act")


@require_POST
def save(request: StaffRequest, form: str, key: UUID) -> HttpResponse:
    """Keep what stands in the form. 204; 409 when it was registered meanwhile."""
    if not FORM.fullmatch(form):
        raise Http404
    fields = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    label = " ".join(words for name in NAMED_BY.get(form, ("draft_label",)) if (words := request.POST.get(name, "").strip()))
    try:
        drafts.keep(key, form=form, fields=fields, by=request.scope, label=label)
    except NotAllowed as refusal:
        return JsonResponse({"message": str(refusal), "code": refusal.code}, status=refusal.status)
    return HttpResponse(status=204)


@require_POST
def discard(request: StaffRequest, form: str, key: UUID) -> HttpResponse:
    """Throw one's own draft away and go back to where `next` says."""
    drafts.discard(key, request.scope)
    target = request.POST.get("next", "")
    return redirect(target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else "/")


@require_POST
def upload(request: StaffRequest, form: str, key: UUID) -> JsonResponse:
    """Take one file in. 201 with its id and name; 422 with the sentence why not."""
    if not FORM.fullmatch(form):
        raise Http404
    file = request.FILES.get("file")
    if file is None:
        return JsonResponse({"message": "没有收到文件。", "code": "no_file"}, status=422)
    try:
        held = attachments.add(file, by=request.scope, draft=drafts.hold(key, form=form, by=request.scope))
    except NotAllowed as refusal:
        return JsonResponse({"message": str(refusal), "code": refusal.code}, status=refusal.status)
    return JsonResponse({"id": held.id, "name": held.name, "size": held.size, "is_image": held.content_type.startswith("image/")}, status=201)


@require_GET
def file(request: StaffRequest, form: str, key: UUID, pk: int) -> FileResponse:
    """Look at a file of one's own draft."""
    held = _held(request, key, pk)
    answer = FileResponse(attachments.open_file(held), content_type=held.content_type, filename=held.name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@require_POST
def remove(request: StaffRequest, form: str, key: UUID, pk: int) -> HttpResponse:
    attachments.remove(_held(request, key, pk))
    return HttpResponse(status=204)


def _held(request: StaffRequest, key: UUID, pk: int) -> Attachment:
    return get_object_or_404(Attachment, pk=pk, draft=key, draft__user=request.user, case=None)
