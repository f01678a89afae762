"""How petitions are worked on, and which acts a person may do on one now: what buttons, the API and the case page all ask."""

from __future__ import annotations

from typing import TypedDict

from casework.acting import Procedure
from casework.models import Case
from casework.rules import Place, Step, Where, allowed
from organisations import directory, prepared
from organisations.scope import Scope
from petitions.models import FollowUp, Petition, Task
from petitions.rules import STAGE_OF, STATE_LABELS, STEPS
from petitions.rules.checks import UNDOABLE


def allowed_acts(case: Case, scope: Scope) -> dict[str, Step]:
    """The lawful acts in the table's order. One query, and only where joint tasks can exist."""
    return allowed(STEPS, place_of(case, with_tasks=bool(_task_steps(case))), scope)


def place_of(case: Case, *, with_tasks: bool) -> Place:
    """What the rules need to know of the case. Tasks are looked up only for acts that hang on them."""
    tasks: frozenset[int] = frozenset()
    if with_tasks:
        joint = Task.objects.filter(petition_id=case.pk).exclude(state=Task.State.CANCELLED).values_list("unit_id", flat=True)
        tasks = frozenset(joint.union(FollowUp.objects.filter(petition_id=case.pk).values_list("unit_id", flat=True)))
    return Place(
        state=case.state,
        unit_id=case.unit_id,
        centre_id=directory.current().centre_id,
        handler_id=case.handler_id,
        is_confidential=case.confidential,
        task_unit_ids=tasks,
    )


class Closable(TypedDict):
    """What `rules.check_closable` asks."""

    has_reply: bool
    has_feedback: bool
    open_tasks: int


_CLOSABLE = """
SELECT EXISTS (SELECT FROM petitions_reply WHERE petition_id = %(case)s AND approved_at IS NOT NULL),
       EXISTS (SELECT FROM petitions_feedback WHERE petition_id = %(case)s AND is_reached)
       OR EXISTS (SELECT FROM petitions_rating WHERE petition_id = %(case)s AND replaced_at IS NULL),
       (SELECT count(*) FROM petitions_task WHERE petition_id = %(case)s AND NOT state = ANY(%(done)s::text[]))
"""


def closable(petition: Petition) -> Closable:
    """Whether the matter was answered, its person asked or heard, and which tasks are open. One statement."""
    with prepared.cursor() as db:
        db.execute(_CLOSABLE, {"case": petition.pk, "done": [str(Task.State.CONFIRMED), str(Task.State.CANCELLED)]})
        has_reply, has_feedback, open_tasks = db.fetchone()
    return Closable(has_reply=has_reply, has_feedback=has_feedback, open_tasks=open_tasks)


def _task_steps(case: Case) -> list[str]:
    return [code for code, step in STEPS.items() if step.where is Where.TASK and case.state in step.frm]


PROCEDURE = Procedure(
    code="petition",
    model=Petition,
    steps=STEPS,
    state_labels=STATE_LABELS,
    stage_of=STAGE_OF,
    place_of=place_of,
    undoable=UNDOABLE,
)
