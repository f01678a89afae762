"""What the head of a case page says: what comes next and whose turn it is, and the six stages with when and by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from casework.models import Case
from casework.rules import STAGES, Step, Where, role_words, words
from organisations import clock, directory
from organisations.roles import USUAL_AT


@dataclass(frozen=True, slots=True)
class FlowStep:
    label: str
    state: str
    text: str


def next_step(steps: Mapping[str, Step], case: Case) -> tuple[str, str]:
    """(act in words, who does it) for what comes next, or two empty strings on a finished case."""
    found = next((step for step in steps.values() if step.primary and case.state in step.frm and step.to != case.state), None)
    if found is None or not case.is_open:
        return "", ""
    return found.label, doer(found, case)


def doer(step: Step, case: Case) -> str:
    """«自然资源局的承办人»: whose turn it is, of those who sit at such a unit."""
    unit = directory.current().units[case.unit_id]
    if step.where is Where.HOLDER:
        there = step.roles & USUAL_AT.get(unit.kind, step.roles)
        return f"{unit.short_name}的{'、'.join(words(there or step.roles))}"
    return role_words(step)


def flow(case: Case, done: Sequence[str], labels: Sequence[str] = STAGES) -> list[FlowStep]:
    """The stages: `done` says of each, in order, what was done in it and when."""
    steps = []
    for no, label in enumerate(labels, start=1):
        is_done = no < case.stage or not case.is_open
        state = "done" if is_done else "now" if no == case.stage else "todo"
        text = done[no - 1] if is_done or no == 1 else _since(case.state_since) if no == case.stage else ""
        steps.append(FlowStep(label, state, text))
    return steps


def _since(moment: datetime) -> str:
    days = (clock.today() - timezone.localdate(moment)).days
    return f"今天 {timezone.localtime(moment):%H:%M} 进入" if days == 0 else f"已 {days} 天"


def moment_words(moment: datetime) -> str:
    """«03-15 09:30», of another year «2025-03-15»."""
    local = timezone.localtime(moment)
    return f"{local:%m-%d %H:%M}" if local.year == clock.today().year else f"{local:%Y-%m-%d}"


def day_words(day: date) -> str:
    """«03-15», of another year «2025-03-15»."""
    return f"{day:%m-%d}" if day.year == clock.today().year else f"{day:%Y-%m-%d}"
