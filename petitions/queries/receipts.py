"""What a receipt says of a registration, who may hand it out, and how often it was printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from casework.models import Attachment, Case, Deadline, Party
from casework.rules import NotAllowed
from organisations import access, directory, identity
from organisations.models import AccessEntry
from organisations.roles import Role
from organisations.scope import Scope
from petitions import codes
from petitions.models import Petition, Point

#: Who may hand out and reprint a receipt besides the unit that registered: it carries the query code.
COUNTER_ROLES = frozenset({Role.WINDOW_CLERK, Role.OFFICE})
#: How the access log names the paper.
PAPER = "登记回执"


@dataclass(frozen=True, slots=True)
class Receipt:
    case: Case
    printed_before: int
    context: dict[str, Any]


def may_print(case: Case, scope: Scope) -> bool:
    """The counter's people, who wrote the matter down, and their unit."""
    is_counter = scope.holds(COUNTER_ROLES, directory.current().centre_id) is not None
    return is_counter or case.registered_by_id == scope.user.id or case.registered_unit_id in scope.unit_ids


def get(number: str, scope: Scope) -> Receipt:
    """Everything both papers show; names and numbers masked. Raises Petition.DoesNotExist, and NotAllowed (403)."""
    petition = Petition.objects.visible_to(scope).select_related("case__registered_by").get(case__number=number)
    case, tree = petition.case, directory.current()
    if not may_print(case, scope):
        raise NotAllowed("回执上有查询码，只能由登记单位或县中心打印。", code="not_registrar", status=403)
    parties = list(Party.objects.filter(case=case))
    printed = AccessEntry.objects.filter(object_type="case", object_id=str(case.pk), event=AccessEntry.Event.PRINT, field=PAPER).count()
    context = {
        "petition": petition,
        "case": case,
        "people": [(p.get_position_display(), identity.mask_name(p.name), p.phone_masked) for p in parties],
        "masked_name": identity.mask_name(parties[0].name) if parties else "匿名",
        "points": list(Point.objects.filter(petition=petition)),
        "files": Attachment.objects.filter(case=case, is_internal=False).count(),
        "forward_by": Deadline.objects.filter(case=case, key="pet.forward").first(),
        "channel": codes.CHANNELS.label(petition.channel),
        "purpose": codes.PURPOSES.label(petition.purpose),
        "topic": codes.category_label(case.topic_code, 2),
        "area": tree.areas[case.area_id].path_name,
        "code": f"{petition.query_code[:4]}-{petition.query_code[4:]}",
        "centre": tree.units.get(tree.centre_id or 0),
    }
    return Receipt(case, printed, context)


def log_printing(receipt: Receipt, paper: str, scope: Scope) -> None:
    """Who printed it, on what, for the how manieth time (habit 27)."""
    access.log(
        AccessEntry.Event.PRINT,
        user=scope.user,
        unit_id=scope.home.unit_id if scope.home else None,
        object_type="case",
        object_id=receipt.case.pk,
        object_label=receipt.case.number,
        field=PAPER,
        detail={"paper": "80毫米" if paper == "80" else "A4", "time": receipt.printed_before + 1},
    )
