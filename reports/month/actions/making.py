"""The worker makes what waits: figures, paper, sheet, and of a closed period its manifest."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from casework import documents, notices
from casework.addressees import Addressee
from organisations import clock
from reports.actions import refresh
from reports.models import Report, ReportFile
from reports.month import content as contents
from reports.month import frames, papers, queries, restating, rules
from reports.month.frames import Frame
from reports.month.queries import Source
from reports.month.restating import Restated
from reports.rules.periods import Span

log = logging.getLogger("yimen.reports")


class Lost(Exception):
    """Another worker has taken the report up: what this one made is thrown away."""


@dataclass(frozen=True, slots=True)
class _Hold:
    """A report as this worker holds it."""

    report: Report
    token: UUID

    def say(self, progress: int, word: str) -> None:
        """How far it is; also the sign that the worker lives. Raises Lost."""
        mine = Report.objects.filter(pk=self.report.pk, claim=self.token, state=Report.State.MAKING)
        if not mine.update(progress=progress, word=word, beat_at=clock.now()):
            raise Lost


_CLAIM = """
UPDATE reports_report SET state = 'making', claim = %(token)s, beat_at = %(now)s, tries = tries + 1, progress = 1, word = '开始'
 WHERE id = (SELECT r.id FROM reports_report r
              WHERE (r.state = 'asked' OR (r.state = 'making' AND r.beat_at < %(dead)s)) AND r.tries < %(most)s
                AND NOT EXISTS (SELECT FROM reports_report p
                                 WHERE p.origin = 'closed' AND r.origin = 'closed' AND p.unit_id = r.unit_id AND p.span = r.span
                                   AND p.closing_id < r.closing_id AND p.manifest = '')
              ORDER BY r.closing_id IS NULL, r.id FOR UPDATE OF r SKIP LOCKED LIMIT 1)
