"""What the clock does for reports."""

from __future__ import annotations

import time

from celery import shared_task

from casework.sweeps import sweep
from reports.actions import refresh
from reports.audit import actions as audit
from reports.month import actions as months


@shared_task(name="reports.refresh_facts")
def refresh_facts() -> int:
    """Facts follow the docket (at most a minute behind)."""
    return refresh.refresh()


#: Seconds one run makes reports before it lets other work in.
BUSY = 60


@sweep("reports.make_reports", "生成报告", late_after=600)
def make_reports() -> int:
    """Make the reports that were asked for; one that a dead worker left half done is taken up again. Returns how many were tried."""
    tried, until = 0, time.monotonic() + BUSY
    while time.monotonic() < until and months.make_next():
        tried += 1
    return tried


@sweep("reports.schedule_reports", "定期报告", late_after=7200)
def schedule_reports() -> int:
    """The brief of the day, the bulletin of the week, the reports of month, quarter and year that are over. Returns how many are new."""
    return months.schedule()


@sweep("reports.remind_questions", "审计询问催办", late_after=100_000)
def remind_questions() -> int:
    """Tell units of the auditor's questions that are due or late. Returns how many notices were new."""
    return audit.remind()
