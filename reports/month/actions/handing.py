"""A report is opened and handed out: the bytes as they were made, a copy with the reader's mark, the package for checking. All logged."""

from __future__ import annotations

import secrets
from typing import Any

from casework import documents
from casework.copies import MARK_LENGTH, SIGNS
from organisations import access, clock
from organisations.models import AccessEntry
from organisations.rules import NotAllowed
from organisations.scope import Scope
from reports.models import Reading, Report, ReportFile
from reports.month import frames, papers, queries, rules
from reports.month.frames import Frame


def opened(report: Report, *, by: Scope) -> None:
    """The person has this report on the screen."""
    if report.state == Report.State.READY:
        Reading.objects.get_or_create(report=report, user=by.user, defaults={"at": clock.now()})


def original(report: Report, sort: str, *, by: Scope) -> ReportFile:
    """The bytes as they were made, for checking. Logged. Raises ReportFile.DoesNotExist, NotAllowed when they are not what the row says."""
    file = report.files.get(sort=sort)
    if rules.sha256(bytes(file.content)) != file.sha256:
        raise NotAllowed("文件与封存时的哈希不一致，已停止下载，请联系系统管理员。", code="falsified")
    log_handing(report, file.name, {"sha256": file.sha256}, by)
    return file


def copy(report: Report, sort: str, *, by: Scope) -> tuple[str, bytes]:
    """A copy with the reader's mark: unit, name, time and a code of its own over each page (L-SEC-40). Logged with the code."""
    file = report.files.get(sort=sort)
    now = clock.now()
    mark = documents.grouped("".join(secrets.choice(SIGNS) for _ in range(MARK_LENGTH)))
    words = f"{by.home.unit_name if by.home else ''} {by.user.name} {papers.moment(now)}"
    name = f"副本-{file.name}"
    marked = papers.marked if sort == ReportFile.Sort.PDF else papers.marked_sheet
    log_handing(report, name, {"mark": mark, "sha256": file.sha256}, by)
    return name, marked(bytes(file.content), words, mark)


def package(report: Report, *, by: Scope) -> tuple[str, bytes]:
    """The sealed report as one package: manifest, files, the manifest before. Raises NotAllowed (409) for one that is not sealed."""
    if not report.is_sealed:
        raise NotAllowed("没有封存的报告没有核验包。", code="not_sealed")
    files = [(file.name, bytes(file.content)) for file in report.files.all()]
    previous = queries.previous_of(report)
    name = rules.file_name(Frame(frames.for_unit(report.closing.frame, report.unit_id)).unit, queries.period_of(report), "zip")  # type: ignore[union-attr]
    log_handing(report, name, {"sha256": report.manifest_sha256}, by)
    return name, papers.package(report.manifest, files, previous.manifest if previous else "")


def log_handing(report: Report, name: str, detail: dict[str, Any], by: Scope) -> None:
    access.log(
        AccessEntry.Event.DOWNLOAD,
        user=by.user,
        unit_id=by.home.unit_id if by.home else None,
        object_type="report",
        object_id=report.pk,
        object_label=name,
        detail=detail,
    )
