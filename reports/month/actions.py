"""What people and the clock do with reports: ask for one, check it, close the period, make what waits, hand it out.

Closing is a person's act (two people: who checks and who closes). It freezes the facts in one snapshot; the report is then
computed from the frozen facts alone, by the worker, as often as it takes: a killed worker changes nothing.
"""

# ruff: noqa: S608 (column names of our own code; values are parameters)

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from casework import documents, notices
from casework.addressees import Addressee
from casework.copies import MARK_LENGTH, SIGNS
from casework.facts import COLUMNS
from casework.models import Document, Seal
from organisations import access, clock, directory
from organisations.models import AccessEntry, User
from organisations.rules import NotAllowed
from organisations.scope import Scope, Standing
from reports.actions import refresh
from reports.models import Closing, Fact, FrozenFact, Reading, Report, ReportFile, Stale
from reports.month import content as contents
from reports.month import frames, papers, queries, restating, rules
from reports.month.frames import Frame
from reports.month.queries import Source
from reports.queries import figures
from reports.queries.figures import Selection
from reports.rules import measures
from reports.rules.periods import Period, Span, before, year_before

log = logging.getLogger("yimen.reports")

#: How often a closing waits for facts that are just being brought up to date, and how long.
_TRIES, _PAUSE = 5, 0.3
#: PostgreSQL: the snapshot cannot be kept because somebody else changed the same row.
_SERIALIZATION = "40001"


def _refuse(message: str, code: str, status: int = 409) -> NotAllowed:
    return NotAllowed(message, code=code, status=status)


def period_of(row: Report | Closing) -> Period:
    return Period(row.since, row.until, Span(row.span))


# -- asking ------------------------------------------------------------------------------------------------------------


def ask(unit_id: int, period: Period, *, by: Scope) -> Report:
    """A report of the days for a unit the person may see. Of a closed period it is computed from the frozen facts and sealed.

    The same report that already waits, or that is sealed, is not made a second time. Raises NotAllowed.
    """
    now = clock.now()
    if unit_id not in dict(queries.units_for(by)):
        raise _refuse("只能生成本单位的报告。", "not_yours", 403)
    if period.since > clock.today():
        raise _refuse("期间还没有开始。", "future", 422)
    closing = Closing.objects.filter(since=period.since, until=period.until).first()
    if closing is not None:
        if str(unit_id) not in closing.frame["grounds"]:
            raise _refuse("封存这个期间时还没有这个单位，不能按封存的数据生成。", "no_such_unit_then", 422)
        fresh = {"since": period.since, "until": period.until, "span": closing.span, "asked_by": by.user, "asked_at": now}
        report, _ = Report.objects.get_or_create(unit_id=unit_id, closing=closing, origin=Report.Origin.CLOSED, defaults=fresh)
        return report
    waiting = Report.objects.filter(unit_id=unit_id, since=period.since, until=period.until, state__in=[Report.State.ASKED, Report.State.MAKING])
    return waiting.first() or Report.objects.create(
        unit_id=unit_id,
        since=period.since,
        until=period.until,
        span=period.span.value,
        origin=Report.Origin.ASKED,
        asked_by=by.user,
        asked_at=now,
    )


def again(pk: int, *, by: Scope) -> Report:
    """A report that failed is tried once more. Raises NotAllowed."""
    report = queries.of(pk, by)
    tried = Report.objects.filter(pk=report.pk, state=Report.State.FAILED).update(state=Report.State.ASKED, tries=0, progress=0, failure="", word="")
    if not tried:
        raise _refuse("只有没能生成的报告可以重试。", "not_failed")
    return queries.of(pk, by)


