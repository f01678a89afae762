"""What the clock does for reports."""

from __future__ import annotations

from celery import shared_task

from reports.actions import refresh


@shared_task(name="reports.refresh_facts")
def refresh_facts() -> int:
    """Facts follow the docket (at most a minute behind)."""
    return refresh.refresh()