RETURNING id
"""


def make_next() -> bool:
    """Make one report that waits, sealed ones first; one whose worker fell silent is taken up again. False when none waits."""
    now, token = clock.now(), uuid4()
    dead = now - rules.SILENT_AFTER
    stuck = Report.objects.filter(state=Report.State.MAKING, beat_at__lt=dead, tries__gte=rules.MOST_TRIES)
    stuck.update(state=Report.State.FAILED, failure="几次生成都中断了，请联系系统管理员后重试。")
    with connection.cursor() as db:
        db.execute(_CLAIM, {"token": token, "now": now, "dead": dead, "most": rules.MOST_TRIES})
        row = db.fetchone()
    if row is None:
        return False
    report = Report.objects.select_related("closing", "unit").get(pk=row[0])
    hold = _Hold(report, token)
    try:
        _make(hold)
    except Lost:
        log.warning("report %s was taken up by another worker", report.pk)
    except Exception as failure:
        log.exception("report %s could not be made", report.pk)
        words = str(failure) if isinstance(failure, documents.MissingGlyphs) else f"{type(failure).__name__}"
        state = Report.State.FAILED if report.tries >= rules.MOST_TRIES else Report.State.ASKED
        Report.objects.filter(pk=report.pk, claim=token).update(state=state, failure=words[:200], word="")
    return True


def _make(hold: _Hold) -> None:
    report, now = hold.report, clock.now()
    hold.say(5, "更新数据")
    if report.closing is None:
        refresh.refresh_if_old()
        made_at = now
    else:
        made_at = report.closing.closed_at
        _restate(hold)
    previous = queries.previous_of(report)
    made = build(report, previous.manifest_sha256 if previous else "", now, hold)
    with transaction.atomic():
        ReportFile.objects.bulk_create(made.files)
        sealed = {"previous_sha256": made.previous, "manifest": made.manifest, "manifest_sha256": made.manifest_sha256}
        kept = Report.objects.filter(pk=report.pk, claim=hold.token, state=Report.State.MAKING).update(
            state=Report.State.READY,
            progress=100,
            word="",
            failure="",
            pages=made.pages,
            cut_off=made_at,
            made_at=now,
            **(sealed if report.closing is not None else {}),
        )
        if not kept:
            raise Lost
    _tell(report, now)


@dataclass(frozen=True)
class Made:
    """What a report was made into."""

    files: list[ReportFile]
    pages: int
    previous: str
    manifest: str
    manifest_sha256: str


def build(report: Report, previous: str, now: datetime, hold: _Hold | None = None) -> Made:
    """The bytes of a report; of a sealed one from frozen facts alone, so that they are the same whenever and wherever they are made."""
    say = hold.say if hold is not None else _silent
    period, closing = queries.period_of(report), report.closing
    frame = Frame(frames.for_unit(closing.frame, report.unit_id) if closing else {**frames.names(), **frames.surroundings(report.unit_id, period)})
    on = period.until if closing else min(period.until, clock.today())
    colophon = papers.colophon_of(closing, previous) if closing else papers.Colophon(now, now)
    say(15, "计算各项指标")
    content = contents.of(frame, period, on, Source(closing), _restated(report))
    say(45, "排版")
    pdf, pages = papers.pdf(content, colophon)
    say(80, "编制 Excel 附表")
    sheet = papers.workbook(content, colophon)
    say(95, "保存")
    files = [
        _file(report, sort, rules.file_name(frame.unit, period, sort.value), held)
        for sort, held in ((ReportFile.Sort.PDF, pdf), (ReportFile.Sort.XLSX, sheet))
    ]
    if closing is None:
        return Made(files, pages, "", "", "")
    sealed = rules.Sealed(
        county=frame.county,
        unit=frame.unit,
        period=period,
        closed_at=timezone.localtime(closing.closed_at),
        closed_by=closing.closed_by_label,
        cut_off=timezone.localtime(closing.closed_at),
        measures=closing.measures,
        history_day=closing.history_day.isoformat() if closing.history_day else "",
        history_hash=closing.history_hash,
        cases=closing.cases,
        inputs_sha256=closing.sha256,
        previous=previous,
    )
    manifest = rules.manifest(sealed, [(file.name, file.size, file.sha256) for file in files])
    return Made(files, pages, previous, rules.canonical(manifest).decode(), manifest["sha256"])


def _restated(report: Report) -> Restated | None:
    """What the report says of earlier closed periods: the county's as its closing put it down, a unit's as its worker did."""
    closing = report.closing
    if closing is None:
        return None
    if report.unit_id == closing.unit_id:
        return Restated(closing.closed_at, closing.restated)
    return None if report.restated_at is None else Restated(report.restated_at, report.restated or [])


def _restate(hold: _Hold) -> None:
    """A report of one unit is made after its county closed the period: what is different then is put down once, and stays."""
    report, now = hold.report, clock.now()
    if report.closing is None or report.unit_id == report.closing.unit_id or report.restated_at is not None:
        return
    refresh.refresh_if_old()
    hold.say(10, "与以前各期比较")
    report.restated, report.restated_at = restating.of_unit(report.unit_id, report.closing), now
    Report.objects.filter(pk=report.pk, claim=hold.token).update(restated=report.restated, restated_at=now)


def _silent(progress: int, word: str) -> None:
    """Nobody is told how far a rebuilding is."""


def _file(report: Report, sort: ReportFile.Sort, name: str, content: bytes) -> ReportFile:
    return ReportFile(report=report, sort=sort, name=name, content=content, size=len(content), sha256=rules.sha256(content))


def _tell(report: Report, now: datetime) -> None:
    """Who reads the reports of the county is told of those the clock made and of those that were closed; who asked, of the rest."""
    words = f"{rules.label(queries.period_of(report))}{rules.TITLES[Span(report.span)]}已{'封存' if report.closing_id else '生成'}。"
    if report.origin == Report.Origin.ASKED:
        told = [Addressee(user_id=report.asked_by_id)] if report.asked_by_id else []
    else:
        told = [Addressee(unit_id=report.unit_id, role=role.value) for role in rules.TOLD]
    lines = [notices.Line(to=one, kind=queries.NOTICE, text=words, key=f"report:{report.pk}:{one.key}") for one in told]
    notices.insert(lines, now)
