"""What may be done at any stage: note what happened, add materials, correct what was written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from casework import keeping
from casework.rules import NotAllowed
from mediation import codes, rules
from mediation.actions import act as beats
from mediation.models import Dispute
from organisations.scope import Scope

#: What a correction may change on the case and on the dispute, with the words history uses.
AMENDABLE_CASE = {"title": "标题", "urgency": "紧急程度"}
AMENDABLE_DISPUTE = {
    "type_code": "纠纷类型",
    "story": "纠纷简要情况",
    "demand": "申请事项",
    "place": "发生地详址",
    "amount": "涉及金额",
    "people_count": "涉及人数",
}


@transaction.atomic
def note(number: str, *, text: str, by: Scope, happened_at: datetime | None = None, is_internal: bool = False, version: int | None = None) -> Dispute:
    """Write down a call, a visit, progress. When it happened and when it was entered are kept apart (ALL-6)."""
    return keeping.note(beats.begin("note", number, by, version), text=text, happened_at=happened_at, is_internal=is_internal)


@transaction.atomic
def attach(number: str, uploads: Sequence[UploadedFile], *, by: Scope, label: str = "") -> Dispute:
    """Add files to the case, as a note says (whoever may note may add). Raises NotAllowed for what may not come in."""
    return keeping.attach(beats.begin("note", number, by), uploads, label=label)


@transaction.atomic
def amend(number: str, *, reason: str, by: Scope, version: int | None = None, **changes: Any) -> Dispute:
    """Correct what was registered; every field's before and after stay in the history (ALL-6). Raises NotAllowed."""
    act = beats.begin("amend", number, by, version)
    detail: dict[str, Any] = {}
    owners: tuple[tuple[Any, Mapping[str, str]], ...] = ((act.case, AMENDABLE_CASE), (act.dispute, AMENDABLE_DISPUTE))
    for owner, fields in owners:
        for name, label in fields.items():
            if name in changes and getattr(owner, name) != changes[name]:
                detail[label] = [str(getattr(owner, name) or ""), str(changes[name] or "")]
                setattr(owner, name, changes[name])
    if not detail:
        raise NotAllowed("没有改动任何内容。", code="nothing_changed", status=422)
    act.case.topic_code, act.case.topic = rules.TOPIC + act.dispute.type_code, codes.TYPES[act.dispute.type_code].name
    return beats.finish(act, text=reason, detail={"changes": detail}, findable=f"{act.case.title} {act.dispute.story}")
