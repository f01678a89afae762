"""Mediation goes on longer, or ends without an agreement: the lawful ways are told in writing (调解法§26; 75号令§33; L-MED-8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from casework import deadlines, documents
from casework.models import Deadline
from casework.rules import NotAllowed
from mediation import codes
from mediation.actions import act as beats
from mediation.actions.agreements import MEDIATING_LIMITS, PERFORM
from mediation.models import Dispute, Ending, Prolongation, Rung
from mediation.papers import talks as papers
from mediation.papers.sheet import day_words
from mediation.rules.closing import CONFIRM, FOLLOW_UPS
from mediation.rules.talks import MOST_DAYS
from organisations.scope import Scope

MEDIATE, LONGER = "med.mediate", "med.extend"
REFUSED = "1"


@transaction.atomic
def prolong(number: str, *, days: int, is_agreed: bool, agreed_by: str, by: Scope, version: int | None = None) -> Dispute:
    """The month is not enough and all want to go on: at most thirty days more, once for each month that began (75号令§33). Raises NotAllowed.

    A body's month begins with its acceptance, and anew where a broken agreement is mediated again; while a prolongation runs no
    month does.
    """
    act = beats.begin("prolong", number, by, version)
    if not is_agreed:
        raise NotAllowed("须各方当事人都同意延长；有一方不同意的，终止调解，告知其他途径。", code="unwilling", status=422)
    if not 1 <= days <= MOST_DAYS:
        raise NotAllowed(f"延长不超过{MOST_DAYS}日。", code="too_long", status=422)
    running = Deadline.objects.filter(case=act.case, key=MEDIATE, met_on=None, dropped_on=None).first()
    if running is None:
        raise NotAllowed("本组织的调解期限已经延长过一次，或者没有在计算，不能再延长。", code="extended_before")
    until = running.due_on + timedelta(days=days)
    start = deadlines.Start(LONGER, running.due_on, "原期限届满", act.case.unit_id, until)
    longer = deadlines.turn(act.case, on=act.today, meet=[MEDIATE], start=[start])
    until = next(row.due_on for row in longer if row.key == LONGER)
    Prolongation.objects.create(
        dispute=act.dispute,
        step=act.dispute.step,
        days=days,
        was_due_on=running.due_on,
        due_on=until,
        agreed_by=agreed_by,
        by=by.user,
        at=act.now,
    )
    return beats.finish(act, text=agreed_by, detail={"days": f"{days} 日", "until": day_words(until)})


@transaction.atomic
def terminate(
    number: str,
    *,
    reason: str,
    words: str,
    way: str,
    routes: Sequence[str],
    limitation: str = "",
    by: Scope,
    version: int | None = None,
) -> Dispute:
    """No agreement: why, which of the five other ways it is led to, and which were told with their limits (调解法§26; MED-3). Raises NotAllowed."""
    act = beats.begin("terminate", number, by, version)
    if way not in routes:
        raise NotAllowed("“引导的途径”须在告知的途径之中。", code="way", status=422)
    result = "3" if reason == REFUSED else "2"
    row = Ending(dispute=act.dispute, reason=reason, words=words, routes=list(routes), limitation=limitation, on=act.today, by=by.user, at=act.now)
    _end(act, row, result, way, Rung.End.OTHER_WAY)
    detail = {"end_reason": codes.END_REASONS[reason].name, "routes": [codes.WAYS[code].name for code in routes]}
    return beats.finish(act, text=words, detail=detail)


@transaction.atomic
def withdraw(number: str, *, words: str, by: Scope, version: int | None = None) -> Dispute:
    """The applicant no longer wants it: mediation is voluntary to the end (调解法§23). The other ways stay open and are told. Raises NotAllowed."""
    act = beats.begin("withdraw", number, by, version)
    row = Ending(dispute=act.dispute, reason=REFUSED, is_withdrawn=True, words=words, routes=["litigation"], on=act.today, by=by.user, at=act.now)
    _end(act, row, "4", "", Rung.End.ENDED)
    return beats.finish(act, text=words)


def _end(act: beats.Act, row: Ending, result: str, way: str, end: str) -> None:
    """The notice goes out, the limits stop, the step of the ladder ends."""
    row.document = documents.issue(act.case, papers.ending(act.dispute, row, act.today), by=act.standing, at=act.now)
    row.save()
    act.dispute.result, act.dispute.way, act.dispute.ended_on = result, way, act.today
    act.dispute.agreed_on = None
    stopped = ["med.risk", CONFIRM, PERFORM, *FOLLOW_UPS]
    deadlines.turn(act.case, on=act.today, meet=[*MEDIATING_LIMITS, "med.respond"], drop=stopped)
    Rung.objects.filter(dispute=act.dispute, ended_on=None).update(ended_on=act.today, end=end)
