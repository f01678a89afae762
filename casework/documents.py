"""Numbered papers: the content is frozen when it is issued, the PDF is made once and never changes (architecture §10).

`issue` runs inside the act that owes the paper; `render` is the worker's part and may run twice without harm.

Templates extend one of templates/papers/: `_base.html` (letter to a person), `_official.html` (red head, between units and
upward), `_form.html` (tables and records). Blocks: title, to, body, query, sign, after. Inputs besides those of the paper
itself: number, name, unit, unit_phone, date, addressee; optional heading, head, signer, urgency, attachments,
contact_line, copy_to (with copy_label). The engine adds head_size and the code of verification.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import os
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from casework import folders, store
from casework.models import Case, Document
from casework.numbers import next_values
from organisations import clock, qr
from organisations.models import User
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


def issue(case: Case | None, paper: Paper, *, by: Standing, at: datetime, corrects: Document | None = None) -> Document:
    """Number the paper 〔2026〕12号, gap-free per unit and class in the caller's transaction, and freeze its content.

    `case` is None for a paper about no single matter (the annual report). Two statements.
    """
    return issue_many(case, [paper], by=by, at=at, corrects=corrects)[0]


def issue_many(case: Case | None, papers: Sequence[Paper], *, by: Standing, at: datetime, corrects: Document | None = None) -> list[Document]:
    """The papers one act owes, of different kinds or units, in two statements."""
    rows = []
    for paper, number in zip(papers, _numbers(case, papers, timezone.localdate(at).year), strict=True):
        rows.append(
            Document(
                case=case,
                paper=paper.code,
                name=paper.name,
                number=number,
                unit_id=paper.unit_id,
                context={**paper.context, "template": paper.template},
                issued_by_id=by.user_id,
                issued_at=at,
                verify_code="" if clock.is_from_ledger() else verify_code(number),
                corrects=corrects,
            )
        )
    folders.add(case, *rows)
    return rows


def _numbers(case: Case | None, papers: Sequence[Paper], year: int) -> list[str]:
    """〔2026〕12号 of our series. What an old ledger tells of was sent out by another system: it takes no number of ours (L-DOC-5)."""
    if case is not None and clock.is_from_ledger():
        return [f"{UNNUMBERED}（{case.number}）" for _ in papers]
    heads = [f"{paper.unit_name}{paper.word}〔{year}〕" for paper in papers]  # the series is what is printed: a name that changes hands runs on
    serials = next_values(f"paper:{head}" for head in heads)
    return [f"{head}{serial}号" for head, serial in zip(heads, serials, strict=True)]


#: Stands in the place of the number on an old ledger's paper, before the number of its case.
UNNUMBERED = "原件无文号"


def verify_code(number: str) -> str:
    """Twelve characters that only this house can make from the number: what the code on the paper leads to, and nothing else."""
    digest = hmac.new(settings.BLIND_INDEX_KEY, f"verify:{number}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest)[:12].decode()


def withdraw(papers: Sequence[Document], at: datetime) -> None:
    """These papers are void; their numbers stay theirs, so that the series keeps no gap. What was void before keeps its moment."""
    Document.objects.filter(pk__in=[paper.pk for paper in papers], withdrawn_at=None).update(withdrawn_at=at)


def withdraw_of_act(case: Case, *, issued_at: datetime, by: User, at: datetime) -> list[str]:
    """The papers of an act that was taken back are void. Returns their numbers."""
    found = list(Document.objects.filter(case=case, issued_at=issued_at, issued_by=by, withdrawn_at=None))
    withdraw(found, at)
    return [paper.number for paper in found]


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
    keep(target, content)
    claimed = Document.objects.filter(pk=document.pk, rendered_at=None).update(pdf_sha256=sha256, rendered_at=clock.now(), failed_at=None, failure="")
    document.refresh_from_db()
    if not claimed and document.pdf_sha256 != sha256:
        target.unlink(missing_ok=True)
    return _stored(document)


def html(document: Document) -> str:
    """The paper as a page, from its frozen content alone: what `render` prints, and what a preview shows before it is issued."""
    context = document.context
    head = context.get("head") or context.get("unit", "")
    widest = OFFICIAL_HEAD if context.get("head") else LETTER_HEAD
    marks = {"number": document.number, "name": document.name, "head_size": max(min(widest, TEXT_WIDTH // max(len(head), 1)), LEAST_HEAD)}
    if document.verify_code:
        address = f"{settings.PUBLIC_URL}/verify/{document.verify_code}/"
        marks |= {"qr": qr.data_uri(address), "verify_words": grouped(document.verify_code)}
    return render_to_string(context["template"], {**context, **marks})


#: Points: the widest line of the type area, and how tall the unit's name stands at most in a document and in a letter.
TEXT_WIDTH, OFFICIAL_HEAD, LETTER_HEAD, LEAST_HEAD = 440, 42, 30, 8


def grouped(code: str) -> str:
    """ABCD-EFGH-JKMN, as people read a code out."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


