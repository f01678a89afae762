"""The dossier as one PDF: cover, table of contents, every paper and attachment in its order with running page numbers, back cover (L-MED-46).

Bound once after archiving, by the sweep or at the first opening; the bytes never change afterwards and their SHA-256 is on the row.
What cannot be printed (sound, video, Word files, pictures beyond measure) has a sheet in its place that names the file and its hash.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from casework import attachments, documents
from casework.models import Attachment, Document
from mediation.models import Dossier
from mediation.papers.sheet import day_words, names_of
from mediation.queries import closing as queries
from mediation.uploads import MAX_PIXELS
from organisations import clock, directory

if TYPE_CHECKING:
    from pypdf import PageObject, PdfWriter

log = logging.getLogger("yimen.dossiers")

#: Points of an A4 sheet.
WIDTH, HEIGHT = 595.28, 841.89
#: A dossier that could not be bound is tried again after this long.
RETRY_AFTER = timedelta(minutes=10)
_PICTURES = ("image/jpeg", "image/png")


@dataclass(frozen=True, slots=True)
class Bound:
    """One entry of the table of contents: `first` to `last` are its pages, counted from the first page after the contents."""

    item: str
    name: str
    date: str
    first: int
    last: int

    @property
    def span(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


def open_volume(dossier: Dossier) -> bytes:
    """The bound dossier; bound now if nobody has yet. Raises documents.Falsified when the stored bytes are not those of the row."""
    if dossier.bound_at is None:
        bind(dossier)
    try:
        content = path_of(dossier, dossier.sha256).read_bytes()
    except FileNotFoundError as missing:
        raise documents.Falsified(f"dossier {dossier.pk}: the stored file is missing") from missing
    if hashlib.sha256(content).hexdigest() != dossier.sha256:
        raise documents.Falsified(f"dossier {dossier.pk} differs from its stored hash")
    return content


def path_of(dossier: Dossier, sha256: str) -> Path:
    """Named by row and content, so that no two bindings can touch one file."""
    return Path(settings.MEDIA_ROOT) / "dossiers" / f"{dossier.filed_on:%Y}" / f"{dossier.pk}-{sha256}.pdf"


def bind(dossier: Dossier) -> None:
    """Bind and store. Of two binders at once one row update wins, and both hand out its bytes."""
    content, pages = compose(dossier)
    sha256 = hashlib.sha256(content).hexdigest()
    documents.keep(path_of(dossier, sha256), content)
    Dossier.objects.filter(pk=dossier.pk, bound_at=None).update(sha256=sha256, pages=pages, bound_at=clock.now(), failed_at=None, failure="")
    dossier.refresh_from_db()


def bind_next() -> bool:
    """Bind one dossier that waits; its row is held meanwhile. False when none waits. What went wrong is kept on the row."""
    with transaction.atomic():
        due = Q(failed_at=None) | Q(failed_at__lt=clock.now() - RETRY_AFTER)
        dossier = Dossier.objects.select_for_update(skip_locked=True).filter(due, bound_at=None).order_by("filed_on", "pk").first()
        if dossier is None:
            return False
        try:
            with transaction.atomic():
                bind(dossier)
        except Exception as failure:
            log.exception("dossier %s could not be bound", dossier.pk)
            words = f"{type(failure).__name__}: {failure}"[:200]
            Dossier.objects.filter(pk=dossier.pk, bound_at=None).update(failed_at=clock.now(), failure=words)
    return True


def compose(dossier: Dossier) -> tuple[bytes, int]:
    """The whole volume and how many numbered pages it has."""
    from pypdf import PdfWriter  # heavy (6 MB): only a worker that binds a volume pays for it

    leaves: list[PageObject] = []
    contents: list[Bound] = []
    for line in queries.volume(dossier.dispute):
        for name, on, pages in [*map(_of_paper, line.papers), *map(_of_file, line.files)]:
            contents.append(Bound(line.item.code, name, on, len(leaves) + 1, len(leaves) + len(pages)))
            leaves += pages
    context = _context(dossier) | {"contents": contents, "pages": len(leaves)}
    out = PdfWriter()
    _add(out, _printed("cover", context))
    _add(out, _printed("contents", context))
    numbers = _printed("numbers", {"numbers": range(1, len(leaves) + 1)}) if leaves else []
    before = len(out.pages)
    for leaf, number in zip(leaves, numbers, strict=True):
        page = out.add_page(leaf)
        page.merge_page(number)
    for entry in contents:
        out.add_outline_item(title=f"{entry.item} {entry.name}", page_number=before + entry.first - 1)
    _add(out, _printed("back", context))
    out.add_metadata({"/Title": f"{dossier.number} {dossier.name}", "/Author": context["unit"]})
    out.compress_identical_objects()
    held = BytesIO()
    out.write(held)
    return held.getvalue(), len(leaves)


def _context(dossier: Dossier) -> dict[str, Any]:
    case = dossier.dispute.case
    return {
        "number": dossier.number,
        "name": dossier.name,
        "case_number": case.number,
        "unit": directory.current().units[case.unit_id].name,
        "parties": names_of(case),
        "mediators": dossier.mediators,
        "began_on": day_words(dossier.began_on),
        "ended_on": day_words(dossier.ended_on),
        "filed_on": day_words(dossier.filed_on),
        "filed_by": dossier.filed_by.name,
        "keep": dossier.keep_words,
        "remarks": dossier.remarks,
    }


def _of_paper(paper: Document) -> tuple[str, str, list[PageObject]]:
    from pypdf import PdfReader

    pages = list(PdfReader(BytesIO(documents.render(paper))).pages)
    return f"{paper.name}（{paper.number}）", day_words(timezone.localdate(paper.issued_at)), pages


def _of_file(file: Attachment) -> tuple[str, str, list[PageObject]]:
    name, on = file.label or file.name, day_words(timezone.localdate(file.uploaded_at))
    if file.content_type in _PICTURES and _is_printable(file):
        return name, on, _printed("picture", {"address": attachments.path_of(file.sha256).as_uri(), "name": name})
    pages = _foreign(file) if file.content_type == "application/pdf" else []
    return name, on, pages or _printed("absent", {"name": name, "file": file.name, "sha256": file.sha256, "size": file.size})


def _is_printable(file: Attachment) -> bool:
    """Whether a worker has the memory to print the picture. A PNG of a few kilobytes unpacks to gigabytes; a JPEG goes in as it is."""
    from PIL import Image

    try:
        with Image.open(attachments.path_of(file.sha256), formats=("JPEG", "PNG")) as image:  # its head only
            return image.format == "JPEG" or image.width * image.height <= MAX_PIXELS
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, OSError, ValueError, SyntaxError):
        log.warning("attachment %s cannot be read as a picture", file.pk)
        return False


def _foreign(file: Attachment) -> list[PageObject]:
    """The pages of somebody's PDF on A4, without anything that acts; none where it is locked or broken."""
    from pypdf import PdfReader, PdfWriter  # a page is changed only within a writer of its own
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(attachments.path_of(file.sha256))
        if reader.is_encrypted and not reader.decrypt(""):
            return []
        sheets = PdfWriter()
        return [_on_a4(page, sheets) for page in PdfWriter(clone_from=reader).pages]
    except (PyPdfError, ValueError, KeyError, OSError):
        log.warning("attachment %s cannot be read as PDF", file.pk)
        return []


def _on_a4(page: PageObject, sheets: PdfWriter) -> PageObject:
    """The page's drawing, upright, scaled to fit; its links and scripts stay behind."""
    from pypdf import Transformation

    page.transfer_rotation_to_content()
    for key in ("/Annots", "/AA"):
        page.pop(key, None)
    box = page.mediabox
    scale = min(WIDTH / float(box.width), HEIGHT / float(box.height))
    right, up = (WIDTH - float(box.width) * scale) / 2, (HEIGHT - float(box.height) * scale) / 2
    moved = Transformation().translate(-float(box.left), -float(box.bottom)).scale(scale).translate(right, up)
    sheet = sheets.add_blank_page(width=WIDTH, height=HEIGHT)
    sheet.merge_transformed_page(page, moved)
    return sheet


def _printed(leaf: str, context: dict[str, Any]) -> list[PageObject]:
    """A leaf of our own as pages."""
    from pypdf import PdfReader

    page = render_to_string(f"mediation/papers/dossier_{leaf}.html", context)
    return list(PdfReader(BytesIO(documents.to_pdf(page))).pages)


def _add(out: PdfWriter, pages: list[PageObject]) -> None:
    for page in pages:
        out.add_page(page)
