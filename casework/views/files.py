"""The one way out for attachments: through the scope, logged, as a download and nothing else."""

from __future__ import annotations

from django.http import FileResponse, Http404
from django.views.decorators.http import require_GET

from casework import attachments
from casework.models import Attachment, Case
from organisations import access
from organisations.models import AccessEntry
from organisations.requests import StaffRequest


@require_GET
def download(request: StaffRequest, pk: int) -> FileResponse:
    """The file of a case the asker may see; 404 for any other, the same as for no file at all. Logged (L-SEC-7)."""
    scope = request.scope
    held = Attachment.objects.filter(pk=pk, case__in=Case.objects.visible_to(scope)).select_related("case").first()
    if held is None or held.case is None:
        raise Http404
    try:
        content = attachments.open_file(held)
    except FileNotFoundError:
        raise Http404 from None
    access.log(
        AccessEntry.Event.DOWNLOAD,
        user=request.user,
        unit_id=scope.home.unit_id if scope.home else None,
        object_type="case",
        object_id=held.case_id or "",
        object_label=held.case.number if held.case.confidential else f"{held.case.number} {held.name}",
        detail={"attachment": held.pk, "sha256": held.sha256},
    )
    answer = FileResponse(content, as_attachment=True, filename=held.name, content_type=held.content_type)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
