"""Who comes through the doors of the auditor's room, and what their answers look like."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from casework.models import Case
from casework.rules import NotAllowed
from casework.views.doors import business
from organisations.requests import StaffRequest
from organisations.scope import Scope
from reports.audit import queries
from reports.forms import selection
from reports.models import AuditQuestion, IntegrityCheck, Sample, WorkingPaper
from reports.queries.figures import Selection

View = Callable[..., HttpResponseBase]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MISSING = (Sample.DoesNotExist, WorkingPaper.DoesNotExist, AuditQuestion.DoesNotExist, IntegrityCheck.DoesNotExist, Case.DoesNotExist)


def found_only(view: View) -> View:
    """What the person does not see does not exist."""

    @business
    @wraps(view)
    def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except _MISSING as missing:
            raise Http404 from missing

    return guarded


def auditors_only(view: View) -> View:
    """For auditors alone (403 for others)."""

    @found_only
    @wraps(view)
    def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        queries.auditor(request.scope)
        return view(request, *args, **kwargs)

    return guarded


def back(name: str, *args: Any) -> HttpResponse:
    answer = redirect(f"reports:{name}", *args)
    answer.status_code = 303
    return answer


def download(data: bytes | str, name: str, content_type: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=content_type)
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


def selected(data: QueryDict, scope: Scope) -> Selection:
    """The period and filters of the address; a wrong one is refused in words. Raises NotAllowed (422)."""
    form = selection.bound(data)
    if not form.is_valid():
        raise NotAllowed("".join(str(text) for texts in form.errors.values() for text in texts), code="wrong_selection", status=422)
    return form.selection(scope)
