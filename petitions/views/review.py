"""The blank application for 复查 or 复核, to be written by hand at the counter or taken along."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from casework import documents
from casework.views.papers import pdf
from organisations import access
from organisations.models import AccessEntry
from organisations.requests import StaffRequest
from petitions.papers import review as papers
from petitions.queries import review as queries
from petitions.views.case import DOORS


@require_GET
def blank(request: StaffRequest, number: str) -> HttpResponse:
    """P13 with what is known of the matter, the rest blank. Not numbered, not kept. Raises NotAllowed where there is no such right."""
    petition = DOORS.get(request, number)
    facts = queries.blank_facts(petition)
    scope = request.scope
    access.log(
        AccessEntry.Event.PRINT,
        user=request.user,
        unit_id=scope.home.unit_id if scope.home else None,
        object_type="case",
        object_id=petition.pk,
        object_label=f"{number} 空白{facts['name']}",
    )
    return pdf(documents.to_pdf(papers.blank_application(facts)), f"空白{facts['name']} {number}.pdf")
