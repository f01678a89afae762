"""Numbered papers: the content is frozen when it is issued, the PDF is made once and never changes (architecture §10).

`issue` runs inside the act that owes the paper; `render` is the worker's part and may run twice without harm.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from casework.cases import next_value
from casework.models import Case, Document
from organisations import clock
from organisations.scope import Standing


@dataclass(frozen=True, slots=True)
class Paper:
    """What a kind of paper holds. `code` is the row of `document_types`; `context` plain values only."""

    code: str
    name: str
    template: str
    unit_id: int
    unit_name: str
    word: str
    context: dict[str, Any]


def issue(case: Case, paper: Paper, *, by: Standing, at: datetime) -> Document:
    """Number the paper 〔2026〕12号, gap-free per unit and class in the caller's transaction, and freeze its content."""
    year = clock.today().year
    serial = next_value(f"paper:{paper.unit_id}:{paper.code}:{year}")
    return Document.objects.create(
        case=case,
        paper=paper.code,
        name=paper.name,
        number=f"{paper.unit_name}{paper.word}〔{year}〕{serial}号",
        unit_id=paper.unit_id,
        context={**paper.context, "template": paper.template},
        issued_by_id=by.user_id,
        issued_at=at,
    )


def path_of(document: Document) -> Path:
    return Path(settings.MEDIA_ROOT) / "papers" / f"{document.issued_at:%Y}" / f"{document.pk}.pdf"


def render(document: Document) -> bytes:
    """HTML → PDF, stored beside its SHA-256. A paper already rendered is read back and checked, never made anew."""
    from weasyprint import HTML  # heavy (1 s): only the worker and the first opening pay for it

    target = path_of(document)
    if document.rendered_at is not None:
        content = target.read_bytes()
        if hashlib.sha256(content).hexdigest() != document.pdf_sha256:
            raise ValueError(f"paper {document.pk} differs from its stored hash")
        return content
    html = render_to_string(document.context["template"], {**document.context, "number": document.number, "name": document.name})
    content = HTML(string=html, base_url=str(settings.BASE_DIR)).write_pdf()
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_suffix(".part")
    scratch.write_bytes(content)
    claimed = Document.objects.filter(pk=document.pk, rendered_at=None).update(
        pdf_sha256=hashlib.sha256(content).hexdigest(), rendered_at=clock.now(), failure=""
    )
    if not claimed:
        scratch.unlink()
        document.refresh_from_db()
        return render(document)
    scratch.replace(target)
    return content
