"""What was prevented from getting worse, with the facts it rests on: counted by the figures (MED-16)."""

from __future__ import annotations

from django.db import transaction

from casework.rules import NotAllowed
from mediation.actions import act as beats
from mediation.models import Dispute
from mediation.rules.ladder import LEAST_WORDS
from organisations.scope import Scope


@transaction.atomic
def prevent(number: str, *, prevented: str, facts: str, by: Scope, version: int | None = None) -> Dispute:
    """Say what was prevented and by what signs one knows. Said again, the newer words hold; the history keeps both. Raises NotAllowed."""
    act = beats.begin("prevent", number, by, version)
    if len(facts.strip()) < LEAST_WORDS:
        raise NotAllowed(f"请写明有什么激化苗头、怎样防止的，至少{LEAST_WORDS}个字。", code="words_needed", status=422)
    act.dispute.prevented, act.dispute.prevented_facts = prevented, facts.strip()
    return beats.finish(act, text=facts, detail={"prevented": Dispute.Prevented(prevented).label})