def schedule() -> int:
    """The day's brief, the week's bulletin, the reports of month, quarter and year that are over: one row each, also after an outage.

    EVAL-10, L-PET-97. Returns how many are new.
    """
    centre = directory.current().centre_id
    if centre is None:
        return 0
    now, today = clock.now(), clock.today()
    held = Report.objects.filter(unit_id=centre, origin=Report.Origin.SCHEDULED)
    rows = [
        Report(unit_id=centre, since=p.since, until=p.until, span=p.span.value, origin=Report.Origin.SCHEDULED, asked_at=now)
        for span in rules.CAUGHT_UP
        for p in reversed(rules.ended(span, today))
    ]
    before_count = held.count()
    Report.objects.bulk_create(rows, ignore_conflicts=True)
    return held.count() - before_count


# -- checking and closing ------------------------------------------------------------------------------------------------


def check(pk: int, *, by: Scope) -> Report:
    """The office has looked at the draft of a whole month, quarter or year that is over, and hands it in to be closed. Raises NotAllowed."""
    report = queries.of(pk, by)
    _checkable(report, by)
    changed = Report.objects.filter(pk=report.pk, checked_by=None).update(checked_by=by.user, checked_at=clock.now())
    if not changed:
        raise _refuse("这份报告已经核对过了。", "checked")
    return queries.of(pk, by)


def may_check(report: Report, *, by: Scope) -> bool:
    """Whether the page offers it: when the act would do it."""
    return report.checked_by_id is None and _holds(partial(_checkable, report, by))


def may_close(report: Report, *, by: Scope) -> bool:
    """Whether the page offers it: when the act would do it."""
    return _holds(partial(_closable_by, report, by))


def _holds(check: Callable[[], object]) -> bool:
    try:
        check()
    except NotAllowed:
        return False
    return True


def _checkable(report: Report, by: Scope) -> None:
    if by.holds(rules.CHECKERS, directory.current().centre_id) is None:
        raise _refuse("月报由县中心分流员核对、填报。", "wrong_role", 403)
    _closable(report)
    if report.state != Report.State.READY:
        raise _refuse("报告生成以后才能核对。", "not_ready")


def _closable_by(draft: Report, by: Scope) -> Standing:
    standing = by.holds(rules.CLOSERS, directory.current().centre_id)
    if standing is None:
        raise _refuse("报告由县中心负责人审核封存。", "wrong_role", 403)
    _closable(draft)
    if draft.checked_by_id is None:
        raise _refuse("请先由分流员核对草稿、填报。", "not_checked")
    if draft.checked_by_id == by.user.pk:
        raise _refuse("填报人和审核人不能是同一个人。", "same_person")
    return standing


def close(pk: int, *, by: Scope) -> Report:
    """The centre's head closes the period of a checked draft. Returns the sealed report, which the worker then makes. Raises NotAllowed.

    Everything any figure of the report reads is frozen in one snapshot, so acts done meanwhile are in it whole or not at all.
    """
    draft = queries.of(pk, by)
    standing = _closable_by(draft, by)
    for attempt in range(_TRIES):
        refresh.refresh()
        try:
            report = _freeze(draft, standing, by.user)
        except IntegrityError:
            raise _refuse("这一期已经封存。", "closed") from None
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != _SERIALIZATION:
                raise
            report = None
        if report is not None:
            break
        time.sleep(_PAUSE * (attempt + 1))
    else:
        raise _refuse("办理数据正在更新，请一分钟后再封存。", "not_fresh")
    access.log(
        AccessEntry.Event.EXPORT,
        user=by.user,
        unit_id=standing.unit_id,
        object_type="closing",
        object_id=report.closing_id or 0,
        object_label=f"封存{rules.label(period_of(report))}{rules.TITLES[Span(report.span)]}",
    )
    return report


