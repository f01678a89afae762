"""Who takes a post with those a protected matter complains about parts from the matter (L-PET-85, L-PET-86)."""

from __future__ import annotations

from django.db import transaction

from casework import cases
from casework.models import Case, Reach
from casework.rules import NotAllowed
from petitions.models import Petition
from petitions.queries import accused

NOBODY_FOLLOWS = "此人名下还有只能由指定人员知悉的事项，任职后须回避，又没有其他人可以接替；请先另行任命一名纪检联络员，再办理本项任职。"


@transaction.atomic
def appointed(user_id: int) -> None:
    """From the appointment on, not only from its first day, the person reads no matter about those they will belong to.

    Others who are named keep it; where nobody else is, the contacts of the unit that holds it and of the desk it lies on follow.
    Raises NotAllowed where there are none: a matter that nobody reads would be lost.
    """
    for case in Case.objects.select_for_update().filter(confidential=True, reach__reader=-user_id):
        petition = Petition.objects.filter(case=case).first()
        if petition is None:
            continue
        whom = accused.of(petition)
        if accused.may_know({user_id}, whom):
            continue
        desk = accused.desk(whom)
        readers = set(Reach.objects.filter(case=case).exclude(reader=-user_id).values_list("reader", flat=True))
        readers = readers or set().union(*(accused.contacts(unit_id, whom) for unit_id in {case.unit_id, desk.id if desk else case.unit_id}))
        if not readers:
            raise NotAllowed(NOBODY_FOLLOWS, code="nobody_follows")
        cases.restrict_to(case, readers)
        if case.handler_id == user_id:
            case.handler_id = None
            case.save(update_fields=["handler"])
