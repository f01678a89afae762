"""The acts on limits: input and action."""

from __future__ import annotations

from casework.api import Act
from petitions.actions import terms as actions
from petitions.api import terms_inputs as s

ACTS: dict[str, Act] = {
    "ask_extension": (s.ExtensionInput, actions.ask_extension),
    "approve_extension": (s.OptionalDecisionInput, actions.approve_extension),
    "refuse_extension": (s.DecisionInput, actions.refuse_extension),
    "suspend": (s.SuspendInput, actions.suspend),
    "resume": (s.ResumeInput, actions.resume),
    "set_expected": (s.SetExpectedInput, actions.set_expected),
    "accept_simple": (s.AcceptSimpleInput, actions.accept_simple),
    "answer_simple": (s.AnswerSimpleInput, actions.answer_simple),
    "convert": (s.ConvertInput, actions.convert),
}
