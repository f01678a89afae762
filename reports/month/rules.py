"""What a report of a period is called and says; who closes; what a manifest holds. Pure.

Sentences are put together from figures alone: nobody writes prose into a report, so nobody can write another number into it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from organisations.roles import Role
from reports.rules.periods import Period, Span, filled

#: Who checks a draft and hands it in to be closed (填报人), and who closes it (审核人): two people, one after the other.
CHECKERS = frozenset({Role.OFFICE})
CLOSERS = frozenset({Role.HEAD})
#: Who is reminded of a period that is over and not closed, and of a report not opened.
REMINDED = frozenset({Role.LEADER, Role.AUDITOR})
#: Figures the letter to the higher body names.
TOLD_UPWARD = ("cases", "visitors", "closed", "reply_on_time", "satisfaction", "overdue", "disputes")
#: Who is told of a report of the county, as posts of the centre.
TOLD = (Role.LEADER, Role.AUDITOR, Role.OFFICE, Role.HEAD)
FORMAT = "yimen-month/1"
#: The manifest's words for a period (tools/verify_report.py).
KINDS = {Span.DAY: "day", Span.WEEK: "week", Span.MONTH: "month", Span.QUARTER: "quarter", Span.YEAR: "year", Span.ANY: "other"}
#: What the paper is called.
TITLES = {Span.DAY: "日报", Span.WEEK: "周报", Span.MONTH: "月报", Span.QUARTER: "季报", Span.YEAR: "年报", Span.ANY: "情况报告"}
SORT_CHOICES = (
    (Span.DAY.value, "日报"),
    (Span.WEEK.value, "周报"),
    (Span.MONTH.value, "月报"),
    (Span.QUARTER.value, "季报"),
    (Span.YEAR.value, "年报"),
    (Span.ANY.value, "自选期间"),
)
#: Periods that are closed; days and weeks are briefs.
CLOSED_SPANS = frozenset({Span.MONTH, Span.QUARTER, Span.YEAR})
#: How many periods that ended are made up for after an outage.
CAUGHT_UP = {Span.DAY: 3, Span.WEEK: 2, Span.MONTH: 3, Span.QUARTER: 2, Span.YEAR: 1}
#: A worker that said nothing for so long is dead; its report is taken up again.
SILENT_AFTER = timedelta(minutes=3)
#: A report that failed so often waits for a person.
MOST_TRIES = 3
#: Cases of a list printed on paper; the sheet has all of them.
MOST_LISTED = 60
#: Numbers of cases named behind a restated figure.
MOST_NAMED = 20


# -- periods ----------------------------------------------------------------------------------------------------------


def ended(span: Span, today: date) -> list[Period]:
    """The last periods of that length that are over, newest first: as many as are made up for."""
    period = filled(span, today)
    found = []
    for _ in range(CAUGHT_UP[span]):
        period = filled(span, period.since - timedelta(days=1))
        found.append(period)
    return found


def ended_since(span: Span, first: date | None, today: date) -> list[Period]:
    """The periods of that length that are over, newest first, back to the one that holds `first`; without it the last one alone."""
    period = filled(span, filled(span, today).since - timedelta(days=1))
    found = [period]
    while first is not None and first < period.since:
        period = filled(span, period.since - timedelta(days=1))
        found.append(period)
    return found


def is_due(period: Period, today: date) -> bool:
    """Whether the period is over."""
    return period.until < today


def label(period: Period) -> str:
    """2026年10月, 2026年第四季度, 2026年第47周 (11月16日至22日)."""
    if period.span is Span.QUARTER:
        return f"{period.since.year}年第{'一二三四'[(period.since.month - 1) // 3]}季度"
    if period.span is Span.WEEK:
        year, week, _ = period.since.isocalendar()
        return f"{year}年第{week}周（{period.since:%-m月%-d日}至{period.until:%-m月%-d日}）"
    return period.label


def short_label(period: Period) -> str:
    """As a sentence begins: 10月, 第四季度, 本周."""
    if period.span is Span.MONTH:
        return f"{period.since.month}月"
    return label(period)


def issue_number(period: Period) -> str:
    """2026年第10期: the how-manieth of its kind in the year; nothing for any days."""
    year, week, _ = period.since.isocalendar()
    if period.span is Span.WEEK:
        return f"{year}年第{week}期"
    numbers = {
        Span.DAY: period.since.timetuple().tm_yday,
        Span.MONTH: period.since.month,
        Span.QUARTER: (period.since.month - 1) // 3 + 1,
        Span.YEAR: 1,
    }
    return f"{period.since.year}年第{numbers[period.span]}期" if period.span in numbers else ""


def file_name(unit: str, period: Period, ending: str) -> str:
    """县群众工作中心-月报-2026-10-01至2026-10-31.pdf: flat, so that the manifest can list it."""
    safe = "".join(sign for sign in unit if sign not in '/\\:*?"<>|')
    return f"{safe}-{TITLES[period.span]}-{period.since.isoformat()}至{period.until.isoformat()}.{ending}"


# -- the manifest -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a manifest says of one sealed report, besides its files."""

    county: str
    unit: str
    period: Period
    closed_at: datetime
    closed_by: str
    cut_off: datetime
    measures: dict[str, int]
    history_day: str
    history_hash: str
    cases: int
    inputs_sha256: str
    previous: str


def canonical(manifest: dict[str, Any]) -> bytes:
    """The one spelling of a manifest (tools/verify_report.py)."""
    return json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def manifest(sealed: Sealed, files: Sequence[tuple[str, int, str]]) -> dict[str, Any]:
    """The manifest of the files (name, bytes, SHA-256) with its own hash."""
    found: dict[str, Any] = {
        "format": FORMAT,
        "county": sealed.county,
        "unit": sealed.unit,
        "period": {"from": sealed.period.since.isoformat(), "until": sealed.period.until.isoformat(), "kind": KINDS[sealed.period.span]},
        "closed_at": sealed.closed_at.isoformat(),
        "closed_by": sealed.closed_by,
        "cut_off": sealed.cut_off.isoformat(),
        "measures": sealed.measures,
        "history_head": {"day": sealed.history_day, "hash": sealed.history_hash},
        "inputs": {"cases": sealed.cases, "sha256": sealed.inputs_sha256},
        "files": [{"name": name, "bytes": size, "sha256": digest} for name, size, digest in sorted(files)],
        "previous": sealed.previous,
    }
    return {**found, "sha256": own_hash(found)}


def parsed(manifest: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(manifest)
    return found


def own_hash(found: dict[str, Any]) -> str:
    """SHA-256 of a manifest over everything but the field that holds it."""
    return sha256(canonical({key: value for key, value in found.items() if key != "sha256"}))


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