def _closable(report: Report) -> None:
    """A county report of a whole month, quarter or year that is over, made after its end, not closed yet, none later closed."""
    period = period_of(report)
    if report.unit_id != directory.current().centre_id or period.span not in rules.CLOSED_SPANS:
        raise _refuse("只封存全县的月报、季报、年报；乡镇和部门的报告由封存的数据生成。", "not_county", 422)
    if not rules.is_due(period, clock.today()):
        raise _refuse(f"{rules.label(period)}还没有结束，{period.until:%-m月%-d日}过后才能封存。", "not_over")
    found = Closing.objects.filter(span=report.span, until__gte=report.until).order_by("until").first()
    if found is not None and found.until == report.until:
        raise _refuse(f"{rules.label(period)}已经封存。", "closed")
    if found is not None:
        raise _refuse(f"{rules.label(period_of(found))}已经封存，不能再封存更早的{rules.label(period)}。", "later_closed")
    if report.cut_off is not None and timezone.localdate(report.cut_off) <= report.until:
        raise _refuse("这份草稿是期间结束以前生成的，请重新生成后再核对、封存。", "early_draft")


def _freeze(draft: Report, standing: Standing, user: User) -> Report | None:
    """Freeze the facts and say what was frozen; None when a fact is not up to date in this snapshot."""
    period, now = period_of(draft), clock.now()
    checked = {"checked_by": draft.checked_by, "checked_at": draft.checked_at}
    with transaction.atomic():
        with connection.cursor() as db:
            db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        if Stale.objects.exists():
            return None
        earlier, year = before(period), year_before(period)
        where = queries.cohorts(period, earlier, year, on=(period.until, earlier.until, year.until))
        facts = Fact.objects.filter(where).order_by()
        cases, digest = queries.inputs(facts.annotate(number=F("case__number")))
        head = Seal.objects.order_by("-id").first()
        closing = Closing.objects.create(
            since=period.since,
            until=period.until,
            span=period.span.value,
            unit_id=draft.unit_id,
            **checked,
            closed_by=user,
            closed_by_label=f"{user.name}（{standing.label}）",
            closed_at=now,
            measures=measures.versions(period.until),
            history_day=head.day if head else None,
            history_hash=head.hash if head else "",
            cases=cases,
            sha256=digest,
            frame={**frames.of_closing(draft.unit_id, period), "program": papers.program()},
            restated=restating.found(),
        )
        _keep_facts(closing, facts)
        return Report.objects.create(
            unit_id=draft.unit_id,
            since=period.since,
            until=period.until,
            span=period.span.value,
            origin=Report.Origin.CLOSED,
            closing=closing,
            asked_by=user,
            asked_at=now,
            cut_off=now,
            **checked,
        )


def _keep_facts(closing: Closing, facts: Any) -> None:
    sql, params = facts.values_list(*COLUMNS, "case__number").query.sql_with_params()
    with connection.cursor() as db:
        db.execute(
            f"INSERT INTO reports_frozenfact (closing_id, {', '.join(COLUMNS)}, number) SELECT %s, found.* FROM ({sql}) AS found",
            [closing.pk, *params],
        )


# -- making ------------------------------------------------------------------------------------------------------------


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
    report = Report.objects.select_related("closing__checked_by", "closing__closed_by", "unit").get(pk=row[0])
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
    previous = _previous(report)
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


def _previous(report: Report) -> Report | None:
    """The sealed report this one was chained to; for one not sealed yet, that of the same unit and length before it.

    A town's September may be made after its October: that does not put it into October's chain.
    """
    if report.closing is None:
        return None
    if report.is_sealed:
        return Report.objects.filter(manifest_sha256=report.previous_sha256).first() if report.previous_sha256 else None
    chain = Report.objects.filter(unit_id=report.unit_id, span=report.span, origin=Report.Origin.CLOSED, closing_id__lt=report.closing_id)
    return chain.order_by("-closing_id").first()


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
    period, closing = period_of(report), report.closing
    frame = Frame(frames.for_unit(closing.frame, report.unit_id) if closing else {**frames.names(), **frames.surroundings(report.unit_id, period)})
    on = period.until if closing else min(period.until, clock.today())
    colophon = papers.colophon_of(closing, previous) if closing else papers.Colophon(now, now)
    say(15, "计算各项指标")
    restated = closing.restated if closing and report.unit_id == closing.unit_id else ()
    content = contents.of(frame, period, on, Source(closing), restated)
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


