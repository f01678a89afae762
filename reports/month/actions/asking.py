"""Somebody asks for a report; the clock asks for those of days, weeks, months, quarters and years that are over."""

from __future__ import annotations

from organisations import clock, directory
from organisations.rules import NotAllowed
from organisations.scope import Scope
from reports.models import Closing, Report
from reports.month import queries, rules
from reports.rules.periods import Period


def ask(unit_id: int, period: Period, *, by: Scope) -> Report:
    """A report of the days for a unit the person may see. Of a closed period it is computed from the frozen facts and sealed.

    The same report that already waits, or that is sealed, is not made a second time. Raises NotAllowed.
    """
    now = clock.now()
    if unit_id not in dict(queries.units_for(by)):
        raise NotAllowed("只能生成本单位的报告。", code="not_yours", status=403)
    if period.since > clock.today():
        raise NotAllowed("期间还没有开始。", code="future", status=422)
    closing = Closing.objects.filter(since=period.since, until=period.until).first()
    if closing is not None:
        if str(unit_id) not in closing.frame["grounds"]:
            raise NotAllowed("封存这个期间时还没有这个单位，不能按封存的数据生成。", code="no_such_unit_then", status=422)
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
        raise NotAllowed("只有没能生成的报告可以重试。", code="not_failed")
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
