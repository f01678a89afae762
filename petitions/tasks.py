"""What the clock does for petitions: sweeps over rows that are due. Running one twice changes nothing."""

from celery import shared_task

from petitions.imports import batches
from petitions.models import Import


@shared_task(name="petitions.run_imports", ignore_result=True)
def run_imports() -> None:
    """Take in released batches; one that a dead worker left half done goes on where it stopped."""
    for batch in Import.objects.filter(state=Import.State.RUNNING).order_by("id"):
        batches.run(batch)
