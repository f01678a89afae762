"""How petitions are worked on, and what the rules need to know of one before an act."""

from __future__ import annotations

from typing import TypedDict

from casework import folders
from casework.acting import Procedure
from casework.models import Case
from casework.rules import Place
from organisations import directory, prepared
from petitions.models import Feedback, FollowUp, Petition, Reply, Task
from petitions.rules import STAGE_OF, STATE_LABELS, STEPS
from petitions.rules.checks import UNDOABLE


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


def closable(petition: Petition, case: Case) -> Closable:
    """Whether the matter was answered, its person asked or heard, and which tasks are open. One statement."""
    if folders.current() is not None:
        return _closable_in_folder(petition, case)
    with prepared.cursor() as db:
        db.execute(_CLOSABLE, {"case": petition.pk, "done": [str(Task.State.CONFIRMED), str(Task.State.CANCELLED)]})
        has_reply, has_feedback, open_tasks = db.fetchone()
    return Closable(has_reply=has_reply, has_feedback=has_feedback, open_tasks=open_tasks)


def _closable_in_folder(petition: Petition, case: Case) -> Closable:
    """The same of a case that is not in the database yet: nobody can have rated it."""
    return Closable(
        has_reply=any(row.approved_at for row in folders.rows_of(case, Reply, petition=petition)),
        has_feedback=any(row.is_reached for row in folders.rows_of(case, Feedback, petition=petition)),
        open_tasks=sum(row.state not in (Task.State.CONFIRMED, Task.State.CANCELLED) for row in folders.rows_of(case, Task, petition=petition)),
    )


PROCEDURE = Procedure(
    code="petition",
    model=Petition,
    steps=STEPS,
    state_labels=STATE_LABELS,
    stage_of=STAGE_OF,
    place_of=place_of,
    undoable=UNDOABLE,
)
