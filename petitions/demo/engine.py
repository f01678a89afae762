"""Does the walks' acts in order of time under the moving clock, day by day, and can go on where it was cut off.

One simulated day is one transaction, and the number of steps done is written in the same transaction. After an
interruption the walks are run again without acting up to that number: they depend on nothing but the seed.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from casework import attachments
from casework.models import Case, Counter
from organisations import clock
from organisations.models import User
from organisations.rules import NotAllowed
from organisations.scope import Scope, scope_of
from petitions import actions
from petitions.actions import Intake, terms
from petitions.demo import files
from petitions.demo.telling import query_code
from petitions.demo.walk import Step, Walk, World
from petitions.models import Petition

#: Where the acts of the walks are defined.
ROOMS = (actions, terms)
#: Counter series that hold the seed's parameters and its progress, and the mark of a whole county.
PROGRESS = "demo:"
COMPLETE = "demo-complete:"
TOLD = "demo-told:"


@dataclass
class Refused:
    """An act the rules refused: the case stays where it was. None is expected; the command reports them."""

    number: str
    act: str
    at: datetime
    message: str


@dataclass
class Engine:
    """`series` is the counter row that remembers how many steps were done."""

    world: World
    series: str
    horizon: datetime
    refused: list[Refused] = field(default_factory=list)
    numbers: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._users = {user.id: user for user in User.objects.all()}
        self._turns = self.world.roster.turning_days()
        self._scopes: dict[tuple[int, int], Scope] = {}
        self._stopped: set[int] = set()

    def run(self, on_day: Callable[[date, int], None]) -> int:
        """Do every step up to the horizon and return their number. `on_day` is told each finished day."""
        done = Counter.objects.get(series=self.series).value
        self._remember_numbers()
        count = 0
        for day, steps in self._days():
            if count + len(steps) <= done:
                count += len(steps)
                continue
            todo = steps[max(0, done - count) :]
            count += len(steps)
            self._one_day(todo, count)
            on_day(day, count)
        return count

    def _remember_numbers(self) -> None:
        """After an interruption: which case belongs to which plan, told by the query code."""
        codes = {query_code(self.world.seed, plan.index): plan.index for plan in self.world.plans}
        for code, number in Petition.objects.values_list("query_code", "case__number"):
            if code in codes:
                self.numbers[codes[code]] = number

    def _days(self) -> Iterator[tuple[date, list[tuple[int, Step]]]]:
        """All steps in order of time, gathered by day."""
        day: date | None = None
        steps: list[tuple[int, Step]] = []
        for index, step in self._in_order():
            if step.at.date() != day:
                if day is not None:
                    yield day, steps
                day, steps = step.at.date(), []
            steps.append((index, step))
        if day is not None:
            yield day, steps

    def _in_order(self) -> Iterator[tuple[int, Step]]:
        """Merge the walks: each gives its next step only when the one before has been taken."""
        waiting: list[tuple[datetime, int, Step, Iterator[Step]]] = []
        for plan in self.world.plans:
            steps = Walk(self.world, plan).steps()
            first = next(steps)
            waiting.append((first.at, plan.index, first, steps))
        heapq.heapify(waiting)
        while waiting:
            at, index, step, steps = heapq.heappop(waiting)
            if at > self.horizon:
                return
            yield index, step
            following = next(steps, None)
            if following is not None:
                heapq.heappush(waiting, (following.at, index, following, steps))

    def _one_day(self, steps: list[tuple[int, Step]], count: int) -> None:
        """One day's acts and the new count, in one transaction; again act by act when the rules refused one of them."""
        try:
            with transaction.atomic():
                for index, step in steps:
                    with clock.at(step.at):
                        self._act(index, step)
                self._remember(count)
        except (NotAllowed, Petition.DoesNotExist):
            with transaction.atomic():
                for index, step in steps:
                    with clock.at(step.at):
                        self._try(index, step)
                self._remember(count)

    def _remember(self, count: int) -> None:
        Counter.objects.filter(series=self.series).update(value=count)

    def _try(self, index: int, step: Step) -> None:
        """The act in a savepoint of its own; a refusal ends the walk of that case."""
        try:
            with transaction.atomic():
                self._act(index, step)
        except (NotAllowed, Petition.DoesNotExist) as refusal:
            self._stopped.add(index)
            self.refused.append(Refused(self.numbers.get(index, "?"), step.act, step.at, str(refusal)))

    def _act(self, index: int, step: Step) -> None:
        if index in self._stopped:
            return
        by = self.scope(step.by, step.at.date())
        other = {} if step.other is None else {step.other_as: self.numbers[step.other]}
        if step.act == "register":
            intake: Intake = replace(step.facts["intake"], **other)
            petition = actions.register(intake, by=by, query_code=query_code(self.world.seed, index))
            self.numbers[index] = petition.case.number
        elif step.act == "attach":
            self._attach(self.numbers[index], by, index, **step.facts)
        else:
            # The act itself, without its own transaction: the day is one, and a savepoint an act would be a sixth of the statements.
            room = next(room for room in ROOMS if hasattr(room, step.act))
            act: Callable[..., Petition] = getattr(room, step.act).__wrapped__
            facts: dict[str, Any] = dict(step.facts)
            positional = [facts.pop("changes")] if step.act == "amend" else []
            act(self.numbers[index], *positional, by=by, **facts, **other)

    def _attach(self, number: str, by: Scope, index: int, *, label: str, kind: str) -> None:
        case = Case.objects.visible_to(by).get(number=number)
        attachments.add(files.upload(kind, label, 60 + index % 8 * 20), by=by, case=case, label=label)

    def scope(self, user_id: int, day: date) -> Scope:
        """The person's scope that day. Between two days on which one of their posts or absences turns it is the same."""
        key = (user_id, bisect_right(self._turns[user_id], day))
        if key not in self._scopes:
            self._scopes[key] = scope_of(self._users[user_id], day)
        return self._scopes[key]
