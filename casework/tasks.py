"""What the clock does for every kind of case: sweeps over rows that are due and not done."""

from __future__ import annotations

from celery import shared_task

from casework import chain, documents, submissions
from organisations import clock

#: Papers made in one run. A run every minute keeps up with a county; after a large import it catches up over hours.
MOST_PAPERS = 30


@shared_task(name="casework.render_documents")
def render_documents() -> int:
    """Make the papers that were issued and not opened yet, newest first. Returns how many were tried."""
    tried = 0
    while tried < MOST_PAPERS and documents.render_next():
        tried += 1
    return tried


@shared_task(name="casework.seal_history", ignore_result=True)
def seal_history() -> None:
    """Close the day's history under one hash; a second run on the same day finds nothing to do."""
    chain.seal(clock.today(), clock.now())


@shared_task(name="casework.sweep_submissions", ignore_result=True)
def sweep_submissions() -> None:
    """Forget idempotency keys nobody retries any more."""
    submissions.sweep()
