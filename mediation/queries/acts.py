"""How disputes are worked on, and which acts a person may do on one now: what buttons, the API and the case page all ask."""

from __future__ import annotations

from collections.abc import Iterable

from casework.acting import Procedure
from casework.models import Case
from casework.rules import Place, Step, Where, allowed
from mediation.models import BodyReferral, CourtMatter, Dispute, HandOver
from mediation.rules import STAGE_OF, STATE_LABELS, STEPS, State
from organisations import directory
from organisations.scope import Scope


def allowed_acts(case: Case, scope: Scope) -> dict[str, Step]:
    """The lawful acts in the table's order. A query only where another unit's answer is awaited."""
    return allowed(STEPS, place_of(case, with_tasks=bool(_task_steps(case))), scope)


def place_of(case: Case, *, with_tasks: bool) -> Place:
    """What the rules need to know of the case. «Tasks» are hand-overs that wait for another unit's answer."""
    units: frozenset[int] = frozenset()
    if with_tasks:
        units = asked_units(
            case.state,
            HandOver.objects.filter(dispute=case.pk),
            BodyReferral.objects.filter(dispute=case.pk),
            CourtMatter.objects.filter(dispute=case.pk),
        )
    return Place(
        state=case.state,
        unit_id=case.unit_id,
        centre_id=directory.current().centre_id,
        handler_id=case.handler_id,
        is_confidential=case.confidential,
        task_unit_ids=units,
    )


def asked_units(
    state: str, hand_overs: Iterable[HandOver], body_referrals: Iterable[BodyReferral], court_matters: Iterable[CourtMatter]
) -> frozenset[int]:
    """Whose answer is awaited: by the state, a higher body's, another organisation's or the court desk's.

    Where nobody's is, who was asked before, so that a late click is told about the moment and not the post.
    """
    if state == State.OFFERED:
        return frozenset(row.to_unit_id for row in hand_overs if not row.answer)
    if state == State.REFERRED:
        return frozenset(row.answering_unit_id for row in body_referrals if row.is_open)
    if state == State.IN_COURT:
        return frozenset(row.unit_id for row in court_matters if not row.result)
    asked = {row.to_unit_id for row in hand_overs} | {row.answering_unit_id for row in body_referrals} | {row.unit_id for row in court_matters}
    return frozenset(asked)


def _task_steps(case: Case) -> list[str]:
    return [code for code, step in STEPS.items() if step.where is Where.TASK and case.state in step.frm]


PROCEDURE = Procedure(
    code="dispute",
    model=Dispute,
    steps=STEPS,
    state_labels=STATE_LABELS,
    stage_of=STAGE_OF,
    place_of=place_of,
)
