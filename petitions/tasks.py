"""What the clock does for petitions: sweeps over rows that are due. Running one twice changes nothing."""

from casework.sweeps import sweep
from petitions.citizen import effort, entrance
from petitions.imports import batches
from petitions.models import Import


@sweep("petitions.run_imports", "批量导入", late_after=600)
def run_imports() -> None:
    """Take in released batches; one that a dead worker left half done goes on where it stopped."""
    for batch in Import.objects.filter(state=Import.State.RUNNING).order_by("id"):
        batches.run(batch)


@sweep("petitions.forget_visits", "网上查询清理", late_after=3600)
def forget_visits() -> int:
    """Visits to the public pages that are over, codes by SMS and proofs of effort that open nothing any more."""
    return entrance.sweep() + effort.sweep()
