"""What happens to a matter after the month it came in was closed: told by the demo of the closed months, which may not act itself."""

from __future__ import annotations

from datetime import date

from organisations.scope import Scope
from petitions.actions import supervision
from petitions.models import Petition
from petitions.rules import State


def urge(since: date, until: date, office: Scope) -> None:
    """The first matter of those days that lies open: urged now, it counts among the urged of a month that is closed."""
    found = Petition.objects.filter(case__state=State.ACCEPTED, case__confidential=False, case__urged=0)
    within = found.filter(case__opened_at__date__range=(since, until)).select_related("case").order_by("case__number").first()
    if within is not None:
        supervision.urge(within.case.number, words="请抓紧办理，办理进展报县中心。", by=office)
