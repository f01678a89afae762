"""The two ends of every act: `begin` locks and asks the rules, `finish` writes state, history and the row's version."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from casework import cases, timeline
from casework.models import Case
from casework.rules import Step, Where, check
from organisations import clock
from organisations.scope import Scope, Standing
from petitions.models import Petition
from petitions.queries.acts import place_of
from petitions.rules import STAGE_OF, STATE_LABELS, STEPS, check_second_person, local_date
from petitions.rules.checks import UNDOABLE


@dataclass
class Act:
    """An act in progress: the locked rows, who does it by which post, and the one reading of the clock."""

    code: str
    step: Step
    petition: Petition
    case: Case
    by: Scope
    standing: Standing
    now: datetime
    before: tuple[dict[str, Any], dict[str, Any]]
    beside: Case | None = None
    #: Who was let see the case, and which limits began: what taking the act back has to undo.
    shown: set[int] = field(default_factory=set)
    started: list[int] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The day of the one reading of the clock: an act over midnight belongs to one day."""
        return local_date(self.now)


def begin(code: str, number: str, by: Scope, version: int | None = None, *, beside: str = "") -> Act:
    """Lock the case through the actor's scope and ask whether this person may do this now.

    Raises Petition.DoesNotExist outside the scope (the doors say 404) and NotAllowed otherwise. Must run inside the
    act's transaction. `beside` is the other case of an act between two; it is locked too and stands in `act.beside`.
    """
    # Locked in order of their keys, so that two people joining the same two cases cannot block each other; and
    # without joining the unit, which a colleague's act may just have changed: the row would vanish on recheck.
    numbers = {number, beside} - {""}
    found = {
        petition.case.number: petition
        for petition in Petition.objects.visible_to(by)
        .select_for_update(of=("self", "case"))
        .select_related("case")
        .filter(case__number__in=numbers)
        .order_by("case_id")
    }
    if number not in found:
        raise Petition.DoesNotExist
    petition = found[number]
    case = petition.case
    step = STEPS[code]
    standing = check(STEPS, code, place_of(case, with_tasks=step.where is Where.TASK), by, STATE_LABELS)
    cases.check_version(case, version)
    return Act(
        code=code,
        step=step,
        petition=petition,
        case=case,
        by=by,
        standing=standing,
        now=clock.now(),
        before=(cases.columns(petition), cases.columns(case)),
        beside=found[beside].case if beside in found else None,
    )


def check_second(act: Act, first_id: int | None, what: str) -> None:
    """Neither the one who asked, nor somebody who signs in that person's name («B 代 A»). Raises NotAllowed."""
    check_second_person(first_id, act.by.user.id, what)
    if act.standing.on_behalf_of_id is not None:
        check_second_person(first_id, act.standing.on_behalf_of_id, what)


def finish(
    act: Act,
    *,
    to: str | None = None,
    text: str = "",
    detail: dict[str, Any] | None = None,
    happened_at: datetime | None = None,
    is_internal: bool = False,
    findable: str = "",
) -> Petition:
    """Enter the step's state (or `to`), write the history, save both rows. `findable` words join the search text."""
    state = to or act.step.to
    if state is not None:
        cases.enter_state(act.case, state, STAGE_OF[state], act.now)
    timeline.record(
        act.case,
        act=f"petition.{act.code}",
        label=act.step.label,
        standing=act.standing,
        at=act.now,
        text=text,
        detail={**(detail or {}), "before": _before(act)} if act.code in UNDOABLE else detail,
        happened_at=happened_at,
        is_internal=is_internal,
    )
    of_petition, of_case = act.before
    touched = cases.touched(act.petition, of_petition)
    if touched:
        act.petition.save(update_fields=touched)
    cases.save(act.case, of_case)
    if findable:
        cases.add_text(act.case, findable)
    return act.petition


def _before(act: Act) -> dict[str, Any]:
    """What taking the act back puts in place again: the columns it changed as they were, whom it told, what it started.

    The nearest due date is left out: it follows from the limits.
    """
    was_petition, was_case = act.before
    kept = [name for name in cases.touched(act.case, was_case) if name not in ("due_on", "due_key", "warn_on", "version", "entries", "head_hash")]
    return {
        "petition": cases.plain({name: was_petition[name] for name in cases.touched(act.petition, was_petition)}),
        "case": cases.plain({name: was_case[name] for name in kept}),
        "shown": sorted(act.shown),
        "started": act.started,
    }