def _silent(progress: int, word: str) -> None:
    """Nobody is told how far a rebuilding is."""


def _file(report: Report, sort: ReportFile.Sort, name: str, content: bytes) -> ReportFile:
    return ReportFile(report=report, sort=sort, name=name, content=content, size=len(content), sha256=rules.sha256(content))


def _tell(report: Report, now: datetime) -> None:
    """Who reads the reports of the county is told of those the clock made and of those that were closed; who asked, of the rest."""
    words = f"{rules.label(period_of(report))}{rules.TITLES[Span(report.span)]}已{'封存' if report.closing_id else '生成'}。"
    if report.origin == Report.Origin.ASKED:
        told = [Addressee(user_id=report.asked_by_id)] if report.asked_by_id else []
    else:
        told = [Addressee(unit_id=report.unit_id, role=role.value) for role in rules.TOLD]
    lines = [notices.Line(to=one, kind=queries.NOTICE, text=words, key=f"report:{report.pk}:{one.key}") for one in told]
    notices.insert(lines, now)


# -- handing out -------------------------------------------------------------------------------------------------------


def opened(report: Report, *, by: Scope) -> None:
    """The person has this report on the screen."""
    if report.state == Report.State.READY:
        Reading.objects.get_or_create(report=report, user=by.user, defaults={"at": clock.now()})


def original(report: Report, sort: str, *, by: Scope) -> ReportFile:
    """The bytes as they were made, for checking. Logged. Raises ReportFile.DoesNotExist, NotAllowed when they are not what the row says."""
    file = report.files.get(sort=sort)
    if rules.sha256(bytes(file.content)) != file.sha256:
        raise _refuse("文件与封存时的哈希不一致，已停止下载，请联系系统管理员。", "falsified")
    _log(report, file.name, {"sha256": file.sha256}, by)
    return file


def copy(report: Report, sort: str, *, by: Scope) -> tuple[str, bytes]:
    """A copy with the reader's mark: unit, name, time and a code of its own over each page (L-SEC-40). Logged with the code."""
    file = report.files.get(sort=sort)
    now = clock.now()
    mark = documents.grouped("".join(secrets.choice(SIGNS) for _ in range(MARK_LENGTH)))
    words = f"{by.home.unit_name if by.home else ''} {by.user.name} {papers.moment(now)}"
    name = f"副本-{file.name}"
    if sort == ReportFile.Sort.PDF:
        content = papers.marked(bytes(file.content), words, mark)
    else:
        content = _marked_sheet(report, f"{words}　{mark}")
    _log(report, name, {"mark": mark, "sha256": file.sha256}, by)
    return name, content


def _marked_sheet(report: Report, words: str) -> bytes:
    """The workbook again, with the reader's mark on its first sheet; of a report on demand its figures are those of now."""
    period, closing = period_of(report), report.closing
    frame = Frame(frames.for_unit(closing.frame, report.unit_id) if closing else {**frames.names(), **frames.surroundings(report.unit_id, period)})
    on = period.until if closing else min(period.until, clock.today())
    now = clock.now()
    colophon = papers.colophon_of(closing, report.previous_sha256) if closing else papers.Colophon(now, now)
    restated = closing.restated if closing and report.unit_id == closing.unit_id else ()
    return papers.workbook(contents.of(frame, period, on, Source(closing), restated), colophon, words)


def package(report: Report, *, by: Scope) -> tuple[str, bytes]:
    """The sealed report as one package: manifest, files, the manifest before. Raises NotAllowed (409) for one that is not sealed."""
    if not report.is_sealed:
        raise _refuse("没有封存的报告没有核验包。", "not_sealed")
    files = [(file.name, bytes(file.content)) for file in report.files.all()]
    previous = _previous(report)
    name = rules.file_name(Frame(frames.for_unit(report.closing.frame, report.unit_id)).unit, period_of(report), "zip")  # type: ignore[union-attr]
    _log(report, name, {"sha256": report.manifest_sha256}, by)
    return name, papers.package(report.manifest, files, previous.manifest if previous else "")


