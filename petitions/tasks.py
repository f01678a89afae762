"""What the clock does for petitions: sweeps over rows that are due. Running one twice changes nothing."""

from casework.sweeps import once_a_day, sweep
from organisations import clock
from petitions.actions import ending, supervision, terms
from petitions.citizen import entrance
from petitions.imports import batches, ledgers
from petitions.models import Import


@sweep("petitions.run_imports", "批量导入", late_after=600)
def run_imports() -> None:
    """Take in released batches; one that a dead worker left half done goes on where it stopped.

    A batch that fails stands in nobody's way: the others are taken in before its error is told.
    """
    errors: list[Exception] = []
    for batch in Import.objects.filter(state=Import.State.RUNNING).order_by("id"):
        try:
            batches.run(batch)
        except Exception as error:
            errors.append(error)
    if errors:
        raise ExceptionGroup("imports", errors)


@sweep("petitions.forget_ledgers", "导入台账清理", late_after=once_a_day())
def forget_ledgers() -> int:
    """Files of imports whose time is over. Returns how many."""
    return ledgers.sweep()


@sweep("petitions.forget_visits", "网上查询清理", late_after=3600)
def forget_visits() -> int:
    """Visits to the public pages that are over and codes by SMS that open nothing any more."""
    return entrance.sweep()


@sweep("petitions.follow_chain", "复查期满", late_after=once_a_day())
def follow_chain() -> int:
    """Terms for 复查 and 复核 that passed unused are marked. Returns how many."""
    return ending.mark_lapsed()


#: Proposals of one run: an office that has been away finds a desk it can clear, and the rest with the next run.
MOST_PROPOSALS = 300


@sweep("petitions.propose_supervision", "按期限提出督办", late_after=once_a_day())
def propose_supervision() -> int:
    """What L-PET-92 proposes today, each fact once; the office confirms or drops it."""
    return supervision.propose_due(clock.today(), MOST_PROPOSALS)


@sweep("petitions.offer_conversions", "简易超期提示转普通程序", late_after=once_a_day())
def offer_conversions() -> int:
    """Simple matters not answered in their ten working days are offered the normal procedure."""
    return terms.offer_conversions()
