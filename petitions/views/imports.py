"""The import pages: upload, map the columns, try, take in, follow the progress, undo. For the centre's office."""

from __future__ import annotations

from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.rules import NotAllowed
from organisations import access, clock, directory
from organisations.models import AccessEntry
from organisations.requests import StaffRequest
from organisations.roles import Role
from petitions.forms.imports import MappingForm, UndoForm, UploadForm
from petitions.imports import batches, differences, ledgers, mapping
from petitions.models import Import
from petitions.queries import record

#: Bad rows shown on the page; the error file has all of them.
SHOWN = 200


def _office(request: StaffRequest) -> None:
    """Imports belong to the centre's office. Raises PermissionDenied for everybody else."""
    if request.scope.holds({Role.OFFICE}, directory.current().centre_id) is None:
        raise PermissionDenied


@require_http_methods(["GET", "POST"])
def listing(request: StaffRequest) -> HttpResponse:
    _office(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    refusal, status = "", 200
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = batches.upload(file.name, file, by=request.scope)
            return redirect("petitions:import", batch.pk)
        except NotAllowed as error:
            refusal, status = error.message, error.status
    elif request.method == "POST":
        status = 422
    found = Import.objects.select_related("by")[:50]
    context = {"form": form, "refusal": refusal, "batches": found, "active": "imports"}
    return render(request, "petitions/imports.html", context, status=status)


@require_http_methods(["GET", "POST"])
def one(request: StaffRequest, pk: int) -> HttpResponse:
    """The mapping with the last dry run under it; POST tries again."""
    _office(request)
    batch = get_object_or_404(Import, pk=pk)
    columns, refusal = _columns(batch)
    form = MappingForm(request.POST or None, columns=columns, initial=_initial(batch))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                batches.check(batch, form.columns(), form.options(), by=request.scope)
                return redirect("petitions:import", batch.pk)
            except NotAllowed as error:
                refusal, status = error.message, error.status
    return render(request, "petitions/import.html", _context(batch, form, refusal) | {"compared": _compared(batch, columns, request)}, status=status)


@require_POST
def start(request: StaffRequest, pk: int) -> HttpResponse:
    _office(request)
    batch = get_object_or_404(Import, pk=pk)
    if request.POST.get("leave_out_bad"):
        batches.start_good(batch, by=request.scope)
    else:
        batches.start(batch, by=request.scope)
    return redirect("petitions:import", pk)


@require_GET
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """The progress card alone, asked for every two seconds while the worker is at it."""
    _office(request)
    batch = get_object_or_404(Import, pk=pk)
    return render(request, "petitions/import_progress.html", {"batch": batch})


@require_POST
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    _office(request)
    batch = get_object_or_404(Import, pk=pk)
    form = UndoForm(request.POST)
    batches.undo(batch, reason=form.data.get("reason", ""), by=request.scope)
    return redirect("petitions:import", pk)


@require_GET
def errors(request: StaffRequest, pk: int) -> StreamingHttpResponse:
    _office(request)
    batch = get_object_or_404(Import, pk=pk)
    lines = batches.error_file(batch)
    access.log(
        AccessEntry.Event.DOWNLOAD,
        user=request.user,
        object_type="import",
        object_id=batch.pk,
        object_label=f"问题行 {batch.name}",
    )
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = quote(f"导入问题-{batch.name}.csv")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def _columns(batch: Import) -> tuple[list[str], str]:
    """The columns of the file, or why it cannot be read: what became of the batch is shown, and undone, without it."""
    try:
        return batches.columns(batch), ""
    except NotAllowed as refusal:
        return [], refusal.message


def _compared(batch: Import, columns: list[str], request: StaffRequest) -> differences.Comparison | None:
    """Rows of the national layout against what we hold, until the batch is taken in; nothing of a file that cannot be read."""
    is_open = batch.state in (Import.State.UPLOADED, Import.State.CHECKED, Import.State.FAILED)
    try:
        return differences.compare(batch, request.scope) if is_open and record.NUMBER in columns else None
    except NotAllowed:
        return None


def _initial(batch: Import) -> dict[str, object]:
    county = next(area for area in directory.current().areas.values() if area.level == "county")
    initial: dict[str, object] = {
        "area_id": county.id,
        "received_on": clock.today(),
        "channel": mapping.Options.channel,
        "purpose": mapping.Options.purpose,
        **batch.options,
    }
    initial.update({f"column_{key}": column for key, column in batch.mapping.items()})
    return initial


def _context(batch: Import, form: MappingForm, refusal: str) -> dict[str, object]:
    problems, is_kept = batch.rows.exclude(problem=""), ledgers.is_kept(batch)
    return {
        "batch": batch,
        "form": form,
        "undo_form": UndoForm(),
        "refusal": refusal,
        "problems": problems[:SHOWN],
        "shown": SHOWN,
        "active": "imports",
        "is_open": batch.state in (Import.State.UPLOADED, Import.State.CHECKED, Import.State.FAILED) and not batch.done_rows and is_kept,
        "is_kept": is_kept,
        "kept_until": ledgers.kept_until(batch),
    }
