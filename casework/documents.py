"""Numbered papers: the content is frozen when it is issued, the PDF is made once and never changes (architecture §10).

`issue` runs inside the act that owes the paper; `render` is the worker's part and may run twice without harm.
"""

from __future__ import annotations

import hashlib
import logging
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string

from casework.cases import next_value
from casework.models import Case, Document
from organisations import clock
from organisations.scope import Standing

log = logging.getLogger("yimen.papers")


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


class Falsified(ValueError):
    """The stored file is missing or is not what its row says. Never made anew: somebody has to look."""


def path_of(document: Document, sha256: str = "") -> Path:
    """Where the PDF lies: named by the paper and its content, so that no two makings can touch one file."""
    year = f"{document.issued_at:%Y}"
    return Path(settings.MEDIA_ROOT) / "papers" / year / f"{document.pk}-{sha256 or document.pdf_sha256}.pdf"


def render(document: Document) -> bytes:
    """HTML → PDF, stored beside its SHA-256. A paper already rendered is read back and checked, never made anew.

    The file is complete on disk under its own name before the row points at it. A crash in between leaves a file
    that nothing points at and a row that is rendered again; of two makers at once one row update wins, and both
    hand out the winner's bytes. Raises Falsified when the stored bytes are not those of the row.
    """
    if document.rendered_at is not None:
        return _stored(document)
    content = to_pdf(html(document))
    sha256 = hashlib.sha256(content).hexdigest()
    target = path_of(document, sha256)
    _write(target, content)
    claimed = Document.objects.filter(pk=document.pk, rendered_at=None).update(pdf_sha256=sha256, rendered_at=clock.now(), failed_at=None, failure="")
    document.refresh_from_db()
    if not claimed and document.pdf_sha256 != sha256:
        target.unlink(missing_ok=True)
    return _stored(document)


def html(document: Document) -> str:
    """The paper as a page, from its frozen content alone: what `render` prints, and what a preview shows before it is issued."""
    return render_to_string(document.context["template"], {**document.context, "number": document.number, "name": document.name})


def to_pdf(page: str) -> bytes:
    """A page of our own as PDF. Style sheets and fonts come from this machine only."""
    from weasyprint import HTML  # heavy (1 s): only the worker and the first opening pay for it

    content: bytes = HTML(string=page, base_url=f"{settings.BASE_DIR}/").write_pdf(pdf_variant="pdf/ua-1")
    return content


def _stored(document: Document) -> bytes:
    try:
        content = path_of(document).read_bytes()
    except FileNotFoundError as missing:
        raise Falsified(f"paper {document.pk}: the stored file is missing") from missing
    if hashlib.sha256(content).hexdigest() != document.pdf_sha256:
        raise Falsified(f"paper {document.pk} differs from its stored hash")
    return content


def _write(target: Path, content: bytes) -> None:
    """The whole file under its final name or no file at all, also when the power goes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as scratch:
        scratch.write(content)
        scratch.flush()
        os.fsync(scratch.fileno())
    Path(scratch.name).replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


#: A paper that could not be made is tried again after this long.
RETRY_AFTER = timedelta(minutes=10)


def render_next() -> bool:
    """Make one paper that waits, newest first; its row is held meanwhile, so that two workers take two papers.

    False when none waits. What went wrong is kept on the row and the paper is tried again later.
    """
    with transaction.atomic():
        due = Q(failed_at=None) | Q(failed_at__lt=clock.now() - RETRY_AFTER)
        document = Document.objects.select_for_update(skip_locked=True).filter(due, rendered_at=None).order_by("-id").first()
        if document is None:
            return False
        try:
            with transaction.atomic():
                render(document)
        except Exception as failure:
            log.exception("paper %s could not be rendered", document.pk)
            Document.objects.filter(pk=document.pk, rendered_at=None).update(
                failed_at=clock.now(), failure=f"{type(failure).__name__}: {failure}"[:200]
            )
    return True