class MissingGlyphs(ValueError):
    """No face on this machine has these Chinese characters; a box in place of a person's name is worse than waiting (L-DOC-13)."""


#: The letter forms: tables and records keep their own pitch.
_LETTER = re.compile(r'<body class="(?:letter|official)\b')
#: One at a time in a process: the faces are shared, and laying out is all computing.
_press = Lock()


@cache
def _style() -> tuple[Any, Any, Any]:
    """The faces of this machine, our style sheet and the one that draws lines closer, read once in a process (a third of a second)."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    faces = FontConfiguration()
    sheet, tight = (CSS(filename=str(settings.BASE_DIR / "static/css" / name), font_config=faces) for name in ("print.css", "print_tight.css"))
    return sheet, tight, faces


def to_pdf(page: str) -> bytes:
    """A page of our own as PDF. Style sheet and fonts come from this machine only. Raises MissingGlyphs."""
    from weasyprint import HTML  # heavy (1 s): only the worker and the first opening pay for it

    with _press:
        sheet, tight, faces = _style()

        def lay_out(*sheets: Any) -> Any:
            source = HTML(string=page, base_url=f"{settings.BASE_DIR}/")
            return source.render(stylesheets=[sheet, *sheets], font_config=faces, pdf_variant="pdf/ua-1")

        laid_out = lay_out()
        # A letter a few lines too long stands on one page with its lines a little closer (GB/T 9704-2012, 7.3.5.4), if that is enough.
        if len(laid_out.pages) == 2 and _LETTER.search(page):
            closer = lay_out(tight)
            laid_out = closer if len(closer.pages) == 1 else laid_out
        content: bytes = laid_out.write_pdf(pdf_variant="pdf/ua-1")
    missing = {chr(point) for font in laid_out.fonts.values() for point in font.missing}
    names = sorted(sign for sign in missing if unicodedata.name(sign, "").startswith("CJK"))
    if names:
        raise MissingGlyphs(f"字库里没有“{'、'.join(names)}”")
    return content


def _stored(document: Document) -> bytes:
    try:
        content = path_of(document).read_bytes()
    except FileNotFoundError as missing:
        raise Falsified(f"paper {document.pk}: the stored file is missing") from missing
    if hashlib.sha256(content).hexdigest() != document.pdf_sha256:
        raise Falsified(f"paper {document.pk} differs from its stored hash")
    return content


def keep(target: Path, content: bytes) -> None:
    """The whole file under its final name or no file at all, also when the power goes. Raises NotAllowed (507) when the disk is full."""
    with store.told_when_full(NO_ROOM):
        target.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as scratch:
            try:
                scratch.write(content)
                scratch.flush()
                os.fsync(scratch.fileno())
            except OSError:  # what is half written would fill a full disk still more with every try
                Path(scratch.name).unlink()
                raise
        Path(scratch.name).replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


NO_ROOM = "服务器存储空间已满，文书现在存不下。请告知系统管理员清理，之后重新打开；文书的内容已经登记，不会丢失。"
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
                failed_at=clock.now(), failure=(str(failure) if isinstance(failure, MissingGlyphs) else f"{type(failure).__name__}: {failure}")[:200]
            )
    return True
