"""The dossier of a dispute: its checklist, where materials are put in their place, and the bound volume as PDF."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework import documents
from casework.rules import NotAllowed
from casework.views.papers import pdf
from mediation import binding
from mediation.actions import keeping
from mediation.forms.acts.closing import FileMaterialForm
from mediation.queries import closing, dispute
from mediation.rules import dossier as rules
from mediation.views.case import DOORS
from organisations import access, clock
from organisations.models import AccessEntry
from organisations.requests import StaffRequest


@require_http_methods(["GET", "POST"])
def checklist(request: StaffRequest, number: str) -> HttpResponse:
    """GET the items with what stands at each; POST puts attachments at one (303), or draws the page again with why not."""
    row = DOORS.get(request, number)
    held = dispute.page(row, with_history=False)
    if request.method == "GET":
        return _page(request, held, FileMaterialForm(held=held, scope=request.scope))
    form = FileMaterialForm(request.POST, held=held, scope=request.scope)
    refusal = DOORS.do(request, form, "file_material", number)
    if refusal is not None:
        return _page(request, dispute.page(DOORS.get(request, number), with_history=False), form, refusal)
    answer = redirect("mediation:dossier", number)
    answer.status_code = 303
    return answer


@require_POST
def attach(request: StaffRequest, number: str) -> HttpResponse:
    """Add files to the case from its dossier, where they are then put in their place: 303, or the page again with why not."""
    row = DOORS.get(request, number)
    label = request.POST.get("label", "").strip()
    try:
        keeping.attach(number, request.FILES.getlist("files"), label=label, by=request.scope)
    except NotAllowed as refusal:
        held = dispute.page(row, with_history=False)
        return _page(request, held, FileMaterialForm(held=held, scope=request.scope), refusal, label)
    messages.success(request, "材料已上传，请归入卷内项目")
    answer = redirect("mediation:dossier", number)
    answer.status_code = 303
    return answer


def _page(request: StaffRequest, held: dispute.CasePage, form: FileMaterialForm, refusal: NotAllowed | None = None, label: str = "") -> HttpResponse:
    lines = closing.volume(held.dispute)
    placed = {file.pk for line in lines for file in line.files}
    acts = dispute.lawful(held, request.scope)
    context = {
        "active": "dispute",
        "case": held.case,
        "dispute": held.dispute,
        "held": held,
        "lines": lines,
        "missing": rules.missing(lines),
        "loose": [file for file in held.files if file.pk not in placed],
        "dossier": closing.of(held.dispute),
        "term": closing.terms(clock.today())[held.dispute.difficulty],
        "form": form,
        "refusal": refusal,
        "label": label,
        "may_file": "file_material" in acts,
        "may_attach": "note" in acts,
        "may_archive": "archive" in acts,
    }
    return render(request, "mediation/dossier.html", context, status=refusal.status if refusal else 200)


@require_GET
def volume(request: StaffRequest, number: str) -> HttpResponse:
    """The whole volume as PDF, bound at the first opening if the sweep has not yet. 404 before it is archived; 304; 503 when it cannot be shown."""
    row = DOORS.get(request, number)
    dossier = closing.of(row)
    if dossier is None:
        raise Http404
    try:
        content = binding.open_volume(dossier)
    except (documents.Falsified, documents.MissingGlyphs) as failure:
        messages.error(request, f"整卷打不开：{failure}。请联系系统管理员。")
        return redirect("mediation:dossier", number)
    home = request.scope.home
    access.log(
        AccessEntry.Event.PRINT,
        user=request.user,
        unit_id=home.unit_id if home else None,
        object_type="case",
        object_id=row.pk,
        object_label=f"{number} 卷宗 {dossier.number}",
        detail={"dossier": dossier.number},
    )
    answer = pdf(content, f"{dossier.number}.pdf")
    answer.headers["ETag"] = f'"{dossier.sha256}"'
    return get_conditional_response(request, etag=answer.headers["ETag"], response=answer) or answer