def _log(report: Report, name: str, detail: dict[str, Any], by: Scope) -> None:
    access.log(
        AccessEntry.Event.DOWNLOAD,
        user=by.user,
        unit_id=by.home.unit_id if by.home else None,
        object_type="report",
        object_id=report.pk,
        object_label=name,
        detail=detail,
    )


def send_up(pk: int, *, to: str, signer: str, by: Scope) -> Document:
    """The letter a sealed report of the county goes up with (GB/T 9704): numbered, its content frozen. Raises NotAllowed."""
    report = queries.of(pk, by)
    standing = by.holds(rules.CHECKERS | rules.CLOSERS, directory.current().centre_id)
    if standing is None:
        raise _refuse("呈报函由县中心出具。", "wrong_role", 403)
    closing = report.closing
    if closing is None or not report.is_sealed or report.unit_id != closing.unit_id:
        raise _refuse("封存后的全县报告才能出具呈报函。", "not_sealed")
    period, source = period_of(report), Source(closing)
    where = Selection(period, period.until, Frame(closing.frame).ground)
    found = figures.read_many(rules.TOLD_UPWARD, where, source.facts)
    told = [(figure.measure.name, f"{figure.text}{figure.measure.sort.value}") for figure in found.values() if figure.value is not None]
    now = clock.now()
    with transaction.atomic():
        letter = documents.issue(None, papers.cover(report, period, told, to=to, signer=signer, on=timezone.localdate(now)), by=standing, at=now)
        _log(report, letter.number, {"letter": letter.pk}, by)
    return letter


# -- checking what is sealed -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked: what, whether it holds, the hash found."""

    what: str
    is_good: bool
    found: str


def verify(report: Report) -> list[Finding]:
    """Everything stored of a sealed report, computed again now: files, manifest, chain, frozen facts."""
    held = rules.parsed(report.manifest)
    listed = {row["name"]: row["sha256"] for row in held["files"]}
    findings = []
    for file in report.files.all():
        digest = rules.sha256(bytes(file.content))
        findings.append(Finding(file.name, digest == file.sha256 == listed.get(file.name), digest))
    own = rules.own_hash(held)
    findings.append(Finding("清单", own == held["sha256"] == report.manifest_sha256, own))
    previous = _previous(report)
    before_hash = rules.own_hash(rules.parsed(previous.manifest)) if previous and previous.is_sealed else ""
    findings.append(Finding("与上一期的链接" if before_hash else "这是第一期", before_hash == held["previous"], before_hash or "—"))
    if report.closing is not None:
        cases, digest = queries.inputs(FrozenFact.objects.filter(closing=report.closing).order_by())
        good = (cases, digest) == (report.closing.cases, report.closing.sha256) == (held["inputs"]["cases"], held["inputs"]["sha256"])
        findings.append(Finding(f"封存的{cases:,}件数据", good, digest))
    return findings


def rebuild(report: Report) -> list[Finding]:
    """Make a sealed report again from its frozen facts and say, file by file, whether it is the same to the byte."""
    made = build(report, report.previous_sha256, clock.now())
    stored = {file.sort: file.sha256 for file in report.files.all()}
    findings = [Finding(file.name, file.sha256 == stored.get(file.sort), file.sha256) for file in made.files]
    is_same = all(found.is_good for found in findings)
    if not is_same and report.closing is not None and report.closing.frame["program"] != papers.program():
        findings.append(Finding("生成报告的程序（与封存时的版本不同，文件不同不等于数据被改）", is_good=False, found=papers.program()))
    return [*findings, Finding("清单", made.manifest_sha256 == report.manifest_sha256, made.manifest_sha256)]
