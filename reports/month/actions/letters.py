"""The letter a sealed report of the county goes up with (GB/T 9704): one stands at a time."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from casework import documents
from casework.models import Document
from organisations import clock, directory
from organisations.rules import NotAllowed
from organisations.scope import Scope, Standing
from reports.models import Letter, Report
from reports.month import papers, queries, rules
from reports.month.actions.handing import log_handing
from reports.month.frames import Frame
from reports.month.queries import Source
from reports.queries import figures
from reports.queries.figures import Figure, Selection


def send_up(pk: int, *, to: str, signer: str, by: Scope) -> Document:
    """Numbered, its content frozen. Another one is issued only when the standing one was taken back. Raises NotAllowed."""
    report = queries.of(pk, by)
    standing = _standing(by)
    closing = report.closing
    if closing is None or not report.is_sealed or report.unit_id != closing.unit_id:
        raise NotAllowed("封存后的全县报告才能出具呈报函。", code="not_sealed")
    source = Source(closing)
    where = Selection(queries.period_of(report), report.until, Frame(closing.frame).ground, versions=source.versions)
    found = figures.read_many([code for code in rules.TOLD_UPWARD if code in source.codes], where, source.facts)
    told = [(figure.measure.name, _said(figure)) for figure in found.values() if figure.value is not None]
    now = clock.now()
    with transaction.atomic():
        earlier = _letters(report)
        if earlier and earlier[0].withdrawn_at is None:
            raise NotAllowed(
                f"这份报告已经出具呈报函（{earlier[0].document.number}），不能重复出具。内容有误的，请先收回并写明原因，再重新出具。",
                code="letter_stands",
            )
        replaced = earlier[0].document if earlier else None
        paper = papers.cover(report, told, to=to, signer=signer, on=timezone.localdate(now), replaced=replaced.number if replaced else "")
        document = documents.issue(None, paper, by=standing, at=now, corrects=replaced)
        letter = Letter.objects.create(report=report, document=document)
        log_handing(report, document.number, {"letter": letter.pk}, by)
    return document


def _said(figure: Figure) -> str:
    """64件, 82.6%; the unit is not said twice (来访人次214)."""
    unit = figure.measure.sort.value
    return figure.text if figure.measure.name.endswith(unit) else f"{figure.text}{unit}"


def take_back(pk: int, *, because: str, by: Scope) -> Letter:
    """The standing letter is void; its number stays with it. Raises NotAllowed."""
    report = queries.of(pk, by)
    _standing(by)
    if not because.strip():
        raise NotAllowed("请写明收回的原因。", code="no_reason", status=422)
    now = clock.now()
    with transaction.atomic():
        letter = next((letter for letter in _letters(report) if letter.withdrawn_at is None), None)
        if letter is None:
            raise NotAllowed("这份报告没有可以收回的呈报函。", code="no_letter")
        letter.withdrawn_at, letter.withdrawn_by, letter.withdrawn_because = now, by.user, because.strip()
        letter.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
        documents.withdraw([letter.document], now)
        log_handing(report, f"收回{letter.document.number}", {"letter": letter.pk}, by)
    return letter


def _standing(by: Scope) -> Standing:
    standing = by.holds(rules.CHECKERS | rules.CLOSERS, directory.current().centre_id)
    if standing is None:
        raise NotAllowed("呈报函由县中心出具。", code="wrong_role", status=403)
    return standing


def _letters(report: Report) -> list[Letter]:
    """The letters of a report, the newest first. Two who issue or take back at once do so one after the other."""
    Report.objects.select_for_update().get(pk=report.pk)
    return list(report.letters.select_related("document").order_by("-pk"))
