"""The office checks a draft, the centre's head closes its period: two people, one snapshot, one chain.

Closing freezes the facts; the report is then computed from the frozen facts alone, by the worker, as often as it takes: a
killed worker changes nothing.
"""

# ruff: noqa: S608 (column names of our own code; values are parameters)

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from casework.facts import COLUMNS
from casework.models import Seal
from organisations import access, clock, directory
from organisations.models import AccessEntry, User
from organisations.rules import NotAllowed
from organisations.scope import Scope, Standing
from reports.actions import refresh
from reports.models import STOOD, Closing, Fact, Report, Stale
from reports.month import frames, papers, queries, restating, rules
from reports.rules import measures
from reports.rules.periods import Span, before, filled, year_before

#: How often a closing waits for facts that are just being brought up to date, and how long.
_TRIES, _PAUSE = 5, 0.3
#: PostgreSQL: the snapshot cannot be kept because somebody else changed the same row.
_SERIALIZATION = "40001"


def check(pk: int, *, by: Scope) -> Report:
    """The office has looked at the draft of a whole month, quarter or year that is over, and hands it in to be closed. Raises NotAllowed."""
    report = queries.of(pk, by)
    _checkable(report, by)
    changed = Report.objects.filter(pk=report.pk, checked_by=None).update(checked_by=by.user, checked_at=clock.now())
    if not changed:
        raise NotAllowed("这份报告已经核对过了。", code="checked")
    return queries.of(pk, by)


def may_check(report: Report, *, by: Scope) -> bool:
    """Whether the page offers it: when the act would do it."""
    return report.checked_by_id is None and _holds(partial(_checkable, report, by))


def may_close(report: Report, *, by: Scope) -> bool:
    """Whether the page offers it: when the act would do it."""
    return _holds(partial(_closable_by, report, by))


#: Why a draft that is ready is offered to nobody yet, though somebody can do something about it.
_WAITING = frozenset({"earlier_open", "early_draft"})


def waits_for(report: Report, *, by: Scope) -> str:
    """What has to be done before this draft can be checked, for those who check; empty if nothing is in the way or it is not theirs."""
    if report.checked_by_id is not None or by.holds(rules.CHECKERS, directory.current().centre_id) is None:
        return ""
    try:
        _closable(report)
    except NotAllowed as refusal:
        return refusal.message if refusal.code in _WAITING else ""
    return ""


def _holds(check: Callable[[], object]) -> bool:
    try:
        check()
    except NotAllowed:
        return False
    return True


def _checkable(report: Report, by: Scope) -> None:
    if by.holds(rules.CHECKERS, directory.current().centre_id) is None:
        raise NotAllowed("月报由县中心分流员核对、填报。", code="wrong_role", status=403)
    _closable(report)
    if report.state != Report.State.READY:
        raise NotAllowed("报告生成以后才能核对。", code="not_ready")


def _closable_by(draft: Report, by: Scope) -> Standing:
    standing = by.holds(rules.CLOSERS, directory.current().centre_id)
    if standing is None:
        raise NotAllowed("报告由县中心负责人审核封存。", code="wrong_role", status=403)
    _closable(draft)
    if draft.checked_by_id is None:
        raise NotAllowed("请先由分流员核对草稿、填报。", code="not_checked")
    if draft.checked_by_id == by.user.pk:
        raise NotAllowed("填报人和审核人不能是同一个人。", code="same_person")
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
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != _SERIALIZATION:
                raise
            report = None
        if report is not None:
            break
        time.sleep(_PAUSE * (attempt + 1))
    else:
        raise NotAllowed("办理数据正在更新，请一分钟后再封存。", code="not_fresh")
    access.log(
        AccessEntry.Event.EXPORT,
        user=by.user,
        unit_id=standing.unit_id,
        object_type="closing",
        object_id=report.closing_id or 0,
        object_label=f"封存{rules.label(queries.period_of(report))}{rules.TITLES[Span(report.span)]}",
    )
    return report


