"""What a person still has open among petitions, for hand-over when they leave (organisations.handover; HALL-14)."""

from __future__ import annotations

from django.db.models import Count
from django.urls import reverse

from casework import kinds
from casework.models import Case
from casework.rules import who
from organisations.handover import OpenItem, Source
from organisations.roles import Role
from organisations.scope import Scope
from petitions import actions
from petitions.models import Petition
from petitions.queries.acts import place_of
from petitions.rules import KIND, STEPS


def count(user_id: int) -> dict[int, int]:
    """Open petitions that name the person as handler, by responsible unit. Numbers only."""
    rows = Case.objects.open().filter(kind=KIND.code, handler=user_id).values_list("unit_id").annotate(n=Count("pk"))
    return dict(rows)


def count_unit(unit_id: int) -> int:
    return Case.objects.open().filter(kind=KIND.code, unit=unit_id).count()


def open_items(user_id: int, scope: Scope) -> list[OpenItem]:
    """Those of the person's open petitions which the asking one sees and may hand over."""
    step = STEPS["hand_over"]
    petitions = (
        Petition.objects.visible_to(scope)
        .filter(case__handler=user_id, case__closed_at=None)
        .select_related("case")
        .order_by("case__due_on", "case__number")
    )
    return [
        OpenItem(
            source=KIND.code,
            number=petition.case.number,
            title=petition.case.title,
            unit_id=petition.case.unit_id,
            state=kinds.get(KIND.code).states[petition.case.state],
            url=reverse(KIND.detail_url, args=[petition.case.number]),
        )
        for petition in petitions
        if petition.case.state in step.frm and who(step, place_of(petition.case, with_tasks=False), scope) is not None
    ]


def transfer(number: str, from_user_id: int, to_user_id: int, words: str, by: Scope) -> None:
    """A petition names one person alone. Raises NotAllowed."""
    if not Petition.objects.visible_to(by).filter(case__number=number, case__handler=from_user_id).exists():
        raise LookupError(number)
    actions.hand_over(number, to_user_id=to_user_id, words=words, by=by)


#: Who can work on what lies with a unit: the counter, the office, who handles, who heads; at the discipline organ its contacts.
RECEIVERS = frozenset({Role.WINDOW_CLERK, Role.OFFICE, Role.HANDLER, Role.HEAD, Role.DISCIPLINE})
SOURCE = Source(code=KIND.code, label=KIND.label, count=count, count_unit=count_unit, list=open_items, transfer=transfer, receivers=RECEIVERS)
