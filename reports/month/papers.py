"""A report as PDF and as a package: the same content is the same bytes, on any day and any machine with the same faces.

What would differ from run to run is fixed: no moment of making, an identifier from the content, faces read once in a
process and cut down in a fixed order (tests/reports/test_month_rebuild.py makes one in another process).
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.metadata import version
from threading import Lock
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from casework import documents
from casework.exports_book import inner
from organisations import directory
from reports.models import Closing, Report
from reports.month import book
from reports.month.content import Content
from reports.month.queries import period_of
from reports.month.rules import TITLES, issue_number, label
from reports.rules.measures import GROUPS

#: How to check a package, put beside it on the page; the package itself holds only what the manifest lists.
VERIFIER = settings.BASE_DIR / "tools" / "verify_report.py"
_STAMP = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Colophon:
    """Who answers for a report and what it rests on: printed on the cover and the last page. Empty strings for a draft."""

    made_at: datetime
    cut_off: datetime
    checked_by: str = ""
    closed_name: str = ""
    closed_by: str = ""
    closed_at: datetime | None = None
    history_day: str = ""
    history_hash: str = ""
    cases: int = 0
    inputs_sha256: str = ""
    previous: str = ""

    @property
    def is_sealed(self) -> bool:
        return bool(self.inputs_sha256)


def colophon_of(closing: Closing, previous: str) -> Colophon:
    """Of a sealed report: everything as the closing keeps it, so that it is the same for ever."""
    return Colophon(
        closing.closed_at,
        closing.closed_at,
        closing.checked_by_name,
        closing.closed_by_name,
        closing.closed_by_label,
        closing.closed_at,
        closing.history_day.isoformat() if closing.history_day else "",
        closing.history_hash,
        closing.cases,
        closing.sha256,
        previous,
    )


def moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def about(content: Content, colophon: Colophon) -> list[tuple[str, str]]:
    """What a report says of itself: the same lines on paper and in the sheet."""
    lines = [
        ("编制单位", content.frame.unit),
        ("统计范围", content.place),
        ("统计期间", f"{content.period.since.isoformat()} 至 {content.period.until.isoformat()}（{label(content.period)}）"),
        ("存量统计日", content.where.on.isoformat()),
        ("数据截止", moment(colophon.cut_off)),
        ("状态", "已封存" if colophon.is_sealed else "未封存的草稿，数字会随办理情况变化"),
    ]
    if colophon.is_sealed and colophon.closed_at is not None:
        lines += [
            ("填报人", colophon.checked_by),
            ("审核封存", f"{colophon.closed_by}，{moment(colophon.closed_at)}"),
            ("封存的数据", f"{colophon.cases:,}件，SHA-256 {colophon.inputs_sha256}"),
            ("历史链日封", f"{colophon.history_day}　{colophon.history_hash}" if colophon.history_hash else "封存时还没有日封"),
            ("上一期清单", colophon.previous or "这是第一期"),
        ]
    if content.provisional:
        lines.append(("期限暂定", content.provisional))
    return lines


def page(content: Content, colophon: Colophon) -> str:
    """The report as HTML."""
    groups = [(name, [measure for measure in content.counted.measures if measure.group == name]) for name in GROUPS]
    context = {
        "content": content,
        "colophon": colophon,
        "about": about(content, colophon),
        "title": content.title,
        "kind": TITLES[content.period.span],
        "label": label(content.period),
        "issue": issue_number(content.period),
        "groups": groups,
    }
    return render_to_string("reports/month/paper.html", context)


#: What has a hand in the bytes of a report.
_LAID_OUT_BY = (
    "templates/reports/month/paper.html",
    "templates/reports/month/grid.html",
    "templates/reports/month/drawing.html",
    "static/css/month.css",
    "reports/templatetags/month.py",
    "reports/month/*.py",
    "reports/charts/*.py",
    "reports/rules/*.py",
    "reports/queries/*.py",
    "casework/workbook.py",
    "casework/exports_book.py",
)


def program() -> str:
    """What computes and lays a report out: a hash over its code, templates, style and the versions of the press. A closing keeps it.

    Another program may make other bytes of the same facts; a rebuilding then says so instead of blaming the facts.
    """
    held = hashlib.sha256()
    for pattern in _LAID_OUT_BY:
        for path in sorted(settings.BASE_DIR.glob(pattern)):
            held.update(path.read_bytes())
    for name in ("weasyprint", "pydyf", "fonttools"):
        held.update(f"{name} {version(name)}".encode())
    return held.hexdigest()


#: One at a time in a process: the faces are shared, and laying out is all computing.
_press = Lock()


@cache
def _style() -> tuple[Any, Any]:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    faces = FontConfiguration()
    return CSS(filename=str(settings.BASE_DIR / "static/css/month.css"), font_config=faces), faces


def pdf(content: Content, colophon: Colophon) -> tuple[bytes, int]:
    """The paper's bytes and how many pages it has. Raises documents.MissingGlyphs."""
    from weasyprint import HTML  # heavy (1 s): only the worker pays for it

    html = page(content, colophon)
    with _press:
        sheet, faces = _style()
        laid_out = HTML(string=html, base_url=f"{settings.BASE_DIR}/").render(stylesheets=[sheet], font_config=faces, pdf_variant="pdf/ua-1")
        identifier = hashlib.sha256(html.encode()).digest()[:16]
        made: bytes = laid_out.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    return made, len(laid_out.pages)