def _closable(report: Report) -> None:
    """A county report of a whole month, quarter or year that is over, made after its end, not closed yet, none later closed."""
    period = queries.period_of(report)
    if report.unit_id != directory.current().centre_id or period.span not in rules.CLOSED_SPANS:
        raise NotAllowed("只封存全县的月报、季报、年报；乡镇和部门的报告由封存的数据生成。", code="not_county", status=422)
    if not rules.is_due(period, clock.today()):
        raise NotAllowed(f"{rules.label(period)}还没有结束，{period.until:%-m月%-d日}过后才能封存。", code="not_over")
    found = Closing.objects.filter(span=report.span, until__gte=report.until).order_by("until").first()
    if found is not None and found.until == report.until:
        raise NotAllowed(f"{rules.label(period)}已经封存。", code="closed")
    if found is not None:
        raise NotAllowed(f"{rules.label(queries.period_of(found))}已经封存，不能再封存更早的{rules.label(period)}。", code="later_closed")
    last = Closing.objects.filter(span=report.span).order_by("-until").first()
    following = filled(period.span, last.until + timedelta(days=1)) if last is not None else period
    if following.since < period.since:
        # The chain goes from each period to the one before: none may be left out, because it could not be closed any more.
        raise NotAllowed(f"{rules.label(following)}还没有封存，请先封存{rules.label(following)}。", code="earlier_open")
    if report.cut_off is not None and timezone.localdate(report.cut_off) <= report.until:
        raise NotAllowed("这份草稿是期间结束以前生成的，请重新生成后再核对、封存。", code="early_draft")


def _freeze(draft: Report, standing: Standing, user: User) -> Report | None:
    """Freeze the facts and say what was frozen; None when a fact is not up to date in this snapshot."""
    period, now = queries.period_of(draft), clock.now()
    checked = {"checked_by": draft.checked_by, "checked_at": draft.checked_at}
    checked_by_name = draft.checked_by.name if draft.checked_by else ""
    with transaction.atomic():
        with connection.cursor() as db:
            db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            # One closing after the other. LOCK takes no snapshot: what follows sees what the one before left.
            db.execute("LOCK TABLE reports_closing IN SHARE ROW EXCLUSIVE MODE")
        _closable(draft)
        if Stale.objects.exists():
            return None
        earlier, year = before(period), year_before(period)
        on = (period.until, earlier.until, year.until)
        facts = Fact.objects.filter(queries.cohorts(period, earlier, year, on=on)).order_by()
        past = queries.past_of(facts, on)
        cases, digest = queries.inputs(facts.annotate(number=F("case__number")), past)
        head = Seal.objects.order_by("-id").first()
        closing = Closing.objects.create(
            since=period.since,
            until=period.until,
            span=period.span.value,
            unit_id=draft.unit_id,
            **checked,
            checked_by_name=checked_by_name,
            closed_by=user,
            closed_by_name=user.name,
            closed_by_label=f"{user.name}（{standing.label}）",
            closed_at=now,
            measures=measures.versions(period.until),
            history_day=head.day if head else None,
            history_hash=head.hash if head else "",
            cases=cases,
            sha256=digest,
            frame={**frames.of_closing(draft.unit_id, period), "program": papers.program(), "columns": len(COLUMNS)},
            restated=restating.of_county(),
        )
        _keep_facts(closing, facts)
        _keep_past(closing, past)
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


def _keep_past(closing: Closing, past: Any) -> None:
    columns = ("case_id", *STOOD, "stood_from", "stood_until")
    sql, params = past.values_list(*columns).query.sql_with_params()
    with connection.cursor() as db:
        db.execute(
            f"INSERT INTO reports_frozenpast (closing_id, {', '.join(columns)}) SELECT %s, found.* FROM ({sql}) AS found", [closing.pk, *params]
        )