def workbook(content: Content, colophon: Colophon) -> bytes:
    return book.workbook(content, made_at=colophon.made_at, cut_off=colophon.cut_off, about=about(content, colophon))


def marked(content: bytes, words: str, mark: str) -> bytes:
    """A copy of a PDF with the reader's mark over every page (L-SEC-40). The stored bytes stay as they are."""
    from pypdf import PdfReader, PdfWriter  # heavy (6 MB): only a worker that marks a copy pays for it

    layer = PdfReader(io.BytesIO(documents.to_pdf(render_to_string("reports/month/mark.html", {"words": words, "mark": mark})))).pages[0]
    copied = PdfWriter(clone_from=io.BytesIO(content))
    for sheet in copied.pages:
        sheet.merge_page(layer)
    out = io.BytesIO()
    copied.write(out)
    return out.getvalue()


def marked_sheet(content: bytes, words: str, mark: str) -> bytes:
    """A copy of a workbook with the reader's mark: on its first sheet, at the head of every printed page, in its properties."""
    said = f"{words}　{mark}"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as stored, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copied:
        for part in stored.infolist():
            text = stored.read(part)
            if part.filename.startswith("xl/worksheets/"):
                text = text.replace(b"<oddFooter>", f"<oddHeader>&amp;L{inner(said.replace('&', '&&'))}</oddHeader><oddFooter>".encode())
                text = text.replace(inner(book.UNMARKED).encode(), inner(f"本副本由{said}下载，每一份的编号不同。核验请用封存原件。").encode())
            elif part.filename == "docProps/core.xml":
                text = text.replace(b"<dc:description></dc:description>", f"<dc:description>{inner(said)}</dc:description>".encode())
            copied.writestr(part, text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def cover(report: Report, told: Sequence[tuple[str, str]], *, to: str, signer: str, on: date, replaced: str = "") -> documents.Paper:
    """The letter a sealed report goes up with; `replaced` is the number of one that was taken back."""
    period = period_of(report)
    unit = directory.current().units[report.unit_id]
    title = f"{label(period)}全县群众工作{TITLES[period.span]}"
    return documents.Paper(
        code="R01",
        name="统计报告呈报函",
        template="reports/papers/cover.html",
        unit_id=unit.id,
        unit_name=unit.short_name,
        word="群报",
        context={
            "unit": unit.name,
            "unit_phone": unit.phone,
            "head": f"{unit.name}文件",
            "heading": f"关于报送{title}的报告",
            "addressee": to,
            "signer": signer,
            "date": f"{on:%Y年%-m月%-d日}",
            "report": title,
            "period": f"{period.since:%Y年%-m月%-d日}至{period.until:%Y年%-m月%-d日}",
            "pages": report.pages,
            "figures": [list(row) for row in told],
            "sha256": report.manifest_sha256,
            "replaced": replaced,
            "attachments": [f"{title}（PDF）", f"{title}附表（Excel）"],
        },
    )


def package(manifest: str, files: Sequence[tuple[str, bytes]], previous: str) -> bytes:
    """The manifest, the files it lists, and the manifest before: what tools/verify_report.py checks as a whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as held:
        for name, content in _parts(manifest, files, previous):
            held.writestr(zipfile.ZipInfo(name, _STAMP), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _parts(manifest: str, files: Sequence[tuple[str, bytes]], previous: str) -> Iterator[tuple[str, bytes]]:
    yield "manifest.json", manifest.encode()
    yield from files
    if previous:
        yield "previous.json", previous.encode()
